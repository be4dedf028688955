// Whether an issuer withdrew a credential: bitstring status lists, and 1EdTech's lists of revoked ones.

import { base64url, inflated } from "./bytes.mjs";
import { idOf } from "./claims.mjs";
import { Secured } from "./credential.mjs";
import { checkBegun, checkNotEnded } from "./dates.mjs";
import { read } from "./input.mjs";
import { isObject, listed, textIn, typesOf } from "./json.mjs";
import { addressIn } from "./session.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const SIZE = 131_072; // places that a list has at least
const MAX_LIST = 16_000_000;
const MAX_ENTRIES = 8;
const PURPOSES = ["revocation", "suspension"];

export async function checkStatus(document, session) {
  if (!("credentialStatus" in document)) return _("It names no status list: its issuer cannot withdraw it.");
  const entries = listed(document.credentialStatus);
  if (!entries.length || entries.length > MAX_ENTRIES) throw new Failure(_("“{name}” has an unexpected form.", { name: "credentialStatus" }));
  const found = [];
  let unknown = null;
  // What is known to be withdrawn counts, also if another entry is of a kind that is not known.
  for (const entry of entries) {
    try {
      found.push(await checkEntry(entry, document, session));
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  return found.join(" ");
}

async function checkEntry(entry, document, session) {
  const types = isObject(entry) ? typesOf(entry) : [];
  const issuer = idOf(document.issuer);
  if (types.join() === "1EdTechRevocationList") return checkNamed(entry, document, issuer, session);
  if (types.join() !== "BitstringStatusListEntry") throw new NotKnown(_("A status of the kind “{kind}” is not known here.", { kind: types.join() }));
  const url = addressIn(entry, "statusListCredential");
  const purpose = textIn(entry, "statusPurpose");
  if (!PURPOSES.includes(purpose) || ("statusSize" in entry && entry.statusSize !== 1)) {
    throw new NotKnown(_("A status of the kind “{kind}” is not known here.", { kind: purpose }));
  }
  const place = textIn(entry, "statusListIndex");
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(place)) throw new Failure(_("“{name}” has an unexpected form.", { name: "statusListIndex" }));
  let bits;
  try {
    bits = await bitsOf(url, purpose, issuer, session);
  } catch (error) {
    if (error instanceof NotKnown) throw error;
    throw new Failure(_("The status list {url} cannot be trusted: {detail}", { url, detail: error instanceof Failure ? error.message : "" }), "issuer");
  }
  if (Number(place) >= bits.length * 8) throw new Failure(_("The status list has no place with the number {place}.", { place }));
  if (bits[Math.floor(place / 8)] & (0x80 >> (place % 8))) throw withdrawn();
  return _("Place {place} of {url} is not set.", { place, url });
}

/** The bits of a status list, after everything about it was verified. */
async function bitsOf(url, purpose, issuer, session) {
  const list = new Secured(read(await session.text(url)), session);
  const { document, token } = list;
  const wrong = (name) => new Failure(_("“{name}” has an unexpected form.", { name }));
  list.checkContexts();
  if (!token) list.checkWords();
  if (document.id !== url) throw new Failure(_("{url} says that it is {id}.", { url, id: document.id }));
  if (!["VerifiableCredential", "BitstringStatusListCredential"].every((type) => typesOf(document).includes(type))) throw wrong("type");
  if (idOf(document.issuer) !== issuer) throw new Failure(_("it is of another issuer, {issuer}.", { issuer: idOf(document.issuer) }));
  list.checkProof();
  await list.findKeys();
  await list.checkOwner(issuer);
  if (token) list.checkClaims();
  await list.checkSignature();
  checkBegun(document, token, session.now, true);
  checkNotEnded(document, token, session.now);
  const subject = document.credentialSubject;
  if (!isObject(subject) || typesOf(subject).join() !== "BitstringStatusList") throw wrong("credentialSubject");
  if (!listed(subject.statusPurpose).includes(purpose)) throw wrong("statusPurpose");
  const encoded = textIn(subject, "encodedList");
  if (!encoded.startsWith("u")) throw wrong("encodedList");
  const bits = await inflated(base64url(encoded.slice(1)), "gzip", MAX_LIST);
  if (bits.length * 8 < SIZE) throw new Failure(_("it has fewer places than the standard wants."));
  return bits;
}

/** The list is not signed: that the credential names it is what makes it count. */
async function checkNamed(entry, document, issuer, session) {
  const url = addressIn(entry, "id");
  const list = await session.json(url);
  if (list.id !== url) throw new Failure(_("{url} says that it is {id}.", { url, id: list.id }));
  if (idOf(list.issuer) !== issuer) {
    throw new Failure(_("The status list {url} cannot be trusted: {detail}", { url, detail: _("it is of another issuer, {issuer}.", { issuer: idOf(list.issuer) }) }));
  }
  const { revokedCredential = [] } = list;
  if (!Array.isArray(revokedCredential)) throw new Failure(_("“{name}” has an unexpected form.", { name: "revokedCredential" }));
  const own = textIn(document, "id");
  for (const item of revokedCredential) {
    const known = isObject(item) ? item : { id: item };
    if (known.id === own && known.revoked !== false) throw withdrawn(known.revocationReason);
  }
  return _("It is not in {url}.", { url });
}

export const withdrawn = (reason) =>
  new Failure(typeof reason === "string" ? _("Its issuer withdrew it: {reason}", { reason }) : _("Its issuer withdrew it."));
