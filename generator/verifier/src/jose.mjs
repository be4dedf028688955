// Signed tokens: compact JWS, their keys (JWK, PEM), and the signature.

import { base64, base64url, fromUtf8, hex, utf8 } from "./bytes.mjs";
import { readJson } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { verifySignature } from "./signatures.mjs";
import { _ } from "./texts.mjs";

const TOKEN = /^\s*([\w-]+)\.([\w-]*)\.([\w-]*)\s*$/;
const CURVES = { ES256: "P-256", EdDSA: "Ed25519", RS256: "RSA" };

export const isToken = (text) => TOKEN.test(text);

/** The parts of a compact JWS. */
export function readToken(text) {
  const found = TOKEN.exec(text);
  if (!found) throw new Failure(_("It is not a signed token."), "holder");
  const [, header, payload, signature] = found;
  return {
    header: readJson(base64url(header)),
    payload: readJson(base64url(payload)),
    signature: base64url(signature),
    signed: utf8(`${header}.${payload}`),
  };
}

/** The header says nothing that is not understood. */
export function checkHeader({ header }, types = ["JWT", "vc+jwt"]) {
  const { alg, typ } = header;
  if (!Object.hasOwn(CURVES, alg)) {
    if (typeof alg === "string" && alg !== "none" && !alg.startsWith("HS")) {
      throw new NotKnown(_("Signatures of the kind “{kind}” are not known here.", { kind: alg }));
    }
    throw new Failure(_("“{name}” has an unexpected form.", { name: "alg" }));
  }
  if (typ !== undefined && !types.includes(typ)) throw new Failure(_("“{name}” has an unexpected form.", { name: "typ" }));
  for (const name of ["crit", "b64"]) {
    if (name in header) throw new NotKnown(_("“{name}” is not known here.", { name }));
  }
  return alg;
}

/** Whether the signature of a token is that of a key. */
export async function verifyToken({ header, signed, signature }, key) {
  if (CURVES[header.alg] !== key.curve) throw new Failure(_("The key is not of the kind that the signature needs."));
  if (!(await verifySignature(key, signed, signature))) throw changed();
}

export const changed = () => new Failure(_("The signature does not fit: something was changed after signing."), "holder");

/** The public key in a JWK. */
export function keyOfJwk(jwk) {
  if ("d" in jwk) throw new Failure(_("A private key is published; nobody can trust it any more."));
  const { kty, crv } = jwk;
  const bytes = (name, length) => {
    const found = typeof jwk[name] === "string" ? base64url(jwk[name]) : new Uint8Array();
    if (length ? found.length !== length : !found.length) throw new Failure(_("“{name}” has an unexpected form.", { name }));
    return found;
  };
  if (kty === "OKP" && crv === "Ed25519") return { curve: crv, bytes: bytes("x", 32) };
  if (kty === "EC" && (crv === "P-256" || crv === "P-384")) {
    const size = crv === "P-256" ? 32 : 48;
    return { curve: crv, bytes: Uint8Array.from([4, ...bytes("x", size), ...bytes("y", size)]) };
  }
  if (kty === "RSA") return { curve: "RSA", n: bytes("n"), e: bytes("e") };
  throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: crv ?? kty ?? "" }));
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
  if (!found) throw new Failure(_("The key is not a public key in PEM."));
  const der = base64(found[1].replace(/\s/g, ""));
  const start = hex(der.subarray(0, 40));
  for (const [beginning, curve] of SPKI) {
    if (start.startsWith(beginning)) return { curve, bytes: der.subarray(beginning.length / 2) };
  }
  if (start.includes("06092a864886f70d010101")) return rsaOfDer(der);
  throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: "PEM" }));
}

/** Modulus and exponent in a SubjectPublicKeyInfo of RSA. */
function rsaOfDer(der) {
  let at = 0;
  const enter = (tag) => {
    if (der[at++] !== tag) throw new Failure(_("The key is not a public key in PEM."));
    let length = der[at++];
    if (length > 127) {
      let more = length & 127;
      for (length = 0; more > 0 && more < 4; more--) length = length * 256 + der[at++];
    }
    return length;
  };
  enter(0x30);
  at += enter(0x30); // the algorithm
  enter(0x03);
  at++; // no unused bits
  enter(0x30);
  const integer = () => {
    const length = enter(0x02);
    const bytes = der.subarray(at, (at += length));
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  };
  return { curve: "RSA", n: integer(), e: integer() };
}

/** The token in a data URL, as enveloped credentials have it for id. */
export function tokenInDataUrl(url) {
  const found = typeof url === "string" ? /^data:application\/v[cp](?:-ld)?\+jwt(;base64)?,([^]*)$/.exec(url) : null;
  if (!found) throw new Failure(_("“{name}” has an unexpected form.", { name: "id" }), "holder");
  const text = found[1] ? fromUtf8(base64(found[2])) : decoded(found[2]);
  if (!isToken(text)) throw new Failure(_("It is not a signed token."), "holder");
  return text;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
