"""A credential or a presentation with what secures it, embedded proofs or a token, behind one face.

The steps ask in order: `proof`, `keys`, `owner`, `signature`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification import claims, embedded, jose
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.owners import check_owner
from badge_passport.credentials.verification.reading import Thing, Token
from badge_passport.credentials.verification.resolution import Key, Purpose, of_header, resolve
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import id_of
from badge_passport.credentials.verification.vocabulary import check_contexts, first_context
from badge_passport.credentials.verification.words import check_words


@dataclass
class Secured:
    """``document`` is what is said; ``token`` what it came in, if it did."""

    document: Document
    token: Token | None = None
    purpose: Purpose = "assertionMethod"
    keys: list[Key] = field(default_factory=list)

    @property
    def issuer(self) -> object:
        return id_of(self.document.get("issuer"))

    def check_contexts(self) -> str:
        return first_context(self.document) if self.token else check_contexts(self.document)

    def check_words(self) -> str:
        return check_words(embedded.unsecured(self.document))

    def check_proof(self, asking: Asking) -> str:
        if self.token:
            return jose.check_header(self.token.header)
        proofs = embedded.proofs_of(self.document, self.purpose, asking)
        return ", ".join(
            " ".join(filter(None, (embedded.suite_of(p), str(p.get("created", ""))))) for p in proofs
        )

    def find_keys(self, asking: Asking) -> str:
        """The key of every proof."""
        if self.token:
            self.keys = [self._key_of_token(self.token, asking)]
        else:
            proofs = embedded.proofs_of(self.document, self.purpose, asking)
            self.keys = [resolve(proof["verificationMethod"], asking, self.purpose) for proof in proofs]
        return ", ".join(key.name for key in self.keys)

    def _key_of_token(self, token: Token, asking: Asking) -> Key:
        name = token.header.get("kid")
        if name is None and "jwk" in token.header:
            return of_header(token.header["jwk"])
        if not isinstance(name, str):
            raise Failure("The token names no key (“kid”).")
        return resolve(name, asking, self.purpose, bare=True)

    def check_owner(self, owner: object, asking: Asking) -> str:
        return ", ".join({check_owner(key, owner, asking, self.purpose): None for key in self.keys})

    def check_claims(self) -> str:
        if self.token is None:
            raise Failure("It is no token.")
        return claims.check_claims(self.token, self.document)

    def check_signature(self, asking: Asking) -> str:
        if self.token:
            suites = [jose.check_token(self.token, self.keys[0].public)]
        else:
            proofs = embedded.proofs_of(self.document, self.purpose, asking)
            suites = [
                embedded.check_proof(self.document, proof, key.public)
                for proof, key in zip(proofs, self.keys, strict=True)
            ]
        return f"Signed with {', '.join(key.name for key in self.keys)} ({', '.join(suites)})."


def secured(thing: Thing, purpose: Purpose = "assertionMethod") -> Secured:
    if isinstance(thing, Token):
        return Secured(claims.inner(thing), thing, purpose)
    return Secured(thing, None, purpose)
