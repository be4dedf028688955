// The steps of a presentation, and what is inside presentations and learner records: their members.

import { isToken } from "./jose.mjs";
import { checkHeader } from "./jose.mjs";
import { isObject, listed, typesOf } from "./json.mjs";
import { kindOf, opened, read } from "./input.mjs";
import { checkController } from "./keys.mjs";
import { checkContexts, checkSignatures, checkWords, holderOf, keysOf, MAX_MEMBERS } from "./ob3.mjs";
import { Failure, Nothing } from "./steps.mjs";
import { describe, proofsOf } from "./suites.mjs";
import { _ } from "./texts.mjs";

const PURPOSE = "authentication";

/** Add the two steps of a presentation; gives its members as {kind, document, token}. */
export async function verifyPresentation(steps, { document, token }, session) {
  let members = [];
  await steps.run("shape", _("It is a presentation of credentials"), () => {
    if (!typesOf(document).includes("VerifiablePresentation")) throw new Failure(_("“{name}” has an unexpected form.", { name: "type" }));
    checkContexts(document, token);
    members = membersOf(document.verifiableCredential);
    return _("It has {number} credentials.", { number: members.length });
  });
  await steps.run("proof", _("Whoever presents it signed it"), async () => {
    if (!token && document.proof === undefined) throw new Nothing(_("Nobody signed the presentation itself."));
    if (token) checkHeader(token, ["JWT", "vp+jwt"]);
    else await checkWords(document);
    const keys = await keysOf(document, token, session, PURPOSE);
    const holder = holderOf(document);
    if (holder !== undefined) for (const key of keys) await checkController(key, holder, session, PURPOSE);
    await checkSignatures(document, token, keys, PURPOSE);
    return token ? token.header.alg : describe(proofsOf(document, PURPOSE));
  }, { needs: ["shape"], who: "holder" });
  return members;
}

/** The members of a presentation or a learner record. */
export function membersOf(value) {
  const items = listed(value);
  if (!items.length) throw new Failure(_("“{name}” is missing.", { name: "verifiableCredential" }));
  if (items.length > MAX_MEMBERS) throw new Failure(_("It has more than {number} credentials.", { number: MAX_MEMBERS }));
  return items.map((item) => {
    if (typeof item === "string" && !isToken(item)) throw new Failure(_("“{name}” has an unexpected form.", { name: "verifiableCredential" }));
    const signed = typeof item === "string" ? read(item) : isObject(item) ? opened({ document: item }) : {};
    if (!signed.document) throw new Failure(_("“{name}” has an unexpected form.", { name: "verifiableCredential" }));
    return { ...signed, kind: kindOf(signed.document) };
  });
}
