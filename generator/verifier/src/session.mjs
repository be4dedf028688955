// One verification: now, the address it is compared with, and what was read on the way, each address once.

import { fromUtf8 } from "./bytes.mjs";
import { isObject, readJson } from "./json.mjs";
import { Failure, NotKnown } from "./steps.mjs";
import { _ } from "./texts.mjs";

const MAX_ADDRESSES = 200;

export class Session {
  /** `fetch(url)` gives bytes; it throws `Failure` for what is not there, `NotKnown` for what does not answer. */
  constructor({ fetch, now, recipient }) {
    Object.assign(this, { fetch, now, recipient: recipient ?? null, answers: new Map() });
  }

  bytes(url) {
    const address = url.split("#", 1)[0];
    if (!hostOf(address)) throw new Failure(_("“{name}” is not a web address.", { name: address }));
    if (!this.answers.has(address) && this.answers.size >= MAX_ADDRESSES) {
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
  if (!/^https?:\/\//.test(url) || url.includes("\\")) return "";
  const authority = /^https?:\/\/([^/?#]*)/.exec(url)[1];
  return authority.includes("@") ? "" : authority.toLowerCase();
}
