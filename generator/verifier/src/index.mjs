// Is this badge good? The same steps, verdicts and outcomes as `passport verify` (docs/verifiers.md).

import { readInput } from "./input.mjs";
import { MAX_PARTS, membersOf } from "./kinds.mjs";
import { verifyOb2 } from "./ob2.mjs";
import { verifyCredential } from "./ob3.mjs";
import { verifyPresentation } from "./presentation.mjs";
import { Session } from "./session.mjs";
import { printable, Steps, verdictOf } from "./steps.mjs";
import { _ } from "./texts.mjs";

export { learn } from "./contexts.mjs";
export { speak } from "./texts.mjs";

const LONGEST = 200;

/**
 * Verify a picture, a document, a token or an address, given as bytes.
 *
 * `fetch(url)` gives bytes, or throws `Failure` or `NotKnown` (steps.mjs); `now` is in milliseconds; `recipient`
 * is an e-mail address to compare with, or null. Nothing is thrown.
 */
export async function verify(bytes, { fetch, now = Date.now(), recipient = null }) {
  const steps = new Steps();
  const session = new Session({ fetch, now, recipient });
  const parts = [];
  let found = [];
  const readable = await steps.run("read", _("It can be read"), async () => {
    const input = await readInput(bytes, session);
    found = input.found;
    return input.detail;
  }, { who: "holder" });
  for (const signed of found) await verifyPart(steps, parts, signed, "", session);
  // Each badge of a picture together with its members.
  const tops = found.map(({ kind }) => worstOf(parts.filter((part) => part.id === kind || (part.id.includes(".") && ["clr", "presentation"].includes(kind)))));
  const verdict = readable ? bestOf(tops) : verdictOf(steps.steps);
  const said = speaker(parts, verdict);
  return {
    kind: found.map((signed) => signed.kind).join("+") || "unknown",
    verdict,
    valid: verdict === "valid",
    name: said.name ?? "",
    issuer: said.issuer ?? "",
    said,
    parts,
    steps: steps.steps,
    unreachable: [...steps.unreachable],
  };
}

/** Add the steps of one badge, then those of its members; `prefix` ends in a point or is empty. */
async function verifyPart(steps, parts, signed, prefix, session) {
  const { kind, document } = signed;
  const part = { id: prefix + kind, kind, verdict: "", name: "", issuer: "" };
  parts.push(part);
  steps.part = part.id;
  const start = steps.steps.length;
  if (kind === "presentation") {
    await verifyPresentation(steps, signed, session);
  } else {
    const said = kind === "ob2" ? await verifyOb2(steps, signed, session) : await verifyCredential(steps, kind, signed, session);
    for (const [name, value] of Object.entries(said)) if (typeof value === "string") part[name] = printable(value, LONGEST);
    part.document = said.document;
  }
  part.verdict = verdictOf(steps.steps.slice(start));
  for (const [number, member] of membersOf(kind, document)) {
    if (parts.length <= MAX_PARTS) await verifyPart(steps, parts, member, `${prefix}${number}.`, session);
  }
}

/**
 * The part whose name and issuer stand beside the verdict. Both are of one part, and of a valid one if the whole is
 * valid: whatever else is in a picture could claim to be of anybody.
 */
function speaker(parts, verdict) {
  const heard = verdict === "valid" ? parts.filter((part) => part.verdict === "valid") : parts;
  return heard.find((part) => part.name) ?? heard.find((part) => part.issuer) ?? heard[0] ?? {};
}

/** Of one badge in two versions: a host that is gone does not unmake a signature. */
function bestOf(verdicts) {
  if (verdicts.includes("not-valid")) return "not-valid";
  return verdicts.includes("valid") ? "valid" : "undecided";
}

/** Of a presentation or a learner record: every part must be valid. */
function worstOf(parts) {
  const verdicts = parts.map((part) => part.verdict);
  if (verdicts.includes("not-valid")) return "not-valid";
  return verdicts.includes("undecided") ? "undecided" : "valid";
}
