"""The numbers of the site and of each issuer: charts, tables, and a file to compute with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from badge_passport.pages import charts
from badge_passport.pages.discoverymodels import Chart, Fact, Row, StatisticsPage
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.viewmodels import Link, Words
from badge_passport.registry import Registry
from badge_passport.registry.counting import STATES, Number, Tally, tallies
from badge_passport.registry.entities import Issuer
from badge_passport.source.cells import table
from badge_passport.urls import Urls

MONTHS = 36
"""A longer time is drawn by years."""
TOP = 15
"""Bars of a chart; its table has all."""


def pages(renderer: Renderer, of: str) -> Iterator[Output]:
    """The page of the site (``.``), or that of an issuer."""
    registry, urls, views = renderer.registry, renderer.urls, renderer.views
    counted = tallies(registry)
    if of in registry.issuers:
        yield _page(renderer, counted.issuers[of], registry.issuers[of], ())
        return
    owners = [(slug, issuer) for slug, issuer in registry.issuers.items()]
    issuers = tuple(Link(views.words(i.record.name), views.page(urls.statistics(slug))) for slug, i in owners)
    yield _page(renderer, counted.site, None, issuers)


def files(registry: Registry, urls: Urls, of: str) -> Iterator[tuple[str, bytes]]:
    """The same numbers as CSV, of the site (``.``) or of an issuer."""
    counted = tallies(registry)
    if of in registry.issuers:
        yield urls.statistics_table(of), as_table(registry, counted.issuers[of])
    else:
        yield urls.statistics_table(), as_table(registry, counted.site)


def as_table(registry: Registry, tally: Tally) -> bytes:
    """``atLeast`` is the number; ``more`` is “yes” if it may be up to four more."""
    text, default = registry.text, registry.default_language
    rows: list[tuple[str, ...]] = [("total", "awards", "", str(tally.awards), "")]
    rows.append(_line("total", "people", "", tally.people))
    for ref, number in tally.badges.items():
        rows.append(("badge", ref, text(registry.badges[ref].record.name, default), str(number), ""))
    for what, numbers in (
        ("month", tally.months),
        ("level", tally.levels),
        ("language", tally.languages),
        ("state", tally.states),
    ):
        rows += [_line(what, key, "", number) for key, number in numbers.items()]
    for what, counts in _coarse(registry, tally).items():
        rows += [(what, key, "", str(number), "") for key, number in counts.items()]
    return table(("what", "key", "name", "atLeast", "more"), rows)


def _line(what: str, key: str, name: str, number: Number) -> tuple[str, ...]:
    return what, key, name, str(number.least), "yes" if number.more else ""


def _coarse(registry: Registry, tally: Tally) -> dict[str, dict[str, int]]:
    """Numbers that are sums over badges: they say no more than the badges' own."""
    types: Counter[str] = Counter()
    competences: Counter[str] = Counter()
    issuers: Counter[str] = Counter()
    for ref, number in tally.badges.items():
        badge = registry.badges[ref]
        types[badge.record.type] += number
        issuers[badge.issuer.slug] += number
        tops = {(a.competence.parent or a.competence).ref for a in badge.alignments if a.competence}
        competences.update(dict.fromkeys(tops, number))
    known = [t for t in [*registry.types(), *sorted(types)] if types[t]]
    return {
        "type": {t: types[t] for t in dict.fromkeys(known)},
        "competence": {ref: competences[ref] for ref in registry.competences if competences[ref]},
        "issuer": {slug: issuers[slug] for slug in registry.issuers if issuers[slug]},
    }


def _page(renderer: Renderer, tally: Tally, issuer: Issuer | None, issuers: tuple[Link, ...]) -> Output:
    _ = renderer.language.gettext
    slug = issuer.slug if issuer else None
    name = renderer.views.words(issuer.record.name) if issuer else Words("")
    heading = _("Statistics")
    meta = Meta(
        renderer.urls.statistics(slug),
        f"{heading} · {name.text}" if issuer else heading,
        _("How many badges were given, when, and what became of them."),
        styles=("assets/discovery.css",),
    )
    made = StatisticsPage(
        heading,
        Link(name, renderer.views.page(renderer.urls.issuer(issuer.slug))) if issuer else None,
        facts(renderer, tally),
        tuple(Drawing(renderer, tally).drawn(with_issuers=issuer is None)),
        issuers,
        renderer.urls.statistics_table(slug),
    )
    return renderer.page("statistics.html", meta, made)


def facts(renderer: Renderer, tally: Tally) -> tuple[Fact, ...]:
    """The numbers at the head of the page."""
    _ = renderer.language.gettext
    number = renderer.language.number
    given = sum(1 for n in tally.badges.values() if n)
    return (
        Fact(_("Badges given"), number(tally.awards)),
        Fact(_("People"), said(renderer, tally.people)),
        Fact(_("Different badges"), number(len(tally.badges))),
        Fact(_("Of these given at least once"), number(given)),
    )


def said(renderer: Renderer, number: Number) -> str:
    """A number in words that keep its secret."""
    _ = renderer.language.gettext
    if not number.more:
        return renderer.language.number(number.least)
    if not number.least:
        return _("fewer than 5")
    return _("%(number)s or more") % {"number": renderer.language.number(number.least)}


