// @digitalbazaar/vc with its suites and its status list. What is not the library's: the document loader (contexts,
// did:web, did:key, files of the site), and the meaning of a bit that is set.
import * as suiteOfEcdsa from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as suiteOfEddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {MULTIKEY} from './contexts.mjs';
import {messages} from './errors.mjs';

export function loader(contexts) {
  return async function load(url) {
    if(contexts.has(url)) {
      return {contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static'};
    }
    const document = url.startsWith('did:') ? await resolve(url) : await json(url);
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function json(url) {
  const response = await fetch(url);
  if(!response.ok) {
    throw new Error(`${response.status} ${url}`);
  }
  return response.json();
}

/** The document of a did:key, or its one method. */
function ofKey(did, fragment) {
  const multibase = did.slice('did:key:'.length);
  const id = `${did}#${multibase}`;
  const method = {'@context': MULTIKEY, id, type: 'Multikey', controller: did, publicKeyMultibase: multibase};
  return fragment === undefined ?
    {'@context': 'https://www.w3.org/ns/did/v1', id: did, assertionMethod: [id], authentication: [id]} : method;
}

/** A did:web document, or the verification method that a fragment names. */
async function resolve(url) {
  const [did, fragment] = url.split('#');
  const [, method, host, ...parts] = did.split(':');
  if(method === 'key') {
    return ofKey(did, fragment);
  }
  if(method !== 'web') {
    throw new Error(`unsupported DID method: ${url}`);
  }
  const folder = [decodeURIComponent(host), ...(parts.length ? parts.map(decodeURIComponent) : ['.well-known'])];
  const document = await json(`https://${folder.join('/')}/did.json`);
  if(document.id !== did) {
    throw new Error(`the document of ${did} says it is ${document.id}`);
  }
  if(fragment === undefined) {
    return document;
  }
  const found = (document.verificationMethod ?? []).find(entry => entry.id === url);
  if(!found) {
    throw new Error(`no such verification method: ${url}`);
  }
  return {'@context': found.type === 'Multikey' ? MULTIKEY : Ed25519Signature2020.CONTEXT_URL, ...found};
}

/** The package reports the bits and calls any of them verified: that a bit withdraws is for its caller to say. */
async function status(options) {
  const result = await checkStatus(options);
  const withdrawn = (result.results ?? []).filter(entry =>
    entry.status && ['revocation', 'suspension'].includes(entry.credentialStatus.statusPurpose));
  if(withdrawn.length) {
    result.verified = false;
    result.error = new Error(withdrawn.map(entry =>
      `${entry.credentialStatus.statusPurpose} is set at index ${entry.credentialStatus.statusListIndex}`).join(', '));
  }
  return result;
}

export async function judge(credential, {contexts}) {
  const result = await vc.verifyCredential({
    credential,
    suite: [
      new DataIntegrityProof({cryptosuite: suiteOfEddsa.cryptosuite}),
      new DataIntegrityProof({cryptosuite: suiteOfEcdsa.cryptosuite}),
      new Ed25519Signature2020()
    ],
    documentLoader: loader(contexts),
    checkStatus: status
  });
  // Dates and structure come first and raise, so that nothing is known of the proof then.
  const looked = (result.results ?? []).some(entry => entry.proof) || result.error?.name === 'VerificationError';
  const steps = [{id: 'credential', valid: looked}];
  if(looked) {
    steps.push({id: 'valid_signature', valid: (result.results ?? []).some(entry => entry.verified)});
  }
  if(result.statusResult) {
    steps.push({id: 'revocation_status', valid: result.statusResult.verified});
  }
  return {valid: result.verified, steps, errors: messages(result.error, result.statusResult?.error)};
}
