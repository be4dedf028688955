// The result as elements of the page. Texts of strangers go in as text only, and their links are http(s) only.

import { badgesOf, headline, meaning, OUTCOMES, PARTS, SOURCES, VERDICTS, WHO } from "./meanings.mjs";
import { _, day } from "./texts.mjs";

const MARKS = { pass: "M4 12.5l5 5L20 6.5", fail: "M6 6l12 12M18 6L6 18", "not-checked": "M5 12h14", "no-badge": "M5 12h14" };
const SIGNS = { valid: MARKS.pass, "not-valid": MARKS.fail, "no-badge": MARKS["no-badge"], undecided: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5" };

const MOST_REASONS = 3;

/** An element; strings among the children become text. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"], ["class", "pv-icon"]]) svg.setAttribute(key, value);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A link to an address of a stranger; plain text if it is not http(s). */
export function link(url, text = url) {
  let safe;
  try {
    safe = ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    safe = false;
  }
  return safe ? el("a", { href: url, rel: "noopener nofollow", dir: "auto" }, text) : el("bdi", {}, text);
}

function time(value) {
  const moment = Date.parse(value);
  return el("time", { datetime: value }, Number.isNaN(moment) ? value : day(moment));
}

export function waiting() {
  return el("p", { class: "pv-wait" }, el("span", { class: "pv-wait__sign", "aria-hidden": "true" }), _("Verifying…"));
}

/** The verdict with what the badge, or each of several, says of itself. */
export function verdict(result, picture) {
  const [title, sentence, genuine] = headline(result);
  const { badges, several: many } = badgesOf(result);
  const about = many ? [el("ul", { class: "pv-badges" }, ...badges.map(badge))] : said(result, genuine);
  const says = genuine
    ? many ? _("The badges say of themselves:") : _("The badge says of itself:")
    : many ? _("The badges say of themselves, whether it is true or not:") : _("The badge says of itself, whether it is true or not:");
  return el("div", { class: `pv-verdict pv-verdict--${result.verdict}` },
    el("div", { class: "pv-verdict__head" },
      el("span", { class: "pv-sign" }, icon(SIGNS[result.verdict])),
      el("div", {}, el("h2", { id: "pv-verdict", tabindex: "-1" }, title), el("p", {}, sentence), ...reasons(result))),
    about.length
      ? el("div", { class: "pv-verdict__body" }, picture ?? "", el("div", { class: "pv-says" }, el("p", { class: "pp-faint" }, says), ...about))
      : picture ? el("div", { class: "pv-verdict__body" }, picture) : "");
}

/** One of several badges. */
const badge = (part) => el("li", {},
  el("bdi", { class: "pv-badge" }, part.name || part.address || PARTS[part.kind]()),
  part.issuer ? el("bdi", { class: "pp-faint" }, part.issuer) : "",
  el("span", { class: `pp-chip pv-chip--${part.verdict}` }, VERDICTS[part.verdict]()[0]),
  part.verdict === "valid" && part.identity ? el("span", { class: "pv-identity pp-faint" }, link(part.identity)) : "");

/** What a single badge says of itself. */
function said(result, genuine) {
  const part = result.said;
  const issuer = part.issuerUrl ? link(part.issuerUrl, result.issuer || part.issuerUrl) : el("bdi", {}, result.issuer);
  const facts = [
    [_("Issued by"), result.issuer && issuer],
    // Anybody can write any name and website into a badge; this is what the signature or the address proves.
    [_("Identity that was verified"), genuine && part.identity && link(part.identity)],
    [_("Valid from"), part.from && time(part.from)],
    [_("Valid until"), part.until && time(part.until)],
    [_("Address"), part.address && link(part.address)],
  ].filter(([, value]) => value);
  if (!result.name && !facts.length) return [];
  return [el("div", { class: "pv-about" },
    result.name ? el("p", { class: "pv-name" }, el("bdi", {}, result.name)) : "",
    part.description ? el("p", { class: "pv-description" }, el("bdi", {}, part.description)) : "",
    facts.length ? el("dl", { class: "pp-facts" }, ...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)))) : "")];
}

/** Why it is not valid, or cannot be told: the first steps of that kind. */
function reasons(result) {
  const wanted = { "not-valid": "fail", "no-badge": "no-badge", undecided: "not-checked" }[result.verdict];
  const found = result.steps.filter((one) => one.outcome === wanted && (wanted !== "not-checked" || (one.needed && one.who)));
  return found.slice(0, MOST_REASONS).flatMap((step) => [
    el("p", { class: "pv-reason" }, el("strong", {}, _("Step {number}, “{title}”:", { number: step.number, title: step.title })), " ", el("bdi", {}, step.detail)),
    step.who ? el("p", { class: "pv-who" }, WHO[step.who]()) : "",
  ]);
}

