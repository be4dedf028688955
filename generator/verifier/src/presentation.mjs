// The steps of a presentation: what somebody shows, signed by whoever shows it or not. Its members have theirs.

import { idOf } from "./claims.mjs";
import { Secured } from "./credential.mjs";
import { checkBegun, checkNotEnded } from "./dates.mjs";
import { checkMembers } from "./kinds.mjs";
import { typesOf } from "./json.mjs";
import { Failure, Nothing } from "./steps.mjs";
import { _ } from "./texts.mjs";

export async function verifyPresentation(steps, signed, session) {
  const made = new Secured(signed, session, "authentication");
  const { document, token } = made;
  await steps.run("shape", _("It is a presentation of credentials"), () => {
    if (!typesOf(document).includes("VerifiablePresentation")) throw new Failure(_("“{name}” has an unexpected form.", { name: "type" }));
    return checkMembers("presentation", document);
  });
  await steps.run("proof", _("Whoever presents it signed it"), async () => {
    if (!token && (document.proof ?? []).length === 0) throw new Nothing(_("Nobody signed the presentation itself."));
    made.checkContexts();
    if (!token) made.checkWords();
    made.checkProof();
    await made.findKeys();
    let holder = idOf(document.holder) ?? undefined;
    if (token && "iss" in token.payload) {
      if (holder !== undefined && holder !== token.payload.iss) throw new Failure(_("“{claim}” of the token is not “{name}” of the credential.", { claim: "iss", name: "holder" }));
      holder = token.payload.iss;
    }
    await made.checkOwner(holder ?? made.keys[0].controller);
    if (token) {
      checkBegun({}, token, session.now, true);
      checkNotEnded({}, token, session.now);
    }
    return made.checkSignature();
  }, { who: "holder" });
}
