"""The records that people write, in Open Badges terms: one class for each kind of file.

Field names in Python are snake_case; the YAML keys are their camelCase aliases (`issuedOn`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from badge_passport.model.people import AwardReference as AwardReference
from badge_passport.model.people import Collection as Collection
from badge_passport.model.people import Consent as Consent
from badge_passport.model.people import FormerPassport as FormerPassport
from badge_passport.model.people import Identity as Identity
from badge_passport.model.people import Link as Link
from badge_passport.model.people import OtherBadge as OtherBadge
from badge_passport.model.people import ParticipantRecord as ParticipantRecord
from badge_passport.model.people import Response as Response
from badge_passport.model.people import Verified as Verified
from badge_passport.model.site import SiteRecord as SiteRecord
from badge_passport.model.texts import (
    NOTHING,
    Count,
    LanguageTag,
    Record,
    Short,
    Text,
    Title,
    clean,
    distinct,
    not_bool,
)
from badge_passport.model.values import (
    AwardId,
    Color,
    Date,
    FileName,
    Handle,
    Latitude,
    Longitude,
    PublicKeyMultibase,
    Reference,
    Slug,
    Url,
    Validity,
)


def _as_text(value: Any) -> Any:
    """A version or a result may be a whole number; of others the reader has lost how they were written."""
    return str(value) if type(value) is int else value


Label = Annotated[Short, BeforeValidator(_as_text)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254), AfterValidator(clean)]


class PublicKey(Record):
    """A key that signs, or signed: once it is here it stays, so that what it signed can be checked."""

    public_key_multibase: PublicKeyMultibase
    created: Date
    retired: Date | None = Field(
        default=None, description="Signs no more since this day; what it signed holds."
    )
    compromised: Date | None = Field(
        default=None, description="Known to others since this day: nothing it signed is to be trusted."
    )

    @property
    def in_use(self) -> bool:
        """Whether it signs today."""
        return self.retired is None and self.compromised is None


class Location(Record):
    """A place on the map of issuers, in degrees (WGS 84), and what it is called."""

    latitude: Latitude
    longitude: Longitude
    place: Title


class IssuerRecord(Record):
    """``badges/<issuer>/issuer.yml``: the profile of a promoter."""

    name: Title
    description: Text
    url: Url
    email: Email = Field(
        description="A public contact address of the organisation; Open Badges 2.0 requires it."
    )
    image: FileName | None = None
    image_caption: Title | None = None
    color: Color | None = Field(default=None, description="Colour of generated badge images.")
    linkedin: Annotated[int, Field(gt=0, lt=10**15), BeforeValidator(not_bool)] | None = Field(
        default=None, description="The number of its page on LinkedIn, which shows its logo then."
    )
    location: Location | None = Field(
        default=None, description="Where it is, for the map of issuers; a town is near enough."
    )
    maintainers: Annotated[list[Handle], distinct()] = Field(
        default=NOTHING,
        description="Who reviews changes of this issuer's folders; see `passport codeowners`.",
    )
    keys: Annotated[list[PublicKey], distinct("public_key_multibase")] = Field(
        default=NOTHING, description="Public keys; `passport keys` writes them."
    )


class Design(Record):
    """How a generated badge image looks, for a badge that brings none."""

    shape: Slug | None = None
    icon: Slug | None = None
    color: Color | None = None


class CompetenceAlignment(Record):
    """A competence of one of the site's own frameworks, and the level this badge stands for."""

    competence: Reference
    level: Short | None = None


class AlignmentRecord(Record):
    """A node of a framework elsewhere (Open Badges Alignment)."""

    target_name: Title
    target_url: Url
    target_description: Text | None = None
    target_framework: Title | None = None
    target_code: Short | None = None


class Milestone(Record):
    """A badge that follows from others: ``count`` of the set ``of``, told apart by ``distinct``."""

    count: Count
    distinct: Literal["badge", "type", "issuer"] = "badge"
    of: list[Reference] = Field(
        default=NOTHING, description="The badges that count; all of them when left out."
    )


class ResultDescription(Record):
    """A result that an award of this badge may carry (Open Badges 3.0 ResultDescription)."""

    id: Slug
    name: Title
    result_type: Literal[
        "GradePointAverage",
        "LetterGrade",
        "Percent",
        "PerformanceLevel",
        "PredictedScore",
        "RawScore",
        "Result",
        "RubricCriterion",
        "RubricCriterionLevel",
        "RubricScore",
        "ScaledScore",
        "Status",
    ]
    value_min: Label | None = None
    value_max: Label | None = None
    required_value: Label | None = None
    allowed_value: list[Label] = NOTHING


