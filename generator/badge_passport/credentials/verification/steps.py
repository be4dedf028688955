"""What a verification is made of: numbered steps; one that does not pass silences those that need it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final, Literal

from badge_passport.credentials.baking import BakingError
from badge_passport.credentials.did import DidError
from badge_passport.credentials.multibase import MultibaseError
from badge_passport.credentials.status import StatusListError

Outcome = Literal["pass", "fail", "not-checked", "no-badge"]
Verdict = Literal["valid", "not-valid", "undecided", "no-badge"]
Who = Literal["holder", "issuer", "verifier", ""]
"""Who can do something about it: whoever shows the badge, whoever issued it, or whoever asks."""

_JOINERS: Final = "\u200c\u200d"  # parts of words in some scripts
_PLAIN_ERRORS: Final = (BakingError, DidError, MultibaseError, StatusListError)


@dataclass(frozen=True, slots=True)
class Step:
    """``needed``: the verdict hangs on it, also when it was not checked."""

    number: int
    id: str
    title: str
    outcome: Outcome
    needed: bool
    detail: str
    who: Who


@dataclass(frozen=True, slots=True)
class Part:
    """One badge of what was read; ``name`` and ``issuer`` as it says itself."""

    id: str
    kind: str
    verdict: Verdict
    name: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Result:
    kind: str
    verdict: Verdict
    name: str
    issuer: str
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]

    @property
    def valid(self) -> bool:
        return self.verdict == "valid"


class Failure(Exception):
    """Why a step fails, in one plain sentence, and who can do something about it."""

    def __init__(self, detail: str, who: Who | None = None) -> None:
        super().__init__(detail)
        self.detail, self.who = detail, who


class NoBadge(Failure):
    """What was given is no badge at all. Wherever a badge must be, this is a failure like any other."""


class Undecided(Exception):
    """Why it cannot be found out: nothing answers, or it is of a kind that is not known here."""


class NothingToCheck(Exception):
    """Why a step has nothing to look at; the verdict does not hang on it."""


@dataclass
class Steps:
    """Collects the steps; ``part`` is put before their ids."""

    steps: list[Step] = field(default_factory=list)
    part: str = ""

    def run(
        self,
        name: str,
        title: str,
        check: Callable[[], str],
        *,
        needs: Collection[str] = (),
        who: Who = "issuer",
    ) -> bool:
        """Do one step, unless one that it needs did not pass. Nothing that ``check`` raises goes further."""
        outcome: Outcome = "not-checked"
        needed, at_fault = True, ""
        wanted = {self._id(need) for need in needs}
        missing = next((s for s in self.steps if s.id in wanted and s.outcome != "pass"), None)
        if missing is not None:
            detail = f"Step {missing.number} must pass first."
        else:
            outcome, needed, detail, at_fault = _attempt(check, who)
        self.steps.append(
            Step(
                number=len(self.steps) + 1,
                id=self._id(name),
                title=title,
                outcome=outcome,
                needed=needed,
                detail=printable(detail),
                who=at_fault,  # type: ignore[arg-type]
            )
        )
        return outcome == "pass"

    def _id(self, name: str) -> str:
        return f"{self.part}.{name}" if self.part else name


def _attempt(check: Callable[[], str], who: Who) -> tuple[Outcome, bool, str, Who]:
    try:
        return "pass", True, check(), ""
    except NothingToCheck as reason:
        return "not-checked", False, str(reason), ""
    except Undecided as reason:
        return "not-checked", True, str(reason), "verifier"
    except NoBadge as reason:
        return "no-badge", True, reason.detail, ""
    except Failure as failure:
        return "fail", True, failure.detail, failure.who or who
    except _PLAIN_ERRORS as error:
        return "fail", True, str(error), who
    except Exception as error:  # noqa: BLE001 (whatever cannot be read is not valid)
        detail = f"This cannot be read: it has an unexpected form ({type(error).__name__})."
        return "fail", True, detail, who


def verdict_of(steps: Collection[Step]) -> Verdict:
    """Of one part: a failed step decides, then a needed one that was not checked."""
    outcomes = {step.outcome for step in steps}
    if "fail" in outcomes:
        return "not-valid"
    if "no-badge" in outcomes:
        return "no-badge"
    if not steps or any(step.outcome == "not-checked" and step.needed for step in steps):
        return "undecided"
    return "valid"


def all_of(verdicts: Collection[Verdict]) -> Verdict:
    """Of a presentation or a learner record: every part must be valid."""
    if "not-valid" in verdicts:
        return "not-valid"
    return "undecided" if not verdicts or "undecided" in verdicts else "valid"


def any_of(verdicts: Collection[Verdict]) -> Verdict:
    """Of a picture with several versions: a host that is gone does not unmake a signature."""
    if "not-valid" in verdicts:
        return "not-valid"
    return "valid" if "valid" in verdicts else "undecided"


def printable(text: str, length: int = 400) -> str:
    """A text of a stranger that is safe to show on a terminal."""
    shown = "".join(c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "�" for c in text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"
