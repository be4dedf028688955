// What each step means to somebody who does not know the standards.

import { _ } from "./texts.mjs";

const MEANINGS = {
  read: () => _("The file or text is a badge in a form that this page knows."),
  shape: () => _("It has what the standard asks for."),
  hosted: () => _("A hosted badge is what its address says it is, so the address must answer with the same text."),
  badge: () => _("What the badge is for is written down at the address it names."),
  issuer: () => _("It says which organisation gave the badge."),
  scope: () => _("The organisation says that it publishes its badges below this address; a neighbour cannot imitate it."),
  key: () => _("The key to check the signature with was found where the badge says."),
  signature: () => _("Every word is as it was when the badge was signed with this key."),
  issued: () => _("The day from which it counts has come."),
  expires: () => _("The day on which it ends, if it has one, is still to come."),
  revoked: () => _("The organisation did not take it back."),
  recipient: () => _("The e-mail address you typed is the one it was given to."),
  contexts: () => _("The vocabularies that give its words a meaning are known here and did not change."),
  terms: () => _("No word of it is outside these vocabularies; such words would not be covered by the signature."),
  types: () => _("It is of a kind that this page can judge."),
  proof: () => _("It was signed in a way that this page can check."),
  controller: () => _("The key belongs to the organisation named in the badge and to nobody else."),
  claims: () => _("The outside and the inside of the token say the same."),
  "valid-from": () => _("The day from which it counts has come."),
  "valid-until": () => _("The day on which it ends, if it has one, is still to come."),
  status: () => _("The organisation did not take it back."),
  endorsements: () => _("What others say about it was signed by them."),
  members: () => _("It has what the standard asks for."),
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
};

export const VERDICTS = {
  valid: () => [_("Valid"), _("This badge is genuine, and it still holds.")],
  "not-valid": () => [_("Not valid"), _("Do not rely on this badge.")],
  undecided: () => [_("Cannot tell"), _("This page could not find out whether this badge is good.")],
};

export const SOURCES = {
  network: () => _("read at its address"),
  copy: () => _("read in this copy of the site"),
  kept: () => _("kept since this page was opened"),
  pasted: () => _("pasted by hand"),
};
