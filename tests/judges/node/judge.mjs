// Ask npm's verifiers about Open Badges 3.0 credentials with a Data Integrity proof.
//
// Reads one JSON request on standard input:
//
//   {"base": "https://badges.example.org/ve/", "root": "/path/to/public",
//    "engines": ["digitalbazaar-vc", "verifier-core"],
//    "contexts": {"<URL>": "<file>"},     replaces a context, for digitalbazaar-vc only
//    "documents": {"<URL>": "<file>"},    answers for a URL outside the site
//    "checks": [{"id": "a", "file": "a.json"}, {"id": "b", "document": {…} or "…", "now": "2030-01-01T00:00:00Z"}]}
//
// and prints a JSON list with one verdict per check and engine:
//
//   {"id": "a", "engine": "verifier-core", "valid": true, "steps": [{"id": "valid_signature", "valid": true}],
//    "errors": [], "fetched": ["<URL>"]}
import {readFileSync} from 'node:fs';
import {contexts} from './contexts.mjs';
import {messages} from './errors.mjs';
import {Site, at, serve} from './site.mjs';

const ENGINES = {
  'digitalbazaar-vc': () => import('./digitalbazaar.mjs'),
  'verifier-core': () => import('./verifier-core.mjs')
};

console.log = console.error; // the libraries talk; standard output is the answer

const request = JSON.parse(readFileSync(0, 'utf8'));
const site = new Site(request.base, request.root, request.documents);
serve(site);

const options = {contexts: contexts(request.contexts)};
const verdicts = [];
for(const engine of request.engines) {
  const {judge} = await ENGINES[engine]();
  for(const check of request.checks) {
    site.fetched.clear();
    let verdict;
    try {
      // Parsed anew for each engine: one of them writes into what it is given.
      const given = check.file === undefined ? check.document : readFileSync(site.file(check.file), 'utf8');
      const credential = typeof given === 'string' ? JSON.parse(given) : structuredClone(given);
      verdict = await at(check.now, () => judge(credential, options));
    } catch(error) {
      verdict = {valid: false, steps: [], errors: messages(error)};
    }
    verdicts.push({id: check.id, engine, ...verdict, fetched: [...site.fetched]});
  }
}
process.stdout.write(JSON.stringify(verdicts));
