"""The resolved site as values: every reference live, every index built once."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from pydantic import BaseModel

from badge_passport.diagnostics import Keys, Place
from badge_passport.model import records as r
from badge_passport.model.texts import Text
from badge_passport.registry.lazy import Lazy, nothing
from badge_passport.source.pictures import Picture

if TYPE_CHECKING:
    from badge_passport.registry.facts import Facts, Shown

R = TypeVar("R", bound=BaseModel)
EVERYBODY = "everybody"
Acceptance = Literal["pending", "accepted", "declined", "hidden"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record came from; keys in ``shared`` came from ``shared_file`` (defaults, an overlay)."""

    file: str
    base: Keys = ()
    shared: frozenset[str] = frozenset()
    shared_file: str = ""

    def __call__(self, keys: Keys) -> Place:
        if keys and keys[0] in self.shared:
            return Place(self.shared_file or self.file, keys)
        return Place(self.file, (*self.base, *keys))

    def at(self, *keys: str | int) -> Place:
        """The place of the value under ``keys``."""
        return self(keys)

    def under(self, *keys: str | int) -> Origin:
        """The origin of a record within this one."""
        return Origin(self.file, (*self.base, *keys))


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A record with its slug (``issuer/badge`` for a badge) and its origin."""

    slug: str
    record: R
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Issuer:
    """An organisation that issues badges."""

    slug: str
    record: r.IssuerRecord
    origin: Origin
    picture: Picture | None = None

    @property
    def signing_key(self) -> str | None:
        """The public key of today's proofs (Ed25519); None for an issuer that does not sign."""
        return self._current("z6Mk")

    @property
    def token_key(self) -> str | None:
        """The public key of today's tokens (P-256); None for an issuer that makes none."""
        return self._current("zDn")

    def _current(self, kind: str) -> str | None:
        keys = [k for k in self.record.keys if k.in_use and k.public_key_multibase.startswith(kind)]
        return keys[-1].public_key_multibase if keys else None


@dataclass(frozen=True, slots=True, eq=False)
class Framework:
    """A competence framework; its competences are in the registry."""

    slug: str
    record: r.FrameworkRecord
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Competence:
    """A competence, or (with a ``parent``) one of its micro-competences."""

    framework: Framework
    slug: str
    record: r.Named
    parent: Competence | None = None

    @property
    def ref(self) -> str:
        """``framework/competence[/micro-competence]``."""
        return f"{self.parent.ref if self.parent else self.framework.slug}/{self.slug}"


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """What a badge is aligned to: one of our competences at a level, or a node elsewhere."""

    competence: Competence | None = None
    level: str | None = None
    elsewhere: r.AlignmentRecord | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BadgeClass:
    """One version of a badge."""

    issuer: Issuer
    slug: str
    record: r.BadgeRecord
    origin: Origin
    alignments: tuple[Alignment, ...] = ()
    picture: Picture | None = None

    @property
    def ref(self) -> str:
        """``issuer/badge``, the same for all versions."""
        return f"{self.issuer.slug}/{self.slug}"

    @property
    def version(self) -> str:
        """The version label of this edition."""
        return self.record.version


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a portfolio page: ``text`` (Markdown), or one of `portfolio.KINDS` with what it names."""

    kind: str
    value: str
    label: str = ""
    line: int = 1


def initials(name: str) -> str:
    """``Sam Rivers`` as ``S. R.``."""
    return " ".join(f"{word[0].upper()}." for word in name.split())


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """A page a person wrote: ``slug`` is empty for the one on the passport itself."""

    slug: str
    title: str
    file: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Participant:
    """A person, by the slug of their passport; ``key`` is the slug they were first published under."""

    slug: str
    record: r.ParticipantRecord
    origin: Origin
    pages: tuple[PortfolioPage, ...] = ()
    kept: Mapping[str, bytes] = field(default_factory=dict)
    """Files by name: of badges from elsewhere (pictures found harmless), the photo, those of the pages."""

    @property
    def portfolio(self) -> str:
        """The Markdown on the passport itself."""
        return next((page.text for page in self.pages if not page.slug), "")

    @property
    def key(self) -> str:
        """What award ids are computed from: it outlives a rename."""
        return self.record.key or self.slug

    @property
    def language(self) -> str | None:
        """The language this person is written to in, if they chose one."""
        return self.record.language

    @property
    def name(self) -> str | None:
        """The name as they chose to show it, or None: nothing is shown without dated consent."""
        record = self.record
        if record.consent is None or "name" not in record.consent.scope:
            return None
        if record.display == "full":
            return record.name
        if record.display == "pseudonym":
            return record.pseudonym
        return initials(record.name) if record.display == "initials" and record.name else None

    @property
    def listed(self) -> bool:
        """Whether lists may name this person: they are public, and consented to that."""
        record = self.record
        agreed = record.consent is not None and "listing" in record.consent.scope
        return record.visibility == "public" and agreed

    @property
    def sealed(self) -> bool:
        """Whether the passport is private."""
        return self.record.visibility == "private"


@dataclass(frozen=True, slots=True, eq=False)
class Award:
    """This participant earned this badge on this day.

    ``because`` holds the awards that satisfied a milestone's rule; ``record`` is then made up from it.
    ``identity`` is None for an erased award, whose participant is nobody (and has no passport).
    """

    id: str
    participant: Participant
    badge: BadgeClass
    record: r.AwardRecord
    origin: Origin
    identity: r.Identity | None
    expires: datetime.date | None
    acceptance: Acceptance
    revoked: r.Revocation | None
    because: tuple[Award, ...] = ()

    @property
    def issued_on(self) -> datetime.date:
        """The day it was awarded."""
        return self.record.issued_on

    @property
    def level(self) -> str | None:
        """The level of this award, else the badge's own."""
        return self.record.level or self.badge.record.level

    @property
    def language(self) -> str | None:
        """The language that it was awarded in, if its record says so."""
        return self.record.language

    @property
    def evidence(self) -> list[r.Evidence]:
        """What was shown for it."""
        return self.record.evidence

    @property
    def status(self) -> r.StatusPlace | None:
        """A place in the status list that its record asks for."""
        return self.record.status

    @property
    def reinstated(self) -> r.Reinstatement | None:
        """That it was revoked once and holds again."""
        return self.record.reinstated

    @property
    def erased(self) -> bool:
        """Whether nobody holds it any more."""
        return self.identity is None

    @property
    def in_force(self) -> bool:
        """Neither revoked nor declined (it may still have expired: only a reader's clock can tell)."""
        return self.revoked is None and self.acceptance != "declined"


