"""Participants: who they are, what they chose to show, and what they said to their awards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from badge_passport.model.texts import NOTHING, Count, LanguageTag, Record, Short, Text, Title, distinct
from badge_passport.model.values import (
    Date,
    HashedIdentity,
    KeptDocument,
    KeptPhoto,
    KeptPicture,
    Reference,
    Slug,
    Url,
)


class Identity(Record):
    """One address of a participant, known only as a salted hash (Open Badges IdentityObject)."""

    identity: HashedIdentity
    salt: Annotated[str, Field(min_length=16, max_length=200, pattern=r"^[\x21-\x7e]+$")]
    type: Literal["email", "url", "telephone", "id"] = "email"
    label: Slug | None = Field(default=None, description="To name this identity in an award: home, school.")


class Consent(Record):
    """What a participant agreed to, and when."""

    on: Date
    scope: list[Literal["name", "listing", "awards", "photo"]] = Field(
        description="name: show it; listing: be found in lists and search; awards: accept every award; "
        "photo: show the picture."
    )


class AwardReference(Record):
    """Points at an award by what people know of it."""

    badge: Reference
    participant: Slug | None = None
    issued_on: Date | None = None
    number: Count | None = None


class Response(AwardReference):
    """A participant's answer to one award."""

    answer: Literal["accepted", "declined", "hidden"]
    on: Date


class Link(Record):
    """A link that a participant shows."""

    name: Title
    url: Url


class Verified(Record):
    """That a badge from elsewhere was verified when it was imported."""

    on: Date
    how: Literal["ob2", "ob3"] = Field(description="The version of Open Badges.")
    by: Short = Field(description="The key that signed it, or the address that answered for it.")


class OtherBadge(Record):
    """A badge from another system, listed on the passport as somebody else's."""

    name: Title
    issuer_name: Title
    issued_on: Date
    url: Url | None = Field(default=None, description="Where it can be seen; needed without a file.")
    issuer_url: Url | None = None
    file: KeptDocument | None = Field(
        default=None, description="The badge itself, in the folder of the person; `passport import` keeps it."
    )
    image: KeptPicture | None = Field(default=None, description="Its picture, beside the file.")
    verified: Verified | None = Field(default=None, description="Left out for one that nobody verified.")


class FormerPassport(Record):
    """A passport this person had before: awards written under its slug, and its address, stay as they are."""

    slug: Slug
    key: Slug | None = Field(default=None, description="Its first published slug, if it had been renamed.")
    identities: list[Identity] = Field(
        default=NOTHING, description="What its awards were given to; left out after a mere renaming."
    )


class Collection(Record):
    """Badges that a person puts together: a showcase, or the badges of a course."""

    slug: Slug
    name: Title
    description: Text | None = None
    badges: Annotated[list[Reference], distinct()] = Field(min_length=1, max_length=100)
    featured: bool = Field(default=False, description="Shown at the top of the passport.")


class ParticipantRecord(Record):
    """``content/participants/<slug>.yml``: a person, and what they chose to show."""

    name: Short | None = None
    display: Literal["full", "initials", "pseudonym", "none"] = "none"
    pseudonym: Short | None = None
    visibility: Literal["public", "unlisted", "private"] = "unlisted"
    language: LanguageTag | None = None
    key: Slug | None = Field(
        default=None, description="The first published slug, kept when the file is renamed."
    )
    identities: Annotated[list[Identity], distinct("label")] = Field(min_length=1)
    consent: Consent | None = None
    responses: list[Response] = NOTHING
    bio: Text | None = None
    photo: KeptPhoto | None = Field(
        default=None, description="A PNG or JPEG in the folder of the person; needs consent to “photo”."
    )
    languages: Annotated[list[LanguageTag], distinct()] = Field(
        default=NOTHING, description="Languages that the person speaks."
    )
    links: list[Link] = NOTHING
    collections: Annotated[list[Collection], distinct("slug")] = NOTHING
    other_badges: Annotated[list[OtherBadge], distinct("file"), distinct("image")] = NOTHING
    former: Annotated[list[FormerPassport], distinct("slug")] = Field(
        default=NOTHING, description="Passports that were renamed, or merged into this one."
    )
