"""The steps of an Open Badges 2.0 assertion with hosted verification: it is what its address says it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch
from badge_passport.credentials.identity import is_recipient, normalise
from badge_passport.credentials.verifying_steps import (
    Failure,
    NotChecked,
    Steps,
    fetch_json,
    listed,
    moment,
    same,
    text_in,
    types_of,
)

_IDENTITIES: Final = frozenset({"email", "url", "telephone", "id"})


class Hosted:
    """An assertion with the documents that are read on the way."""

    def __init__(self, document: Document, fetch: Fetch, now: datetime, recipient: str | None) -> None:
        self.document, self.fetch, self.now, self.recipient = document, fetch, now, recipient
        self.hosted: Document = {}
        self.badge: Document = {}
        self.issuer: Document = {}

    def run(self, steps: Steps) -> None:
        run = steps.run
        run("shape", "It is an assertion of Open Badges 2.0", self.check_shape)
        run("hosted", "Its address has the same document", self.check_hosted, needs=["shape"])
        run("badge", "The badge is described", self.check_badge, needs=["hosted"])
        run("issuer", "The issuer is described", self.check_issuer, needs=["badge"])
        run("scope", "The address belongs to the issuer", self.check_scope, needs=["issuer"])
        run("issued", "It has begun", self.check_issued, needs=["shape"])
        run("expires", "It has not ended", self.check_expires, needs=["shape"], who="holder")
        # A withdrawn assertion often says nothing else, so this asks for no more than its address.
        run("revoked", "It was not withdrawn", self.check_revoked, needs=["hosted"])
        run(
            "recipient",
            "It was given to this person",
            self.check_recipient,
            needs=["shape"] if self.recipient is not None else [],
            who="holder",
        )

    @property
    def withdrawn(self) -> bool:
        return bool(self.document.get("revoked") or self.hosted.get("revoked"))

    def check_shape(self) -> str:
        document = self.document
        if "Assertion" not in types_of(document):
            raise Failure(f"Its type is {document.get('type')}, not Assertion.")
        address(document, "id", "The assertion")
        if self.withdrawn:
            return "It says that it was withdrawn."
        recipient = document.get("recipient")
        if not isinstance(recipient, dict):
            raise Failure("It has no recipient.")
        identity = text_in(recipient, "identity", "The recipient")
        if recipient.get("type") not in _IDENTITIES or not isinstance(recipient.get("hashed"), bool):
            raise Failure("Its recipient has no “type” that is known, or does not say whether it is hashed.")
        if recipient["hashed"] is not identity.startswith(("sha256$", "md5$")):
            raise Failure("Its recipient says “hashed” of what is none, or the other way round.")
        address(document, "badge", "The assertion")
        moment(document.get("issuedOn"), "issuedOn")
        verification = document.get("verification")
        kind = types_of(verification) if isinstance(verification, dict) else []
        if kind and kind[0] in ("SignedBadge", "signed"):
            raise Failure("Signed badges of Open Badges 2.0 are not supported yet.", "verifier")
        if not kind or kind[0] not in ("HostedBadge", "hosted"):
            raise Failure("Its verification is not of the type HostedBadge.")
        return text_in(document, "id", "The assertion")

    def check_hosted(self) -> str:
        url = self.document["id"]
        self.hosted = fetch_json(self.fetch, url)
        if same(self.hosted, self.document):
            return url if isinstance(url, str) else ""
        if self.hosted.get("id") == url and self.hosted.get("revoked") is True:
            return f"{url} says that it was withdrawn."
        raise Failure(f"{url} says something else: this copy is old, or was changed.", "holder")

    def check_badge(self) -> str:
        if self.withdrawn:
            raise NotChecked("A withdrawn assertion names no badge.")
        url = address(self.document, "badge", "The assertion")
        badge = fetch_json(self.fetch, url)
        _is(badge, url, {"BadgeClass"})
        name = text_in(badge, "name", "The badge class")
        text_in(badge, "description", "The badge class")
        criteria = badge.get("criteria")
        if isinstance(criteria, dict):
            if not any(isinstance(criteria.get(key), str) for key in ("id", "narrative")):
                raise Failure("The criteria have neither “id” nor “narrative”.")
        else:
            text_in(badge, "criteria", "The badge class")
        image = badge.get("image")
        text_in(image if isinstance(image, dict) else {"id": image}, "id", "The image of the badge class")
        address(badge, "issuer", "The badge class")
        for aligned in listed(badge.get("alignment")):
            if not isinstance(aligned, dict):
                raise Failure("An alignment is not an object.")
            text_in(aligned, "targetName", "An alignment")
            address(aligned, "targetUrl", "An alignment")
        self.badge = badge
        return name

    def check_issuer(self) -> str:
        url = address(self.badge, "issuer", "The badge class")
        issuer = fetch_json(self.fetch, url)
        _is(issuer, url, {"Issuer", "Profile"})
        address(issuer, "url", "The issuer")
        text_in(issuer, "email", "The issuer")
        name = text_in(issuer, "name", "The issuer")
        self.issuer = issuer
        return f"{name} ({url})"

    def check_scope(self) -> str:
        """The address of the assertion is one that the issuer's profile claims."""
        scope = self.issuer.get("verification", {})
        if not isinstance(scope, dict):
            raise Failure("The “verification” of the issuer is not an object.")
        here = address(self.document, "id", "The assertion")
        origins = listed(scope.get("allowedOrigins")) or [_host(address(self.issuer, "id", "The issuer"))]
        if _host(here) not in origins:
            raise Failure(f"The issuer does not issue from {_host(here)}.")
        starts = listed(scope.get("startsWith"))
        if starts and not any(
            isinstance(start, str) and start and here.startswith(start) for start in starts
        ):
            raise Failure(f"The issuer does not issue from {here}.")
        return f"{starts[0] if starts else origins[0]}"

    def check_issued(self) -> str:
        if self.withdrawn:
            raise NotChecked("A withdrawn assertion has no date.")
        if moment(self.document.get("issuedOn"), "issuedOn") > self.now:
            raise Failure(f"It is dated {self.document['issuedOn']}, which is to come.")
        return str(self.document["issuedOn"])

    def check_expires(self) -> str:
        if "expires" not in self.document:
            return "It has no end."
        end = moment(self.document["expires"], "expires")
        if "issuedOn" in self.document and end <= moment(self.document["issuedOn"], "issuedOn"):
            raise Failure("It ends before it begins.", "issuer")
        if end <= self.now:
            raise Failure(f"It ended on {self.document['expires']}.")
        return str(self.document["expires"])

    def check_revoked(self) -> str:
        for document in (self.hosted, self.document):
            if document.get("revoked"):
                raise Failure(_withdrawn(document.get("revocationReason")))
        if not self.issuer:
            raise NotChecked("It does not say so; whether its issuer does is not known.")
        if "revocationList" not in self.issuer:
            return "It does not say so, and the issuer has no list."
        url = address(self.issuer, "revocationList", "The issuer")
        found = fetch_json(self.fetch, url)
        _is(found, url, {"RevocationList"})
        if address(found, "issuer", "The revocation list") != self.issuer["id"]:
            raise Failure("The revocation list is of another issuer.")
        for entry in listed(found.get("revokedAssertions")):
            known = entry if isinstance(entry, dict) else {"id": entry}
            if known.get("id") == self.document["id"]:
                raise Failure(_withdrawn(known.get("revocationReason")))
        return f"It is not in {url}."

    def check_recipient(self) -> str:
        if self.recipient is None:
            raise NotChecked("No e-mail address was given to compare with.")
        if self.withdrawn:
            raise NotChecked("A withdrawn assertion names nobody.")
        who = self.document["recipient"]
        if who["type"] != "email":
            raise Failure("It was not given to an e-mail address.")
        if who["hashed"]:
            if not who["identity"].startswith("sha256$"):
                raise Failure("The address is hashed in a way that is not supported.", "issuer")
            salt = who.get("salt", "")
            known = isinstance(salt, str) and who["identity"].isascii()
            fits = known and is_recipient(self.recipient, salt, who["identity"])
        else:
            fits = normalise(who["identity"]) == normalise(self.recipient)
        if not fits:
            raise Failure("It was given to another address.")
        return "The address is the one it was given to."


def address(document: Document, name: str, what: str) -> str:
    """The web address under a name, or of the object there; raises `Failure`."""
    value: Any = document.get(name)
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str) and value.startswith(("https://", "http://")) and _host(value):
        return value
    raise Failure(f"{what} has no web address under “{name}”.")


def _is(document: Document, url: str, types: set[str]) -> None:
    if document.get("id") != url:
        raise Failure(f"{url} says that it is {document.get('id')}.")
    if not types & set(types_of(document)):
        raise Failure(f"{url} is of the type {document.get('type')}, not {' or '.join(sorted(types))}.")


def _host(url: str) -> str:
    """Host and port; nothing for an address with a name before the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return "" if "@" in parts.netloc or "\\" in url else parts.netloc.lower()


def _withdrawn(reason: object) -> str:
    return f"The issuer withdrew it: {reason}" if isinstance(reason, str) else "The issuer withdrew it."
