// Signed tokens: compact JWS, their keys (JWK, PEM), and the signature.

import { base64, base64url, hex, utf8 } from "./bytes.mjs";
import { isObject, readJson } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { verifySignature } from "./signatures.mjs";
import { _ } from "./texts.mjs";

const TOKEN = /^\s*([\w-]+)\.([\w-]+)\.([\w-]*)\s*$/;
const CURVES = { ES256: "P-256", EdDSA: "Ed25519", RS256: "RSA" };
const TYPES = ["jwt", "vc+jwt", "vp+jwt", "application/vc+jwt", "application/vp+jwt"];

export const isToken = (text) => TOKEN.test(text);

/** The parts of a compact JWS. */
export function readToken(text) {
  const found = TOKEN.exec(text);
  if (!found) throw new Failure(_("It is not a signed token."));
  const [, header, payload, signature] = found;
  return {
    header: readJson(base64url(header)),
    payload: readJson(base64url(payload)),
    signature: base64url(signature),
    signed: utf8(`${header}.${payload}`),
  };
}

/** The algorithm that a header names; it says nothing that is not understood. */
export function checkAlgorithm({ header }) {
  for (const name of ["crit", "b64", "zip"]) if (name in header) throw new Failure(_("“{name}” has an unexpected form.", { name }));
  const { alg } = header;
  if (typeof alg !== "string" || /^(none$|hs)/i.test(alg)) throw new Failure(_("The token is not signed in a way that anybody can check."));
  if (!Object.hasOwn(CURVES, alg)) throw new NotKnown(_("Signatures of the kind “{kind}” are not known here.", { kind: alg }));
  return alg;
}

export function checkHeader(token) {
  const alg = checkAlgorithm(token);
  const { typ = "JWT" } = token.header;
  if (typeof typ !== "string" || !TYPES.includes(typ.toLowerCase())) throw new Failure(_("“{name}” has an unexpected form.", { name: "typ" }));
  return alg;
}

/** Whether the signature of a token is that of a key. */
export async function verifyToken({ header, signed, signature }, key) {
  if (key.curve === "P-384") throw new NotKnown(_("Signatures of the kind “{kind}” are not known here.", { kind: "ES384" }));
  if (CURVES[header.alg] !== key.curve) throw new Failure(_("The key is not of the kind that the signature needs."));
  if (!(await verifySignature(key, signed, signature))) throw changed();
}

export const changed = () => new Failure(_("The signature does not fit: something was changed after signing."), "holder");

/** The public key in a JWK. Its `alg` does not matter: its type does. */
export function keyOfJwk(jwk) {
  if (!isObject(jwk)) throw new Failure(_("“{name}” is missing.", { name: "publicKeyJwk" }));
  const { kty, crv, use = "sig" } = jwk;
  if ("d" in jwk || kty === "oct") throw new Failure(_("A private key is published; nobody can trust it any more."));
  const size = { Ed25519: 32, "P-256": 32, "P-384": 48 }[crv];
  if (kty !== "RSA" && !((kty === "OKP" || kty === "EC") && size)) throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: crv ?? kty ?? "" }));
  if (use !== "sig") throw new Failure(_("“{name}” has an unexpected form.", { name: "use" }));
  const bytes = (name, length) => {
    const found = typeof jwk[name] === "string" ? base64url(jwk[name]) : new Uint8Array();
    if (length ? found.length !== length : !found.length) throw new Failure(_("“{name}” has an unexpected form.", { name }));
    return found;
  };
  if (kty === "RSA") return sized({ curve: "RSA", n: bytes("n"), e: bytes("e") });
  if ((kty === "OKP") !== (crv === "Ed25519")) throw new Failure(_("“{name}” has an unexpected form.", { name: "crv" }));
  if (kty === "OKP") return { curve: crv, bytes: bytes("x", size) };
  return { curve: crv, bytes: Uint8Array.from([4, ...bytes("x", size), ...bytes("y", size)]) };
}

/** RSA keys that are too short can be broken, and those that are too long take too long. */
function sized(key) {
  const bits = key.n.length * 8 - Math.clz32(key.n[0] ?? 0) + 24;
  if (bits < 2048 || bits > 8192) throw new Failure(_("The RSA key has {number} bits; 2048 are the least, 8192 the most.", { number: bits }));
  return key;
}

// Beginnings of a SubjectPublicKeyInfo, up to the key itself.
const SPKI = [
  ["302a300506032b6570032100", "Ed25519"],
  ["3059301306072a8648ce3d020106082a8648ce3d030107034200", "P-256"],
  ["3076301006072a8648ce3d020106052b81040022036200", "P-384"],
];

/** The public key in a PEM file. */
export function keyOfPem(text) {
  const found = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(text);
  if (!found) throw new Failure(_("The key is damaged."));
  const der = base64(found[1].replace(/\s/g, ""));
  const start = hex(der.subarray(0, 40));
  for (const [beginning, curve] of SPKI) {
    if (start.startsWith(beginning)) return { curve, bytes: der.subarray(beginning.length / 2) };
  }
  if (start.includes("06092a864886f70d010101")) return rsaKey(der, 1);
  throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: "PEM" }));
}

/** The RSA key in DER: bare (PKCS#1), or with `wrapped` 1 inside a SubjectPublicKeyInfo. */
export function rsaKey(der, wrapped) {
  let at = 0;
  const enter = (tag) => {
    if (der[at++] !== tag) throw new Failure(_("The key is damaged."));
    let length = der[at++];
    if (length > 127) {
      let more = length & 127;
      for (length = 0; more > 0; more--) length = length * 256 + der[at++];
    }
    return length;
  };
  const integer = () => {
    const length = enter(0x02);
    const bytes = der.subarray(at, (at += length));
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  };
  if (wrapped) {
    enter(0x30);
    const algorithm = enter(0x30);
    at += algorithm;
    enter(0x03);
    at++; // no unused bits
  }
  enter(0x30);
  return sized({ curve: "RSA", n: integer(), e: integer() });
}

/** The token in a data URL, as enveloped credentials have it for id. */
export function tokenInDataUrl(url) {
  const found = typeof url === "string" ? /^data:application\/v[cp]\+jwt,([^]*)$/.exec(url) : null;
  if (found) return found[1];
  if (typeof url === "string" && url.startsWith("data:")) throw new NotKnown(_("“{name}” is not known here.", { name: url.split(",", 1)[0].slice(0, 60) }));
  throw new Failure(_("“{name}” has an unexpected form.", { name: "id" }));
}
