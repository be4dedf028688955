"""Whose key it is: the issuer must say so, not the key alone (Controlled Identifiers 1.0, section 3.3)."""

from __future__ import annotations

from badge_passport.credentials.did import did_web_url
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.resolution import (
    Key,
    Purpose,
    did_document,
    names_of,
    resolve,
)
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.values import host_of, is_web, listed, steps_back


def check_owner(key: Key, owner: object, asking: Asking, purpose: Purpose = "assertionMethod") -> str:
    """That ``owner``, the id of an issuer or a holder, has this key."""
    if not isinstance(owner, str) or not owner:
        raise Failure("It does not say who that is.")
    if key.source == "header":
        return _itself(key, owner, asking)
    if key.source == "jwk":
        return _same_host(key, owner)
    if key.controller != owner:
        raise Failure(f"The key is of {key.controller}, but the issuer is {owner}.", "holder")
    if key.source == "document":
        _check_listed(key, owner, asking, purpose)
    return owner


def _itself(key: Key, owner: str, asking: Asking) -> str:
    if not owner.startswith(("did:key:", "did:jwk:")):
        raise Failure(f"The key stands in the token alone: nothing says that it is of {owner}.")
    if resolve(owner, asking, "assertionMethod", bare=True).public.info != key.public.info:
        raise Failure(f"The key in the token is not that of {owner}.", "holder")
    return owner


def _same_host(key: Key, owner: str) -> str:
    """A bare JWK names nobody: the host it lies on must be that of the issuer.

    A did:web may have a folder of its own there, with neighbours who can publish keys as well.
    """
    where, folder = owner, ""
    if owner.startswith("did:web:"):
        where = did_web_url(owner)
        folder = _path(where).rpartition("/")[0].removesuffix(".well-known")
    if not is_web(where) or host_of(where) != host_of(key.name):
        raise Failure(f"The key lies at {key.name}, which is not a host of {owner}.", "holder")
    if folder and (not _path(key.name).startswith(f"{folder}/") or steps_back(key.name)):
        raise Failure(f"The key lies at {key.name}, which is not in the folder of {owner}.", "holder")
    return owner


def _path(url: str) -> str:
    """What follows the host and a slash."""
    return "".join(url.split("/", 3)[3:])


def _check_listed(key: Key, owner: str, asking: Asking, purpose: Purpose) -> None:
    """A key document can claim any controller, so the controller's own document must list the key."""
    if owner.startswith("did:web:"):
        document = did_document(owner, asking)
    elif is_web(owner):
        document = asking.json(owner)
        if document.get("id") != owner.partition("#")[0]:
            raise Failure(f"The document at {owner} says that it is {document.get('id')}.")
    else:
        raise Failure(f"{owner} cannot say that it has the key {key.name}.")
    if key.name not in names_of(listed(document.get(purpose))):
        raise Failure(f"The document of {owner} does not list {key.name} under “{purpose}”.")
