"""What each kind of page gets, as ``page`` in its template; made of the pieces in `viewmodels`."""

from __future__ import annotations

from dataclasses import field

from badge_passport.pages.discoverymodels import Filter, Holders, Matrix
from badge_passport.pages.viewmodels import (
    NONE,
    SILENT,
    AlignmentView,
    BlockView,
    Card,
    CollectionView,
    Day,
    Download,
    EmbedFace,
    EndorsementView,
    EvidenceView,
    Html,
    LevelCards,
    Link,
    MilestoneRule,
    MilestoneView,
    OtherView,
    Period,
    Profile,
    ProgressView,
    Prose,
    Published,
    State,
    Term,
    Wallets,
    Words,
    view,
)


@view
class BadgeGroup:
    """The badges of an issuer."""

    issuer: Link
    cards: list[Card]


@view
class BadgesPage:
    """``badges.html``: the catalogue, and how it can be narrowed."""

    groups: list[BadgeGroup]
    filters: list[Filter]


@view
class BadgePage:
    """``badge.html``: a badge. ``earned`` counts awards in force; ``versions`` lead to their documents.

    ``ended`` is the last day on which it was awarded, in words, or empty.
    """

    card: Card
    issuer: Link
    description: Prose
    criteria: Prose
    earned: int
    ended: str
    milestone: MilestoneRule | None
    requires: list[str]
    valid_for: Period | None
    alignments: list[AlignmentView]
    earners: list[Link]
    endorsements: list[EndorsementView]
    version: str
    versions: list[Link]
    image_svg: str
    tags: list[str]
    share: Html


@view
class IssuerItem:
    """An issuer in a list."""

    link: Link
    description: Prose
    image: str
    caption: Words
    tint: Html
    badges: int


@view
class MapPlace:
    """A dot on the map by its ``number``: the places there, and who is there."""

    number: str
    places: list[Words]
    issuers: list[Link]


@view
class IssuersMap:
    """A map and the list of what is on it."""

    picture: Html
    places: list[MapPlace]


@view
class IssuersPage:
    """``issuers.html``: all promoters; ``map`` if at least two of them say where they are."""

    issuers: list[IssuerItem]
    map: IssuersMap | None


@view
class IssuerPage:
    """``issuer.html``: a promoter and its badges."""

    issuer: IssuerItem
    url: str
    cards: list[Card]
    endorsements: list[EndorsementView]
    revocations: str
    did_document: str
    statistics: str


@view
class CompetenceItem:
    """A competence in a list, with the number of badges that develop it."""

    link: Link
    badges: int
    micros: list[Link] = field(default_factory=list)


@view
class FrameworkItem:
    """A framework in a list."""

    link: Link
    competences: list[CompetenceItem]


@view
class CompetencesPage:
    """``competences.html``: all frameworks."""

    frameworks: list[FrameworkItem]


@view
class FrameworkPage:
    """``framework.html``: competences, levels and types of a framework; ``up`` leads to all frameworks."""

    up: str
    name: Words
    description: Prose
    competences: list[CompetenceItem]
    matrix: Matrix
    levels: list[Term]
    types: list[Term]


@view
class MicroCompetence:
    """A micro-competence and the badges that develop it."""

    term: Term
    badges: list[LevelCards]


@view
class CompetencePage:
    """``competence.html``: a competence and the badges that develop it at each level."""

    framework: Link
    name: Words
    description: Prose
    levels: list[LevelCards]
    micros: list[MicroCompetence]
    holders: Holders


@view
class PassportPage:
    """``passport.html``: a participant's passport.

    ``photo`` is a path, empty for the drawn ``avatar``. ``holding`` are the awards in force, newest first,
    ``lapsed`` the others; ``narrowed`` asks for a form that filters them. ``said`` is what the person
    chose, ``published`` every file about them. A ``private`` passport is rendered like the others, and then
    encrypted; its ``archive`` is so too. ``picked`` offers to choose badges for a link that shows them alone;
    ``compare`` leads to the comparison with somebody, for who is listed.
    """

    slug: str
    name: Words
    photo: str
    avatar: Html
    bio: Prose
    languages: list[str]
    links: list[Link]
    since: Day | None
    issuers: int
    holding: list[Card]
    filters: list[Filter]
    narrowed: bool
    lapsed: list[Card]
    collections: list[CollectionView]
    milestones: list[MilestoneView]
    under_way: list[ProgressView]
    profile: list[Profile]
    others: list[OtherView]
    blocks: list[BlockView]
    pages: list[Link]
    archive: str
    presentation: str
    records: list[Link]
    said: list[tuple[str, str]]
    published: list[Published]
    share: Html
    private: bool
    picked: bool
    compare: str


@view
class PrivatePage:
    """``private.html``: a passport that only who has the key can read.

    ``sealed`` is base64 of nonce, ciphertext and tag, ``place`` the associated data. Inside is, compressed
    (zlib), JSON with ``title`` and ``html``.
    """

    place: str
    sealed: str


@view
class OfflinePage:
    """``offline.html``: what a device shows of pages it did not keep while there is no network."""

    home: str


@view
class PortfolioPageView:
    """``portfolio.html``: a page that a participant wrote."""

    person: Link
    title: Words
    blocks: list[BlockView]
    pages: list[Link]


@view
class MovedPage:
    """``moved.html``: the address of a passport that was renamed or merged into another."""

    target: Link


@view
class Revoked:
    """Since when, and why, an award no longer holds."""

    on: Day
    reason: Words


@view
class ClaimPanel:
    """What ``claim.html`` needs; ``issues`` and ``guide`` are empty for a site without."""

    linkedin: str
    guide: str
    contact: str
    issues: str
    forge: str
    languages: list[tuple[str, str]]
    form: str


@view
class ClaimForm:
    """What ``claim_form.html`` needs; it is the same for all awards of an issuer."""

    panel: ClaimPanel
    issuer: Words


@view
class AwardPage:
    """``award.html``: this person earned this badge.

    ``state`` is pending, accepted, hidden, declined or revoked; ``credential`` and ``token`` are empty
    where the issuer does not sign; ``share`` and ``wallets`` are for what holds; ``because_of`` counts the
    awards a milestone follows from, ``because`` has those that may be shown.
    """

    number: str
    path: str
    card: Card
    badge: str
    issuer: Link
    holder: Link | None
    state: State
    in_force: bool
    issued_on: Day
    expires: Day | None
    revoked: Revoked | None
    criteria: Prose
    verify: str
    assertion: str
    credential: str = ""
    token: str = ""
    qr: Html = NONE
    baked: list[Download] = field(default_factory=list)
    bake: str = ""
    narrative: Prose = SILENT
    evidence: list[EvidenceView] = field(default_factory=list)
    results: list[tuple[Words, str]] = field(default_factory=list)
    alignments: list[AlignmentView] = field(default_factory=list)
    because: list[Card] = field(default_factory=list)
    because_of: int = 0
    endorsements: list[EndorsementView] = field(default_factory=list)
    claim: ClaimPanel | None = None
    share: Html = NONE
    wallets: Wallets | None = None


@view
class EmbedPage:
    """``embed.html``: what other sites show in a frame, in every language, the site's first one first."""

    faces: list[EmbedFace]


@view
class VerifyPage:
    """``verify.html``: the page that verifies any badge; ``data`` is JSON for its script."""

    data: Html
    base: str
