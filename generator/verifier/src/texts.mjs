// The sentences of the verifier in the reader's language. English is the source and needs no catalogue.

let catalogue = {};

/** Use these translations from now on: English sentence to sentence. */
export function speak(translations) {
  catalogue = translations ?? {};
}

/** A sentence in the reader's language, with its {placeholders} filled in; `_` so that Babel collects it. */
export function _(message, values = {}) {
  const text = Object.hasOwn(catalogue, message) ? catalogue[message] : message;
  return text.replace(/\{(\w+)\}/g, (hole, name) => (Object.hasOwn(values, name) ? String(values[name]) : hole));
}
