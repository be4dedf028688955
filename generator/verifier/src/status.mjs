// Whether an issuer withdrew a credential: bitstring status lists, and 1EdTech's lists of revoked ones.

import { base64url, inflated } from "./bytes.mjs";
import { isObject, listed, readJson, textIn, typesOf } from "./json.mjs";
import { begun, notEnded } from "./dates.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const SIZE = 131_072; // places that a list has at least
const MAX_LIST = 16_000_000;
const MAX_ENTRIES = 8;
const PURPOSES = ["revocation", "suspension"];

/** `verifyList(text)` verifies who signed a list and gives its document. */
export async function checkStatus(document, issuer, session, verifyList) {
  if (document.credentialStatus === undefined) return _("It names no status list: its issuer cannot withdraw it.");
  const entries = listed(document.credentialStatus);
  if (!entries.length || entries.length > MAX_ENTRIES) throw new Failure(_("“{name}” has an unexpected form.", { name: "credentialStatus" }));
  const found = [];
  for (const entry of entries) found.push(await checkEntry(entry, document, issuer, session, verifyList));
  return found.join(" ");
}

async function checkEntry(entry, document, issuer, session, verifyList) {
  if (!isObject(entry)) throw new Failure(_("“{name}” has an unexpected form.", { name: "credentialStatus" }));
  const types = typesOf(entry);
  if (types.includes("1EdTechRevocationList")) return checkRevoked(entry, document, issuer, session);
  if (!types.includes("BitstringStatusListEntry")) {
    throw new NotKnown(_("A status of the kind “{kind}” is not known here.", { kind: types.join() }));
  }
  const url = textIn(entry, "statusListCredential");
  const purpose = textIn(entry, "statusPurpose");
  if (!PURPOSES.includes(purpose) || (entry.statusSize ?? 1) !== 1) {
    throw new NotKnown(_("A status of the kind “{kind}” is not known here.", { kind: purpose }));
  }
  const place = textIn(entry, "statusListIndex");
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(place)) throw new Failure(_("“{name}” has an unexpected form.", { name: "statusListIndex" }));
  const list = await verifyList(await session.text(url));
  const bits = await bitsOf(list, url, purpose, issuer, session.now);
  if (Number(place) >= bits.length * 8) throw new Failure(_("The status list has no place with the number {place}.", { place }));
  if (bits[Math.floor(place / 8)] & (0x80 >> (place % 8))) throw new Failure(_("Its issuer withdrew it."));
  return _("Place {place} of {url} is not set.", { place, url });
}

async function bitsOf(list, url, purpose, issuer, now) {
  const wrong = (detail) => new Failure(_("The status list {url} cannot be trusted: {detail}", { url, detail }));
  if (list.id !== url) throw wrong(_("{url} says that it is {id}.", { url, id: list.id }));
  const types = typesOf(list);
  if (!types.includes("VerifiableCredential") || !types.includes("BitstringStatusListCredential")) {
    throw wrong(_("“{name}” has an unexpected form.", { name: "type" }));
  }
  const owner = isObject(list.issuer) ? list.issuer.id : list.issuer;
  if (owner !== issuer) throw wrong(_("it is of another issuer, {issuer}.", { issuer: owner }));
  if (list.validFrom !== undefined) begun(list.validFrom, "validFrom", now);
  notEnded(list.validUntil, "validUntil", now);
  const subject = list.credentialSubject;
  if (!isObject(subject) || !typesOf(subject).includes("BitstringStatusList")) {
    throw wrong(_("“{name}” has an unexpected form.", { name: "credentialSubject" }));
  }
  if (!listed(subject.statusPurpose).includes(purpose)) throw wrong(_("“{name}” has an unexpected form.", { name: "statusPurpose" }));
  const encoded = textIn(subject, "encodedList");
  if (!encoded.startsWith("u")) throw wrong(_("“{name}” has an unexpected form.", { name: "encodedList" }));
  const bits = await inflated(base64url(encoded.slice(1)), "gzip", MAX_LIST);
  if (bits.length * 8 < SIZE) throw wrong(_("it has fewer places than the standard wants."));
  return bits;
}

async function checkRevoked(entry, document, issuer, session) {
  const url = textIn(entry, "id", "credentialStatus.id");
  const list = readJson(await session.text(url));
  const owner = isObject(list.issuer) ? list.issuer.id : list.issuer;
  if (owner !== issuer) {
    throw new Failure(_("The status list {url} cannot be trusted: {detail}", { url, detail: _("it is of another issuer, {issuer}.", { issuer: owner }) }));
  }
  for (const item of listed(list.revokedCredential)) {
    const revoked = isObject(item) ? item : { id: item };
    if (revoked.id === document.id && revoked.revoked !== false) throw withdrawn(revoked.revocationReason);
  }
  return _("It is not in {url}.", { url });
}

export const withdrawn = (reason) =>
  new Failure(typeof reason === "string" ? _("Its issuer withdrew it: {reason}", { reason }) : _("Its issuer withdrew it."));
