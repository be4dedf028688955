// From the page of an award to its badge: people pass on what stands in the address bar.
//
// Only what the page names as its own document on its own host is followed, and verified like anything else.

import { hostOf } from "./session.mjs";

const LONGEST = 300_000;
const PAGE = /^\ufeff?\s*(?:<!--[^]*?-->\s*)?<(?:!doctype\s+html|html)\b/i;
const LINK = /<link\s[^<>]*>/gi;
const ATTRIBUTE = /\s(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Whether this is HTML. */
export const isPage = (bytes) => PAGE.test(new TextDecoder().decode(bytes.subarray(0, 2000)));

/** The address of the badge that the page at `url` is about, or nothing. */
export function badgeOf(page, url) {
  const text = new TextDecoder().decode(page.subarray(0, LONGEST));
  for (const [tag] of text.matchAll(LINK)) {
    const found = {};
    for (const [, name, a, b, c] of tag.matchAll(ATTRIBUTE)) found[name.toLowerCase()] = (a ?? b ?? c).trim();
    const { rel = "", type = "", href = "" } = found;
    if (!rel.toLowerCase().split(/\s+/).includes("alternate") || !/^application\/(ld\+)?json$/i.test(type)) continue;
    const link = href.replaceAll("&amp;", "&");
    return hostOf(link) && hostOf(link) === hostOf(url) ? link : "";
  }
  return "";
}
