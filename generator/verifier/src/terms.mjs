// Whether everything a document says is defined by its contexts.
//
// JSON-LD drops in silence what no context defines, so a signature would not cover it. What is read here is
// narrower than JSON-LD on purpose: what programs understand differently is refused or left undecided.

import { UNSTABLE, VC1, VC2, context } from "./contexts.mjs";
import { isObject, listed } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const NODES = 20_000; // without an id
const ODD = /\p{Cs}|[\ufffe\uffff]/u;
const VALUE = ["@value", "@language"];

/** All contexts of a document, inner ones too, are known, and the first one is that of credentials. */
export function checkContexts(document) {
  const first = firstContext(document);
  for (const item of contextsIn(document)) {
    if (typeof item !== "string") throw new Failure(_("“@context” has something else than addresses."));
  }
  if (!first) throw new Failure(_("“@context” does not begin with that of verifiable credentials."));
  for (const url of contextsIn(document)) load(url);
  return _("Only vocabularies that are known here; nothing is fetched.");
}

/** The first context, if it is that of credentials. */
export const firstContext = (document) => [VC1, VC2].find((url) => url === listed(document["@context"])[0]);

function contextsIn(value) {
  if (Array.isArray(value)) return value.flatMap(contextsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (key !== "@context" ? contextsIn(item) : Array.isArray(item) ? item : [item]));
}

function load(url) {
  const found = context(url);
  if (!found) throw new NotKnown(_("The vocabulary {url} is not known here, and vocabularies are never fetched.", { url }));
  return found["@context"];
}

/** Refuse terms and types without a definition, relative ids, and what is dropped or read differently. */
export function checkTerms(document) {
  checkNode(document, Object.create(null), "");
  if (anonymous(document) > NODES) throw new NotKnown(_("It has too many parts that look alike, or too many parts."));
}

/** How many nodes have no id; how alike they are does not matter here. */
function anonymous(value) {
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + anonymous(item), 0);
  if (!isObject(value)) return 0;
  const inner = Object.entries(value).reduce((sum, [name, item]) => sum + (name === "@context" ? 0 : anonymous(item)), 0);
  return inner + ("id" in value || "@id" in value ? 0 : 1);
}

/** `inherited` are the terms around, without those that a type brings. */
function checkNode(node, inherited, path) {
  const terms = "@context" in node ? merged(inherited, node["@context"]) : inherited;
  let own = terms;
  for (const name of [...types(node, path)].sort()) { // the contexts of types apply in this order
    const definition = name.startsWith("@") ? undefined : terms[name];
    if ((definition ?? null) === null && !isIri(name)) throw undefinedTerm(name, `${path}/type`);
    if (isObject(definition) && "@context" in definition) own = merged(own, definition["@context"]);
  }
  for (const [key, value] of Object.entries(node)) {
    const here = `${path}/${key}`;
    const definition = own[key];
    if (UNSTABLE.has(key)) throw differently(here);
    if (!["@context", "@type", "@id"].includes(key) && (key.startsWith("@") || (definition ?? null) === null)) {
      throw undefinedTerm(key, here);
    }
    if (key === "id" || key === "@id") {
      if (typeof value !== "string" || !isIri(value)) throw relative(here);
    } else if (!["@context", "type", "@type"].includes(key)) checkMember(value, definition, terms, here);
  }
}

function checkMember(value, definition, terms, path) {
  const coercion = isObject(definition) ? definition["@type"] ?? "" : "";
  const inner = isObject(definition) && "@context" in definition ? merged(terms, definition["@context"]) : terms;
  if (coercion !== "@json") checkValue(value, coercion, inner, path);
}

function checkValue(value, coercion, terms, path) {
  if (isObject(value) && "@value" in value) {
    if (!Object.keys(value).every((key) => VALUE.includes(key))) throw differently(path);
    checkScalar(value["@value"], path);
  } else if (isObject(value) && Object.keys(value).length) checkNode(value, terms, path);
  else if (Array.isArray(value) && value.length) value.forEach((item, at) => checkValue(item, coercion, terms, `${path}/${at}`));
  else {
    const refers = typeof value === "string" && (coercion === "@id" || (coercion === "@vocab" && !(value in terms)));
    if (refers && !isIri(value)) throw relative(path);
    checkScalar(value, path);
  }
}

function checkScalar(value, path) {
  if (typeof value === "string") {
    if (ODD.test(value)) throw new Failure(_("{path} has half a character.", { path }));
  } else if (typeof value === "number") {
    const size = Math.abs(value);
    const plain = Number.isInteger(value) ? Number.isSafeInteger(value) : size >= 1e-6 && size < 1e15 && Number(value.toExponential(14)) === value;
    if (!plain) throw differently(path);
  } else if (typeof value !== "boolean") throw new Failure(_("{path} is empty.", { path }));
}

const differently = (path) => new NotKnown(_("{path} is a value that programs read differently.", { path }));
const relative = (path) => new Failure(_("{path} is not an absolute address.", { path }));
const undefinedTerm = (name, path) => new Failure(_("“{name}” ({path}) is defined by no vocabulary of the badge.", { name, path }));

/** The terms after these contexts; null forgets all. */
function merged(terms, contexts) {
  for (const item of Array.isArray(contexts) ? contexts : [contexts]) {
    const found = typeof item === "string" ? load(item) : item;
    if (found === null) terms = Object.create(null);
    else if (Array.isArray(found)) terms = merged(terms, found);
    else if (isObject(found)) terms = Object.assign(Object.create(null), terms, found);
    else throw new Failure(_("“@context” has something else than addresses."));
  }
  return terms;
}

function types(node, path) {
  const found = listed(node.type ?? node["@type"]);
  if (!found.every((name) => typeof name === "string") || ("type" in node && "@type" in node)) {
    throw new Failure(_("“{name}” has an unexpected form.", { name: `${path}/type` }));
  }
  return found;
}

// Brackets are for addresses of IPv6, and a port is a number.
const AUTHORITY = /^[^:]+:(?:\/\/(?:[^/?#@[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#@:[\]]*)(?::\d*)?(?=[/?#]|$)|(?!\/\/))[^[\]]*$/;

/** Whether a text is an absolute IRI. */
export const isIri = (text) =>
  /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && !/[\u0000-\u0020\u007f-\u009f<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})/.test(text) && !ODD.test(text) && AUTHORITY.test(text);
