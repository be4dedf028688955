// The steps of a credential: an Open Badge 3.0, an endorsement, or a learner record (CLR 2.0), with embedded
// proofs or as a signed token.

import { VC1, VC2 } from "./contexts.mjs";
import { begun, moment, notEnded } from "./dates.mjs";
import { checkHeader, isToken, keyOfJwk, readToken, verifyToken } from "./jose.mjs";
import { isObject, listed, readJson, textIn, typesOf } from "./json.mjs";
import { canonical } from "./canonical.mjs";
import { checkController, didItself, resolveKey } from "./keys.mjs";
import { checkSubject } from "./recipient.mjs";
import { checkStatus } from "./status.mjs";
import { Failure, Nothing, NotKnown, Steps, verdictOf } from "./steps.mjs";
import { checkProof, describe, proofsOf } from "./suites.mjs";
import { checkTerms, definitions } from "./terms.mjs";
import { _ } from "./texts.mjs";

export const MAX_MEMBERS = 100;
const OPEN_BADGE = ["OpenBadgeCredential", "AchievementCredential"];

const TITLES = {
  ob3: () => _("It is an Open Badge"),
  endorsement: () => _("It is an endorsement"),
  clr: () => _("It is a learner record"),
};

export const issuerId = (document) => (isObject(document.issuer) ? document.issuer.id : document.issuer);

/** Add the steps of a credential of a kind; gives what it says: name, issuer, dates. */
export async function verifyCredential(steps, kind, { document, token }, session) {
  const keys = [];
  const first = listed(document["@context"])[0];
  const [from, until] = first === VC1 ? ["issuanceDate", "expirationDate"] : ["validFrom", "validUntil"];
  const asked = session.recipient !== null;

  await steps.run("contexts", _("Its vocabulary is known"), () => checkContexts(document, token));
  if (!token) await steps.run("terms", _("Everything it says is defined"), () => checkWords(document), { needs: ["contexts"] });
  await steps.run("types", TITLES[kind](), () => checkTypes(document, kind));
  await steps.run("issuer", _("It names its issuer"), () => {
    if (!isObject(document.issuer) || !typesOf(document.issuer).includes("Profile")) {
      throw new Failure(_("“{name}” has an unexpected form.", { name: "issuer" }));
    }
    const id = textIn(document.issuer, "id", "issuer.id");
    const { name } = document.issuer;
    return typeof name === "string" ? `${name} (${id})` : id;
  });
  await steps.run("proof", _("It has a proof of a supported kind"), () => (token ? checkHeader(token) : describe(proofsOf(document))));
  await steps.run("key", _("The key of the proof is published"), async () => {
    keys.push(...(await keysOf(document, token, session)));
    return keys.map((key) => key.method).join(" ");
  }, { needs: ["proof"] });
  await steps.run("controller", _("The key is the issuer's"), async () => {
    for (const key of keys) await checkController(key, issuerId(document), session);
    return issuerId(document);
  }, { needs: ["issuer", "key"] });
  if (token) await steps.run("claims", _("The token and the credential agree"), () => checkClaims(token.payload, from, until));
  await steps.run("signature", _("Nothing was changed after signing"), async () => {
    await checkSignatures(document, token, keys);
    return _("Signed with the key {method}.", { method: keys.map((key) => key.method).join(" ") });
  }, { needs: [token ? "claims" : "terms", "key"] });
  await steps.run("valid-from", _("It has begun"), () => {
    if (token && typeof document.nbf === "number" && document.nbf * 1000 > session.now) throw begins(document.nbf);
    return begun(document[from], from, session.now);
  });
  await steps.run("valid-until", _("It has not ended"), () => {
    if (token && typeof document.exp === "number" && document.exp * 1000 <= session.now) throw ended(document.exp);
    return notEnded(document[until], until, session.now);
  });
  await steps.run("status", _("It was not withdrawn"),
    () => checkStatus(document, issuerId(document), session, (text) => verifyList(text, session)),
    { needs: ["controller", "signature"] });
  const endorsements = [...listed(document.endorsement), ...(token ? listed(document.endorsementJwt) : [])];
  if (endorsements.length) await steps.run("endorsements", _("Its endorsements are genuine"), () => checkEndorsements(endorsements, session));
  await steps.run("recipient", _("It was given to this person"), () => {
    if (!asked) throw new Nothing(_("No e-mail address was given to compare with."));
    return checkSubject(document, session.recipient);
  }, { needs: asked ? ["types"] : [], who: "holder" });

  const subject = isObject(document.credentialSubject) ? document.credentialSubject : {};
  const achievement = isObject(subject.achievement) ? subject.achievement : {};
  const text = (value) => (typeof value === "string" ? value : "");
  return {
    document: { credentialSubject: { identifier: subject.identifier } },
    name: text(achievement.name) || text(document.name),
    issuer: text(document.issuer?.name),
    issuerUrl: text(document.issuer?.url),
    description: text(achievement.description) || text(document.description),
    from: document[from],
    until: document[until],
    id: text(document.id),
  };
}

