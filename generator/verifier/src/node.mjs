// The verifier in Node, for tests: reads folders with an index.json, and prints the results as JSON.
//
//     node node.mjs < request.json
//
// Request: {"contexts": {…}, "base": url, "documents": {url: file}, "items": [{"name", "file", "documents",
// "recipient"}], "canonicalise": [document]}. A document of null, and what is missing below `base`, is not there
// (404); any other address does not answer.

import { readFileSync } from "node:fs";
import { learn, verify } from "./index.mjs";
import { canonical } from "./canonical.mjs";
import { Failure, NotKnown } from "./steps.mjs";

const request = JSON.parse(readFileSync(0, "utf-8"));
learn(request.contexts);
const results = {};
for (const item of request.items ?? []) {
  const fetch = async (url) => {
    const file = url in item.documents ? item.documents[url] : request.documents?.[url] ?? (request.base && url.startsWith(request.base) ? null : undefined);
    if (file === undefined) throw new NotKnown(`${url} does not answer.`, url);
    if (file === null) throw new Failure(`There is nothing at ${url}.`, "issuer");
    return new Uint8Array(readFileSync(file));
  };
  const input = new Uint8Array(readFileSync(item.file));
  results[item.name] = await verify(input, { fetch, recipient: item.recipient ?? null });
}
const canonicalised = [];
for (const document of request.canonicalise ?? []) {
  canonicalised.push(await canonical(document).catch((error) => ({ error: error.message })));
}
process.stdout.write(JSON.stringify({ results, canonicalised }));
