// From when until when a badge holds: dates with a time and a zone (RFC 3339), compared with now.

import { seconds } from "./claims.mjs";
import { Failure } from "./steps.mjs";
import { _, day } from "./texts.mjs";

const DATE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z"); // Python has no others

/** Milliseconds of a date. */
export function moment(value, name) {
  const found = typeof value === "string" ? DATE.exec(value) : null;
  const milliseconds = found ? Date.parse(value.replace(/(\.\d{3})\d+/, "$1")) : NaN;
  // Date.parse takes 30 February for 1 March, and 24:00 for the next day.
  if (Number.isNaN(milliseconds) || milliseconds < FIRST || milliseconds > LAST || Number(found[3]) > new Date(Date.UTC(+found[1], +found[2], 0)).getUTCDate() || found[4] === "24") {
    throw new Failure(_("“{name}” is not a date with a time and a zone.", { name }));
  }
  return milliseconds;
}

export function begun(milliseconds, now) {
  if (milliseconds > now) throw new Failure(_("It begins on {date}.", { date: day(milliseconds) }));
  return day(milliseconds);
}

/** Only who issued it can issue another. */
export function notEnded(milliseconds, now) {
  if (milliseconds <= now) throw new Failure(_("It ended on {date}.", { date: day(milliseconds) }), "issuer");
  return day(milliseconds);
}

/** `validFrom`, which was `issuanceDate` in version 1.1; and `nbf`. A status list (`may`) need not say it. */
export function checkBegun(document, token, now, may = false) {
  const name = memberOf(document, "validFrom", "issuanceDate");
  const dates = name || !may ? [moment(document[name], name || "validFrom")] : [];
  if (token && "nbf" in token.payload) dates.push(seconds(token.payload.nbf, "nbf"));
  return dates.length ? begun(Math.max(...dates), now) : "";
}

/** `validUntil`, which was `expirationDate` in version 1.1; and `exp`. */
export function checkNotEnded(document, token, now) {
  const name = memberOf(document, "validUntil", "expirationDate");
  const dates = name ? [moment(document[name], name)] : [];
  if (token && "exp" in token.payload) dates.push(seconds(token.payload.exp, "exp"));
  return dates.length ? notEnded(Math.min(...dates), now) : _("It has no end.");
}

/** Which of two names a document has; both is one too many. */
export function memberOf(document, name, old) {
  if (name in document && old in document) throw new Failure(_("“{name}” has an unexpected form.", { name: old }));
  return name in document ? name : old in document ? old : "";
}
