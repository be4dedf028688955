// A built folder as its host would serve it, and no network beside it.
import dns from 'node:dns';
import net from 'node:net';
import path from 'node:path';
import {readFileSync, realpathSync, statSync} from 'node:fs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8'
};

export class Site {
  /**
   * @param {string} base - The URL under which the folder is served.
   * @param {string} root - The folder.
   * @param {Record<string, string>} documents - Files that answer for URLs outside the site.
   */
  constructor(base, root, documents = {}) {
    this.base = base.endsWith('/') ? base : base + '/';
    this.root = realpathSync(root);
    this.documents = documents;
    this.fetched = new Set();
  }

  /** The answer of the host; what is not under the base is a network error, a missing file a 404. */
  async fetch(input) {
    const url = (input instanceof Request ? input.url : String(input)).split('#')[0];
    const elsewhere = this.documents[url];
    if(!elsewhere) {
      this.fetched.add(url);
      if(!url.startsWith(this.base)) {
        throw new TypeError(`no network: ${url}`);
      }
    }
    const file = elsewhere ?? this.file(decodeURIComponent(url.slice(this.base.length).split('?')[0]));
    if(!file) {
      return new Response('<!doctype html><title>Not found</title>', {
        status: 404, statusText: 'Not Found', headers: {'content-type': TYPES['.html']}
      });
    }
    return new Response(readFileSync(file), {
      headers: {'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream'}
    });
  }

  /** The file behind a path from the root; a folder answers under its final URL only, the one with the slash. */
  file(relative) {
    const named = path.resolve(this.root, relative === '' || relative.endsWith('/') ? `${relative}index.html` : relative);
    try {
      const file = realpathSync(named);
      return file.startsWith(this.root + path.sep) && statSync(file).isFile() ? file : null;
    } catch{
      return null;
    }
  }
}

/** Answers every request of the libraries from the site, and makes sure that none slips past. */
export function serve(site) {
  globalThis.fetch = input => site.fetch(input);
  const refuse = () => {
    throw new TypeError('no network');
  };
  net.Socket.prototype.connect = refuse;
  dns.lookup = refuse;
}

/** Runs something at another time. */
export async function at(now, run) {
  if(!now) {
    return run();
  }
  const RealDate = Date;
  const shift = new RealDate(now).getTime() - RealDate.now();
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [RealDate.now() + shift]));
    }

    static now() {
      return RealDate.now() + shift;
    }
  };
  try {
    return await run();
  } finally {
    globalThis.Date = RealDate;
  }
}
