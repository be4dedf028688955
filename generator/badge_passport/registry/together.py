"""All awards of a site: those that were resolved, and the rest, made when it is asked for."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from badge_passport.registry.entities import EVERYBODY, Award, Participant
from badge_passport.registry.facts import Facts, Shown, facts_of, holding, shown_of
from badge_passport.registry.lazy import Awards, Lazy, in_order

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rest:
    """People whom a change does not concern, and their awards: they are as they were.

    ``holders`` are those who have awards, ``numbers`` says how many of each badge, and ``of`` gives these, in
    order. ``facts`` are of badges of which nobody else had one; ``shown`` is of people, who are ``counted``.
    """

    people: Mapping[str, Participant]
    holders: Container[str]
    numbers: Mapping[str, int]
    of: Callable[[str], list[Award]]
    facts: Mapping[str, Facts]
    shown: Callable[[str], Shown]
    counted: Counter[str]


@dataclass(frozen=True, slots=True)
class Given:
    """All awards of a site, and what is asked of them."""

    by_id: Mapping[str, Award]
    by_participant: Mapping[str, tuple[Award, ...]]
    by_badge: Mapping[str, tuple[Award, ...]]
    facts: Lazy[Facts]
    shown: Lazy[Shown]
    holders: Lazy[Counter[str]]


def together(
    own: dict[str, Participant], awards: dict[str, Award], rest: Rest | None, badges: Iterable[str]
) -> tuple[dict[str, Participant], Given]:
    """People and their awards, in order, with the rest: its awards are made when somebody asks for them."""
    people = own
    of_person = group((award.participant.slug, award) for award in awards.values())
    of_badge = dict(sorted(group((award.badge.ref, award) for award in awards.values()).items()))
    by_id: Mapping[str, Award] = awards
    by_badge: Mapping[str, tuple[Award, ...]] = of_badge
    by_participant: Mapping[str, tuple[Award, ...]] = of_person
    facts: dict[str, Facts] = {}
    if rest is not None:
        people = dict(sorted({**rest.people, **own}.items(), key=lambda item: f"{item[0]}.yml"))
        refs = sorted({*of_badge, *(ref for ref, number in rest.numbers.items() if number)})
        by_badge = Lazy(refs, lambda ref: _merged(rest.of(ref), of_badge.get(ref, ())))
        by_id = Awards(awards, by_badge, len(awards) + sum(rest.numbers.values()))

        def given_to(slug: str) -> tuple[Award, ...]:
            """A person's awards, which are found among those of their badges."""
            every = (a for ref, _ in rest.shown(slug).refs for a in by_badge[ref])
            return tuple(sorted((a for a in every if a.participant.slug == slug), key=in_order))

        holders = [slug for slug in people if slug in rest.holders]
        by_participant = Lazy((*holders, *of_person), given_to, of_person)
        facts = {ref: one for ref, one in rest.facts.items() if ref not in of_badge}

    def shown(slug: str) -> Shown:
        """From their line, else from their awards."""
        if rest is not None and slug in rest.people and slug not in of_person:
            return rest.shown(slug)
        return shown_of(by_participant.get(slug, ()))

    def counted(_: str) -> Counter[str]:
        """Of the others it is known."""
        found = Counter(rest.counted if rest is not None else ())
        for slug in own:
            found.update(holding(shown(slug)))
        return found

    return people, Given(
        by_id,
        by_participant,
        by_badge,
        Lazy(badges, lambda ref: facts_of(by_badge.get(ref, ())), facts),
        Lazy(people, shown),
        Lazy((EVERYBODY,), counted),
    )


def _merged(many: list[Award], few: Iterable[Award]) -> tuple[Award, ...]:
    """Both in order."""
    merged = list(many)
    for award in few:
        insort(merged, award, key=in_order)
    return tuple(merged)


def group(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
