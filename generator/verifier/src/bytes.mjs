// Bytes and how they are spelt: UTF-8, hexadecimal, base64url, base58, and what is compressed.

import { Failure } from "./steps.mjs";
import { _ } from "./texts.mjs";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const MAX_BASE58 = 1024; // the work grows with the square

export const utf8 = (text) => new TextEncoder().encode(text);

/** The text of bytes in UTF-8; a byte order mark stays, so that JSON refuses it. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure(_("It is not text in UTF-8."));
  }
}

export const latin1 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const joined = (...pieces) => {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

/** The bytes of base64url without padding. */
export function base64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new Failure(_("It is not base64url."));
  const bytes = base64(text.replaceAll("-", "+").replaceAll("_", "/"));
  // Two texts for the same bytes would be two signatures.
  if (btoa(latin1(bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") !== text) throw new Failure(_("It is not base64url."));
  return bytes;
}

/** The bytes of base64; spaces between do no harm. */
export function base64(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Failure(_("It is not base64."));
  }
}

/** The bytes of base58btc. */
export function base58(text) {
  if (text.length > MAX_BASE58) throw new Failure(_("It is too long for a key or a signature."));
  let number = 0n;
  for (const letter of text) {
    const value = BASE58.indexOf(letter);
    if (value < 0) throw new Failure(_("It has a character that base58 does not know."));
    number = number * 58n + BigInt(value);
  }
  const bytes = [];
  for (; number; number >>= 8n) bytes.unshift(Number(number & 255n));
  const zeros = text.length - text.replace(/^1+/, "").length;
  return Uint8Array.from([...new Array(zeros).fill(0), ...bytes]);
}

/** The bytes of multibase in base58btc. */
export function multibase(text) {
  if (!text.startsWith("z")) throw new Failure(_("It is not multibase: it does not start with “z”."));
  return base58(text.slice(1));
}

/** What was compressed (gzip or deflate); a small file can be made to grow without end, so there is a limit. */
export async function inflated(bytes, format, limit) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const pieces = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(...pieces);
      size += value.length;
      if (size > limit) break;
      pieces.push(value);
    }
  } catch {
    throw new Failure(_("It cannot be decompressed."));
  }
  await reader.cancel().catch(() => {});
  throw new Failure(_("It grows beyond {limit} bytes when it is decompressed.", { limit }));
}
