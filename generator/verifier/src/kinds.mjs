// What a document is, by what it says itself, and what can be inside what.

import { VC1, VC2 } from "./contexts.mjs";
import { opened, read } from "./input.mjs";
import { isObject, listed, typesOf } from "./json.mjs";
import { isToken } from "./jose.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

export const OPEN_BADGE = ["OpenBadgeCredential", "AchievementCredential"];
export const MAX_PARTS = 200;
const MAX_MEMBERS = 100;
const INSIDE = {
  presentation: ["ob2", "ob3", "clr", "endorsement"],
  clr: ["ob2", "ob3", "endorsement"],
};

export function kindOf(document) {
  const types = typesOf(document);
  const contexts = listed(document["@context"]);
  if (types.includes("VerifiablePresentation") || "verifiableCredential" in document) return "presentation";
  if (types.includes("ClrCredential")) return "clr";
  if (types.includes("EndorsementCredential") && !types.some((type) => OPEN_BADGE.includes(type))) return "endorsement";
  if (types.includes("VerifiableCredential") || "credentialSubject" in document) return "ob3";
  if (contexts.includes(VC1) || contexts.includes(VC2)) return "ob3";
  if (types.includes("Assertion") || contexts.some((item) => typeof item === "string" && item.includes("openbadges/v2"))) return "ob2";
  throw new Failure(_("It is neither an Open Badge nor a presentation of some."));
}

/** A member of a presentation or a learner record, an object or a token, as {kind, document, token}. */
function member(value) {
  if (typeof value === "string" ? !isToken(value) : !isObject(value)) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "verifiableCredential" }));
  }
  const signed = typeof value === "string" ? read(value, false) : opened({ document: value });
  return { ...signed, kind: kindOf(signed.document) };
}

const valuesIn = (kind, document) =>
  listed(kind === "presentation" ? document.verifiableCredential : kind === "clr" ? document.credentialSubject?.verifiableCredential : []);

/** There are some, not too many, and each is one that can be read in here. */
export function checkMembers(kind, document) {
  const values = valuesIn(kind, document);
  if (!values.length) throw new Failure(_("“{name}” is missing.", { name: "verifiableCredential" }));
  let parts = values.length;
  let unknown = null;
  if (parts <= MAX_MEMBERS) {
    for (const value of values) {
      try {
        const found = member(value);
        if (!INSIDE[kind].includes(found.kind)) throw new NotKnown(_("“{name}” is not known here.", { name: found.kind }));
        parts += valuesIn(found.kind, found.document).length;
      } catch (error) {
        if (!(error instanceof NotKnown)) throw error;
        unknown ??= error;
      }
    }
  }
  if (values.length > MAX_MEMBERS || parts > MAX_PARTS) throw new Failure(_("It has more than {number} credentials.", { number: MAX_MEMBERS }));
  if (unknown) throw unknown;
  return _("It has {number} credentials.", { number: values.length });
}

/** Those members that can be read, with their numbers; the others have kept a step from passing. */
export function membersOf(kind, document) {
  return valuesIn(kind, document).slice(0, MAX_MEMBERS).flatMap((value, at) => {
    try {
      const found = member(value);
      return INSIDE[kind].includes(found.kind) ? [[at + 1, found]] : [];
    } catch {
      return [];
    }
  });
}
