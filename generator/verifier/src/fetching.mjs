// Where the page reads: documents pasted by hand, this copy of the site, the network within narrow limits, and
// what was kept when the page was opened. Addresses come out of documents that strangers wrote.

import { joined } from "./bytes.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MAX_BYTES = 5_000_000;
const SECONDS = 10;
const AT_ONCE = 4;

export class Reader {
  /** `base` is the canonical address of the site, `here` the one it is served at. */
  constructor(base, here) {
    Object.assign(this, { base, here, pasted: new Map(), kept: new Map(), read: new Map() });
  }

  get isCopy() {
    return this.base !== this.here;
  }

  /** The bytes at an address. Notes in `read` where they came from. */
  async fetch(url) {
    const address = url.split("#", 1)[0];
    if (this.pasted.has(address)) return this.note(address, "pasted", this.pasted.get(address));
    try {
      const local = address.startsWith(this.base);
      const bytes = await this.ask(local ? this.here + address.slice(this.base.length) : address, address, local);
      return this.note(address, local && this.isCopy ? "copy" : "network", bytes);
    } catch (error) {
      if (error instanceof NotKnown && this.kept.has(address)) return this.note(address, "kept", this.kept.get(address));
      throw error;
    }
  }

  note(address, how, bytes) {
    this.read.set(address, how);
    return bytes;
  }

  async ask(url, shown, own) {
    const cannot = (detail) => new NotKnown(detail, shown);
    let place;
    try {
      place = new URL(url);
    } catch {
      throw new Failure(_("“{name}” is not a web address.", { name: shown }));
    }
    const asHere = place.origin === location.origin;
    if (place.username || place.password || !["https:", "http:"].includes(place.protocol)) {
      throw new Failure(_("“{name}” is not a web address.", { name: shown }));
    }
    // Nobody's badge makes a reader's browser ask machines of the network the reader is in.
    if (!own && !asHere && isPrivate(place.hostname)) throw cannot(_("{url} is in a private network, which is not asked.", { url: shown }));
    if (!own && !asHere && place.protocol === "http:" && location.protocol === "https:") {
      throw cannot(_("{url} is not an https address.", { url: shown }));
    }
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), SECONDS * 1000);
    try {
      const options = { cache: "no-cache", credentials: "omit", mode: "cors", redirect: "follow", referrerPolicy: "no-referrer" };
      const response = await fetch(place, { ...options, signal: stop.signal });
      if (response.status === 404 || response.status === 410) throw new Failure(_("There is nothing at {url}.", { url: shown }), "issuer");
      if (!response.ok) throw cannot(_("{url} answers {status}.", { url: shown, status: response.status }));
      return await bounded(response, shown);
    } catch (error) {
      if (error instanceof Failure || error instanceof NotKnown) throw error;
      if (stop.signal.aborted) throw cannot(_("{url} takes longer than {number} seconds.", { url: shown, number: SECONDS }));
      if (navigator.onLine === false) throw cannot(_("{url} cannot be read: there is no network.", { url: shown }));
      throw cannot(_("{url} cannot be read from here: its host does not answer, or does not let other websites read it.", { url: shown }));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keep these documents of the site, so that its badges verify without a network later. Quiet about what fails. */
  async keep(paths) {
    const waiting = [...paths];
    const work = async () => {
      for (let path; (path = waiting.shift()) !== undefined; ) {
        try {
          this.kept.set(this.base + path, await this.ask(this.here + path, this.base + path, true));
        } catch {
          // Then it is read when it is needed.
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}

async function bounded(response, url) {
  const reader = response.body.getReader();
  const pieces = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(...pieces);
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new Failure(_("{url} has more than {limit} bytes.", { url, limit: MAX_BYTES }), "issuer");
    }
    pieces.push(value);
  }
}

/** Whether a host is named as one of the own machine or network. The browser itself looks at what names stand for. */
export function isPrivate(host) {
  host = host.replace(/\.$/, ""); // “router.” is “router”
  if (/^(localhost|.*\.(localhost|local|internal|home\.arpa))$/i.test(host)) return true;
  if (host.startsWith("[")) return !/^\[[23]/.test(host) || /^\[(2002:|2001:0{0,3}:|2001:db8:)/i.test(host);
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (!found) return !host.includes(".");
  const [a, b] = [Number(found[1]), Number(found[2])];
  return (
    a === 0 || a === 10 || a === 127 || a >= 224 ||
    (a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || b === 0)) || (a === 198 && (b === 18 || b === 19))
  );
}
