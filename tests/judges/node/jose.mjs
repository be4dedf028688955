// `jose` about tokens: the signature with the key that the header names, and the dates of the token. It does not
// know what a credential is, so it has nothing to say about whose key it is, about claims that disagree with the
// credential, about the credential's own dates, or about its status. What is not the library's: finding the key.
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {createPublicKey} from 'node:crypto';
import {decode} from 'base58-universal';
import {decodeProtectedHeader, importJWK, jwtVerify} from 'jose';

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

async function fromMultibase(text, alg) {
  const bytes = decode(text.slice(1));
  if(bytes[0] === 0x85) {
    return createPublicKey({key: Buffer.from(bytes.slice(2)), format: 'der', type: 'pkcs1'});
  }
  const method = {id: 'urn:x', controller: 'urn:x', type: 'Multikey', publicKeyMultibase: text};
  const library = bytes[0] === 0xed ? Ed25519Multikey : EcdsaMultikey;
  const jwk = await library.toJwk({keyPair: await library.from(method)});
  return importJWK(jwk, alg);
}

const fromEntry = (entry, alg) => entry.publicKeyJwk ?
  importJWK(entry.publicKeyJwk, alg) : fromMultibase(entry.publicKeyMultibase, alg);

async function keyOf({kid, jwk, alg}) {
  if(!kid) {
    return importJWK(jwk, alg);
  }
  const [name] = kid.split('#');
  if(name.startsWith('did:key:')) {
    return fromMultibase(name.slice(8), alg);
  }
  if(name.startsWith('did:jwk:')) {
    return importJWK(JSON.parse(Buffer.from(name.slice(8), 'base64url')), alg);
  }
  if(name.startsWith('did:web:')) {
    const [host, ...path] = name.slice(8).split(':');
    const url = `https://${[host, ...(path.length ? path : ['.well-known'])].join('/')}/did.json`;
    const document = await (await fetch(url)).json();
    return fromEntry(document.verificationMethod.find(({id}) => id === kid), alg);
  }
  const document = await (await fetch(kid)).json();
  return document.kty ? importJWK(document, alg) : fromEntry(document, alg);
}

export async function judge(text) {
  const token = text.trim();
  const header = decodeProtectedHeader(token);
  if(!ALGORITHMS.includes(header.alg)) {
    throw new Error(`algorithm ${header.alg}`);
  }
  await jwtVerify(token, await keyOf(header), {algorithms: ALGORITHMS});
  return {valid: true, errors: []};
}
