// Bundles the verifier for the verify page: one script, the contexts that the Python verifier shares, and the
// list of its sentences.
//
//     node build.mjs [FOLDER]
//
// The same sources and packages give the same bytes.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "..", "badge_passport", "_bundle"));
const stub = (name) => join(here, "src", "stubs", name);

const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: "es2022",
  define: { "import.meta.url": '"https://www.w3.org/"' }, // a package asks where it lies, for files that nobody reads
  platform: "browser",
  charset: "utf8",
  legalComments: "eof", // the licences of the packages stay with their code
  logLevel: "warning",
  write: false,
  plugins: [
    {
      // jsonld never loads anything here, and rdf-canonize gets its hash from us: their ways to do so stay out.
      name: "stubs",
      setup(bundler) {
        bundler.onResolve({ filter: /documentLoaders\/xhr$/ }, () => ({ path: stub("loader.cjs") }));
        bundler.onResolve({ filter: /^setimmediate$/ }, () => ({ path: stub("setimmediate.cjs") }));
      },
    },
  ],
};

mkdirSync(target, { recursive: true });
const page = await build({ ...options, entryPoints: ["src/page.mjs"], format: "iife" });
writeFileSync(join(target, "verify.js"), page.outputFiles[0].contents);

const { SHARED, context } = await import("./src/contexts.mjs");
const contexts = Object.fromEntries(SHARED.map((url) => [url, context(url)]));
writeFileSync(join(target, "contexts.json"), JSON.stringify(contexts, null, 1) + "\n");

// The sentences that a page in another language needs; Babel collects the same ones for the catalogues.
const sentence = /\b_\(\s*"((?:[^"\\]|\\.)*)"/g;
const sources = readdirSync(join(here, "src")).filter((name) => name.endsWith(".mjs")).sort();
const texts = sources.flatMap((name) => [...readFileSync(join(here, "src", name), "utf-8").matchAll(sentence)].map((found) => JSON.parse(`"${found[1]}"`)));
writeFileSync(join(target, "messages.json"), JSON.stringify([...new Set(texts)].sort(), null, 1) + "\n");
