// JSON that all readers understand alike: no member twice, no endless nesting, nothing but an object.

import { fromUtf8 } from "./bytes.mjs";
import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

export const MAX_BYTES = 50_000_000;
const MAX_DEPTH = 64;
// Not as a literal: the tool that collects the sentences of this file takes its quotation marks for strings.
const TOKEN = new RegExp(
  [
    "[ \\t\\n\\r]*(?:([{}[\\],:])", // a mark
    '("(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*")', // a text
    "(-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?)", // a number
    "(true|false|null))",
  ].join("|"),
  "y",
);

// Numbers written with a point or an exponent, by the object or list that holds them: 1.0 is not 1 to everybody.
const floats = new WeakMap();

export const isFloat = (holder, key) => floats.get(holder)?.has(String(key)) ?? false;

/** The object in a JSON text or its bytes. */
export function readJson(data) {
  if (data.length > MAX_BYTES) throw new Failure(_("It has more than {limit} bytes.", { limit: MAX_BYTES }));
  const text = typeof data === "string" ? data : fromUtf8(data);
  const value = parse(text);
  if (!isObject(value)) throw new Failure(_("It is not a JSON object."));
  return value;
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A list as it is, and one value as a list of one. */
export const listed = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

export const typesOf = (document) => listed(document.type).filter((name) => typeof name === "string");

/** The same JSON for the same value, whatever the order of its members. */
export function stable(value) {
  if (Array.isArray(value)) return `[${value.map((item, at) => number(value, at) ?? stable(item)).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${number(value, key) ?? stable(value[key])}`);
  return `{${members.join()}}`;
}

const number = (holder, key) => (isFloat(holder, key) ? `${JSON.stringify(holder[key])}.` : undefined);

export const same = (one, other) => stable(one) === stable(other);

/** Whether there is nothing but what JavaScript or Python takes for white space. */
export const isBlank = (text) => /^[\s\u001c-\u001f\u0085]*$/.test(text);

/** A text that must be there. */
export function textIn(document, name, path = name) {
  const value = isObject(document) ? document[name] : undefined;
  if (typeof value !== "string" || isBlank(value)) throw new Failure(_("“{name}” is missing.", { name: path }));
  return value;
}

function parse(text) {
  const notJson = (at) => {
    const line = text.slice(0, at).split("\n").length;
    return new Failure(_("It is not JSON (line {line}).", { line }));
  };
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw notJson(at);
    at = TOKEN.lastIndex;
    return found;
  };
  const value = (depth, holder, key, token = next()) => {
    if (depth > MAX_DEPTH) throw new Failure(_("It is nested too deep."));
    const [, mark, string, digits, point, exponent, word] = token;
    if (string !== undefined) return JSON.parse(string);
    if (digits !== undefined) {
      if (digits.length > 4000) throw new Failure(_("It has a number that is too long."));
      if ((point || exponent) && holder) {
        if (!floats.has(holder)) floats.set(holder, new Set());
        floats.get(holder).add(String(key));
      }
      return Number(digits);
    }
    if (word !== undefined) return JSON.parse(word);
    if (mark === "{") return object(depth);
    if (mark === "[") return array(depth);
    throw notJson(at);
  };
  const object = (depth) => {
    const found = {};
    let token = next();
    if (token[1] === "}") return found;
    for (;;) {
      if (token[2] === undefined || next()[1] !== ":") throw notJson(at);
      const key = JSON.parse(token[2]);
      if (Object.hasOwn(found, key)) throw new Failure(_("It has two members called “{name}” in one object.", { name: key }));
      // Not by assignment, which would do something else for “__proto__”.
      const item = value(depth + 1, found, key);
      Object.defineProperty(found, key, { value: item, enumerable: true, writable: true, configurable: true });
      const mark = next()[1];
      if (mark === "}") return found;
      if (mark !== ",") throw notJson(at);
      token = next();
    }
  };
  const array = (depth) => {
    const found = [];
    let token = next();
    if (token[1] === "]") return found;
    for (;;) {
      found.push(value(depth + 1, found, found.length, token));
      const mark = next()[1];
      if (mark === "]") return found;
      if (mark !== ",") throw notJson(at);
      token = next();
    }
  };
  const found = value(1, null, "");
  if (/[^ \t\n\r]/.test(text.slice(at))) throw notJson(at);
  return found;
}
