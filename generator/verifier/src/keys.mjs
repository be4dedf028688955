// Whose key it is: did:web, did:key, did:jwk and https key documents.
//
// A found key is {curve, bytes | n, e, controller, method, bare}: `controller` is whom the key belongs to.

import { fromUtf8, hex, multibase, base64url } from "./bytes.mjs";
import { moment } from "./dates.mjs";
import { isObject, listed, readJson, textIn, typesOf } from "./json.mjs";
import { keyOfJwk, keyOfPem } from "./jose.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MULTIKEYS = { ed01: ["Ed25519", 32], "8024": ["P-256", 33], "8124": ["P-384", 49] };
const DID_WEB = /^did:web:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:%3A([0-9]{1,5}))?((?::(?:[\w.-]|%[0-9A-F]{2})+)*)$/;
const DID_KEY = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)$/;
const DID_JWK = /^did:jwk:([A-Za-z0-9_-]+)$/;

/** The public key in a publicKeyMultibase. */
export function keyOfMultibase(text) {
  const bytes = multibase(text);
  const [curve, length] = MULTIKEYS[hex(bytes.subarray(0, 2))] ?? [];
  if (curve && bytes.length === length + 2) return { curve, bytes: bytes.subarray(2) };
  // RSA: 0x1205, then a PKCS#1 public key.
  if (hex(bytes.subarray(0, 2)) === "8524") return rsaOfPkcs1(bytes.subarray(2));
  throw new Failure(_("The key is not one of a known kind."));
}

function rsaOfPkcs1(der) {
  let at = 0;
  const enter = () => {
    at++;
    let length = der[at++];
    if (length > 127) {
      let more = length & 127;
      for (length = 0; more > 0 && more < 4; more--) length = length * 256 + der[at++];
    }
    return length;
  };
  enter();
  const integer = () => {
    const length = enter();
    const bytes = der.subarray(at, (at += length));
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  };
  return { curve: "RSA", n: integer(), e: integer() };
}

/** Where the document of a did:web is. */
export function didWebUrl(did) {
  const found = DID_WEB.exec(did);
  if (!found) throw new Failure(_("“{name}” is not an identifier of the kind did:web.", { name: did }));
  const [, host, port, path] = found;
  const folder = path ? path.replaceAll(":", "/").replaceAll("%7E", "~").slice(1) + "/" : ".well-known/";
  return `https://${host}${port ? `:${port}` : ""}/${folder}did.json`;
}

