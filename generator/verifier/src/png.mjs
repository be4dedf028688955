// The badges inside a PNG: text chunks with the keywords of Open Badges and CLR.

import { fromUtf8, inflated, latin1 } from "./bytes.mjs";
import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

export const KEYWORDS = ["openbadges", "openbadgecredential", "clrcredential"];
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const MAX_INFLATED = 10_000_000;

const TABLE = Uint32Array.from({ length: 256 }, (_item, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

export const isPng = (bytes) => SIGNATURE.slice(0, 4).every((byte, at) => bytes[at] === byte);

/** Keyword to text. */
export async function unbakePng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) throw new Failure(_("The PNG is damaged."));
  const found = new Map();
  let kind = "";
  for (let at = 8; kind !== "IEND"; ) {
    if (at + 12 > bytes.length) throw new Failure(_("The PNG is cut off."));
    const start = at + 8;
    const end = start + view.getUint32(at);
    if (end + 4 > bytes.length) throw new Failure(_("The PNG is cut off."));
    kind = latin1(bytes.subarray(at + 4, start));
    if (at === 8 && (kind !== "IHDR" || end - start !== 13)) throw new Failure(_("The PNG is damaged."));
    if (crc32(bytes.subarray(start - 4, end)) !== view.getUint32(end)) throw new Failure(_("The PNG is damaged."));
    if (["iTXt", "tEXt", "zTXt"].includes(kind)) {
      const data = bytes.subarray(start, end);
      const stop = data.indexOf(0);
      const keyword = latin1(stop < 0 ? data : data.subarray(0, stop));
      if (KEYWORDS.includes(keyword)) {
        if (found.has(keyword)) throw new Failure(_("It has more than one badge of one version."));
        found.set(keyword, await text(kind, stop < 0 ? new Uint8Array() : data.subarray(stop + 1)));
      }
    }
    at = end + 4;
  }
  return found;
}

/** The text of a chunk, from what follows the keyword's NUL. */
async function text(kind, body) {
  if (kind === "tEXt") return loose(body);
  if (kind === "zTXt") return loose(await inflated(body.subarray(1), "deflate", MAX_INFLATED));
  const language = body.indexOf(0, 2);
  const keyword = language < 0 ? -1 : body.indexOf(0, language + 1);
  if (keyword < 0 || body[0] > 1 || body[1] > 1 || (body[0] && body[1])) throw new Failure(_("The PNG is damaged."));
  const rest = body.subarray(keyword + 1);
  return fromUtf8(body[0] ? await inflated(rest, "deflate", MAX_INFLATED) : rest);
}

/** A text that should be Latin-1, and that many tools write in UTF-8 all the same. */
function loose(bytes) {
  try {
    return fromUtf8(bytes);
  } catch {
    return latin1(bytes);
  }
}
