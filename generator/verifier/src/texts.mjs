// The sentences of the verifier in the reader's language. English is the source and needs no catalogue.

let catalogue = {};

/** Use these translations from now on: English sentence to sentence. */
export function speak(translations) {
  catalogue = translations ?? {};
}

const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A sentence in the reader's language, with its {placeholders} filled in; `_` so that Babel collects it. */
export function _(message, values = {}) {
  const translated = Object.hasOwn(catalogue, message);
  const text = translated ? catalogue[message] : message;
  // In a sentence from right to left, an address keeps its own direction (U+2068 to U+2069).
  const isolated = (value) => (translated ? `\u2068${String(value).replace(DIRECTIONS, "")}\u2069` : String(value));
  return text.replace(/\{(\w+)\}/g, (hole, name) => (Object.hasOwn(values, name) ? isolated(values[name]) : hole));
}

const A_DAY = 86_400_000;

/** A moment in the reader's language: the day, and the time (UTC) if it is not the first of that day. */
export function day(milliseconds) {
  const language = globalThis.document?.documentElement.lang || "en";
  const time = milliseconds % A_DAY ? { timeStyle: "short" } : {};
  const written = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC", ...time });
  const words = written.format(milliseconds);
  return (language === "fr" ? words.replace(/^1 /, "1er ") : words) + (milliseconds % A_DAY ? " UTC" : "");
}