/** The key that a method names. `purpose` is assertionMethod or authentication. */
export async function resolveKey(method, session, purpose = "assertionMethod") {
  const [did, fragment = ""] = split(method);
  const known = didItself(did);
  if (known) {
    // The fragment of did:key is the key again, that of did:jwk is 0.
    const wanted = did.startsWith("did:key:") ? did.slice(8) : "0";
    if (fragment !== wanted) throw new Failure(_("{method} is not the key of {did}.", { method, did }));
    return { ...known, method, controller: did };
  }
  if (did.startsWith("did:web:")) {
    const url = didWebUrl(did);
    const document = await session.json(url);
    if (document.id !== did) throw new Failure(_("{url} says that it is {id}.", { url, id: document.id }));
    return keyInDocument(document, method, did, purpose, session.now);
  }
  if (did.startsWith("did:")) {
    throw new NotKnown(_("Identifiers of the kind “{kind}” are not known here.", { kind: did.split(":", 2).join(":") }));
  }
  if (/^https?:\/\//.test(did)) return keyAtAddress(method, did, fragment, session, purpose);
  throw new Failure(_("{method} does not say where the key is.", { method }));
}

/** The key of a DID that is its own document, or nothing. */
export function didItself(did) {
  const key = DID_KEY.exec(did);
  if (key) return keyOfMultibase(key[1]);
  const jwk = DID_JWK.exec(did);
  return jwk ? keyOfJwk(readJson(fromUtf8(base64url(jwk[1])))) : undefined;
}

const split = (method) => {
  const at = method.indexOf("#");
  return at < 0 ? [method] : [method.slice(0, at), method.slice(at + 1)];
};

function keyInDocument(document, method, controller, purpose, now) {
  const trusted = listed(document[purpose]);
  const entries = [...listed(document.verificationMethod), ...trusted].filter((entry) => isObject(entry) && entry.id === method);
  if (!entries.length) throw new Failure(_("{did} does not have the key {method}: it was withdrawn, or never there.", { did: controller, method }));
  if (entries.length > 1) throw new Failure(_("{did} has the key {method} twice.", { did: controller, method }));
  if (!trusted.some((entry) => (isObject(entry) ? entry.id : entry) === method)) {
    throw new Failure(_("{did} does not list {method} under “{purpose}”.", { did: controller, method, purpose }));
  }
  const [entry] = entries;
  if (entry.controller !== controller) throw new Failure(_("The key belongs to {owner}, not to {did}.", { owner: entry.controller, did: controller }));
  return { ...keyOfEntry(entry, now), method, controller };
}

/** The key in a verification method. */
function keyOfEntry(entry, now) {
  for (const name of ["revoked", "expires"]) {
    if (name in entry && moment(entry[name], name) <= now) throw new Failure(_("The key is no longer good since {date}.", { date: entry[name] }));
  }
  const types = typesOf(entry);
  if (types.some((type) => type === "JsonWebKey" || type === "JsonWebKey2020")) {
    if (!isObject(entry.publicKeyJwk)) throw new Failure(_("“{name}” is missing.", { name: "publicKeyJwk" }));
    return keyOfJwk(entry.publicKeyJwk);
  }
  if (types.some((type) => type === "Multikey" || type === "Ed25519VerificationKey2020")) {
    const key = keyOfMultibase(textIn(entry, "publicKeyMultibase"));
    if (types.includes("Ed25519VerificationKey2020") && key.curve !== "Ed25519") throw new Failure(_("The key is not one of a known kind."));
    return key;
  }
  throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: types.join() }));
}

/** A key at a web address: a bare JWK, a key document, or a document that lists the key. */
async function keyAtAddress(method, url, fragment, session, purpose) {
  const document = await session.json(url);
  if (document.verificationMethod || document[purpose]) {
    if (document.id !== url) throw new Failure(_("{url} says that it is {id}.", { url, id: document.id }));
    return keyInDocument(document, method, url, purpose, session.now);
  }
  if (fragment) throw new Failure(_("{did} does not have the key {method}: it was withdrawn, or never there.", { did: url, method }));
  if (document.kty) return { ...keyOfJwk(document), method, bare: new URL(url).host.toLowerCase() };
  if (document.id !== undefined && document.id !== method) throw new Failure(_("{url} says that it is {id}.", { url, id: document.id }));
  const controller = textIn(document, "controller");
  const key = isObject(document.publicKeyJwk)
    ? keyOfJwk(document.publicKeyJwk)
    : typeof document.publicKeyPem === "string"
      ? keyOfPem(document.publicKeyPem)
      : keyOfMultibase(textIn(document, "publicKeyMultibase"));
  return { ...key, method, controller, alone: true };
}

/** The key is that of `owner`, the id of an issuer or a holder. */
export async function checkController(key, owner, session, purpose = "assertionMethod") {
  if (key.bare !== undefined) {
    if (key.bare !== hostOf(owner)) {
      throw new Failure(_("The key lies on {host}, which is not the host of {owner}.", { host: key.bare, owner }), "holder");
    }
    return owner;
  }
  if (key.controller !== owner) throw new Failure(_("The key belongs to {owner}, not to {did}.", { owner: key.controller, did: owner }), "holder");
  if (key.alone && /^https?:\/\//.test(owner)) {
    const document = await session.json(owner);
    const names = listed(document[purpose]).map((entry) => (isObject(entry) ? entry.id : entry));
    if (!names.includes(key.method)) {
      throw new Failure(_("{did} does not list {method} under “{purpose}”.", { did: owner, method: key.method, purpose }));
    }
  }
  return owner;
}

function hostOf(owner) {
  try {
    return new URL(owner.startsWith("did:web:") ? didWebUrl(owner) : owner).host.toLowerCase();
  } catch {
    return "";
  }
}