export function notice(text) {
  return el("div", { class: "pp-notice pv-notice", role: "note" }, el("p", {}, text));
}

/** All steps, part by part. */
export function steps(result) {
  const groups = new Map();
  for (const step of result.steps) {
    const part = step.id.includes(".") ? step.id.slice(0, step.id.lastIndexOf(".")) : "";
    groups.set(part, [...(groups.get(part) ?? []), step]);
  }
  const lists = [...groups].map(([id, list]) => {
    const part = result.parts.find((one) => one.id === id);
    const heading = part
      ? el("h3", { class: "pv-part" }, PARTS[part.kind](), part.name && id.includes(".") ? el("span", { class: "pv-part__name" }, " · ", el("bdi", {}, part.name)) : "",
          el("span", { class: `pp-chip pv-chip--${part.verdict}` }, VERDICTS[part.verdict]()[0]))
      : "";
    return el("div", {}, heading, el("ol", { class: "pv-steps", start: list[0].number }, ...list.map(item)));
  });
  return el("section", { class: "pp-section", "aria-labelledby": "pv-steps" }, el("h2", { id: "pv-steps" }, _("Step by step")), ...lists);
}

function item(step) {
  const open = ["fail", "no-badge"].includes(step.outcome) || (step.outcome === "not-checked" && step.needed && step.who !== "");
  return el("li", { class: `pv-step pv-step--${step.outcome}`, value: step.number },
    el("details", { open },
      el("summary", {},
        el("span", { class: "pv-step__mark" }, icon(MARKS[step.outcome])),
        el("span", { class: "pv-step__number", "aria-hidden": "true" }, `${step.number}`),
        el("span", { class: "pv-step__title" }, step.title),
        el("span", { class: "pv-step__outcome" }, OUTCOMES[step.outcome]()),
        el("span", { class: "pv-step__arrow" }, icon("M6 9l6 6 6-6"))),
      el("div", { class: "pv-step__more" },
        step.detail ? el("p", { class: "pv-step__detail" }, el("bdi", {}, step.detail)) : "",
        meaning(step.id) ? el("p", { class: "pp-faint" }, meaning(step.id)) : "",
        step.who ? el("p", { class: "pv-who" }, WHO[step.who]()) : "")));
}

/** Documents that do not answer, each with a place to paste it. `use(url, text)` goes on with a text. */
export function missing(urls, use) {
  if (!urls.length) return "";
  const forms = urls.map((url, at) => {
    const id = `pv-paste-${at}`;
    const text = el("textarea", { id, rows: "4", spellcheck: "false", dir: "ltr", required: true });
    const form = el("form", { class: "pv-paste" },
      el("p", {}, link(url)),
      el("label", { for: id }, _("The text you see there:")),
      text,
      el("p", {}, el("button", { class: "md-button", type: "submit" }, _("Go on with this text"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      use(url, text.value);
    });
    return form;
  });
  return el("section", { class: "pp-section pv-missing", "aria-labelledby": "pv-missing" },
    el("h2", { id: "pv-missing" }, _("What could not be read")),
    el("p", {}, _("Some hosts do not let other websites read their files. There is a way out: open the address in a new window, copy everything you see, and paste it here.")),
    ...forms);
}

/** The form that compares an e-mail address; `compare(address)` gives "yes", "no", "some" or "nobody". */
export function mine(compare) {
  const field = el("input", { id: "pv-email", type: "email", autocomplete: "email", required: true, dir: "ltr" });
  const answer = el("p", { class: "pv-answer", role: "status" });
  const form = el("form", { class: "pv-mine__form" }, field, el("button", { class: "md-button", type: "submit" }, _("Compare")));
  const said = {
    yes: () => _("Yes: it was given to this address."),
    some: () => _("Some of these badges were given to this address, others were not."),
    no: () => _("No: it was given to another address."),
    nobody: () => _("It does not say to which e-mail address it was given."),
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = compare(field.value);
    answer.dataset.answer = found;
    answer.textContent = said[found]();
  });
  return el("section", { class: "pp-section pv-mine", "aria-labelledby": "pv-mine" },
    el("h2", { id: "pv-mine" }, _("Is it mine?")),
    el("p", {}, el("label", { for: "pv-email" }, _("Type an e-mail address to see whether the badge was given to it.")), " ",
      _("The comparison is made in your browser; the address is sent nowhere and not kept.")),
    form, answer);
}

/** What was read on the way. */
export function documents(read) {
  if (!read.size) return "";
  const items = [...read].map(([url, how]) => el("li", {}, link(url), " ", el("span", { class: "pp-faint" }, `(${SOURCES[how]()})`)));
  return el("details", { class: "pv-documents" }, el("summary", {}, _("Documents that were read")), el("ul", {}, ...items));
}
