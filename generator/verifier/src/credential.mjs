// A credential or a presentation with what secures it, embedded proofs or a token, behind one face.

import { checkClaims } from "./claims.mjs";
import { checkHeader, keyOfJwk, verifyToken } from "./jose.mjs";
import { checkOwner, resolveKey } from "./keys.mjs";
import { Failure } from "./steps.mjs";
import { checkProof, describe, proofsOf, unsecured } from "./suites.mjs";
import { checkContexts, checkTerms, firstContext } from "./terms.mjs";
import { _ } from "./texts.mjs";

export class Secured {
  constructor({ document, token }, session, purpose = "assertionMethod") {
    Object.assign(this, { document, token, session, purpose, keys: [] });
  }

  checkContexts() {
    if (!this.token) return checkContexts(this.document);
    const first = firstContext(this.document);
    if (!first) throw new Failure(_("“@context” does not begin with that of verifiable credentials."));
    return first;
  }

  checkWords() {
    checkTerms(unsecured(this.document));
    return _("Every term is defined.");
  }

  checkProof() {
    return this.token ? checkHeader(this.token) : describe(this.proofs());
  }

  proofs() {
    return proofsOf(this.document, this.purpose, this.session.now);
  }

  /** Find the key of every proof. */
  async findKeys() {
    if (this.token) this.keys = [await this.keyOfToken()];
    else for (const proof of this.proofs()) this.keys.push(await resolveKey(proof.verificationMethod, this.session, this.purpose));
    return this.names();
  }

  keyOfToken() {
    const { kid, jwk } = this.token.header;
    // A key that comes with the token says nothing about anybody, unless the issuer is that key.
    if (kid === undefined && jwk !== undefined) return { ...keyOfJwk(jwk), name: "jwk", source: "header" };
    if (typeof kid !== "string") throw new Failure(_("“{name}” is missing.", { name: "kid" }));
    return resolveKey(kid, this.session, this.purpose, true);
  }

  names() {
    return this.keys.map((key) => key.name).join(", ");
  }

  async checkOwner(owner) {
    for (const key of this.keys) await checkOwner(key, owner, this.session, this.purpose);
    return owner;
  }

  checkClaims() {
    return checkClaims(this.token.payload, this.document);
  }

  async checkSignature() {
    if (this.token) await verifyToken(this.token, this.keys[0]);
    else for (const [at, proof] of this.proofs().entries()) await checkProof(this.document, proof, this.keys[at]);
    return _("Signed with the key {method}.", { method: this.names() });
  }
}
