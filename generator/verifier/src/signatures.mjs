// Signatures of the curves and of RSA. The curves by a library, because WebCrypto is missing on plain http.

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import { NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

/** Whether `signature` is that of a key over `data`; what is malformed is not. */
export async function verifySignature(key, data, signature) {
  try {
    if (key.curve === "Ed25519") return ed25519.verify(signature, data, key.bytes, { zip215: false });
    if (key.curve === "P-256") return p256.verify(signature, data, key.bytes, { lowS: false });
    if (key.curve === "P-384") return p384.verify(signature, data, key.bytes, { lowS: false });
  } catch {
    return false;
  }
  return verifyRsa(key, data, signature);
}

async function verifyRsa({ n, e }, data, signature) {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) throw new NotKnown(_("This signature can only be checked when the page is opened over https."));
  const text = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    const key = await subtle.importKey("jwk", { kty: "RSA", n: text(n), e: text(e) }, algorithm, false, ["verify"]);
    return await subtle.verify(algorithm, key, signature, data);
  } catch {
    return false;
  }
}
