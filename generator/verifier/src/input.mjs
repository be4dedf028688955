// What somebody gives to be verified: a picture, JSON, a signed token, or the address of one.

import { fromUtf8 } from "./bytes.mjs";
import { inner } from "./claims.mjs";
import { isToken, readToken, tokenInDataUrl } from "./jose.mjs";
import { isObject, MAX_BYTES, readJson, typesOf } from "./json.mjs";
import { kindOf } from "./kinds.mjs";
import { checkBytes, checkDocument } from "./nobadge.mjs";
import { isPng, unbakePng } from "./png.mjs";
import { Failure, NoBadge } from "./steps.mjs";
import { isSvg, unbakeSvg } from "./svg.mjs";
import { _ } from "./texts.mjs";
import { badgeOf, isPage } from "./webpage.mjs";

const ADDRESS = /^\s*(https?:\/\/[!-~]+)\s*$/;
const LONGEST = 10_000;

export const addressOf = (text) => (text.length <= LONGEST ? ADDRESS.exec(text)?.[1] ?? "" : "");

/** The badges in a file as {kind, document, token}, and what the file is. */
export async function readInput(bytes, session) {
  let { texts, picture } = await textsIn(bytes);
  const address = picture ? "" : addressOf(texts[0]);
  if (address) {
    const there = await session.bytes(address);
    const badge = isPage(there) ? badgeOf(there, address) : "";
    ({ texts, picture } = await textsIn(badge ? await session.bytes(badge) : there));
    if (texts.some(addressOf)) throw new Failure(_("At {url} there is another address; ask for the badge itself.", { url: address }));
  }
  const found = [];
  for (const text of texts) {
    const link = addressOf(text); // which an SVG may have instead of a document
    const signed = read(link ? await session.text(link) : text);
    if (!picture && !signed.token) checkDocument(signed.document);
    const kind = kindOf(signed.document);
    if (found.some((other) => other.kind === kind)) throw new Failure(_("It has more than one badge of one version."));
    found.push({ ...signed, kind });
  }
  found.sort((one, other) => (one.kind < other.kind ? -1 : 1));
  const detail = picture ? _("A picture ({kind}) with a badge inside.", { kind: picture }) : found[0].token ? _("A signed token.") : "JSON";
  return { found, detail };
}

async function textsIn(bytes) {
  if (bytes.length > MAX_BYTES) throw new Failure(_("It has more than {limit} bytes.", { limit: MAX_BYTES }));
  if (isPage(bytes)) throw new NoBadge(_("It is a web page, not a badge; ask for the badge itself, a picture or a document."));
  const picture = isPng(bytes) ? "PNG" : isSvg(bytes) ? "SVG" : "";
  if (!picture) {
    if (bytes.length > LONGEST || !addressOf(new TextDecoder().decode(bytes))) checkBytes(bytes);
    return { texts: [fromUtf8(bytes)], picture };
  }
  const baked = picture === "PNG" ? await unbakePng(bytes) : unbakeSvg(bytes);
  if (!baked.size) throw new NoBadge(_("The picture has no badge inside; ask for the original file."));
  return { texts: [...baked.values()], picture };
}

/** The document or the token that a text is, as {document, token}; with `unpack`, an envelope is taken off. */
export function read(text, unpack = true) {
  if (isToken(text)) return fromToken(text);
  const signed = { document: readJson(text) };
  return unpack ? opened(signed) : signed;
}

/** What is in an envelope; anything else as it is. */
export function opened(signed) {
  const enveloped = typesOf(signed.document).some((type) => /^EnvelopedVerifiable(Credential|Presentation)$/.test(type));
  return enveloped && !signed.token ? fromToken(tokenInDataUrl(signed.document.id)) : signed;
}

function fromToken(text) {
  const token = readToken(text);
  const document = inner(token.payload);
  // A signed assertion of Open Badges 2.0 is the whole payload.
  const whole = isObject(document) && kindOrNothing(document) === "ob2";
  return { document: whole ? token.payload : document, token };
}

function kindOrNothing(document) {
  try {
    return kindOf(document);
  } catch {
    return "";
  }
}