class BadgeRecord(Record):
    """``badges/<issuer>/<badge>.yml``: a badge class; ``<badge>.v<version>.yml``: a retired version."""

    name: Title
    description: Text
    criteria: Text = Field(description="What was done to earn it; Markdown.")
    image: FileName | None = Field(
        default=None, description="A PNG or SVG beside this file; drawn if left out."
    )
    image_caption: Title = Field(description="Alternative text of the image.")
    design: Design = Design()
    type: Slug
    activity: Title | None = None
    level: Short | None = None
    tags: list[Short] = NOTHING
    alignment: list[CompetenceAlignment | AlignmentRecord] = NOTHING
    valid_for: Validity | None = None
    requires: list[Literal["evidence", "narrative", "level"]] = NOTHING
    result_description: Annotated[list[ResultDescription], distinct("id")] = NOTHING
    milestone: Milestone | None = None
    created: Date | None = Field(default=None, description="The day since when it can be earned.")
    ended: Date | None = Field(default=None, description="The last day on which it was awarded.")
    version: Label = "1"
    until: Date | None = Field(
        default=None, description="Retired versions: awards before this day belong to it."
    )


class Named(Record):
    """Something with a name and perhaps a description: a type, a level, a micro-competence."""

    name: Title
    description: Text | None = None


class CompetenceRecord(Named):
    """A competence with its micro-competences."""

    micro_competences: dict[Slug, Named] = {}


class FrameworkRecord(Record):
    """``badges/frameworks/<framework>.yml``: competences, levels (lowest first) and badge types."""

    name: Title
    description: Text
    url: Url | None = None
    levels: dict[Short, Named] = {}
    types: dict[Slug, Named] = {}
    competences: dict[Slug, CompetenceRecord]


class Evidence(Record):
    """Something that shows what was done."""

    name: Title | None = None
    description: Text | None = None
    narrative: Text | None = None
    url: Url | None = None
    genre: Short | None = None
    audience: Short | None = None
    added_by: Literal["issuer", "earner"] = "issuer"
    hidden: bool = Field(default=False, description="Kept in the record, published nowhere.")


class ResultRecord(Record):
    """A result an award carries, for one of the badge's result descriptions."""

    result_description: Slug
    value: Label


class Revocation(Record):
    """Why and since when an award no longer holds."""

    on: Date
    reason: Text


class Reinstatement(Record):
    """That an award which had been revoked holds again."""

    revoked_on: Date
    on: Date
    reason: Text | None = None


class StatusPlace(Record):
    """Where an award stands in its issuer's status lists (Bitstring Status List ``statusListIndex``)."""

    list: Count
    index: Annotated[int, Field(ge=0, lt=131_072)]


class AwardRecord(Record):
    """One award; in a cohort file its keys may also stand once, above ``awards``, for all."""

    participant: Slug
    badge: Slug
    issued_on: Date
    expires: Date | None = None
    level: Short | None = None
    language: LanguageTag | None = None
    number: Count | None = Field(default=None, description="Tells repeats apart.")
    identity: Slug | None = Field(default=None, description="The label of the identity it was awarded to.")
    narrative: Text | None = None
    evidence: list[Evidence] = NOTHING
    result: list[ResultRecord] = NOTHING
    revoked: Revocation | None = None
    reinstated: Reinstatement | None = Field(
        default=None, description="That it was revoked once and holds again; `passport reinstate` writes it."
    )
    status: StatusPlace | None = Field(
        default=None,
        description="A place of its own, for an award entered late; `passport check` says which.",
    )


class ErasedAward(Record):
    """What is left of an award whose holder asked for erasure: nothing that says who it was."""

    id: AwardId
    badge: Slug
    issued_on: Date
    on: Date = Field(description="The day it was erased.")
    status: StatusPlace | None = None


class ErasedRecord(Record):
    """``content/awards/<issuer>/erased.yml``: awards without holders, so that verifiers get an answer."""

    erased: Annotated[list[ErasedAward], distinct("id")]


class PageRecord(Record):
    """The front matter of ``content/pages/**/*.md``: what MkDocs and Material may be told about a page."""

    title: Short | None = None
    subtitle: Short | None = None
    description: Short | None = None
    icon: Short | None = None
    status: Short | None = None
    tags: list[Short] = NOTHING
    hide: list[Literal["navigation", "toc", "path", "footer", "tags", "feedback"]] = NOTHING


class EndorsementRecord(Record):
    """``badges/<issuer>/endorsements/<name>.yml``: this issuer speaks for a badge, an issuer or an award."""

    badge: Reference | None = None
    issuer: Slug | None = None
    award: AwardReference | None = None
    issued_on: Date
    comment: Text
