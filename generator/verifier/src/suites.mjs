// Embedded proofs: their form, their suites, and whether they fit.

import { joined, multibase, utf8 } from "./bytes.mjs";
import { HASHES, canonical } from "./canonical.mjs";
import { moment } from "./dates.mjs";
import { isObject, listed, same, textIn } from "./json.mjs";
import { changed } from "./jose.mjs";
import { verifySignature } from "./signatures.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { checkTerms } from "./terms.mjs";
import { _ } from "./texts.mjs";

const CURVES = {
  "eddsa-rdfc-2022": ["Ed25519"],
  "ecdsa-rdfc-2019": ["P-256", "P-384"],
  Ed25519Signature2020: ["Ed25519"],
};
const MAX_PROOFS = 8;
const MEMBERS = new Set(
  "@context id type cryptosuite created expires domain challenge nonce verificationMethod proofPurpose proofValue".split(" "),
);

/** The name of the suite, which older proofs have as their type. */
function suiteOf(proof) {
  const name = proof.type === "DataIntegrityProof" ? proof.cryptosuite : proof.type;
  return typeof name === "string" && (name !== "Ed25519Signature2020" || !("cryptosuite" in proof)) ? name : "";
}

/** All proofs, if every one is of a known suite and well-formed. One that is not known decides nothing. */
export function proofsOf(document, purpose, now) {
  const proofs = listed(document.proof);
  if (!proofs.length) throw new Failure(_("It has no proof: nobody signed it."));
  if (proofs.length > MAX_PROOFS) throw new Failure(_("It has more than {number} proofs.", { number: MAX_PROOFS }));
  if (!proofs.every(isObject)) throw new Failure(_("“{name}” has an unexpected form.", { name: "proof" }));
  for (const proof of proofs) if (Object.hasOwn(CURVES, suiteOf(proof))) checkForm(proof, purpose, now);
  const unknown = proofs.find((proof) => !Object.hasOwn(CURVES, suiteOf(proof)));
  if (unknown) throw new NotKnown(_("Proofs of the kind “{kind}” are not known here.", { kind: suiteOf(unknown) }));
  return proofs;
}

function checkForm(proof, purpose, now) {
  if (proof.proofPurpose !== purpose) throw new Failure(_("“{name}” has an unexpected form.", { name: "proofPurpose" }));
  textIn(proof, "verificationMethod");
  textIn(proof, "proofValue");
  if ("created" in proof) moment(proof.created, "created");
  if ("expires" in proof && moment(proof.expires, "expires") <= now) throw new Failure(_("It ended on {date}.", { date: proof.expires }));
  const unknown = Object.keys(proof).find((name) => !MEMBERS.has(name));
  if (unknown) throw new NotKnown(_("“{name}” is not known here.", { name: `proof.${unknown}` }));
}

export const describe = (proofs) => proofs.map((proof) => [suiteOf(proof), proof.created].filter(Boolean).join(" ")).join(", ");

export const unsecured = ({ proof: _proof, ...document }) => document;

/** This key made this proof of all that the document says. */
export async function checkProof(document, proof, key) {
  if (!CURVES[suiteOf(proof)].includes(key.curve)) throw new Failure(_("The key is not of the kind that the signature needs."));
  const contexts = document["@context"];
  const own = listed(proof["@context"]);
  if ("@context" in proof && !same(own, listed(contexts).slice(0, own.length))) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "proof.@context" }));
  }
  const { proofValue, "@context": _context, ...options } = proof;
  const configuration = { "@context": contexts, ...options };
  checkTerms(configuration);
  const hash = key.curve === "P-384" ? "sha384" : "sha256"; // blank nodes are named with it too
  const digest = async (value) => HASHES[hash](utf8(await canonical(value, hash)));
  const signed = joined(await digest(configuration), await digest(unsecured(document)));
  if (!(await verifySignature(key, signed, multibase(proofValue)))) throw changed();
}
