// What is clearly no badge, and what it is instead.
//
// A broken or changed badge must stay one that is not valid. So only what holds nothing of a badge is told apart
// here; whatever could have been one goes on, and fails for what is wrong with it.

import { listed, typesOf } from "./json.mjs";
import { NoBadge } from "./steps.mjs";
import { _ } from "./texts.mjs";

const WORDS = /openbadge|imsglobal|clrcredential|verifiablecredential|verifiablepresentation|<svg/i;
const START = /^[\s\ufeff\ufffd]*(?:[{[\x22]|e[wy][A-Za-z0-9_-]{6})/; // of JSON, or of a token
const INSIDE = /\{|e[wy][A-Za-z0-9_-]{20}/;
const TOKEN = /^\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*$/;

// Each is of a badge; the other documents of Open Badges have none of them.
const MEMBERS = [
  "achievement", "badge", "credentialStatus", "credentialSubject", "evidence", "issuanceDate", "proof", "recipient",
  "revoked", "validFrom", "verifiableCredential", "verify",
];
const BADGES = /^(Assertion|(Achievement|Clr|Endorsement|OpenBadge|(Enveloped)?Verifiable)Credential|(Enveloped)?VerifiablePresentation)$/;
const issuer = () => _("It says who an issuer is, and is no badge.");
const KINDS = new Map([
  ["BadgeClass", () => _("It says what a badge is for, not who was given it; ask for the badge of that person.")],
  ["Issuer", issuer],
  ["Profile", issuer],
  ["Endorsement", () => _("It is an endorsement of Open Badges 2.0, which says something about a badge or an issuer, and is no badge.")],
]);

/** Throws NoBadge for bytes that are neither a picture nor anything like JSON or a token. */
export function checkBytes(bytes) {
  const starts = (signature) => [...signature].every((letter, at) => bytes[at] === letter.charCodeAt(0));
  if (starts("%PDF")) throw new NoBadge(_("It is a PDF, which holds no badge that can be verified; open the address in it, or ask for the badge itself."));
  if (starts("PK\x03\x04")) throw new NoBadge(_("It is a ZIP archive; unpack it, and choose one of the badges in it."));
  const text = new TextDecoder().decode(bytes);
  if (!text.trim()) throw new NoBadge(_("It is empty."));
  const plain = text.replaceAll("\0", ""); // so that UTF-16 is seen for what it is
  if (WORDS.test(plain) || START.test(plain) || TOKEN.test(plain)) return;
  if (plain !== text || !INSIDE.test(plain)) {
    throw new NoBadge(_("It is neither a PNG or SVG, nor JSON, nor a signed token: there is no badge in it."));
  }
}

/** Throws NoBadge for JSON that says nothing of what a badge says. */
export function checkDocument(document) {
  const types = typesOf(document);
  if (MEMBERS.some((name) => Object.hasOwn(document, name)) || types.some((type) => BADGES.test(type))) return;
  const kind = types.find((type) => KINDS.has(type));
  if (kind) throw new NoBadge(KINDS.get(kind)());
  const contexts = listed(document["@context"]).filter((text) => typeof text === "string");
  if (contexts.some((text) => /openbadges|imsglobal|\/credentials\//.test(text))) return;
  if (String(document.id).endsWith("/passport.json") && typeof document.page === "string") {
    throw new NoBadge(_("It is a passport as data, not signed by itself; verify its badges one by one, by the addresses of their pages."));
  }
  throw new NoBadge(_("It is JSON, but neither an Open Badge nor a presentation of some."));
}
