// What somebody gives to be verified: a picture, JSON, a signed token, or the address of one.

import { fromUtf8 } from "./bytes.mjs";
import { VC1, VC2 } from "./contexts.mjs";
import { isToken, readToken, tokenInDataUrl } from "./jose.mjs";
import { isObject, listed, MAX_BYTES, readJson, typesOf } from "./json.mjs";
import { isPng, unbakePng } from "./png.mjs";
import { Failure } from "./steps.mjs";
import { isSvg, unbakeSvg } from "./svg.mjs";
import { _ } from "./texts.mjs";

const ADDRESS = /^\s*(https?:\/\/\S+)\s*$/;

export const addressOf = (text) => ADDRESS.exec(text)?.[1] ?? "";

/** The badges in a file as {kind, document, token}, and what the file is. */
export async function readInput(bytes, session, depth = 0) {
  if (bytes.length > MAX_BYTES) throw new Failure(_("It has more than {limit} bytes.", { limit: MAX_BYTES }), "holder");
  const picture = isPng(bytes) ? "PNG" : isSvg(bytes) ? "SVG" : "";
  if (!picture) {
    const text = fromUtf8(bytes);
    const address = addressOf(text);
    if (address && depth === 0) return readInput(await session.bytes(address), session, depth + 1);
    const signed = read(text);
    return { found: [{ ...signed, kind: kindOf(signed.document) }], detail: signed.token ? _("A signed token.") : "JSON" };
  }
  const baked = picture === "PNG" ? await unbakePng(bytes) : unbakeSvg(bytes);
  if (!baked.size) throw new Failure(_("The picture has no badge inside; ask for the original file."), "holder");
  const found = [];
  for (const text of baked.values()) {
    const address = addressOf(text);
    const signed = read(address ? await session.text(address) : text);
    const kind = kindOf(signed.document);
    if (found.some((other) => other.kind === kind)) throw new Failure(_("It has more than one badge of one version."), "holder");
    found.push({ ...signed, kind });
  }
  found.sort((one, other) => (one.kind < other.kind ? -1 : 1));
  return { found, detail: _("A picture ({kind}) with a badge inside.", { kind: picture }) };
}

/** A document as {document, token}; the envelope of an enveloped credential is taken off. */
export function read(text) {
  return opened(isToken(text) ? fromToken(text) : { document: readJson(text) });
}

export function opened(signed) {
  const enveloped = typesOf(signed.document).some((type) => /^EnvelopedVerifiable(Credential|Presentation)$/.test(type));
  return enveloped && !signed.token ? fromToken(tokenInDataUrl(signed.document.id)) : signed;
}

function fromToken(text) {
  const token = readToken(text);
  return { document: token.payload, token };
}

export function kindOf(document) {
  const types = typesOf(document);
  const contexts = listed(document["@context"]);
  if (types.includes("VerifiablePresentation")) return "presentation";
  if (types.includes("ClrCredential")) return "clr";
  if (types.includes("EndorsementCredential")) return "endorsement";
  if (types.includes("VerifiableCredential") || contexts.includes(VC1) || contexts.includes(VC2) || isObject(document.credentialSubject)) return "ob3";
  if (types.includes("Assertion") || contexts.some((item) => typeof item === "string" && item.includes("openbadges/v2"))) return "ob2";
  throw new Failure(_("It is neither an Open Badge nor a presentation of some."), "holder");
}
