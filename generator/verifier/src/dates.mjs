// Dates with a time and a zone (RFC 3339), compared with now.

import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

const DATE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds of a date. */
export function moment(value, name) {
  const found = typeof value === "string" ? DATE.exec(value) : null;
  const milliseconds = found ? Date.parse(value) : NaN;
  // Date.parse takes 30 February for 1 March.
  if (Number.isNaN(milliseconds) || Number(found[3]) > new Date(Date.UTC(+found[1], +found[2], 0)).getUTCDate() || found[4] === "24") {
    throw new Failure(_("“{name}” is not a date with a time and a zone.", { name }));
  }
  return milliseconds;
}

/** It has begun: `value` is past. */
export function begun(value, name, now) {
  if (moment(value, name) > now) throw new Failure(_("It begins on {date}.", { date: value }), "holder");
  return value;
}

/** It has not ended: `value` is to come, or not there. */
export function notEnded(value, name, now) {
  if (value === undefined) return _("It has no end.");
  if (moment(value, name) <= now) throw new Failure(_("It ended on {date}.", { date: value }), "holder");
  return value;
}
