// The badges inside an SVG: elements of the namespaces of Open Badges and CLR.
//
// A small reader of XML, for two reasons: it also runs where there is no DOM, and it never draws or runs
// anything of a file that a stranger made. What is not well-formed is refused; entities cannot be declared.

import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

const FORMS = new Map([
  ["http://openbadges.org assertion", "openbadges"],
  ["https://purl.imsglobal.org/ob/v3p0 credential", "openbadgecredential"],
  ["https://purl.imsglobal.org/clr/v2p0 credential", "clrcredential"],
]);
const NAME = "[\\p{L}_:][\\p{L}\\p{N}\\p{M}_:.·-]*";
const TOKEN = new RegExp(
  [
    "(?<comment><!--(?:(?!--)[^])*-->)",
    "(?<cdata><!\\[CDATA\\[[^]*?\\]\\]>)",
    "(?<pi><\\?[^]*?\\?>)",
    `(?<doctype><!DOCTYPE(?:[^"'>[]|"[^"]*"|'[^']*')*(?:(?<subset>\\[)|>))`,
    `</(?<close>${NAME})\\s*>`,
    `<(?<open>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/)?>`,
    "(?<text>[^<]+)",
  ].join("|"),
  "uy",
);
const MAX_LEVELS = 500;
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "gu");
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const broken = () => new Failure(_("The SVG is not well-formed."));

export function isSvg(bytes) {
  const start = bytes.subarray(0, 1024);
  const text = new TextDecoder("utf-8").decode(start).replaceAll("\0", "").trimStart();
  return text.includes("<svg") && !text.startsWith("{");
}

/** Form to text: the element's text, or its `verify` attribute if there is none. */
export function unbakeSvg(bytes) {
  const source = decoded(bytes);
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(source)) throw broken();
  const found = new Map();
  const opened = []; // {name, spaces}
  let baked = null; // {form, depth, verify, text}
  let seen = 0;
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw broken();
    at = TOKEN.lastIndex;
    if (groups.subset) throw new Failure(_("The SVG declares entities, which is not accepted."));
    if (groups.open !== undefined) {
      if (opened.length === 0 && seen++) throw broken();
      const attributes = attributesOf(groups.attributes);
      if (opened.length >= MAX_LEVELS) throw new Failure(_("It is nested too deep."));
      const spaces = Object.create(opened.at(-1)?.spaces ?? null); // not a copy: there may be very many
      for (const [name, value] of attributes) {
        if (name === "xmlns") spaces[""] = value;
        else if (name.startsWith("xmlns:")) spaces[name.slice(6)] = value;
      }
      const [prefix, local] = groups.open.includes(":") ? groups.open.split(":", 2) : ["", groups.open];
      if (prefix && spaces[prefix] === undefined && prefix !== "xml") throw broken();
      const form = FORMS.get(`${spaces[prefix] ?? ""} ${local}`);
      if (form && !baked) baked = { form, depth: opened.length, verify: attributes.get("verify") ?? "", text: "" };
      opened.push({ name: groups.open, spaces });
    }
    if (groups.close !== undefined || groups.empty) {
      const name = opened.pop()?.name;
      if (name === undefined || (!groups.empty && name !== groups.close)) throw broken();
      if (baked && opened.length === baked.depth) {
        if (found.has(baked.form)) throw new Failure(_("It has more than one badge of one version."));
        found.set(baked.form, baked.text.trim() ? baked.text : baked.verify);
        baked = null;
      }
    }
    if (groups.text !== undefined) {
      if (groups.text.includes("]]>")) throw broken();
      const text = unescaped(groups.text);
      if (opened.length === 0 && text.trim()) throw broken();
      if (baked) baked.text += text;
    }
    if (groups.cdata !== undefined) {
      if (opened.length === 0) throw broken();
      if (baked) baked.text += groups.cdata.slice(9, -3);
    }
  }
  if (opened.length || !seen) throw broken();
  return found;
}

function decoded(bytes) {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200)).replaceAll("\0", "");
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) ? "utf-16le" : (bytes[0] === 0xfe && bytes[1] === 0xff) ? "utf-16be" : "";
  const declared = /^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1];
  try {
    const text = new TextDecoder(utf16 || declared || "utf-8", { fatal: true }).decode(bytes);
    return text.replace(/\r\n?/g, "\n");
  } catch {
    throw new Failure(_("The SVG has an encoding that cannot be read."));
  }
}

function attributesOf(source) {
  const found = new Map();
  for (const [, name, double, single] of source.matchAll(ATTRIBUTE)) {
    if (found.has(name)) throw broken();
    found.set(name, unescaped((double ?? single).replace(/[\t\n]/g, " ")));
  }
  return found;
}

function unescaped(text) {
  return text.replace(/&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]*))?;?/g, (whole, decimal, hexadecimal, name) => {
    if (!whole.endsWith(";")) throw broken();
    if (name) {
      if (!Object.hasOwn(ENTITIES, name)) throw broken();
      return ENTITIES[name];
    }
    const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff) || (code < 32 && ![9, 10, 13].includes(code))) throw broken();
    return String.fromCodePoint(code);
  });
}
