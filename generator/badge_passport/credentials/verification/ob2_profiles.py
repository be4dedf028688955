"""What stands behind an assertion of Open Badges 2.0: the badge class, the issuer's profile, its key."""

from __future__ import annotations

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import (
    address,
    host_of,
    id_of,
    listed,
    steps_back,
    text_in,
    types_of,
)


def is_document(document: Document, url: str, types: set[str]) -> None:
    """That a document is what it was fetched as."""
    if document.get("id") != url:
        raise Failure(f"{url} says that it is {document.get('id')}.")
    if not types & set(types_of(document)):
        raise Failure(f"{url} is of the type {document.get('type')}, not {' or '.join(sorted(types))}.")


def check_badge(url: str, asking: Asking) -> tuple[Document, str]:
    """The badge class at an address, and its name."""
    badge = asking.json(url)
    is_document(badge, url, {"BadgeClass"})
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
    return badge, name


def check_issuer(url: str, asking: Asking) -> tuple[Document, str]:
    """The profile at an address, and how to call it."""
    issuer = asking.json(url)
    is_document(issuer, url, {"Issuer", "Profile"})
    address(issuer, "url", "The issuer")
    text_in(issuer, "email", "The issuer")
    return issuer, f"{text_in(issuer, 'name', 'The issuer')} ({url})"


def check_scope(here: str, issuer: Document) -> str:
    """The address of the assertion is one that the issuer's profile claims."""
    scope = issuer.get("verification", {})
    if not isinstance(scope, dict):
        raise Failure("The “verification” of the issuer is not an object.")
    origins = listed(scope.get("allowedOrigins")) or [host_of(address(issuer, "id", "The issuer"))]
    if host_of(here) not in origins:
        raise Failure(f"The issuer does not issue from {host_of(here)}.")
    starts = listed(scope.get("startsWith"))
    # “…/theirs/../mine/” begins as it should, and is answered from a neighbour's folder.
    if steps_back(here):
        raise Failure(f"The issuer does not issue from {here}: there is a step back in it.")
    if starts and not any(isinstance(start, str) and start and here.startswith(start) for start in starts):
        raise Failure(f"The issuer does not issue from {here}.")
    return f"{starts[0] if starts else origins[0]}"


def fetch_key(url: str, issuer: Document, asking: Asking) -> str:
    """The PEM of a key that names the issuer as its owner, and that the issuer names as its key."""
    key = asking.json(url)
    is_document(key, url, {"CryptographicKey"})
    if id_of(key.get("owner")) != issuer.get("id"):
        raise Failure(f"The key at {url} is of {id_of(key.get('owner'))}, not of the issuer.")
    if url not in [id_of(entry) for entry in listed(issuer.get("publicKey"))]:
        raise Failure(f"The issuer does not list the key {url}.")
    return text_in(key, "publicKeyPem", "The key")
