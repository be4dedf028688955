"""What pages get that help to find something: filters, changes, statistics, the matrix of a framework.

``page`` in their templates, like the models in `pagemodels`.
"""

from __future__ import annotations

from badge_passport.pages.viewmodels import Html, Link, Words, view


@view
class Choice:
    """A value of a filter, as the address has it and in words."""

    value: str
    name: str


@view
class Filter:
    """A way to narrow a list: ``name`` is that of its ``data-f-…`` attribute and in the address."""

    name: str
    label: str
    choices: list[Choice]


@view
class MatrixCell:
    """How many badges develop a competence at a level, and where they are listed."""

    badges: int
    href: str


@view
class MatrixRow:
    """A competence: a cell for each level, and the awards in force that are evidence of it."""

    competence: Link
    cells: list[MatrixCell]
    awards: int


@view
class Matrix:
    """The competences of a framework by its levels; ``gaps`` are those that no badge develops."""

    levels: list[tuple[str, Words]]
    rows: list[MatrixRow]
    gaps: list[Link]


@view
class Shown:
    """Public evidence of a competence: what it is, where it is, and the award that it belongs to."""

    name: Words
    url: str
    award: Link


@view
class Holders:
    """Who has badges of a competence: awards in force, people who are listed, and what some of them show."""

    awards: int
    people: list[Link]
    more: int
    evidence: list[Shown]


@view
class DirectoryItem:
    """A listed person; ``languages`` are those of the badges."""

    name: str
    href: str
    badges: int
    languages: tuple[str, ...]


@view
class Letter:
    """People whose names begin alike; ``key`` is for the address, ``name`` is empty in a short list."""

    key: str
    name: str
    people: list[DirectoryItem]


@view
class DirectoryPage:
    """``passports.html``: a part of the people who are listed; ``sharded`` if there are very many."""

    total: int
    letters: list[Letter]
    parts: list[Link]
    part: int
    languages: list[Choice]
    sharded: bool


@view
class ComparePage:
    """``compare.html``: two passports side by side, by its script.

    ``data`` is JSON for the script; ``people`` leads to the people who are listed; with very many of them
    (``sharded``) they are found as there.
    """

    data: Html
    people: str
    sharded: bool


@view
class Happened:
    """The same thing on the same day, to awards of one badge, each named after its holder.

    ``kind`` is issued, revoked or reinstated.
    """

    on: str
    kind: str
    badge: Link
    awards: tuple[Link, ...]
    reason: Words


@view
class Uncounted:
    """What happened to awards of people who are not listed: at least ``number``; ``few`` is below five."""

    kind: str
    badge: Link
    number: int
    few: bool


@view
class NewBadge:
    """A badge or a version of it; ``on`` is empty if the day is not known."""

    badge: Link
    version: str
    first: bool
    on: str


@view
class MonthChanges:
    """A month; if it has a page of its own, only its ``events`` are counted here and ``href`` leads there."""

    key: str
    title: str
    events: int
    href: str = ""
    badges: tuple[NewBadge, ...] = ()
    happened: tuple[Happened, ...] = ()
    others: tuple[Uncounted, ...] = ()


@view
class ChangesPage:
    """A page of changes; ``years`` lead to the others."""

    heading: str
    months: tuple[MonthChanges, ...]
    years: tuple[Link, ...]
    year: str
    back: Link | None
    register: str


@view
class Fact:
    """A number with a word for it."""

    name: str
    number: str


@view
class Row:
    """A line of a chart's table."""

    name: str
    numbers: tuple[str, ...]


@view
class Chart:
    """A chart with what it says as a table; ``legend`` names its parts, if it has any."""

    key: str
    title: str
    picture: Html
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    legend: tuple[str, ...] = ()
    note: str = ""


@view
class StatisticsPage:
    """The numbers of the site, or of an issuer."""

    heading: str
    issuer: Link | None
    facts: tuple[Fact, ...]
    charts: tuple[Chart, ...]
    issuers: tuple[Link, ...]
    table: str
