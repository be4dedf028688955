"""A report as one page with everything in it: no script, nothing loaded, readable without the chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from badge_passport.desk.publishing.reporting import COUNTS, Country, Report, discreet
from badge_passport.pages.languages import language
from badge_passport.pages.templates import environment
from badge_passport.resources import Theme

WIDTH, _HEIGHT = 760, 140
_WORDS = {
    "accepted": "claimed",
    "pending": "unclaimed",
    "expiring": "ending soon",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float


def page(
    made: Report, site: str, scope: str, theme: Theme, *, exact: bool, lists: Sequence[tuple[str, str]] = ()
) -> bytes:
    """The page. ``lists`` are names of lists of the report, each with its title; ``theme`` has the template.

    Small numbers of people of one country are veiled unless ``exact``.
    """
    speaks = language("en", "en", theme)
    template = environment(theme.folders("desk"), speaks).get_template("report.html")
    totals = {(line.issuer, line.badge): line for line in made.by_badge}
    groups = groupby(made.lines, key=lambda line: (line.issuer, line.badge))
    html = template.render(
        site=site,
        scope=scope,
        report=made,
        counts=COUNTS,
        words={name: _WORDS.get(name, name) for name in COUNTS},
        groups=[(totals[key], list(lines)) for key, lines in groups],
        bars=bars(made.by_month),
        width=WIDTH,
        countries=_countries(made.countries, exact=exact),
        lists=[(name, title, getattr(made, name)) for name, title in lists],
    )
    return html.encode("utf-8")


def _countries(countries: Sequence[Country], *, exact: bool) -> list[tuple[str, str, str]]:
    from badge_passport.desk.people.countries import name_of

    if not any(country.code for country in countries):
        return []
    shown = [(c.code, str(c.people), str(c.awards)) for c in countries] if exact else discreet(countries)
    return [(name_of(code, "en") if code else "not known", people, awards) for code, people, awards in shown]


def bars(months: Sequence[tuple[str, int]]) -> list[Bar]:
    """The chart: a bar for each month, and the name of about every twelfth of the width."""
    if not months:
        return []
    step = WIDTH / len(months)
    most = max(value for _, value in months) or 1
    named = max(1, -(-len(months) // 12))
    return [
        Bar(
            label=month if number % named == 0 else "",
            value=value,
            x=round(number * step, 1),
            y=round(155 - value / most * _HEIGHT, 1),
            width=round(min(step * 0.8, 60), 1),
            height=round(value / most * _HEIGHT, 1),
        )
        for number, (month, value) in enumerate(months)
    ]
