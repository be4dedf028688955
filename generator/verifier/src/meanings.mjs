// What each step means to somebody who does not know the standards.

import { _ } from "./texts.mjs";

const withdrawn = () => _("Did the organisation take it back?");
const begins = () => _("Has the day come from which it counts?");
const ends = () => _("Is the day on which it ends, if it has one, still to come?");
const complete = () => _("Does it have what the standard asks for?");

const MEANINGS = {
  read: () => _("Is it a badge, in a form that this page knows?"),
  shape: complete,
  hosted: () => _("A hosted badge is what its address says it is. Does the address still say the same?"),
  badge: () => _("Is it written down at the address it names what the badge is for?"),
  issuer: () => _("Does it say which organisation gave it?"),
  scope: () => _("Does this organisation publish its badges below this address? A neighbour could not."),
  key: () => _("Was the key of the signature found where the badge says?"),
  signature: () => _("Is every word as it was when it was signed with this key?"),
  issued: begins,
  expires: ends,
  revoked: withdrawn,
  recipient: () => _("Is it the badge of the person with a certain e-mail address? You can compare one above."),
  contexts: () => _("Are the vocabularies that give its words a meaning known here?"),
  terms: () => _("Is every word from these vocabularies? Others would not be covered by the signature."),
  types: () => _("Is it of a kind that this page can judge?"),
  proof: () => _("Was it signed in a way that this page can check?"),
  controller: () => _("Does the key belong to the organisation named in the badge, and to nobody else?"),
  claims: () => _("Do the outside and the inside of the token say the same?"),
  "valid-from": begins,
  "valid-until": ends,
  status: withdrawn,
  endorsements: () => _("Was what others say about it signed by them?"),
  members: complete,
};

/** The meaning of a step, by the last word of its id. */
export const meaning = (id) => MEANINGS[id.slice(id.lastIndexOf(".") + 1)]?.() ?? "";

export const PARTS = {
  ob2: () => _("Open Badges 2.0"),
  ob3: () => _("Open Badges 3.0"),
  clr: () => _("Learner record (CLR 2.0)"),
  endorsement: () => _("Endorsement"),
  presentation: () => _("Presentation"),
};

export const WHO = {
  holder: () => _("Whoever shows the badge can do something about it."),
  issuer: () => _("Its issuer can do something about it."),
  verifier: () => _("You can do something about it: try again, or ask another verifier."),
};

export const OUTCOMES = {
  pass: () => _("Passed"),
  fail: () => _("Failed"),
  "not-checked": () => _("Not checked"),
  "no-badge": () => _("No badge"),
};

export const VERDICTS = {
  valid: () => [_("Valid"), _("This badge is genuine, and it still holds.")],
  "not-valid": () => [_("Not valid"), _("Do not rely on this badge.")],
  "no-badge": () => [_("No badge"), _("There is no badge in this, so nothing was verified: it may be true or not.")],
  undecided: () => [_("Cannot tell"), _("This page could not find out whether this badge is good.")],
};

// How many of how many: no language needs a plural for a number after a colon.
const SEVERAL = {
  valid: (count) => _("Badges that are genuine and still hold: {good} of {all}.", count),
  "not-valid": (count) => _("Do not rely on all of these badges. Genuine, and still holding: {good} of {all}.", count),
  undecided: (count) => _("This page could not find out whether all of these badges are good. Genuine, and still holding: {good} of {all}.", count),
};

/** Whether nothing is wrong but that it has ended. */
function isOver(result) {
  const failed = result.steps.filter((step) => step.outcome === "fail");
  const ended = failed.length > 0 && failed.every((step) => /\b(valid-until|expires)$/.test(step.id) && step.who === "issuer");
  const unsure = result.steps.some((step) => step.outcome === "not-checked" && step.needed);
  return result.verdict === "not-valid" && ended && !unsure;
}

/** The badges in it. Of one name, those of a picture are two versions of one badge; each member of a collection is one. */
export function badgesOf(result) {
  const badges = result.parts.filter((part) => ["ob2", "ob3"].includes(part.kind));
  const several = new Set(badges.map((part) => (part.id.includes(".") ? part.id : part.name)).filter(Boolean)).size > 1;
  return { badges, several };
}

/** The verdict in words, and whether what the badge says of itself is true. */
export function headline(result) {
  const { badges, several } = badgesOf(result);
  const good = badges.filter((part) => part.verdict === "valid").length;
  if (isOver(result)) {
    const over = several ? _("These badges are genuine, but their time is over.") : _("This badge is genuine, but its time is over.");
    return [_("Expired"), good ? _("All of this is genuine, but the time of some of it is over.") : over, true];
  }
  const [title, sentence] = VERDICTS[result.verdict]();
  const genuine = result.verdict === "valid";
  if (!several || !(result.verdict in SEVERAL)) return [title, sentence, genuine];
  return [title, SEVERAL[result.verdict]({ good, all: badges.length }), genuine];
}

export const SOURCES = {
  network: () => _("read at its address"),
  copy: () => _("read in this copy of the site"),
  kept: () => _("kept since this page was opened"),
  pasted: () => _("pasted by hand"),
};