class Drawing:
    """The charts of a tally in the reader's language."""

    def __init__(self, renderer: Renderer, tally: Tally) -> None:
        self.renderer, self.tally = renderer, tally
        self.rtl = renderer.language.dir == "rtl"

    def drawn(self, *, with_issuers: bool) -> Iterator[Chart]:
        """Those that have anything to show."""
        _ = self.renderer.language.gettext
        views, registry = self.renderer.views, self.renderer.registry
        coarse = _coarse(registry, self.tally)
        yield from self.time()
        yield from self.answers()
        names: dict[str, Callable[[str], str]] = {
            "issuer": lambda slug: views.words(registry.issuers[slug].record.name).text,
            "badge": lambda ref: views.words(registry.badges[ref].record.name).text,
            "type": lambda slug: views.type_name(slug).text,
            "level": self.level,
            "competence": lambda ref: views.words(registry.competences[ref].record.name).text,
            "language": self.language,
            "activity": lambda text: text,
        }
        activities: Counter[str] = Counter()
        for ref, number in self.tally.badges.items():
            activities[views.words(registry.badges[ref].record.activity).text] += number
        del activities[""]
        for key, title, numbers in (
            ("issuer", _("By issuer"), _exact(coarse["issuer"]) if with_issuers else {}),
            ("badge", _("By badge"), _exact(self.tally.badges)),
            ("type", _("By type"), _exact(coarse["type"])),
            ("activity", _("By activity"), _exact(activities)),
            ("competence", _("By competence"), _exact(coarse["competence"])),
            ("level", _("By level"), self.tally.levels),
            ("language", _("By language"), self.tally.languages),
        ):
            ordered = dict(numbers) if key == "level" else _largest(numbers)
            yield from self.bars(key, title, [(names[key](k), n) for k, n in ordered.items()])

    def level(self, level: str) -> str:
        """A level with its name."""
        name = self.renderer.views.level_name(level).text
        if not level:
            return self.renderer.language.gettext("No level")
        return level if name == level else f"{level} · {name}"

    def language(self, tag: str) -> str:
        """A language as the reader calls it."""
        return self.renderer.language.name_in(tag)

    def bars(self, key: str, title: str, numbers: Sequence[tuple[str, Number]]) -> Iterator[Chart]:
        """A chart of one number for each name."""
        _ = self.renderer.language.gettext
        items = [charts.Bar(name, n.least, said(self.renderer, n)) for name, n in numbers]
        if not any(n.least or n.more for _name, n in numbers):
            return
        picture = charts.bars(title, self.described(items), items[:TOP], key=key, rtl=self.rtl)
        left_out = len(items) - TOP
        note = ""
        if left_out > 0:
            note = self.renderer.language.ngettext(
                "One more is in the table.", "%(num)d more are in the table.", left_out
            ) % {"num": left_out}
        rows = tuple(Row(item.label, (item.shown,)) for item in items)
        yield Chart(key, title, picture, (title, _("Badges given")), rows, note=note)

    def time(self) -> Iterator[Chart]:
        """Awards along time."""
        _ = self.renderer.language.gettext
        months = self.tally.months
        if not months:
            return
        by_month = len(months) <= MONTHS
        title = _("By month") if by_month else _("By year")
        numbers: Mapping[str, Number] = months if by_month else self.tally.years

        def name(key: str) -> str:
            return self.renderer.language.month(int(key[:4]), int(key[5:])) if by_month else key

        items = [charts.Bar(name(key), n.least, said(self.renderer, n)) for key, n in numbers.items()]
        picture = charts.columns(title, self.described(items), items, key="time", rtl=self.rtl)
        rows = tuple(Row(item.label, (item.shown,)) for item in items)
        yield Chart("time", title, picture, (title, _("Badges given")), rows)

    def answers(self) -> Iterator[Chart]:
        """What became of the awards of each year."""
        _ = self.renderer.language.gettext
        words = {
            "accepted": _("Accepted"),
            "pending": _("Not answered"),
            "declined": _("Declined"),
            "revoked": _("Revoked"),
        }
        if not self.tally.answers:
            return
        items = [
            charts.Stack(
                year,
                tuple(by[name].least for name in STATES),
                said(self.renderer, self.tally.years[year]),
            )
            for year, by in self.tally.answers.items()
        ]
        title = _("What became of them")
        rows = tuple(
            Row(year, tuple(said(self.renderer, by[name]) for name in STATES))
            for year, by in self.tally.answers.items()
        )
        picture = charts.stacked(title, self.described(items), items, key="answers", rtl=self.rtl)
        legend = tuple(words[name] for name in STATES)
        yield Chart("answers", title, picture, (_("Year"), *legend), rows, legend)

    def described(self, items: Sequence[charts.Bar | charts.Stack]) -> str:
        """A chart in one sentence."""
        if not items:
            return ""
        top = max(items, key=lambda i: i.value if isinstance(i, charts.Bar) else sum(i.parts))
        text = self.renderer.language.gettext("Most: %(name)s, %(number)s. The table has all numbers.")
        return text % {"name": top.label, "number": top.shown}


def _exact(numbers: Mapping[str, int]) -> dict[str, Number]:
    return {key: Number(number) for key, number in numbers.items()}


def _largest(numbers: Mapping[str, Number]) -> dict[str, Number]:
    return dict(sorted(numbers.items(), key=lambda item: (-item[1].least, not item[1].more)))
