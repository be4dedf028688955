// Sign documents with npm's libraries, so that there are credentials the project's own code did not make.
//
// Reads one JSON request on standard input:
//
//   {"keys": [{"seed": "<64 hex digits>", "did": "did:web:…", "fragment": null}],
//    "documents": [{"key": 0, "created": "2026-03-14T09:00:00Z", "document": {…}},
//                  {"key": 0, "created": "…", "statusList": {"id": "…", "length": 131072, "purpose": "revocation",
//                                                            "set": [7], "members": {"issuer": "…", …}}}]}
//
// and prints {"methods": [<the verification method of each key>], "signed": [<document with its proof>]}.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as suiteOfEddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts} from './contexts.mjs';
import {loader} from './digitalbazaar.mjs';
import {readFileSync} from 'node:fs';

const {purposes: {AssertionProofPurpose}} = jsigs;

async function keyPair({seed, did, fragment}) {
  const pair = await Ed25519Multikey.generate({controller: did, seed: Buffer.from(seed, 'hex')});
  pair.id = `${did}#${fragment ?? pair.publicKeyMultibase}`;
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
  const document = await jsigs.sign(item.document ?? await statusList(item.statusList), {
    suite: new DataIntegrityProof({
      signer: pairs[item.key].signer(), date: item.created, cryptosuite: suiteOfEddsa.cryptosuite
    }),
    purpose: new AssertionProofPurpose(),
    documentLoader
  });
  signed.push({...document, proof: [document.proof].flat()});
}
const methods = pairs.map(pair => ({
  id: pair.id, type: 'Multikey', controller: pair.controller, publicKeyMultibase: pair.publicKeyMultibase
}));
process.stdout.write(JSON.stringify({methods, signed}));
