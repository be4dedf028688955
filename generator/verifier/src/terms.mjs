// Whether everything a document says is defined by its contexts.
//
// JSON-LD drops in silence what no context defines, so a signature would not cover it. Refused too is what
// implementations canonicalise differently: ids that are not absolute, huge numbers, control characters, and
// empty values.

import { UNSTABLE, context } from "./contexts.mjs";
import { isObject, listed } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/u;
const ALIKE = 12; // nodes that look alike: the work of telling them apart grows factorially

/** The terms of contexts, merged; a context that is not known is not fetched. */
export function definitions(contexts) {
  const terms = Object.create(null);
  for (const item of listed(contexts)) {
    if (typeof item !== "string") throw new Failure(_("“@context” has something else than addresses."));
    const found = context(item);
    if (!found) throw new NotKnown(_("The vocabulary {url} is not known here, and vocabularies are never fetched.", { url: item }));
    for (const part of listed(found["@context"])) Object.assign(terms, part);
  }
  return terms;
}

export function checkTerms(document) {
  checkNode(document, Object.create(null), "");
  checkAlike(document);
}

/** `inherited` are the terms of the contexts around, without those that a type brings. */
function checkNode(node, inherited, path) {
  let terms = inherited;
  if (Object.hasOwn(node, "@context")) terms = merged(terms, definitions(node["@context"]));
  let own = terms;
  for (const name of [...types(node, path)].sort()) { // JSON-LD applies the contexts of types in this order
    const definition = terms[name];
    if (definition === undefined && !isIri(name)) throw undefinedTerm(name, `${path}/type`);
    if (isObject(definition)) own = merged(own, scopedTerms(definition));
  }
  for (const [key, value] of Object.entries(node)) {
    const here = `${path}/${key}`;
    if (key === "id" || key === "@id") {
      if (typeof value !== "string" || !isIri(value)) throw new Failure(_("{path} is not an absolute address.", { path: here }));
    } else if (!["@context", "type", "@type"].includes(key)) {
      const definition = own[key];
      if (definition === undefined || definition === null || key.startsWith("@") || UNSTABLE.has(key)) throw undefinedTerm(key, here);
      const inner = isObject(definition) && "@context" in definition ? scoped(terms, definition) : terms;
      checkValue(value, isObject(definition) ? definition["@type"] ?? "" : "", inner, here);
    }
  }
}

function checkValue(value, coercion, terms, path) {
  if (isObject(value) && Object.keys(value).length) {
    checkNode(value, terms, path);
  } else if (Array.isArray(value) && value.length) {
    value.forEach((item, at) => checkValue(item, coercion, terms, `${path}/${at}`));
  } else if (typeof value === "string") {
    if (FORBIDDEN.test(value)) throw new Failure(_("{path} has a control character.", { path }));
    const named = coercion === "@vocab" && terms[value] !== undefined;
    if ((coercion === "@id" || coercion === "@vocab") && !named && !isIri(value)) {
      throw new Failure(_("{path} is not an absolute address.", { path }));
    }
  } else if (typeof value === "number") {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new Failure(_("{path} is a number that verifiers write differently.", { path }));
    }
  } else if (typeof value !== "boolean") {
    throw new Failure(_("{path} is empty.", { path }));
  }
}

const merged = (terms, more) => Object.assign(Object.create(null), terms, more);

const scopedTerms = (definition) => {
  const inner = definition["@context"];
  return isObject(inner) ? inner : Object.assign({}, ...listed(inner).map((item) => (typeof item === "string" ? definitions(item) : item ?? {})));
};

/** A context that a term brings; null forgets all that was known. */
const scoped = (terms, definition) => (definition["@context"] === null ? Object.create(null) : merged(terms, scopedTerms(definition)));

function types(node, path) {
  const found = listed(node.type ?? node["@type"]);
  if (!found.every((name) => typeof name === "string") || (Object.hasOwn(node, "type") && Object.hasOwn(node, "@type"))) {
    throw new Failure(_("{path} is not an absolute address.", { path: `${path}/type` }));
  }
  return found;
}

const undefinedTerm = (name, path) => new Failure(_("“{name}” ({path}) is defined by no vocabulary of the badge.", { name, path }));

export function isIri(text) {
  return (
    /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) &&
    !/[\s<>"{}|\\^`\u0000-\u001f]|%(?![0-9A-Fa-f]{2})/.test(text) &&
    !FORBIDDEN.test(text) &&
    !/^https?:(?!\/\/[^/?#])/i.test(text)
  );
}

function checkAlike(document) {
  const seen = new Map();
  const look = (value) => {
    if (Array.isArray(value)) return value.map((item) => JSON.stringify(look(item))).sort();
    if (!isObject(value)) return value;
    const inner = {};
    for (const name of Object.keys(value).sort()) if (name !== "@context") inner[name] = look(value[name]);
    if ("id" in value || "@id" in value) return { id: value.id ?? value["@id"] };
    const shape = JSON.stringify(inner);
    seen.set(shape, (seen.get(shape) ?? 0) + 1);
    return null;
  };
  look(document);
  let alike = 0;
  for (const times of seen.values()) if (times > 1) alike += times;
  if (alike > ALIKE) throw new Failure(_("It has {number} parts that look alike, too many to order.", { number: alike }));
}
