// A token that is a credential or a presentation: what it says twice must be the same.

import { moment } from "./dates.mjs";
import { isObject } from "./json.mjs";
import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

const CLAIMS = new Set(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "vc", "vp"]);

/** The credential or presentation in a payload: the whole of it, or what is under `vc` or `vp`. */
export function inner(payload) {
  for (const name of ["vc", "vp"]) {
    if (isObject(payload[name]) && !("@context" in payload)) return name === "vc" ? completed(payload.vc, payload) : payload.vp;
  }
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !CLAIMS.has(name)));
}

/** In version 1.1 a credential may leave out what the token says. */
function completed(credential, payload) {
  const made = { ...credential };
  if ("iss" in payload) {
    if (made.issuer === undefined || made.issuer === null) made.issuer = payload.iss;
    else if (isObject(made.issuer) && !("id" in made.issuer)) made.issuer = { id: payload.iss, ...made.issuer };
  }
  if ("jti" in payload && !("id" in made)) made.id = payload.jti;
  for (const [claim, old, name] of [["nbf", "issuanceDate", "validFrom"], ["exp", "expirationDate", "validUntil"]]) {
    if (claim in payload && !(old in made) && !(name in made)) made[old] = new Date(seconds(payload[claim], claim)).toISOString();
  }
  const subject = made.credentialSubject;
  if ("sub" in payload && isObject(subject) && !("id" in subject)) made.credentialSubject = { id: payload.sub, ...subject };
  return made;
}

/** Milliseconds of a date as a token has it. */
export function seconds(value, name) {
  if (typeof value !== "number" || !(Math.abs(value) < 253402300800)) throw new Failure(_("“{name}” has an unexpected form.", { name }));
  return value * 1000;
}

export const idOf = (value) => (isObject(value) ? value.id : value);

/** The claims agree with the credential, where both are there. */
export function checkClaims(payload, document) {
  const differs = (claim, name) => new Failure(_("“{claim}” of the token is not “{name}” of the credential.", { claim, name }));
  if (("vc" in payload || "vp" in payload) && "@context" in payload) throw new Failure(_("The token has two credentials, one inside the other."));
  const subject = document.credentialSubject;
  for (const [claim, name, value] of [["iss", "issuer", idOf(document.issuer)], ["jti", "id", document.id], ["sub", "credentialSubject", isObject(subject) ? subject.id : undefined]]) {
    if (claim in payload && value !== undefined && value !== null && payload[claim] !== value) throw differs(claim, name);
  }
  for (const [claim, names] of [["nbf", ["validFrom", "issuanceDate"]], ["exp", ["validUntil", "expirationDate"]]]) {
    for (const name of names) {
      if (!(claim in payload) || !(name in document)) continue;
      if (Math.abs(seconds(payload[claim], claim) - moment(document[name], name)) >= 1000) throw differs(claim, name);
    }
  }
  return _("The token says the same.");
}
