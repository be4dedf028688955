"""Fingerprints: digests of all that a part of a site is made of. The same one means the same files."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cached_property

from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.sealing import Seals
from badge_passport.pages import cards, images, names
from badge_passport.pages.kinds import directory
from badge_passport.publish.plan import Plan
from badge_passport.publish.standing import Standing, standing
from badge_passport.registry.history import editions_of, years
from badge_passport.registry.prints import Prints, digest
from badge_passport.resources import Theme
from badge_passport.source.files import Tree
from badge_passport.source.glance import code


def common(
    tree: Tree,
    theme: Theme,
    keys: Mapping[str, IssuerKeys],
    seals: Seals | None,
    shells: Mapping[str, str],
    badges: Container[str],
) -> bytes:
    """What the files of everybody are made of: the program, the theme, the keys, all that is of nobody, but
    for the files of ``badges``.

    ``shells`` are the pages of the host, by language, that data pages are poured into.
    """
    parts = [code().encode()]
    for part in ("templates", "assets", "locales"):
        for folder in theme.folders(part):
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                parts += [file.relative_to(folder).as_posix().encode(), file.read_bytes()]
    for path in tree.files:
        if path in badges:
            continue
        if path == "site.yml" or path.startswith("badges/"):
            parts += [path.encode(), tree.files[path]]
        elif path.startswith("content/pages/"):
            parts.append(path.encode())  # that a page is there is a reason to link to it
    for issuer, own in sorted(keys.items()):
        token = own.token.multibase if own.token else ""
        parts.append(f"{issuer} {own.proof.multibase} {token}".encode())
    parts.append(b"" if seals is None else seals.of("").fragment.encode())
    for tag, shell in sorted(shells.items()):
        parts += [tag.encode(), shell.encode()]
    return digest(parts)


class Parts:
    """The fingerprints of the parts of one site, by their keys (see `Plan.lasting`).

    A part that lists awards is made of these and of whom they belong to. ``common`` is what all are made of,
    and of some badges what is of people, of all badges the others. Pictures of a badge are made of what is
    drawn, and of nothing else. The parts of people are also made of the places of their awards: those of
    people of whose awards one was elsewhere ``before`` have ``moved``. ``standing`` is to be known the next
    time.
    """

    def __init__(
        self,
        prints: Prints,
        plan: Plan,
        common: bytes,
        before: Mapping[str, Standing],
    ) -> None:
        self._prints, self._plan, self._registry = prints, plan, plan.registry
        self._common = digest([common, *(f"{ref} {one}".encode() for ref, one in prints.badges.items())])
        self._beginning = common.hex()[:16]  # enough to tell, of strings of which there are many
        self.standing, moved = standing(plan.registry, plan.keys, plan.site_places, before)
        self.moved = {f"person {slug}" for slug in moved}

    def of(self, key: str) -> str:
        """The fingerprint of a part; empty if it may be made of anything."""
        kind, _, rest = key.partition(" ")
        if kind == "person":  # there are many
            return self._beginning + self._prints.of(rest)
        match key.split(" "):
            case ["pictures", ref]:
                return _drawn(images.made_of(self._registry, self._plan.urls, ref))
            case ["cards", tag, ref]:
                plan = self._plan
                return _drawn(cards.made_of(plan.registry, plan.urls, plan.readers[tag], ref))
            case ["images" | "embeds" | "assets"]:
                return self._of()
            case ["names"]:
                listed = names.listed_people(self._registry)
                return self._of(*(f"{one.name} {one.slug} {one.badges}" for one in listed))
            case ["hosted"]:
                endorsed = (one.award.id for one in self._registry.endorsements if one.award)
                return self._of(*(one.withdrawn for one in self._registry.facts.values()), *endorsed)
            case ["files"]:
                return self._of(*self._paths())
            case ["feeds" | "statistics" | "signed", what]:
                return self._of(*self._scope(what))
            case ["kinds", _, kind, one]:
                read = self._of_kind(kind, one)
                return "" if read is None else self._of(*read)
        return ""

    def _of(self, *parts: str) -> str:
        return digest([self._common, *(part.encode("utf-8", "surrogatepass") for part in parts)]).hex()

    def _of_kind(self, kind: str, one: str) -> Iterable[str] | None:
        """What pages of the site are made of beside what is common; None if that may be anything."""
        registry = self._registry
        match kind:
            case "catalogue" | "competences" | "offline":
                return ()
            case "compare":
                return (str(names.is_sharded(registry)),)
            case "badge":
                return (registry.facts[one].said,)
            case "competence":
                return [registry.facts[b.ref].said for b in registry.badges_by_competence.get(one, ())]
            case "framework":
                return self._scope("")
            case "statistics":
                return self._scope(one)
            case "changes":
                return self._year(one)
            case "directory":
                return self._volume(int(one))
        return None

    def _scope(self, what: str) -> list[str]:
        """The badges of a feed, or of numbers: one, those of an issuer, or all."""
        facts = self._registry.facts
        if what in facts:
            return [facts[what].said]
        if what in self._registry.issuers:
            return [facts[badge.ref].said for badge in self._registry.badges_by_issuer.get(what, ())]
        return [one.said for one in facts.values()]

    def _year(self, which: str) -> list[str]:
        """What happened in a year, or in the newest; and the other years, to which its page leads."""
        every = years(self._registry)
        year = int(which) if which.isdecimal() else next(iter(every), 0)
        new = [
            f"{e.on} {e.badge.ref} {e.badge.version} {e.first} {e.exact}"
            for e in editions_of(self._registry, year)
        ]
        return [repr(every), *(one.years.get(str(year), "") for one in self._registry.facts.values()), *new]

    @cached_property
    def _spans(self) -> tuple[str, ...]:
        """How many people are listed, and the names on the backs of all volumes."""
        cut = directory.volumes(self._registry)
        return (str(sum(map(len, cut))), *map(directory.span, cut))

    def _volume(self, number: int) -> list[str]:
        """The people on a page of the list, and the names on the backs of all."""
        people = directory.volumes(self._registry)[number - 1]
        own = [f"{person.slug} {self._prints.of(person.slug)}" for _, person in people]
        return [*self._spans, "", *own]

    def _paths(self) -> Iterable[str]:
        """What search engines may find, but for pages of badges and the like."""
        registry = self._registry
        yield from map(str, years(registry))
        yield from ("", *(slug for slug, person in registry.participants.items() if person.listed))
        yield from ("", *(" ".join(one.public) for one in registry.facts.values()))


def _drawn(made_of: Iterable[str]) -> str:
    """The fingerprint of pictures: the program, and what each of them is made of."""
    return digest([code().encode(), *(one.encode("utf-8", "surrogatepass") for one in made_of)]).hex()
