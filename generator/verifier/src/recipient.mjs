// Whether a badge was given to an e-mail address. The address is hashed here and goes nowhere.

import { sha256 } from "@noble/hashes/sha2.js";
import { hex, utf8 } from "./bytes.mjs";
import { isObject, listed } from "./json.mjs";
import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

export const normalise = (address) => address.trim().toLowerCase();

const hashed = (address, salt) => `sha256$${hex(sha256(utf8(normalise(address) + salt)))}`;

const fits = (address, salt, identity, isHashed) =>
  isHashed ? hashed(address, salt) === identity.toLowerCase() : normalise(identity) === normalise(address);

/** Of an assertion (Open Badges 2.0). */
export function checkAssertion(document, address) {
  const { type, identity, salt = "", hashed: isHashed } = document.recipient;
  if (type !== "email") throw new Failure(_("It was not given to an e-mail address."));
  if (isHashed && !identity.startsWith("sha256$")) throw new Failure(_("The address is hashed in a way that is not known here."), "issuer");
  if (typeof salt !== "string" || !fits(address, salt, identity, isHashed)) throw new Failure(_("It was given to another address."));
  return _("The address is the one it was given to.");
}

/** Of a credential (Open Badges 3.0, CLR). */
export function checkSubject(document, address) {
  let compared = 0;
  const { id } = document.credentialSubject ?? {};
  if (typeof id === "string" && id.startsWith("mailto:")) {
    compared++;
    if (normalise(id.slice(7)) === normalise(address)) return _("The address is the one it was given to.");
  }
  for (const entry of listed(document.credentialSubject?.identifier)) {
    if (!isObject(entry) || !["emailAddress", "email"].includes(entry.identityType)) continue;
    const { identityHash, salt = "", hashed: isHashed } = entry;
    if (typeof identityHash !== "string" || typeof salt !== "string" || typeof isHashed !== "boolean") continue;
    compared++;
    if (fits(address, salt, identityHash, isHashed)) return _("The address is the one it was given to.");
  }
  throw new Failure(compared ? _("It was given to another address.") : _("It was not given to an e-mail address."));
}
