// Is this badge good? The same steps, verdicts and outcomes as `passport verify` (docs/verifiers.md).

import { listed } from "./json.mjs";
import { readInput } from "./input.mjs";
import { verifyOb2 } from "./ob2.mjs";
import { verifyCredential } from "./ob3.mjs";
import { membersOf, verifyPresentation } from "./presentation.mjs";
import { Session } from "./session.mjs";
import { printable, Steps, verdictOf } from "./steps.mjs";
import { _ } from "./texts.mjs";

export { learn } from "./contexts.mjs";
export { speak } from "./texts.mjs";

const MAX_LEVELS = 3; // a presentation of learner records of badges
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
  for (const signed of found) await verifyPart(steps, parts, signed, "", session, 1);
  const several = found.length > 1;
  const verdict = !readable ? verdictOf(steps.steps) : several ? bestOf(parts) : worstOf(parts);
  const first = parts.find((part) => part.name) ?? parts[0] ?? {};
  return {
    kind: found.map((signed) => signed.kind).join("+") || "unknown",
    verdict,
    valid: verdict === "valid",
    name: first.name ?? "",
    issuer: parts.find((part) => part.issuer)?.issuer ?? "",
    parts,
    steps: steps.steps,
    unreachable: [...steps.unreachable],
  };
}

async function verifyPart(steps, parts, signed, prefix, session, level) {
  const { kind } = signed;
  const part = { id: prefix + kind, kind, verdict: "", name: "", issuer: "" };
  parts.push(part);
  steps.part = part.id;
  const start = steps.steps.length;
  let members = [];
  if (kind === "presentation") {
    members = await verifyPresentation(steps, signed, session);
  } else {
    const said = kind === "ob2" ? await verifyOb2(steps, signed, session) : await verifyCredential(steps, kind, signed, session);
    for (const [name, value] of Object.entries(said)) if (typeof value === "string") part[name] = printable(value, LONGEST);
    part.document = said.document;
    if (kind === "clr" && listed(signed.document.credentialSubject?.verifiableCredential).length) {
      try {
        members = membersOf(signed.document.credentialSubject.verifiableCredential);
      } catch (error) {
        await steps.run("members", _("Its credentials can be read"), () => { throw error; });
      }
    }
  }
  part.verdict = verdictOf(steps.steps.slice(start));
  for (const [at, member] of members.entries()) {
    const inner = `${prefix}${at + 1}.`;
    if (level >= MAX_LEVELS) break;
    await verifyPart(steps, parts, member, inner, session, level + 1);
  }
}

/** Of one badge in two versions: a host that is gone does not unmake a signature. */
function bestOf(parts) {
  if (parts.some((part) => part.verdict === "not-valid")) return "not-valid";
  return parts.some((part) => part.verdict === "valid") ? "valid" : "undecided";
}

function worstOf(parts) {
  if (parts.some((part) => part.verdict === "not-valid")) return "not-valid";
  return parts.some((part) => part.verdict === "undecided") ? "undecided" : "valid";
}
