"""A verifier for Open Badges 2.0 (hosted) and 3.0 (`eddsa-rdfc-2022`), as a list of steps.

Everything that is read was written by a stranger. What is malformed is a failed step, never an exception, and
nothing is valid of which a step failed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from badge_passport.credentials.baking import SNIFFED, unbake_png, unbake_svg
from badge_passport.credentials.contexts import CREDENTIALS
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch
from badge_passport.credentials.verifying_ob2 import Hosted
from badge_passport.credentials.verifying_ob3 import verify_ob3
from badge_passport.credentials.verifying_steps import (
    MAX_BYTES,
    Failure,
    Result,
    Step,
    Steps,
    fetch_json,
    listed,
    printable,
    read_json,
    types_of,
)

__all__ = ["Result", "Step", "verify"]

_TOKEN: Final = re.compile(rb"\s*[\w-]+\.[\w-]*\.[\w-]*\s*", re.ASCII)
_SEVERAL: Final = frozenset(
    {
        "VerifiablePresentation",
        "ClrCredential",
        "EnvelopedVerifiableCredential",
        "EnvelopedVerifiablePresentation",
    }
)


def verify(data: bytes, fetch: Fetch, *, now: datetime, recipient: str | None) -> Result:
    """Verify a picture or a JSON document; of a picture with both versions, both.

    ``now`` has a zone. All ids of steps but the first start with ``ob2.`` or ``ob3.``.
    """
    steps = Steps()
    found: dict[str, Document] = {}

    def read() -> str:
        texts, detail = _texts(data)
        for text in texts:
            document = _document(text, fetch)
            kind = _kind(document)
            if kind in found:
                raise Failure("Both badges in the picture are of one version.", "holder")
            found[kind] = document
        return detail

    name = issuer = ""
    readable = steps.run("read", "It can be read", read, who="holder")
    if readable:
        for kind, document in sorted(found.items()):
            steps.part = kind
            if kind == "ob2":
                hosted = Hosted(document, fetch, now, recipient)
                hosted.run(steps)
                name, issuer = _text(hosted.badge, "name"), _text(hosted.issuer, "name")
            else:
                verify_ob3(steps, document, fetch, now, recipient)
                name = _text(document, "credentialSubject", "achievement", "name") or name
                issuer = _text(document, "issuer", "name") or issuer
    valid = readable and bool(found) and all(step.outcome != "fail" for step in steps.steps)
    kind = "+".join(sorted(found)) if readable else "unknown"
    return Result(kind, valid, tuple(steps.steps), printable(name, 200), printable(issuer, 200))


def _texts(data: bytes) -> tuple[list[bytes | str], str]:
    """The badges in a file, and what kind of file it is."""
    if len(data) > MAX_BYTES:
        raise Failure(f"The file has more than {MAX_BYTES:,} bytes.")
    start = data[: 4 * SNIFFED].lstrip()
    svg = b"<svg" in start and not start.startswith(b"{")
    picture = "PNG" if start.startswith(b"\x89PNG") else "SVG" if svg else ""
    if not picture:
        return [data], "JSON"
    baked = unbake_png(data) if picture == "PNG" else unbake_svg(data)
    if not baked:
        raise Failure(f"The {picture} has no badge inside; ask for the original file.")
    return list(baked.values()), f"{picture} with {len(baked)} baked version{'s' * (len(baked) > 1)}"


def _document(text: bytes | str, fetch: Fetch) -> Document:
    if isinstance(text, str) and text.strip().startswith(("https://", "http://")):
        return fetch_json(fetch, text.strip())  # the address that an SVG may have instead
    if _TOKEN.fullmatch(text.encode("utf-8", "replace") if isinstance(text, str) else text):
        raise Failure("It is a signed token (JWT or JWS): not supported yet.", "verifier")
    return read_json(text)


def _kind(document: Document) -> str:
    types = set(types_of(document))
    if several := types & _SEVERAL:
        raise Failure(
            f"A {min(several)} is not supported yet; verify its credentials one by one.", "verifier"
        )
    if "verifiableCredential" in document:
        raise Failure("Several credentials in one document are not supported yet.", "verifier")
    contexts = listed(document.get("@context"))
    if "VerifiableCredential" in types or CREDENTIALS in contexts or "credentialSubject" in document:
        return "ob3"
    if "Assertion" in types or any(isinstance(c, str) and "openbadges/v2" in c for c in contexts):
        return "ob2"
    raise Failure("It is neither an Open Badges 2.0 assertion nor an Open Badges 3.0 credential.")


def _text(document: object, *names: str) -> str:
    """The text at the end of these names, or nothing."""
    value = document
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
