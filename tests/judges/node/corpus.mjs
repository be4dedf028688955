// Ask npm's verifiers about credentials of which each has a network of its own.
//
// Reads one JSON request on standard input:
//
//   {"contexts": {"<URL>": "<file>"},
//    "checks": [{"id": "a", "engine": "digitalbazaar-vc", "text": "…", "documents": {"<URL>": "<text>"}}]}
//
// and prints a JSON list of {"id", "engine", "valid", "errors"}. An address that is not in the documents does not
// answer; one that is null is answered with 404.
import {contexts} from './contexts.mjs';
import {messages} from './errors.mjs';
import {readFileSync} from 'node:fs';
import dns from 'node:dns';
import net from 'node:net';

const ENGINES = {
  'digitalbazaar-vc': () => import('./digitalbazaar.mjs'),
  'verifier-core': () => import('./verifier-core.mjs'),
  jose: () => import('./jose.mjs')
};

console.log = console.error; // the libraries talk; standard output is the answer
net.Socket.prototype.connect = dns.lookup = () => {
  throw new TypeError('no network');
};

const request = JSON.parse(readFileSync(0, 'utf8'));
const options = {contexts: contexts(request.contexts)};
const verdicts = [];
for(const {id, engine, text, documents} of request.checks) {
  globalThis.fetch = async input => {
    const url = (input instanceof Request ? input.url : String(input)).split('#')[0];
    if(!(url in documents)) {
      throw new TypeError(`no network: ${url}`);
    }
    return documents[url] === null ? new Response('', {status: 404}) :
      new Response(documents[url], {headers: {'content-type': 'application/json'}});
  };
  const {judge} = await ENGINES[engine]();
  let verdict;
  try {
    verdict = await judge(engine === 'jose' ? text : JSON.parse(text), options);
  } catch(error) {
    verdict = {valid: false, errors: messages(error)};
  }
  verdicts.push({id, engine, valid: verdict.valid, errors: verdict.errors});
}
process.stdout.write(JSON.stringify(verdicts));
