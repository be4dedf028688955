// What a verification is made of: numbered steps, of which one that does not pass silences those that need it.

import { _ } from "./texts.mjs";

/** The badge, or what its issuer publishes, is wrong. `who` can do something about it. */
export class Failure extends Error {
  constructor(detail, who = "") {
    super(detail);
    this.who = who;
  }
}

/** What was given is no badge at all. Wherever a badge must be, this is a failure like any other. */
export class NoBadge extends Failure {}

/** It could not be found out: the network does not answer, or it is of a kind that is not known here. */
export class NotKnown extends Error {
  /** `url`: the address that did not answer, if that is why. */
  constructor(detail, url = "") {
    super(detail);
    this.url = url;
  }
}

/** There is nothing to look at. */
export class Nothing extends Error {}

/** Collects the steps of one part after the other; `part` is put before their ids. */
export class Steps {
  constructor() {
    this.steps = [];
    this.part = "";
    this.unreachable = new Set();
  }

  id(name) {
    return this.part ? `${this.part}.${name}` : name;
  }

  /** Do one step, unless one that it needs did not pass. Nothing that `check` throws goes further. */
  async run(name, title, check, { needs = [], who = "issuer" } = {}) {
    const step = { number: this.steps.length + 1, id: this.id(name), title, outcome: "pass", needed: true, detail: "", who: "" };
    const missing = this.steps.find((s) => needs.some((n) => this.id(n) === s.id) && s.outcome !== "pass");
    if (missing) {
      step.outcome = "not-checked";
      step.detail = _("Step {number} must pass first.", { number: missing.number });
    } else {
      try {
        step.detail = (await check()) ?? "";
      } catch (error) {
        step.detail = error.message;
        if (error instanceof Nothing) {
          Object.assign(step, { outcome: "not-checked", needed: false });
        } else if (error instanceof NotKnown) {
          Object.assign(step, { outcome: "not-checked", who: "verifier" });
          if (error.url) this.unreachable.add(error.url);
        } else if (error instanceof NoBadge) {
          step.outcome = "no-badge";
        } else {
          Object.assign(step, { outcome: "fail", who: (error instanceof Failure && error.who) || who });
          // Whatever cannot be read is not valid.
          if (!(error instanceof Failure)) step.detail = _("This cannot be read: it has an unexpected form.");
        }
      }
    }
    step.detail = printable(step.detail);
    this.steps.push(step);
    return step.outcome === "pass";
  }
}

/** not-valid if a step failed; else no-badge if there is none; else undecided if a needed one was not checked. */
export function verdictOf(steps) {
  if (steps.some((step) => step.outcome === "fail")) return "not-valid";
  if (steps.some((step) => step.outcome === "no-badge")) return "no-badge";
  return steps.some((step) => step.outcome === "not-checked" && step.needed) ? "undecided" : "valid";
}

/** A text of a stranger on one line, without characters that are not seen. */
export function printable(text, length = 400) {
  const shown = String(text)
    .replace(/[^\S\ufeff]|[\u001c-\u001f\u0085]/gu, " ")
    .replace(/[\p{Cc}\p{Cn}\p{Co}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2067\ufeff]/gu, "\ufffd");
  return [...shown].length <= length ? shown : [...shown].slice(0, length - 1).join("") + "…";
}
