"""What one verification asks for: the network within limits, the time, and whose badge it should be."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import Fetch, FetchError
from badge_passport.credentials.verification.reading import Thing, read_json, read_thing
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import is_web

FETCHES: Final = 200
"""Addresses that one verification asks; a document can name as many as it likes."""
SECONDS: Final = 120.0
"""How long it goes on asking new ones."""


@dataclass
class Asking:
    """``now`` has a zone. What was fetched once is not fetched again."""

    fetch: Fetch
    now: datetime
    recipient: str | None = None
    lists: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    """Status lists that were verified, by address, purpose and issuer."""
    bounded: bool = True
    """Whether somebody else's document may not make it ask for ever."""
    _answers: dict[str, bytes | Failure | Undecided] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)

    def without_person(self) -> Asking:
        """The same network and time, for what is given to nobody."""
        return replace(self, recipient=None)

    def data(self, url: str) -> bytes:
        """The bytes at an address, of which the fragment does not matter."""
        plain = url.partition("#")[0]
        if plain not in self._answers:
            self._answers[plain] = self._ask(plain)
        answer = self._answers[plain]
        if isinstance(answer, bytes):
            return answer
        raise answer

    def _ask(self, url: str) -> bytes | Failure | Undecided:
        if not is_web(url) or not url.isascii():
            return Failure(f"{url} is not a web address (https or http).")
        if self.bounded and (len(self._answers) >= FETCHES or time.monotonic() - self._started > SECONDS):
            return Undecided(
                f"{url} is not asked: there are too many addresses to ask, or it takes too long."
            )
        try:
            return self.fetch(url)
        except FetchError as error:
            return Failure(str(error), "issuer") if error.answered else Undecided(str(error))

    def json(self, url: str) -> Document:
        """The document at an address."""
        try:
            return read_json(self.data(url))
        except Failure as failure:
            raise _of(url, failure) from None

    def thing(self, url: str) -> Thing:
        """The document or the token at an address."""
        try:
            return read_thing(self.data(url))
        except Failure as failure:
            raise _of(url, failure) from None


def _of(url: str, failure: Failure) -> Failure:
    detail = failure.detail if failure.detail.startswith(url) else f"{url}: {failure.detail}"
    return Failure(detail, "issuer")
