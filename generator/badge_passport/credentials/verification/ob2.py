"""The steps of an Open Badges 2.0 assertion: it is what its address says it is, or what its issuer signed.

Source: Open Badges 2.0, “Verification” and “Implementation Guidelines”.
"""

from __future__ import annotations

from typing import Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification import jose
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.dates import spelt
from badge_passport.credentials.verification.ob2_profiles import (
    check_badge,
    check_issuer,
    check_scope,
    fetch_key,
    is_document,
)
from badge_passport.credentials.verification.people import check_asked, check_identity
from badge_passport.credentials.verification.publickeys import PublicKey, from_pem
from badge_passport.credentials.verification.reading import Thing, Token
from badge_passport.credentials.verification.steps import Failure, NothingToCheck, Steps
from badge_passport.credentials.verification.values import address, listed, moment, same, text_in, types_of

_IDENTITIES: Final = frozenset({"email", "url", "telephone", "id"})
_HOSTED: Final = frozenset({"HostedBadge", "hosted"})
_SIGNED: Final = frozenset({"SignedBadge", "signed"})


class Assertion:
    """An assertion with the documents that are read on the way."""

    def __init__(self, thing: Thing, asking: Asking) -> None:
        self.token = thing if isinstance(thing, Token) else None
        self.document: Document = thing.payload if isinstance(thing, Token) else thing
        self.asking, self.now = asking, asking.now
        self.hosted: Document = {}
        self.badge: Document = {}
        self.issuer: Document = {}
        self.keys: list[PublicKey] = []

    def run(self, steps: Steps) -> None:
        run = steps.run
        run("shape", "It is an assertion of Open Badges 2.0", self.check_shape)
        if not self.token:
            run("hosted", "Its address has the same document", self.check_hosted, needs=["shape"])
        before = "shape" if self.token else "hosted"
        run("badge", "The badge is described", self.check_badge, needs=[before])
        run("issuer", "The issuer is described", self.check_issuer, needs=["badge"])
        if self.token:
            run("key", "The key of the signature is published", self.check_key, needs=["issuer"])
            run("signature", "Nothing was changed after signing", self.check_signature, needs=["key"])
        else:
            run("scope", "The address belongs to the issuer", self.check_scope, needs=["issuer"])
        run("issued", "It has begun", self.check_issued, needs=["shape"])
        run("expires", "It has not ended", self.check_expires, needs=["shape"], who="holder")
        # A withdrawn assertion often says nothing else, so this asks for no more than its address.
        revoked_needs = ["issuer", "signature"] if self.token else ["hosted"]
        run("revoked", "It was not withdrawn", self.check_revoked, needs=revoked_needs)
        run(
            "recipient",
            "It was given to this person",
            self.check_recipient,
            needs=["shape"] if self.asking.recipient is not None else [],
            who="holder",
        )

    @property
    def withdrawn(self) -> bool:
        return _says_so(self.document) or _says_so(self.hosted)

    def check_shape(self) -> str:
        document = self.document
        if "Assertion" not in types_of(document):
            raise Failure("Its type is not Assertion.")
        if self.token:
            text_in(document, "id", "The assertion")
        else:
            address(document, "id", "The assertion")
        if self.withdrawn:
            return "It says that it was withdrawn."
        self._check_recipient_form()
        address(document, "badge", "The assertion")
        moment(document.get("issuedOn"), "issuedOn")
        kinds = set(types_of(document.get("verification")))
        if self.token and not kinds & _SIGNED:
            raise Failure("It is a token, but its verification is not of the type SignedBadge.")
        if not self.token and kinds & _SIGNED:
            raise Failure(
                "It is of the type SignedBadge, but the signature is missing: ask for the original."
            )
        if not self.token and not kinds & _HOSTED:
            raise Failure("Its verification is not of the type HostedBadge.")
        return text_in(document, "id", "The assertion")

    def _check_recipient_form(self) -> None:
        recipient = self.document.get("recipient")
        if not isinstance(recipient, dict):
            raise Failure("It has no recipient.")
        identity = text_in(recipient, "identity", "The recipient")
        if recipient.get("type") not in _IDENTITIES or not isinstance(recipient.get("hashed"), bool):
            raise Failure("Its recipient has no “type” that is known, or does not say whether it is hashed.")
        if recipient["hashed"] is not identity.startswith(("sha256$", "md5$")):
            raise Failure("Its recipient says “hashed” of what is none, or the other way round.")

    def check_hosted(self) -> str:
        url = str(self.document["id"])
        self.hosted = self.asking.json(url)
        if same(self.hosted, self.document):
            return url
        if self.hosted.get("id") == url and self.hosted.get("revoked") is True:
            return f"{url} says that it was withdrawn."
        raise Failure(f"{url} says something else: this copy is old, or was changed.", "holder")

    def check_badge(self) -> str:
        if self.withdrawn:
            raise NothingToCheck("A withdrawn assertion names no badge.")
        self.badge, name = check_badge(address(self.document, "badge", "The assertion"), self.asking)
        return name

    def check_issuer(self) -> str:
        self.issuer, detail = check_issuer(address(self.badge, "issuer", "The badge class"), self.asking)
        return detail

    def check_scope(self) -> str:
        return check_scope(address(self.document, "id", "The assertion"), self.issuer)

    def check_key(self) -> str:
        verification = self.document["verification"]
        url = address(verification, "creator", "The verification")
        self.keys = [from_pem(fetch_key(url, self.issuer, self.asking))]
        return url

    def check_signature(self) -> str:
        if self.token is None:
            raise Failure("It is no token.")
        jose.check_algorithm(self.token.header)
        return f"Signed with {jose.check_token(self.token, self.keys[0])}."

    def check_issued(self) -> str:
        if self.withdrawn:
            raise NothingToCheck("A withdrawn assertion has no date.")
        begin = moment(self.document.get("issuedOn"), "issuedOn")
        if begin > self.now:
            raise Failure(f"It is valid from {spelt(begin)} on.")
        return spelt(begin)

    def check_expires(self) -> str:
        if "expires" not in self.document:
            return "It has no end."
        end = moment(self.document["expires"], "expires")
        if "issuedOn" in self.document and end <= moment(self.document["issuedOn"], "issuedOn"):
            raise Failure("It ends before it begins.", "issuer")
        if end <= self.now:
            raise Failure(f"It ended on {spelt(end)}.", "issuer")
        return spelt(end)

    def check_revoked(self) -> str:
        for document in (self.hosted, self.document):
            if _says_so(document):
                raise Failure(_withdrawn(document.get("revocationReason")))
        if not self.issuer:
            raise NothingToCheck("It does not say so; whether its issuer does is not known.")
        if "revocationList" not in self.issuer:
            return "It does not say so, and the issuer has no list."
        url = address(self.issuer, "revocationList", "The issuer")
        found = self.asking.json(url)
        is_document(found, url, {"RevocationList"})
        if address(found, "issuer", "The revocation list") != self.issuer["id"]:
            raise Failure("The revocation list is of another issuer.")
        for entry in listed(found.get("revokedAssertions")):
            known = entry if isinstance(entry, dict) else {"id": entry}
            if known.get("id") == self.document["id"]:
                raise Failure(_withdrawn(known.get("revocationReason")))
        return f"It is not in {url}."

    def check_recipient(self) -> str:
        check_asked(self.asking.recipient)
        if self.withdrawn:
            raise NothingToCheck("A withdrawn assertion names nobody.")
        return check_identity(self.document["recipient"], self.asking.recipient)


def _says_so(document: Document) -> bool:
    """Whether a document says that it was withdrawn, in whatever way: an empty list is no “false”."""
    return document.get("revoked") not in (None, False, 0, "")


def _withdrawn(reason: object) -> str:
    return f"The issuer withdrew it: {reason}" if isinstance(reason, str) else "The issuer withdrew it."
