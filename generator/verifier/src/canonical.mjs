// The text that a proof covers: canonical N-Quads (JSON-LD 1.1 in safe mode, RDFC-1.0).

import { sha256, sha384 } from "@noble/hashes/sha2.js";
import jsonld from "jsonld";
import { hex, utf8 } from "./bytes.mjs";
import { context } from "./contexts.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

export const HASHES = { sha256, sha384 };
const WORK = 20_000; // orders that are tried: some documents are made so that there is no end to them

/** `hash` is sha256 or sha384. Not WebCrypto, which a page on plain http does not have. */
export async function canonical(document, hash = "sha256") {
  const createMessageDigest = () => {
    const digest = HASHES[hash].create();
    return { update: (text) => void digest.update(utf8(text)), digest: async () => hex(digest.digest()) };
  };
  try {
    return await jsonld.canonize(document, {
      algorithm: "RDFC-1.0",
      base: "",
      canonizeOptions: { algorithm: "RDFC-1.0", createMessageDigest, maxDeepIterations: WORK },
      documentLoader,
      format: "application/n-quads",
      processingMode: "json-ld-1.1",
      safe: true,
    });
  } catch (error) {
    if (/iterations/.test(error.message)) throw new NotKnown(_("It has too many parts that look alike, or too many parts."));
    throw new Failure(_("It cannot be put into the form that is signed ({reason}).", { reason: error.details?.event?.code ?? error.message }));
  }
}

async function documentLoader(url) {
  const document = context(url);
  if (!document) throw new Error(`${url}: contexts are never fetched`);
  return { contextUrl: null, documentUrl: url, document };
}
