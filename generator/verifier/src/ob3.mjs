// The steps of a credential: an Open Badge 3.0, an endorsement, or a learner record (CLR 2.0), with embedded
// proofs or as a signed token.

import { idOf } from "./claims.mjs";
import { Secured } from "./credential.mjs";
import { checkBegun, checkNotEnded } from "./dates.mjs";
import { opened, read } from "./input.mjs";
import { isBlank, isObject, listed, textIn, typesOf } from "./json.mjs";
import { checkMembers, OPEN_BADGE } from "./kinds.mjs";
import { checkSubject } from "./recipient.mjs";
import { checkStatus } from "./status.mjs";
import { Failure, Nothing, NotKnown, Steps } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MAX_ENDORSEMENTS = 20;
const TYPES = { ob3: OPEN_BADGE, endorsement: ["EndorsementCredential"], clr: ["ClrCredential"] };
const SUBJECTS = { ob3: "AchievementSubject", endorsement: "EndorsementSubject", clr: "ClrSubject" };
const TITLES = {
  ob3: () => _("It is an Open Badge"),
  endorsement: () => _("It is an endorsement"),
  clr: () => _("It is a learner record"),
};

/** Add the steps of a credential of a kind; gives what it says: name, issuer, dates. */
export async function verifyCredential(steps, kind, signed, session, depth = 0) {
  const made = new Secured(signed, session);
  const { document, token } = made;
  const { now, recipient } = session;
  await steps.run("contexts", _("Its vocabulary is known"), () => made.checkContexts());
  if (!token) await steps.run("terms", _("Everything it says is defined"), () => made.checkWords(), { needs: ["contexts"] });
  await steps.run("types", TITLES[kind](), () => checkTypes(document, kind));
  await steps.run("issuer", _("It names its issuer"), () => checkIssuer(document, kind));
  await steps.run("proof", _("It has a proof of a supported kind"), () => made.checkProof());
  await steps.run("key", _("The key of the proof is published"), () => made.findKeys(), { needs: ["proof"] });
  await steps.run("controller", _("The key is the issuer's"), () => made.checkOwner(idOf(document.issuer)), { needs: ["issuer", "key"] });
  if (token) await steps.run("claims", _("The token and the credential agree"), () => made.checkClaims());
  await steps.run("signature", _("Nothing was changed after signing"), () => made.checkSignature(), { needs: [token ? "claims" : "terms", "key"] });
  await steps.run("valid-from", _("It has begun"), () => checkBegun(document, token, now));
  await steps.run("valid-until", _("It has not ended"), () => checkNotEnded(document, token, now));
  await steps.run("status", _("It was not withdrawn"), () => checkStatus(document, session), { needs: ["controller", "signature"] });
  const endorsements = endorsementsIn(document);
  if (endorsements.length) {
    await steps.run("endorsements", _("Its endorsements are genuine"), () => checkEndorsements(document, endorsements, session, depth));
  }
  await steps.run("recipient", _("It was given to this person"), () => {
    if (recipient === null) throw new Nothing(_("No e-mail address was given to compare with."));
    if (kind === "endorsement") throw new Nothing(_("An endorsement is about something, and given to nobody."));
    return checkSubject(document, recipient);
  }, { needs: recipient === null ? [] : ["types"], who: "holder" });
  return said(document);
}

/** What a credential says of itself, for whoever looks at it. */
function said(document) {
  const text = (value) => (typeof value === "string" ? value : "");
  const subject = isObject(document.credentialSubject) ? document.credentialSubject : {};
  const achievement = isObject(subject.achievement) ? subject.achievement : {};
  const date = (name, old) => text(document[name] ?? document[old]);
  return {
    document: { credentialSubject: { id: subject.id, identifier: subject.identifier } },
    name: text(achievement.name) || text(document.name),
    issuer: text(document.issuer?.name),
    issuerUrl: text(document.issuer?.url),
    identity: text(idOf(document.issuer)),
    description: text(achievement.description) || text(document.description),
    from: date("validFrom", "issuanceDate"),
    until: date("validUntil", "expirationDate"),
    address: text(document.id),
  };
}

function checkTypes(document, kind) {
  const types = typesOf(document);
  if (!types.includes("VerifiableCredential") || !TYPES[kind].some((type) => types.includes(type))) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "type" }));
  }
  textIn(document, "id");
  const subject = document.credentialSubject;
  if (!isObject(subject) || !typesOf(subject).includes(SUBJECTS[kind])) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "credentialSubject" }));
  }
  if (kind === "clr") return checkMembers("clr", document);
  if (kind === "endorsement") return textIn(subject, "id", "credentialSubject.id");
  const { achievement } = subject;
  if (!isObject(achievement) || !typesOf(achievement).includes("Achievement")) {
    throw new Failure(_("“{name}” is missing.", { name: "achievement" }));
  }
  return textIn(achievement, "name", "achievement.name");
}

function checkIssuer({ issuer }, kind) {
  if (typeof issuer === "string" && !isBlank(issuer)) return issuer;
  if (!isObject(issuer)) throw new Failure(_("“{name}” is missing.", { name: "issuer" }));
  if (kind === "ob3" && !typesOf(issuer).includes("Profile")) throw new Failure(_("“{name}” has an unexpected form.", { name: "issuer" }));
  const id = textIn(issuer, "id", "issuer.id");
  return typeof issuer.name === "string" ? `${issuer.name} (${id})` : id;
}

/** What others say about a credential, its achievement or its issuer. */
function endorsementsIn(document) {
  const places = [document, document.credentialSubject?.achievement, document.issuer].filter(isObject);
  return places.flatMap((place) => [...listed(place.endorsement), ...listed(place.endorsementJwt)]);
}

async function checkEndorsements(document, endorsements, session, depth) {
  if (endorsements.length > MAX_ENDORSEMENTS) throw new Failure(_("It has more than {number} credentials.", { number: MAX_ENDORSEMENTS }));
  if (depth > 0) throw new NotKnown(_("Endorsements of endorsements are not followed."));
  const achievement = document.credentialSubject?.achievement;
  // What an endorsement of a badge may be about; the creator is who made the achievement.
  const here = [document, achievement, document.issuer, achievement?.creator].map(idOf).filter((id) => typeof id === "string");
  const unknown = [];
  let elsewhere = 0;
  for (const item of endorsements) {
    if (typeof item !== "string" && !isObject(item)) throw new Failure(_("“{name}” has an unexpected form.", { name: "endorsement" }));
    const steps = new Steps();
    const { issuer, document: endorsed } = await verifyCredential(steps, "endorsement", typeof item === "string" ? read(item) : opened({ document: item }), session.withoutPerson(), depth + 1);
    if (!here.includes(idOf(endorsed?.credentialSubject))) elsewhere += 1;
    for (const step of steps.steps) {
      const detail = () => _("The endorsement by {issuer}: {detail}", { issuer, detail: step.detail });
      if (step.outcome === "fail") throw new Failure(detail());
      if (step.outcome === "not-checked" && step.needed) unknown.push(new NotKnown(detail(), [...steps.unreachable][0]));
    }
  }
  if (unknown.length) throw unknown[0];
  const number = endorsements.length;
  if (!elsewhere) return _("Endorsements: {number}.", { number });
  return _("Endorsements: {number}. About something else than this badge: {some}.", { number, some: elsewhere });
}

