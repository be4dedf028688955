"""A badge of another issuer, read and verified before it may stand in somebody's passport.

Everything here was written by strangers. The documents are kept as they were fetched; of what they say only
a few words are taken over, each bounded and printable.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from badge_passport.credentials.did import did_key, did_web
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch, FetchError
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.kinds import document_of, kind_of, opened
from badge_passport.credentials.verification.reading import (
    Thing,
    Token,
    address_in,
    read_json,
    read_texts,
    read_thing,
)
from badge_passport.credentials.verification.steps import Failure, Result, Undecided, Verdict, printable
from badge_passport.credentials.verification.values import id_of, is_web, listed, text_at
from badge_passport.credentials.verification.whole import verified
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry import Registry
from badge_passport.source import pictures
from badge_passport.source.files import MAX_DOCUMENT
from badge_passport.urls import Urls

How = Literal["ob2", "ob3"]
_AMISS = ("fail", "no-badge")
_READABLE: tuple[How, ...] = ("ob3", "ob2")  # what is taken if a picture has both
_NAME = 300
_OTHERS = {
    "presentation": "a presentation of several badges",
    "clr": "a learner record",
    "endorsement": "an endorsement",
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A badge of another issuer.

    ``documents`` are what is kept, by the ending of their names: the badge itself under ``.json``.
    ``picture`` is a PNG or SVG as it was found, or None with the reason in ``no_picture``.
    """

    how: How
    verdict: Verdict
    documents: tuple[tuple[str, bytes], ...]
    name: str
    issuer: str
    issued_on: str
    url: str
    issuer_url: str
    by: str
    picture: bytes | None = None
    no_picture: str = ""


class Refused(Exception):
    """Why a badge is not taken."""

    def __init__(self, *problems: Diagnostic) -> None:
        super().__init__(problems[0].message)
        self.problems = list(problems)


def foreign(
    data: bytes,
    fetch: Fetch,
    registry: Registry,
    addresses: Sequence[str],
    now: datetime.datetime,
    *,
    unverified: bool = False,
) -> Foreign:
    """The badge in ``data`` (a picture, a document, a token, an address), given to one of ``addresses``.

    Raises:
        Refused: ``foreign-invalid``, ``foreign-undecided`` (but if ``unverified``), ``foreign-not-theirs``,
            ``foreign-own``, or ``foreign-unusable``.
    """
    seen = _Recorder(fetch)
    asking = Asking(seen, now)
    originals = _originals(data, asking)
    for _, thing in originals.values():
        _check_foreign(document_of(thing), registry)
    result = verified(data, asking)
    if result.verdict in ("not-valid", "no-badge"):
        raise Refused(*_failed(result))
    how = next(k for k in _READABLE if k in originals and _verdict(result, k) in ("valid", result.verdict))
    if not any(_is_theirs(data, replace(asking, recipient=address), how) for address in addresses):
        raise Refused(_not_theirs(addresses))
    if result.verdict == "undecided" and not unverified:
        raise Refused(*_undecided(result))
    raw, thing = originals[how]
    if how == "ob2":
        return _assertion(raw, document_of(thing), asking, seen, result.verdict, data)
    return _credential(raw, thing, asking, result.verdict, data)


