"""What templates get, as values: every text in the reader's language, every link as a path from the root.

The pieces are here, the pages they make up in `pagemodels`. None of it holds HTML but the Markdown that
was made safe (`Html`); `model.contract` writes the JSON Schema of all of it for authors of themes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar, dataclass_transform

from markupsafe import Markup
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

Html = Annotated[
    Markup,
    PlainValidator(Markup),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "contentMediaType": "text/html"}),
]
"""HTML that is safe as it is."""

NONE = Markup("")
State = Literal["", "pending", "accepted", "hidden", "declined", "revoked"]
"""Of an award; empty for a badge. Templates choose by it."""
LONG = 60
"""Characters from which a heading would fill a phone."""


V = TypeVar("V")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def view(of: type[V]) -> type[V]:
    """A class of values for templates, which nobody changes: the type checker sees to it.

    A dataclass that is frozen at run time takes four times as long to be made, and a page has some fifty.
    """
    return dataclass(slots=True, unsafe_hash=True)(of)


@view
class Words:
    """A text with the ``lang`` attribute it needs when it is not in the page's language.

    ``long`` is whether it would fill a phone as a heading.
    """

    text: str
    attributes: Html = NONE
    long: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        if len(self.text) > LONG:
            object.__setattr__(self, "long", True)

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


EMPTY = Words("")


@view
class Prose:
    """Safe HTML of a Markdown text, and its ``lang`` attribute.

    ``only_in`` names its language, in the reader's words; empty if it is that of the page.
    """

    html: Html
    attributes: Html = NONE
    only_in: str = ""

    def __bool__(self) -> bool:
        return bool(self.html)


SILENT = Prose(NONE)


@view
class Day:
    """A day: ISO 8601 for programs, and in words."""

    iso: str
    text: str


@view
class Link:
    """A name to show and where it leads (a path from the root, or a URL elsewhere)."""

    name: Words
    href: str = ""


@view
class Card:
    """A badge in a list; with the facts of an award when it is somebody's.

    ``tint`` is a ``style`` attribute with the colours of the issuer. ``expires`` is a time of RFC 3339,
    ``expires_on`` the day in words; ``state`` is empty for a badge, or ended if it is awarded no more, else
    pending, accepted, hidden, declined or revoked. ``facets`` are what ``assets/filter.js`` compares: name to
    values. ``year`` is there on the first card of a year, in a list by time.
    """

    name: Words
    href: str
    image: str
    caption: Words
    issuer: Words
    type: Words
    type_slug: str
    level: str
    level_name: Words
    activity: Words
    tint: Html = NONE
    issued_on: str = ""
    issued: str = ""
    expires: str = ""
    expires_on: str = ""
    state: Literal[State, "ended"] = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    year: str = ""


@view
class AlignmentView:
    """A competence (or a node elsewhere) and the level a badge stands for."""

    name: Words
    href: str
    framework: Words
    description: Words
    level: str = ""
    level_name: Words = EMPTY


@view
class EvidenceView:
    """A piece of evidence, with who added it."""

    name: Words
    description: Words
    narrative: Prose
    url: str
    by_earner: bool


@view
class EndorsementView:
    """Who endorses, when, and in which words."""

    endorser: Link
    issued_on: str
    comment: Prose
    document: str


@view
class OtherView:
    """A badge from elsewhere; ``copy``, ``image`` and ``verify`` are paths, empty if nothing is kept."""

    name: Words
    issuer: Words
    issuer_url: str
    issued_on: str
    url: str
    copy: str
    image: str
    verify: str = ""
    verified: str = ""


@view
class Term:
    """A word of a framework with what it means: a level, a type, a micro-competence."""

    code: str
    name: Words
    description: Prose


@view
class LevelCards:
    """The badges that develop a competence at one level; ``level`` is empty for no level.

    ``anchor`` is the level as one word, for addresses.
    """

    level: str
    name: Words
    cards: list[Card]
    anchor: str = "any"


@view
class ProfileCell:
    """A level of a competence in a person's profile, with the awards that evidence it."""

    level: str
    awards: list[Link]


@view
class ProfileRow:
    """A competence of a person's profile; ``reached`` counts levels from 1, 0 for one without levels."""

    competence: Link
    cells: list[ProfileCell]
    reached: int = 0


@view
class Profile:
    """A framework, its levels and what a person's awards evidence of it."""

    framework: Link
    levels: list[Term]
    rows: list[ProfileRow]


@view
class Download:
    """A file to keep: its kind (PNG), its path, and the name it is saved under."""

    kind: str
    path: str
    name: str


@view
class MilestoneRule:
    """What a milestone asks for: ``count`` different badges, types or issuers (``distinct``)."""

    count: int
    distinct: str
    badges: list[Card] = field(default_factory=list)


@view
class CollectionView:
    """Badges that a person put together."""

    slug: str
    name: Words
    description: Prose
    cards: list[Card]
    featured: bool


@view
class MilestoneView:
    """A milestone that was reached, and the awards it follows from."""

    card: Card
    reasons: list[Card]


@view
class ProgressView:
    """A milestone on the way: ``have`` of ``count``; ``missing`` are badges that would count next."""

    card: Card
    count: int
    have: list[Card]
    missing: list[Card]


@view
class BlockView:
    """A part of a portfolio page.

    ``kind`` is text (``html``), badges (``cards``, with ``title``), picture, file or video (``link``).
    ``attributes`` are those of a text in another language than the page, and ``only_in`` is its name.
    """

    kind: str
    html: Html = NONE
    title: Words = EMPTY
    cards: list[Card] = field(default_factory=list)
    link: str = ""
    attributes: Html = NONE
    only_in: str = ""


@view
class Published:
    """Something published about a person: what it is, and where."""

    what: str
    path: str


@view
class Period:
    """How long an award is valid."""

    years: int
    months: int
    days: int


@view
class Target:
    """Somewhere a link can be sent: its name, and the address that does it."""

    name: str
    href: str


@view
class Codes:
    """Texts to paste elsewhere; ``frame`` is empty for a site without embeds."""

    frame: str
    html: str
    markdown: str
    signature: str


@view
class Share:
    """The panel of one page. ``linkedin`` is empty for what is no award, ``qr`` for too long an address.

    ``mail`` opens a message without an address, ``toot`` is what Mastodon's form is filled with, and
    ``unlisted`` says that nobody finds the page without its address.
    """

    address: str
    title: str
    linkedin: str
    targets: list[Target]
    mail: str
    toot: str
    codes: Codes
    qr: Html
    file: str
    unlisted: bool


@view
class Wallets:
    """Where a signed award can go: a verifier that takes its address, and the address for a wallet."""

    verifier: str
    credential: str
    qr: Html


@view
class EmbedItem:
    """A badge in a passport's frame; links and images are paths from the root."""

    name: str
    href: str
    image: str


@view
class EmbedFace:
    """A frame in one language: what is shown, and where it leads.

    ``lines`` are short texts under the title; ``state`` says that an award was withdrawn, ``caption``
    describes ``image``, which is empty for a passport; ``more`` counts the badges that are not shown.
    """

    tag: str
    dir: str
    href: str
    site: str
    title: str
    above: str
    lines: list[str] = field(default_factory=list)
    state: str = ""
    image: str = ""
    caption: str = ""
    items: list[EmbedItem] = field(default_factory=list)
    more: int = 0
