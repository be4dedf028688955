"""PyPI `openbadgeslib` 4.6: Open Badges 2.0 hosted assertions in process (`judge`), and Open Badges 3.0
credentials with a Data Integrity proof in an environment that has what it needs for them
(`judge_credentials`).

What it verifies of a hosted assertion: the shape of the Assertion; that the document served at its `id`
says the same as the one in hand (so a stale or altered copy inside an image is caught); the issuer's
scope (`startsWith`, `allowedOrigins`); dates; the recipient; the issuer's `revocationList`.

What it cannot: it never looks inside the BadgeClass beyond `issuer`, nor at the issuer's name, url or
e-mail, nor at images, criteria, evidence or alignments; those are the other judge's part. It has no way
to be asked about a URL, so this module reads the document there, and a document whose `id` is another
URL gets a warning, as with the other judge. Its own entry point for images accepts a signed badge (a
JWS) only; for the JSON of a hosted badge this module takes the text out with the library's readers and
hands it to `verify_hosted`.

What it verifies of a credential: that the JSON says exactly what the proof signs (no undefined or
respelt term, no relative id, no context it does not ship); eddsa-rdfc-2022; that the key is in the
issuer's `did.json`; the dates; the bit in the status list, the purpose, the list's dates.

What it does not: `assertionMethod`, `controller` and the `id` of the DID document are not read, so a key
that was taken out of `assertionMethod` alone still verifies. It verifies the proof of a status list only
if that is a JWT; this module asks its verifier of proofs about the list as well, and compares the issuers.
The hashed recipient, images, pages, and where the credential lies are not its business.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from . import Check, Check3, Site, Verdict, Verdict3, ob3_environment

MISSING = ob3_environment.MISSING


def available() -> bool:
    return importlib.util.find_spec("openbadgeslib") is not None


def can_judge_credentials() -> bool:
    return ob3_environment.available()


def judge_credentials(base: str, root: Path, checks: Sequence[Check3]) -> list[Verdict3]:
    """Ask about each check in turn; the verdicts come in the same order."""
    return ob3_environment.ask("openbadgeslib", Site(base, root), checks)


def judge(base: str, root: Path, checks: Sequence[Check]) -> list[Verdict]:
    """Ask about each check in turn; the verdicts come in the same order."""
    site = Site(base, root)
    return [_judge(site, check) for check in checks]


def _judge(site: Site, check: Check) -> Verdict:
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob2 import OB2Verifier

    documents: dict[str, Any] = {}

    def download(url: str) -> bytes:
        documents.setdefault(url, None)
        raw = site.read(url)
        with suppress(ValueError):  # an image, or a page
            documents[url] = json.loads(raw)
        return raw

    errors: list[str] = []
    warnings: list[str] = []
    verifier = OB2Verifier(download=download)
    try:
        is_file = isinstance(check.input, Path)
        raw = (site.root / check.input).read_bytes() if is_file else download(str(check.input))
        if is_file or Path(str(check.input)).suffix in (".png", ".svg"):
            source, text = _unbake(raw)
        else:
            source, text = str(check.input), raw.decode()
        if text.lstrip().startswith("{"):
            declared = json.loads(text).get("id")
            if source and declared != source:
                warnings.append(f"Node fetched from source {source} declared its id as {declared}")
            verifier.verify_hosted(text, expected_recipient=check.email, check_revocation=True)
        elif text.startswith(("http://", "https://")):
            verifier.verify_hosted(
                download(text).decode(), expected_recipient=check.email, check_revocation=True
            )
        else:
            verifier.verify(text, expected_recipient=check.email, check_revocation=True)
    except (LibOpenBadgesException, OSError, ValueError, ExpatError) as error:
        errors.append(f"{type(error).__name__}: {error}")
    types = (document.get("type") for document in documents.values() if isinstance(document, dict))
    return Verdict(
        id=check.id,
        valid=not errors,
        errors=tuple(errors),
        warnings=tuple(warnings),
        graph_types=tuple(kind for kind in types if isinstance(kind, str)),
        recipient_profile={"email": check.email} if check.email is not None and not errors else None,
        fetched=tuple(documents),
    )


def _unbake(image: bytes) -> tuple[str | None, str]:
    """The URL an image names, if any, and the text it carries: a document, a URL or a JWS."""
    from defusedxml.minidom import parseString
    from openbadgeslib import baking
    from openbadgeslib.ob2 import OB2Verifier

    if image.startswith(b"\x89PNG"):
        return None, OB2Verifier.extract_token_from_png(image)
    # The reader prefers `verify` to the document beside it; both are wanted, to compare them.
    text = baking.extract_svg(image, text_fallback=True)
    if text is None:
        raise ValueError("no badge in the SVG")
    if not text.startswith(("http://", "https://")):
        return None, text
    tree = parseString(image)
    for element in tree.getElementsByTagName(baking.SVG_ELEMENT):
        element.removeAttribute("verify")
    return text, baking.extract_svg(tree.toxml().encode(), text_fallback=True) or text
