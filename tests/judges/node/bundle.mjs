// Print the JSON-LD contexts that the verifier reads from generator/badge_passport/_bundle/contexts.json: those that
// openbadgeslib does not have. The packaging of the project writes the same file; this is for a checkout without it.
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import ed25519 from 'ed25519-signature-2020-context';

const WANTED = [
  'https://www.w3.org/2018/credentials/v1',
  'https://w3id.org/security/data-integrity/v1',
  'https://w3id.org/security/suites/ed25519-2020/v1'
];
const found = {};
for(const source of [credentials, dataIntegrity.contexts, ed25519.contexts]) {
  for(const [url, context] of source) {
    if(WANTED.includes(url)) {
      found[url] = context;
    }
  }
}
process.stdout.write(JSON.stringify(found));
