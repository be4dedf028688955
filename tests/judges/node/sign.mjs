// Sign documents with npm's libraries, so that there are credentials the project's own code did not make.
//
// Reads one JSON request on standard input:
//
//   {"keys": [{"seed": "<64 hex digits>", "did": "did:web:…", "fragment": null},     an Ed25519 key
//             {"jwk": {"crv": "P-384", "d": "…", …}, "did": "did:web:…", "fragment": "p384"}],
//    "documents": [{"key": 0, "created": "2026-03-14T09:00:00Z", "document": {…},
//                   "suite": "Ed25519Signature2020",      eddsa-rdfc-2022 if there is none
//                   "purpose": "authentication", "challenge": "…"},                  assertionMethod if none
//                  {"key": 0, "created": "…", "statusList": {"id": "…", "length": 131072, "purpose": "revocation",
//                                                            "set": [7], "members": {"issuer": "…", …}}}],
//    "tokens": [{"jwk": {"kty": "RSA", "d": "…", …}, "header": {"alg": "RS256", …}, "payload": {…}}],
//    "contexts": {"<URL>": "<file>"}}
//
// and prints {"methods": [<the verification method of each key>], "signed": [<document with its proof>],
// "tokens": ["<compact JWS>"]}.
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as suiteOfEcdsa from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as suiteOfEddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import {CompactSign, importJWK} from 'jose';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts} from './contexts.mjs';
import {loader} from './digitalbazaar.mjs';
import {readFileSync} from 'node:fs';

const {purposes: {AssertionProofPurpose, AuthenticationProofPurpose}} = jsigs;
const SUITES = {
  'eddsa-rdfc-2022': (signer, date) => new DataIntegrityProof({signer, date, cryptosuite: suiteOfEddsa.cryptosuite}),
  'ecdsa-rdfc-2019': (signer, date) => new DataIntegrityProof({signer, date, cryptosuite: suiteOfEcdsa.cryptosuite}),
  Ed25519Signature2020: (signer, date) => new Ed25519Signature2020({signer, date})
};

async function keyPair({seed, jwk, did, fragment}) {
  const pair = seed ?
    await Ed25519Multikey.generate({controller: did, seed: Buffer.from(seed, 'hex')}) :
    await EcdsaMultikey.fromJwk({jwk, secretKey: true, controller: did});
  const {publicKeyMultibase} = await pair.export({publicKey: true});
  pair.controller = did;
  pair.id = `${did}#${fragment ?? publicKeyMultibase}`;
  if(fragment === '') {
    pair.id = did; // a key that is a document of its own
  }
  pair.text = publicKeyMultibase;
  return pair;
}

async function statusList({id, length, purpose, set, members}) {
  const list = await createList({length});
  for(const index of set) {
    list.setStatus(index, true);
  }
  return {...await createCredential({id, list, statusPurpose: purpose}), ...members};
}

const request = JSON.parse(readFileSync(0, 'utf8'));
const pairs = await Promise.all(request.keys.map(keyPair));
const documentLoader = loader(contexts(request.contexts));
const signed = [];
for(const item of request.documents) {
  const pair = pairs[item.key];
  const signer = {...pair.signer(), id: pair.id};
  const document = await jsigs.sign(item.document ?? await statusList(item.statusList), {
    suite: SUITES[item.suite ?? 'eddsa-rdfc-2022'](signer, item.created),
    purpose: item.purpose === 'authentication' ?
      new AuthenticationProofPurpose({challenge: item.challenge}) : new AssertionProofPurpose(),
    documentLoader
  });
  signed.push({...document, proof: [document.proof].flat()});
}
const tokens = [];
for(const {jwk, header, payload} of request.tokens ?? []) {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  tokens.push(await new CompactSign(bytes).setProtectedHeader(header).sign(await importJWK(jwk, header.alg)));
}
const methods = pairs.map(pair => ({
  id: pair.id, type: 'Multikey', controller: pair.controller, publicKeyMultibase: pair.text
}));
process.stdout.write(JSON.stringify({methods, signed, tokens}));
