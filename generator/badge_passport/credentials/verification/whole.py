"""Verifying what somebody was given: a picture, a document, a token or an address; with all badges in it.

Everything that is read was written by a stranger. What is malformed is a failed step, never an exception. A
badge is valid only if every step that it needs passed; what could not be found out leaves it undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badge_passport.credentials.fetching import Fetch
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.contents import MAX_MEMBERS
from badge_passport.credentials.verification.credential import run_credential
from badge_passport.credentials.verification.kinds import (
    INSIDE,
    MAX_PARTS,
    Kind,
    kind_of,
    member,
    members_of,
    opened,
)
from badge_passport.credentials.verification.nobadge import check_document
from badge_passport.credentials.verification.ob2 import Assertion
from badge_passport.credentials.verification.pages import badge_of, is_page
from badge_passport.credentials.verification.presentation import run_presentation
from badge_passport.credentials.verification.reading import (
    Thing,
    Token,
    address_in,
    read_texts,
    read_thing,
)
from badge_passport.credentials.verification.secured import secured
from badge_passport.credentials.verification.steps import (
    Failure,
    Part,
    Result,
    Step,
    Steps,
    Undecided,
    Verdict,
    all_of,
    any_of,
    printable,
    verdict_of,
)
from badge_passport.credentials.verification.values import text_at

__all__ = ["Result", "Step", "verify"]


@dataclass
class _Whole:
    asking: Asking
    steps: Steps = field(default_factory=Steps)
    parts: list[Part] = field(default_factory=list)

    def verify(self, prefix: str, kind: Kind, thing: Thing) -> None:
        """Add the steps of one badge, then those of its members; ``prefix`` ends in a point or is empty."""
        begin = len(self.steps.steps)
        place = len(self.parts)
        self.steps.part = prefix + kind
        name = issuer = ""
        made = secured(thing)
        if kind == "ob2":
            assertion = Assertion(thing, self.asking)
            assertion.run(self.steps)
            name, issuer = text_at(assertion.badge, "name"), text_at(assertion.issuer, "name")
        elif kind == "presentation":
            made = secured(thing, "authentication")
            run_presentation(self.steps, made, self.asking)
        else:
            run_credential(self.steps, kind, made, self.asking)
            name = text_at(made.document, "credentialSubject", "achievement", "name")
            name = name or text_at(made.document, "name")
            issuer = text_at(made.document, "issuer", "name")
        verdict = verdict_of(self.steps.steps[begin:])
        part = Part(prefix + kind, kind, verdict, printable(name, 200), printable(issuer, 200))
        self.parts.insert(place, part)
        for number, value in enumerate(members_of(kind, made.document)[:MAX_MEMBERS], 1):
            if len(self.parts) <= MAX_PARTS:
                self._member(f"{prefix}{number}.", kind, value)

    def _member(self, prefix: str, outer: Kind, value: Any) -> None:
        """Whatever cannot be read here, or not in there, has kept the step of its container from passing."""
        try:
            thing = member(value)
            kind = kind_of(thing)
        except (Failure, Undecided):
            return
        if kind in INSIDE[outer]:
            self.verify(prefix, kind, thing)


def verify(data: bytes, fetch: Fetch, *, now: datetime, recipient: str | None) -> Result:
    """Verify a picture, a document, a token, or what is at an address; ``now`` has a zone."""
    return verified(data, Asking(fetch, now, recipient))


def verified(data: bytes, asking: Asking) -> Result:
    """The same with what was asked before: `Asking` remembers."""
    whole = _Whole(asking)
    found: dict[Kind, Thing] = {}
    whole.steps.run("read", "It can be read", lambda: _read(data, whole.asking, found), who="holder")
    [read] = whole.steps.steps
    if read.outcome != "pass":
        return _unread(read)
    for kind, thing in sorted(found.items()):
        whole.verify("", kind, thing)
    parts = whole.parts
    verdict = any_of([_with_members(parts, top) for top in found])
    said = _speaker(parts, verdict)
    return Result(
        kind="+".join(sorted(found)),
        verdict=verdict,
        name=said.name,
        issuer=said.issuer,
        parts=tuple(parts),
        steps=tuple(whole.steps.steps),
    )


def unreachable(reason: Failure | Undecided) -> Result:
    """The result for an address at which nothing can be read."""
    steps = Steps()
    steps.run("read", "It can be read", _raising(reason), who="holder")
    return _unread(steps.steps[0])


def _unread(step: Step) -> Result:
    return Result("unknown", verdict_of([step]), "", "", (), (step,))


def _with_members(parts: list[Part], top: Kind) -> Any:
    """The verdict of one badge of a picture, together with its members."""
    inner = [p.verdict for p in parts if p.id == top or (top in ("presentation", "clr") and "." in p.id)]
    return all_of(inner)


def _speaker(parts: list[Part], verdict: Verdict) -> Part:
    """The part whose name and issuer stand beside the verdict.

    Both are of one part, and of a valid one if the whole is valid: whatever else is in a picture could claim
    to be of anybody.
    """
    heard = [part for part in parts if verdict != "valid" or part.verdict == "valid"]
    named = [part for part in heard if part.name] or [part for part in heard if part.issuer] or heard
    return named[0]


def _read(data: bytes, asking: Asking, found: dict[Kind, Thing]) -> str:
    """Put every badge in the data under its kind."""
    texts, detail = read_texts(data)
    baked = detail != "text"
    if not baked and (url := address_in(data)):
        there = asking.data(url)
        badge = badge_of(there, url) if is_page(there) else ""
        texts, detail = read_texts(asking.data(badge) if badge else there)
        baked = detail != "text"
        detail = f"{detail}, which the page names as its badge: {badge}" if badge else detail
        if any(map(address_in, texts)):
            raise Failure(f"At {url} there is another address; ask for the badge itself.")
    for text in texts:
        url = address_in(text)  # which an SVG may have instead of a document
        thing = opened(asking.thing(url) if url else read_thing(text))
        if not baked and not isinstance(thing, Token):
            check_document(thing)
        kind = kind_of(thing)
        if kind in found:
            raise Failure("Both badges in the picture are of one version.", "holder")
        found[kind] = thing
    return detail


def _raising(reason: Exception) -> Callable[[], str]:
    def check() -> str:
        raise reason

    return check
