// Embedded proofs: which suites are known, and whether a proof fits its document.

import { joined, multibase, utf8 } from "./bytes.mjs";
import { HASHES, canonical } from "./canonical.mjs";
import { moment } from "./dates.mjs";
import { isObject, listed, textIn } from "./json.mjs";
import { changed } from "./jose.mjs";
import { verifySignature } from "./signatures.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const CURVES = {
  "eddsa-rdfc-2022": ["Ed25519"],
  "ecdsa-rdfc-2019": ["P-256", "P-384"],
  Ed25519Signature2020: ["Ed25519"],
};
const MAX_PROOFS = 8;
const MEMBERS = new Set(["type", "created", "verificationMethod", "cryptosuite", "proofPurpose", "proofValue"]);

const suiteOf = (proof) => (proof.type === "DataIntegrityProof" ? proof.cryptosuite : proof.type);

/** The proofs of a document, each of a suite that is known. */
export function proofsOf(document, purpose = "assertionMethod") {
  const proofs = listed(document.proof);
  if (!proofs.length) throw new Failure(_("It has no proof: nobody signed it."));
  if (proofs.length > MAX_PROOFS) throw new Failure(_("It has more than {number} proofs.", { number: MAX_PROOFS }));
  for (const proof of proofs) {
    if (!isObject(proof)) throw new Failure(_("“{name}” has an unexpected form.", { name: "proof" }));
    textIn(proof, "type", "proof.type");
  }
  for (const proof of proofs) {
    const suite = suiteOf(proof);
    if (typeof suite !== "string" || !Object.hasOwn(CURVES, suite)) {
      throw new NotKnown(_("Proofs of the kind “{kind}” are not known here.", { kind: String(suite) }));
    }
    if (proof.proofPurpose !== purpose) throw new Failure(_("“{name}” has an unexpected form.", { name: "proofPurpose" }));
    const unknown = Object.keys(proof).find((name) => !MEMBERS.has(name));
    if (unknown) throw new NotKnown(_("“{name}” is not known here.", { name: `proof.${unknown}` }));
    for (const name of ["created", "verificationMethod", "proofValue"]) textIn(proof, name, `proof.${name}`);
    moment(proof.created, "proof.created");
  }
  return proofs;
}

export const describe = (proofs) => proofs.map((proof) => `${suiteOf(proof)}, ${proof.created}`).join("; ");

/** One proof fits: nothing was changed after signing. */
export async function checkProof(document, proof, key) {
  if (!CURVES[suiteOf(proof)].includes(key.curve)) throw new Failure(_("The key is not of the kind that the signature needs."));
  const hash = key.curve === "P-384" ? "sha384" : "sha256";
  const { proof: _proof, ...unsecured } = document;
  const { proofValue, ...config } = proof;
  const digest = async (value) => HASHES[hash](utf8(await canonical(value, hash)));
  const signed = joined(await digest({ "@context": document["@context"], ...config }), await digest(unsecured));
  if (!(await verifySignature(key, signed, multibase(proofValue)))) throw changed();
}