@dataclass(frozen=True, slots=True, eq=False)
class Endorsement:
    """An issuer speaks for a badge, an issuer or an award (exactly one of the three)."""

    slug: str
    endorser: Issuer
    record: r.EndorsementRecord
    badge: BadgeClass | None = None
    issuer: Issuer | None = None
    award: Award | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A written Markdown page; ``path`` is relative to content/pages, without its language and ending."""

    path: str
    language: str
    text: str
    file: str


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """Everything the site says. Mappings are keyed by slug or reference and keep a stable order."""

    site: r.SiteRecord
    issuers: Mapping[str, Issuer] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    competences: Mapping[str, Competence] = field(default_factory=dict)
    badges: Mapping[str, BadgeClass] = field(default_factory=dict)
    versions: Mapping[str, tuple[BadgeClass, ...]] = field(default_factory=dict)
    participants: Mapping[str, Participant] = field(default_factory=dict)
    awards: Mapping[str, Award] = field(default_factory=dict)
    endorsements: tuple[Endorsement, ...] = ()
    pages: tuple[Page, ...] = ()
    page_assets: Mapping[str, bytes] = field(default_factory=dict)
    awards_by_participant: Mapping[str, tuple[Award, ...]] = field(default_factory=dict)
    awards_by_badge: Mapping[str, tuple[Award, ...]] = field(default_factory=dict)
    badges_by_issuer: Mapping[str, tuple[BadgeClass, ...]] = field(default_factory=dict)
    badges_by_competence: Mapping[str, tuple[BadgeClass, ...]] = field(default_factory=dict)
    facts: Lazy[Facts] = field(default_factory=nothing)
    """What the site asks of all awards of a badge, by its reference."""
    shown: Lazy[Shown] = field(default_factory=nothing)
    """What lists ask of all awards of a person."""
    holders: Lazy[Counter[str]] = field(default_factory=nothing)
    """How many people have awards (under ``EVERYBODY``), as `facts.holding` counts them."""

    @property
    def former(self) -> Iterator[tuple[r.FormerPassport, Participant]]:
        """Passports that were renamed or merged, each with whose it is now."""
        return ((old, person) for person in self.participants.values() for old in person.record.former)

    @property
    def default_language(self) -> str:
        """The site's first language."""
        return self.site.languages[0]

    def text(self, text: Text, language: str) -> str:
        """A portable text in ``language`` or the nearest there is."""
        return text.get(language, self.default_language)

    def types(self) -> dict[str, r.Named]:
        """The controlled words for badge types, from all frameworks."""
        return {slug: named for f in self.frameworks.values() for slug, named in f.record.types.items()}

    def levels(self) -> dict[str, r.Named]:
        """The levels of all frameworks, lowest first."""
        return {slug: named for f in self.frameworks.values() for slug, named in f.record.levels.items()}
