// From the name of a key to the key, and whose it is: did:web, did:key, did:jwk, and documents on the web.
//
// A found key is {curve, bytes | n, e, name, controller, source}. `source` is where it is said whose it is: "did",
// "document" (one on the web that names a controller), "jwk" (a bare JWK there) or "header" (the token alone).

import { hex, multibase, base64url } from "./bytes.mjs";
import { moment } from "./dates.mjs";
import { isObject, listed, readJson, textIn, typesOf } from "./json.mjs";
import { keyOfJwk, keyOfPem, rsaKey } from "./jose.mjs";
import { hostOf, stepsBack } from "./session.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MULTIKEYS = { ed01: ["Ed25519", 32], "8024": ["P-256", 33], "8124": ["P-384", 49] };
const RSA = "8524";
const DID_WEB = /^did:web:([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:%3A([0-9]{1,5}))?((?::(?:[\w.-]|%[0-9A-F]{2})+)*)$/;
const DID_KEY = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)(?:#(.*))?$/;
const DID_JWK = /^did:jwk:([A-Za-z0-9_-]+)(?:#(.*))?$/;
const isWeb = (text) => /^https?:\/\//.test(text);

/** The public key in a publicKeyMultibase, or after `did:key:`. */
export function keyOfMultibase(text) {
  const bytes = multibase(text);
  const code = hex(bytes.subarray(0, 2));
  const raw = bytes.subarray(2);
  if (code === RSA) return rsaKey(raw, 0);
  if (!Object.hasOwn(MULTIKEYS, code)) throw new NotKnown(_("The key is not one of a known kind."));
  const [curve, length] = MULTIKEYS[code];
  if (raw.length !== length) throw new Failure(_("The key is damaged."));
  return { curve, bytes: raw };
}

/** Where the document of a did:web is. */
export function didWebUrl(did) {
  const found = DID_WEB.exec(did);
  // A step back leads to somebody else's folder; it must not look as if it were under this one.
  const back = found?.[3].split(/:|%2F/).some((step) => [".", ".."].includes(step.replaceAll("%2E", ".")));
  if (!found || back) throw new Failure(_("“{name}” is not an identifier of the kind did:web.", { name: did }));
  const [, host, port, path] = found;
  const folder = path ? path.replaceAll(":", "/").replaceAll("%7E", "~").slice(1) + "/" : ".well-known/";
  return `https://${host}${port ? `:${port}` : ""}/${folder}did.json`;
}

/** The key of this name. `bare`: for a token, a DID without a fragment and a bare JWK will do. */
export async function resolveKey(name, session, purpose, bare = false) {
  const key = DID_KEY.exec(name);
  const jwk = DID_JWK.exec(name);
  if (key || jwk) {
    const [, body, fragment] = key ?? jwk;
    if (fragment !== (key ? body : "0") && !(bare && fragment === undefined)) throw new Failure(_("{method} is not the name of a key.", { method: name }));
    const found = key ? keyOfMultibase(body) : keyOfJwk(readJson(base64url(body)));
    return { ...found, name, controller: `did:${key ? "key" : "jwk"}:${body}`, source: "did" };
  }
  if (name.startsWith("did:web:")) {
    const did = name.split("#", 1)[0];
    const entry = methodIn(await didDocument(did, session), name, purpose);
    if (entry.controller !== did) throw belongs(entry.controller, did);
    return { ...keyOfEntry(entry, session.now), name, controller: did, source: "did" };
  }
  if (isWeb(name)) return onTheWeb(name, session, purpose, bare);
  if (/^did:[a-z0-9]+:\S+$/.test(name)) {
    throw new NotKnown(_("Identifiers of the kind “{kind}” are not known here.", { kind: name.split(":", 2).join(":") }));
  }
  throw new Failure(_("{method} is not the name of a key.", { method: name }));
}

async function didDocument(did, session) {
  const url = didWebUrl(did);
  const document = await session.json(url);
  if (document.id !== did) throw saysOther(url, document.id);
  return document;
}

async function onTheWeb(name, session, purpose, bare) {
  const document = await session.json(name);
  const [page, fragment] = name.split("#", 2);
  let entry = document;
  if (fragment) {
    if (document.id !== page) throw saysOther(page, document.id);
    entry = methodIn(document, name, purpose);
  } else if (bare && "kty" in document) {
    return { ...keyOfJwk(document), name, controller: "", source: "jwk" };
  } else if (document.id !== name) throw saysOther(name, document.id);
  const controller = textIn(entry, "controller");
  if (fragment && controller !== page) throw belongs(controller, page);
  return { ...keyOfEntry(entry, session.now), name, controller, source: "document" };
}

const saysOther = (url, id) => new Failure(_("{url} says that it is {id}.", { url, id }));
const belongs = (owner, wanted, who) => new Failure(_("The key belongs to {owner}, not to {did}.", { owner, did: wanted }), who);
const notListed = (did, method, purpose) => new Failure(_("{did} does not list {method} under “{purpose}”.", { did, method, purpose }));

/** The entry of a key in a document, listed for this purpose. */
function methodIn(document, method, purpose) {
  const did = document.id;
  const trusted = listed(document[purpose]);
  const entries = [...listed(document.verificationMethod), ...trusted].filter((entry) => isObject(entry) && entry.id === method);
  if (!entries.length) throw new Failure(_("{did} does not have the key {method}: it was withdrawn, or never there.", { did, method }));
  if (entries.length > 1) throw new Failure(_("{did} has the key {method} twice.", { did, method }));
  if (!namesOf(trusted).includes(method)) throw notListed(did, method, purpose);
  return entries[0];
}

const namesOf = (entries) => entries.map((entry) => (isObject(entry) ? entry.id : entry));

function keyOfEntry(entry, now) {
  for (const name of ["revoked", "expires"]) {
    if (name in entry && moment(entry[name], name) <= now) throw new Failure(_("The key is no longer good since {date}.", { date: entry[name] }));
  }
  const types = typesOf(entry);
  if (types.includes("Multikey") || types.includes("Ed25519VerificationKey2020")) {
    const key = keyOfMultibase(textIn(entry, "publicKeyMultibase"));
    if (types.includes("Ed25519VerificationKey2020") && key.curve !== "Ed25519") throw new Failure(_("The key is damaged."));
    return key;
  }
  if (types.includes("JsonWebKey") || types.includes("JsonWebKey2020")) return keyOfJwk(entry.publicKeyJwk);
  if (typeof entry.publicKeyPem === "string") return keyOfPem(entry.publicKeyPem);
  throw new NotKnown(_("Keys of the kind “{kind}” are not known here.", { kind: types.join() }));
}

/** The key is that of `owner`, the id of an issuer or a holder: the owner must say so, not the key alone. */
export async function checkOwner(key, owner, session, purpose) {
  if (typeof owner !== "string" || !owner) throw new Failure(_("It does not say who that is."));
  if (key.source === "header") {
    if (!/^did:(key|jwk):/.test(owner)) throw new Failure(_("The key is only in the token itself: nobody vouches for it."));
    if (form(await resolveKey(owner, session, purpose, true)) !== form(key)) throw belongs(key.name, owner, "holder");
    return owner;
  }
  if (key.source === "jwk") {
    const own = owner.startsWith("did:web:");
    const where = own ? didWebUrl(owner) : owner;
    if (!hostOf(where) || hostOf(where) !== hostOf(key.name)) {
      throw new Failure(_("The key lies on {host}, which is not the host of {owner}.", { host: hostOf(key.name), owner }), "holder");
    }
    // A did:web may have a folder of its own there, with neighbours who can publish keys as well.
    const folder = own ? pathOf(where).replace(/(\.well-known)?\/?did\.json$/, "") : "";
    if (folder && (!pathOf(key.name).startsWith(`${folder}/`) || stepsBack(key.name))) {
      throw new Failure(_("The key lies at {url}, which is not in the folder of {owner}.", { url: key.name, owner }), "holder");
    }
    return owner;
  }
  if (key.controller !== owner) throw belongs(key.controller, owner, "holder");
  if (key.source === "document") {
    // A key document can claim any controller, so the controller's own document must list the key.
    let document;
    if (owner.startsWith("did:web:")) document = await didDocument(owner, session);
    else if (isWeb(owner)) {
      document = await session.json(owner);
      if (document.id !== owner.split("#", 1)[0]) throw saysOther(owner, document.id);
    } else throw notListed(owner, key.name, purpose);
    if (!namesOf(listed(document[purpose])).includes(key.name)) throw notListed(owner, key.name, purpose);
  }
  return owner;
}

/** What follows the host and a slash. */
const pathOf = (url) => url.split("/").slice(3).join("/");

/** A key in one spelling. */
const form = ({ curve, bytes, n, e }) => JSON.stringify([curve, ...[bytes, n, e].map((part) => (part ? hex(compressed(curve, part)) : ""))]);

/** A point of a curve as one coordinate and the sign of the other. */
const compressed = (curve, bytes) => {
  if (!curve.startsWith("P-") || bytes[0] !== 4) return bytes;
  const half = (bytes.length - 1) / 2;
  return Uint8Array.from([2 + (bytes.at(-1) & 1), ...bytes.subarray(1, 1 + half)]);
};