class _Recorder:
    """Fetches, and remembers the bytes."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.bytes: dict[str, bytes] = {}

    def __call__(self, url: str) -> bytes:
        self.bytes[url] = self._fetch(url)
        return self.bytes[url]


# --- Whether it may be taken ----------------------------------------------------------------------------


def _originals(data: bytes, asking: Asking) -> dict[str, tuple[bytes, Thing]]:
    """Every badge of the data by its kind, with the bytes that it was read from."""
    found: dict[str, tuple[bytes, Thing]] = {}
    try:
        texts, _ = read_texts(data)
        if len(texts) == 1 and (url := address_in(texts[0])):
            texts, _ = read_texts(asking.data(url))
        for text in texts:
            url = address_in(text)
            raw = asking.data(url) if url else text.encode("utf-8") if isinstance(text, str) else text
            thing = opened(read_thing(raw))
            kind = kind_of(thing)
            if kind in _OTHERS:
                raise Refused(_unusable(f"this is {_OTHERS[kind]}", "import each badge by itself."))
            if kind == "ob2" and isinstance(thing, Token):
                raise Refused(
                    _unusable(
                        "this is an assertion in a signed token of Open Badges 2.0, which cannot be kept",
                        "ask its issuer for a hosted badge, or for one of Open Badges 3.0.",
                    )
                )
            found[kind] = (raw, thing)
    except Failure as reason:
        raise Refused(_invalid("it can be read", reason.detail)) from None
    except Undecided as reason:
        raise Refused(_unknown(str(reason))) from None
    except (ValueError, TypeError, KeyError, AttributeError) as reason:  # an unexpected form
        raise Refused(_invalid("it can be read", str(reason))) from None
    return found


def _check_foreign(document: Document, registry: Registry) -> None:
    urls = Urls.of(registry.site.url, registry.default_language)
    ours = {
        did_web(urls.base, urls.did_document(slug).removesuffix("did.json")) for slug in registry.issuers
    } | {
        did_key(key.public_key_multibase)
        for issuer in registry.issuers.values()
        for key in issuer.record.keys
    }
    said = [document.get("id"), id_of(document.get("issuer")), id_of(document.get("badge"))]
    if any(isinstance(one, str) and (one.startswith(urls.base) or one in ours) for one in said):
        raise Refused(
            Diagnostic(
                "foreign-own",
                "this is a badge of this site, and stands in the passport of whoever has it",
                None,
                "nothing is to be imported; `passport award` gives badges of this site.",
            )
        )


def _verdict(result: Result, kind: str) -> str:
    return next((part.verdict for part in result.parts if part.id == kind), "")


def _is_theirs(data: bytes, asking: Asking, how: How) -> bool:
    """Whether the step that compares the recipient passes; what was fetched is not fetched again."""
    steps = verified(data, asking).steps
    return any(step.id == f"{how}.recipient" and step.outcome == "pass" for step in steps)


def _failed(result: Result) -> Iterator[Diagnostic]:
    return (_invalid(step.title, step.detail) for step in result.steps if step.outcome in _AMISS)


def _invalid(title: str, detail: str) -> Diagnostic:
    return Diagnostic(
        "foreign-invalid",
        f"this badge is not valid: “{title}” failed: {_plain(detail)}",
        None,
        "ask whoever has it for the original; `passport verify` shows every step.",
    )


def _undecided(result: Result) -> Iterator[Diagnostic]:
    reasons = [s for s in result.steps if s.outcome == "not-checked" and s.needed and s.who]
    return (_unknown(f"“{step.title}”: {step.detail}") for step in reasons)


def _unknown(detail: str) -> Diagnostic:
    return Diagnostic(
        "foreign-undecided",
        f"whether this badge is valid cannot be told: {_plain(detail)}",
        None,
        "try again later; with --unverified it is taken, and shown as “not verified”.",
    )


def _not_theirs(addresses: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "foreign-not-theirs",
        "this badge was given to another address than those of this person in private/roster.csv"
        if addresses
        else "private/roster.csv has no address of this person, so nobody can tell whose badge this is",
        None,
        "if the person has another address, add it: passport people add-address PARTICIPANT ADDRESS.",
    )


def _unusable(why: str, fix: str) -> Diagnostic:
    return Diagnostic("foreign-unusable", f"this cannot stand in a passport: {_plain(why)}", None, fix)


def _plain(text: str) -> str:
    """A sentence without its point, as messages are written."""
    return text.strip().removesuffix(".").replace("\n", " ")


# --- What it says ---------------------------------------------------------------------------------------


def _assertion(
    raw: bytes, document: Document, asking: Asking, seen: _Recorder, verdict: Verdict, data: bytes
) -> Foreign:
    """A hosted assertion, with what was read of its badge and issuer."""
    url = str(document.get("id"))
    badge_url, badge = _linked(document, "badge", asking)
    issuer_url, issuer = _linked(badge, "issuer", asking)
    if not badge or not issuer:
        raise Refused(
            _unusable(
                "neither the badge nor its issuer can be read, so there is nothing to show",
                "try again when their host answers.",
            )
        )
    documents = [
        (".json", seen.bytes.get(url, raw)),
        *((end, seen.bytes[at]) for end, at in ((".badge.json", badge_url), (".issuer.json", issuer_url))),
    ]
    picture, why = _picture(badge.get("image"), asking, data)
    return Foreign(
        how="ob2",
        verdict=verdict,
        documents=_bounded(documents),
        name=_shown(text_at(badge, "name")),
        issuer=_shown(text_at(issuer, "name")) or _shown(issuer_url),
        issued_on=str(document.get("issuedOn", ""))[:10],
        url=url,
        issuer_url=_web(issuer.get("url")),
        by=url,
        picture=picture,
        no_picture=why,
    )


def _linked(document: Document, key: str, asking: Asking) -> tuple[str, Document]:
    """The address and the document that another one names; empty if it cannot be read."""
    url = id_of(document.get(key))
    try:
        return (str(url), asking.json(str(url))) if is_web(url) else ("", {})
    except (Failure, Undecided):
        return "", {}


def _credential(raw: bytes, thing: Thing, asking: Asking, verdict: Verdict, data: bytes) -> Foreign:
    """A signed credential, alone."""
    document = document_of(thing)
    if isinstance(thing, Token) and raw.lstrip()[:1] != b"{":
        raw = _enveloped(raw.strip().decode("ascii"))
    subject: Any = next(iter(listed(document.get("credentialSubject"))), {})
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    issuer = document.get("issuer")
    issuer_id = id_of(issuer)
    day = document.get("awardedDate") or document.get("validFrom") or document.get("issuanceDate")
    picture, why = _picture(achievement.get("image") if isinstance(achievement, dict) else None, asking, data)
    return Foreign(
        how="ob3",
        verdict=verdict,
        documents=_bounded([(".json", raw)]),
        name=_shown(text_at(achievement, "name") or text_at(document, "name")),
        issuer=_shown(text_at(issuer, "name") or str(issuer_id)),
        issued_on=str(day or "")[:10],
        url=_web(document.get("id")),
        issuer_url=_web(text_at(issuer, "url")) or _web(issuer_id),
        by=_shown(_key(thing, document)),
        picture=picture,
        no_picture=why,
    )


def _enveloped(token: str) -> bytes:
    """A token in a document of its own (VC Data Model 2.0, section 4.13), so that it can lie as a file."""
    envelope = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    return json.dumps(envelope, indent=2).encode("ascii") + b"\n"


def _key(thing: Thing, document: Document) -> str:
    """The name of the key that signed."""
    if isinstance(thing, Token):
        return text_at(thing.header, "kid") or str(id_of(document.get("issuer")))
    names = (text_at(proof, "verificationMethod") for proof in listed(document.get("proof")))
    return next((name for name in names if name), str(id_of(document.get("issuer"))))


def _bounded(documents: list[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    for _, data in documents:
        if len(data) > MAX_DOCUMENT:
            raise Refused(
                _unusable(
                    f"one of its documents has more than {MAX_DOCUMENT // 1024 // 1024} MB",
                    "ask its issuer for a badge without large pictures inside.",
                )
            )
        read_json(data)
    return tuple(documents)


def _shown(text: str) -> str:
    """A text of a stranger on one line, without what changes how it reads."""
    return " ".join(printable(text, _NAME).replace("\ufffd", " ").split())


def _web(value: Any) -> str:
    return value if isinstance(value, str) and is_web(value) and len(value) <= 2000 else ""


# --- Its picture ----------------------------------------------------------------------------------------


def _picture(image: Any, asking: Asking, data: bytes) -> tuple[bytes | None, str]:
    """The picture that the badge names, else the one it came in; or None, and why."""
    url = id_of(image)
    why = "the badge names no picture"
    sources: list[Callable[[], bytes]] = []
    if isinstance(url, str):
        sources.append(lambda: _image_at(url, asking))
    sources.append(lambda: data)
    for source in sources:
        try:
            found = source()
        except (Failure, Undecided, FetchError) as error:
            why = _plain(str(error))
            continue
        judged = pictures.inspect(found)
        if isinstance(judged, pictures.Picture):
            return found, ""
        if source is sources[0] or found.startswith(b"\x89PNG"):
            why = judged.message
    return None, why


def _image_at(url: str, asking: Asking) -> bytes:
    head, comma, body = url.partition(",")
    if head in ("data:image/png;base64", "data:image/svg+xml;base64") and comma:
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise Failure("its picture is not proper Base64") from None
    return asking.data(url)
