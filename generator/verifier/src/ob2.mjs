// The steps of an assertion of Open Badges 2.0. Hosted: it is what its address says it is. Signed: a key says so.

import { idOf } from "./claims.mjs";
import { begun, moment, notEnded } from "./dates.mjs";
import { isObject, listed, same, textIn, typesOf } from "./json.mjs";
import { checkAlgorithm, keyOfPem, verifyToken } from "./jose.mjs";
import { checkAssertion } from "./recipient.mjs";
import { addressIn, hostOf, stepsBack } from "./session.mjs";
import { Failure, Nothing } from "./steps.mjs";
import { withdrawn } from "./status.mjs";
import { _ } from "./texts.mjs";

const IDENTITIES = ["email", "url", "telephone", "id"];
const HOSTED = ["HostedBadge", "hosted"];
const SIGNED = ["SignedBadge", "signed"];

/** Add the steps of an assertion; gives what it says: name, issuer, dates. */
export async function verifyOb2(steps, { document, token }, session) {
  let hosted = {};
  let badge = {};
  let issuer = {};
  let key;
  const gone = () => Boolean(document.revoked || hosted.revoked);
  const said = { document: { recipient: document.recipient }, from: document.issuedOn, until: document.expires, address: document.id };

  const shape = () => {
    if (!typesOf(document).includes("Assertion")) throw new Failure(_("“{name}” has an unexpected form.", { name: "type" }));
    if (token) textIn(document, "id");
    else addressIn(document, "id");
    if (gone()) return _("It says that it was withdrawn.");
    const { recipient, verification } = document;
    if (!isObject(recipient)) throw new Failure(_("“{name}” is missing.", { name: "recipient" }));
    const identity = textIn(recipient, "identity", "recipient.identity");
    if (!IDENTITIES.includes(recipient.type)) throw new Failure(_("“{name}” has an unexpected form.", { name: "recipient.type" }));
    if (recipient.hashed !== /^(sha256|md5)\$/.test(identity)) throw new Failure(_("“{name}” has an unexpected form.", { name: "recipient.hashed" }));
    addressIn(document, "badge");
    moment(document.issuedOn, "issuedOn");
    const kinds = isObject(verification) ? typesOf(verification) : [];
    const isOne = (wanted) => kinds.some((kind) => wanted.includes(kind));
    if (!token && isOne(SIGNED)) throw new Failure(_("It is a signed badge: the signed file itself is needed."), "holder");
    if (!isOne(token ? SIGNED : HOSTED)) throw new Failure(_("“{name}” has an unexpected form.", { name: "verification" }));
    return textIn(document, "id");
  };

  const atAddress = async () => {
    const url = document.id;
    hosted = await session.json(url);
    if (same(hosted, document)) return url;
    if (hosted.id === url && hosted.revoked === true) return _("{url} says that it was withdrawn.", { url });
    throw new Failure(_("{url} says something else: this copy is old, or was changed.", { url }), "holder");
  };

  const described = async () => {
    if (gone()) throw new Nothing(_("A withdrawn badge says nothing more."));
    const url = addressIn(document, "badge");
    const found = await session.json(url);
    is(found, url, ["BadgeClass"]);
    const name = textIn(found, "name");
    textIn(found, "description");
    const { criteria, image } = found;
    if (isObject(criteria)) {
      if (typeof criteria.id !== "string" && typeof criteria.narrative !== "string") throw new Failure(_("“{name}” is missing.", { name: "criteria" }));
    } else textIn(found, "criteria");
    textIn(isObject(image) ? image : { id: image }, "id", "image");
    addressIn(found, "issuer");
    for (const aligned of listed(found.alignment)) {
      textIn(aligned, "targetName", "alignment.targetName");
      addressIn(aligned, "targetUrl");
    }
    badge = found;
    said.name = name;
    said.description = found.description;
    return name;
  };

  const issued = async () => {
    const url = addressIn(badge, "issuer");
    const found = await session.json(url);
    is(found, url, ["Issuer", "Profile"]);
    said.issuerUrl = addressIn(found, "url");
    textIn(found, "email");
    said.issuer = textIn(found, "name");
    said.identity = found.id;
    issuer = found;
    return `${said.issuer} (${url})`;
  };

  const scope = () => {
    const claims = issuer.verification === undefined ? {} : issuer.verification;
    if (!isObject(claims)) throw new Failure(_("“{name}” has an unexpected form.", { name: "verification" }));
    const here = addressIn(document, "id");
    const claimed = listed(claims.allowedOrigins);
    const origins = claimed.length ? claimed : [hostOf(addressIn(issuer, "id"))];
    const starts = listed(claims.startsWith);
    const within = !starts.length || starts.some((start) => typeof start === "string" && start && here.startsWith(start));
    if (!origins.includes(hostOf(here)) || !within || stepsBack(here)) throw new Failure(_("Its issuer does not issue from {url}.", { url: here }));
    return String(starts[0] ?? origins[0]);
  };

  const published = async () => {
    const url = addressIn(document.verification, "creator");
    const found = await session.json(url);
    is(found, url, ["CryptographicKey"]);
    if (idOf(found.owner) !== issuer.id || !listed(issuer.publicKey).map(idOf).includes(url)) {
      throw new Failure(_("The key belongs to {owner}, not to {did}.", { owner: idOf(found.owner), did: issuer.id }));
    }
    key = keyOfPem(textIn(found, "publicKeyPem"));
    return url;
  };

  const signature = async () => {
    checkAlgorithm(token);
    await verifyToken(token, key);
    return _("Signed with the key {method}.", { method: document.verification.creator });
  };

  const begins = () => {
    if (gone()) throw new Nothing(_("A withdrawn badge says nothing more."));
    return begun(moment(document.issuedOn, "issuedOn"), session.now);
  };

  const ends = () => {
    const { expires, issuedOn } = document;
    if (expires !== undefined && issuedOn !== undefined && moment(expires, "expires") <= moment(issuedOn, "issuedOn")) {
      throw new Failure(_("It ends before it begins."), "issuer");
    }
    return expires === undefined ? _("It has no end.") : notEnded(moment(expires, "expires"), session.now);
  };

  const revoked = async () => {
    for (const found of [hosted, document]) if (found.revoked) throw withdrawn(found.revocationReason);
    if (issuer.id === undefined) throw new Nothing(_("It does not say so; whether its issuer does is not known."));
    if (issuer.revocationList === undefined) return _("It does not say so, and its issuer has no list.");
    const url = addressIn(issuer, "revocationList");
    const found = await session.json(url);
    is(found, url, ["RevocationList"]);
    if (addressIn(found, "issuer") !== issuer.id) {
      throw new Failure(_("The status list {url} cannot be trusted: {detail}", { url, detail: _("it is of another issuer, {issuer}.", { issuer: found.issuer }) }));
    }
    for (const entry of listed(found.revokedAssertions)) {
      const known = isObject(entry) ? entry : { id: entry };
      if (known.id === document.id) throw withdrawn(known.revocationReason);
    }
    return _("It is not in {url}.", { url });
  };

  const asked = session.recipient !== null;
  const person = () => {
    if (!asked) throw new Nothing(_("No e-mail address was given to compare with."));
    if (gone()) throw new Nothing(_("A withdrawn badge says nothing more."));
    return checkAssertion(document, session.recipient);
  };

  await steps.run("shape", _("It is an assertion of Open Badges 2.0"), shape);
  if (!token) await steps.run("hosted", _("Its address has the same document"), atAddress, { needs: ["shape"] });
  await steps.run("badge", _("The badge is described"), described, { needs: [token ? "shape" : "hosted"] });
  await steps.run("issuer", _("The issuer is described"), issued, { needs: ["badge"] });
  if (token) {
    await steps.run("key", _("The key of the signature is published"), published, { needs: ["issuer"] });
    await steps.run("signature", _("Nothing was changed after signing"), signature, { needs: ["key"] });
  } else {
    await steps.run("scope", _("The address belongs to the issuer"), scope, { needs: ["issuer"] });
  }
  await steps.run("issued", _("It has begun"), begins, { needs: ["shape"] });
  await steps.run("expires", _("It has not ended"), ends, { needs: ["shape"], who: "holder" });
  // A withdrawn assertion often says nothing else, so this asks for no more than its address.
  await steps.run("revoked", _("It was not withdrawn"), revoked, { needs: token ? ["issuer", "signature"] : ["hosted"] });
  await steps.run("recipient", _("It was given to this person"), person, { needs: asked ? ["shape"] : [], who: "holder" });
  said.withdrawn = gone();
  return said;
}

function is(document, url, types) {
  if (document.id !== url) throw new Failure(_("{url} says that it is {id}.", { url, id: document.id }));
  if (!typesOf(document).some((type) => types.includes(type))) {
    throw new Failure(_("{url} is of the kind {kind}, not {wanted}.", { url, kind: typesOf(document).join(), wanted: types.join(" / ") }));
  }
}