const isoDate = (seconds) => new Date(seconds * 1000).toISOString();
const begins = (seconds) => new Failure(_("It begins on {date}.", { date: isoDate(seconds) }), "holder");
const ended = (seconds) => new Failure(_("It ended on {date}.", { date: isoDate(seconds) }), "holder");

/** The first is that of verifiable credentials, and all are known. */
export function checkContexts(document, token) {
  const contexts = listed(document["@context"]);
  if (contexts[0] !== VC1 && contexts[0] !== VC2) throw new Failure(_("“@context” does not begin with that of verifiable credentials."));
  if (token) return contexts[0];
  if (contexts.some((item) => typeof item !== "string")) {
    throw new Failure(_("“@context” has something else than addresses."));
  }
  definitions(contexts);
  return _("Only vocabularies that are known here; nothing is fetched.");
}

export async function checkWords(document) {
  const { proof: _proof, ...unsecured } = document;
  checkTerms(unsecured);
  await canonical(unsecured);
  return _("Every term is defined.");
}

function checkTypes(document, kind) {
  const types = typesOf(document);
  const wanted = { ob3: OPEN_BADGE, endorsement: ["EndorsementCredential"], clr: ["ClrCredential"] }[kind];
  if (!types.includes("VerifiableCredential") || !types.some((type) => wanted.includes(type))) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "type" }));
  }
  textIn(document, "id");
  const subject = document.credentialSubject;
  const subjects = { ob3: "AchievementSubject", endorsement: "EndorsementSubject", clr: "ClrSubject" };
  if (!isObject(subject) || !typesOf(subject).includes(subjects[kind])) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: "credentialSubject" }));
  }
  if (kind === "ob3") {
    const { achievement } = subject;
    if (!isObject(achievement) || !typesOf(achievement).includes("Achievement")) {
      throw new Failure(_("“{name}” is missing.", { name: "achievement" }));
    }
    return textIn(achievement, "name", "achievement.name");
  }
  if (kind === "clr") {
    const members = listed(subject.verifiableCredential);
    if (!members.length) throw new Failure(_("“{name}” is missing.", { name: "verifiableCredential" }));
    if (members.length > MAX_MEMBERS) throw new Failure(_("It has more than {number} credentials.", { number: MAX_MEMBERS }));
    return _("It has {number} credentials.", { number: members.length });
  }
  return textIn(subject, "id", "credentialSubject.id");
}

/** The keys of the proofs, or of the token. */
export async function keysOf(document, token, session, purpose = "assertionMethod") {
  if (!token) {
    const keys = [];
    for (const proof of proofsOf(document, purpose)) keys.push(await resolveKey(proof.verificationMethod, session, purpose));
    return keys;
  }
  const { kid, jwk } = token.header;
  const owner = purpose === "assertionMethod" ? issuerId(document) : holderOf(document);
  if (kid !== undefined) {
    if (typeof kid !== "string") throw new Failure(_("“{name}” has an unexpected form.", { name: "kid" }));
    return [await resolveKey(/^(did:|https?:)/.test(kid) ? kid : `${owner}#${kid.replace(/^#/, "")}`, session, purpose)];
  }
  if (isObject(jwk)) {
    // A key that comes with the token says nothing, unless the issuer is that key.
    const own = typeof owner === "string" ? didItself(owner) : undefined;
    const key = keyOfJwk(jwk);
    if (!own || !sameKey(own, key)) throw new Failure(_("The key is only in the token itself: nobody vouches for it."));
    return [{ ...key, method: owner, controller: owner }];
  }
  throw new Failure(_("“{name}” is missing.", { name: "kid" }));
}

