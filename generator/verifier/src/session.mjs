// One verification: now, the address it is compared with, and what was read on the way, each address once.

import { fromUtf8 } from "./bytes.mjs";
import { isObject, readJson } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MAX_ADDRESSES = 200;
const SECONDS = 120; // how long a verification goes on asking new ones
const HOST = /^https?:\/\/((?:\[[0-9A-Fa-f:.]+\]|([^\s\u0000-\u001f[\]:@\\/?#]+))(?::([0-9]{0,5}))?)(?:[/?#]|$)/;
const STEP = /(?:\/|%2f)(?:\.|%2e){1,2}(?=\/|%2f|;|%3b|$)/i;

export class Session {
  /** `fetch(url)` gives bytes; it throws `Failure` for what is not there, `NotKnown` for what does not answer. */
  constructor({ fetch, now, recipient }) {
    Object.assign(this, { fetch, now, recipient: recipient ?? null, answers: new Map(), started: Date.now() });
  }

  bytes(url) {
    const address = url.split("#", 1)[0];
    if (!hostOf(address) || !/^[!-~]+$/.test(address)) throw new Failure(_("“{name}” is not a web address.", { name: address }));
    if (!this.answers.has(address) && (this.answers.size >= MAX_ADDRESSES || Date.now() - this.started > SECONDS * 1000)) {
      throw new NotKnown(_("{url} is not asked: there are too many addresses to ask.", { url: address }));
    }
    if (!this.answers.has(address)) this.answers.set(address, this.fetch(address));
    return this.answers.get(address);
  }

  async text(url) {
    return fromUtf8(await this.bytes(url));
  }

  /** The JSON object at an address. */
  async json(url) {
    const bytes = await this.bytes(url);
    try {
      return readJson(bytes);
    } catch (error) {
      throw new Failure(`${url}: ${error.message}`, "issuer");
    }
  }

  /** The same network and time, for what is given to nobody. */
  withoutPerson() {
    return Object.assign(Object.create(Session.prototype), this, { recipient: null });
  }
}

/** The web address under a name, or of the object there. */
export function addressIn(document, name) {
  let value = document[name];
  if (isObject(value)) value = value.id;
  if (typeof value === "string" && hostOf(value)) return value;
  throw new Failure(_("“{name}” is not a web address.", { name }));
}

/** Host and port of a web address; nothing for one with a name before the host. */
export function hostOf(url) {
  const [, host, name = "", port = ""] = HOST.exec(url) ?? [];
  if (host === undefined || url.includes("\\") || Number(port) > 65_535) return "";
  // A letter that stands for a slash would end the host elsewhere.
  return /[/?#@:]/.test(name.normalize("NFKC")) ? "" : host.toLowerCase();
}

/** Whether a path has “.” or “..” in it, in any spelling: hosts answer from another place than it says. */
export const stepsBack = (url) => STEP.test(url.split("#", 1)[0].split("?", 1)[0].replace(/%5c/gi, "/"));