const sameKey = (one, other) => {
  const form = ({ curve, bytes, n, e }) => `${curve} ${[...(bytes ?? [])]} ${[...(n ?? [])]} ${[...(e ?? [])]}`;
  return form(one) === form(other);
};

export const holderOf = (document) => (isObject(document.holder) ? document.holder.id : document.holder) ?? document.iss;

export async function checkSignatures(document, token, keys, purpose = "assertionMethod") {
  if (token) return verifyToken(token, keys[0]);
  const proofs = proofsOf(document, purpose);
  for (const [at, proof] of proofs.entries()) await checkProof(document, proof, keys[at]);
  return undefined;
}

function checkClaims(payload, from, until) {
  const differs = (claim, name) => new Failure(_("“{claim}” of the token is not “{name}” of the credential.", { claim, name }));
  const pairs = [["iss", issuerId(payload), "issuer.id"], ["jti", payload.id, "id"], ["sub", payload.credentialSubject?.id, "credentialSubject.id"]];
  for (const [claim, value, name] of pairs) {
    if (payload[claim] !== undefined && value !== undefined && payload[claim] !== value) throw differs(claim, name);
  }
  for (const [claim, name] of [["nbf", from], ["exp", until]]) {
    if (payload[claim] === undefined) continue;
    if (typeof payload[claim] !== "number") throw new Failure(_("“{name}” has an unexpected form.", { name: claim }));
    if (payload[name] === undefined || Math.floor(moment(payload[name], name) / 1000) !== payload[claim]) throw differs(claim, name);
  }
  return _("The token says the same.");
}

/** A document that somebody signed, JSON or a token, as {document, token}. */
export function readSigned(text) {
  if (!isToken(text)) return { document: readJson(text) };
  const token = readToken(text);
  return { document: token.payload, token };
}

/** A status list, after everything about who signed it was verified. */
async function verifyList(text, session) {
  const { document, token } = readSigned(text);
  checkContexts(document, token);
  if (token) {
    checkHeader(token);
    checkClaims(token.payload, "validFrom", "validUntil");
  } else await checkWords(document);
  const keys = await keysOf(document, token, session);
  for (const key of keys) await checkController(key, issuerId(document), session);
  await checkSignatures(document, token, keys);
  return document;
}

async function checkEndorsements(endorsements, session) {
  if (endorsements.length > MAX_MEMBERS) throw new Failure(_("It has more than {number} credentials.", { number: MAX_MEMBERS }));
  let unknown = "";
  const names = [];
  for (const item of endorsements) {
    const signed = typeof item === "string" ? readSigned(item) : { document: item };
    if (!isObject(signed.document)) throw new Failure(_("“{name}” has an unexpected form.", { name: "endorsement" }));
    const steps = new Steps();
    const said = await verifyCredential(steps, "endorsement", signed, { __proto__: session, recipient: null });
    const verdict = verdictOf(steps.steps);
    const why = steps.steps.find((step) => step.outcome === (verdict === "not-valid" ? "fail" : "not-checked") && step.needed);
    if (verdict === "not-valid") throw new Failure(_("The endorsement by {issuer}: {detail}", { issuer: said.issuer, detail: why.detail }));
    if (verdict === "undecided") unknown ||= _("The endorsement by {issuer}: {detail}", { issuer: said.issuer, detail: why.detail });
    names.push(said.issuer);
  }
  if (unknown) throw new NotKnown(unknown);
  return names.join(", ");
}

