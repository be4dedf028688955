"""The plan of a site: its files in units, each of which can be made by itself, by any process in any order.

A *unit* is a name and what it is of. Some costly things that many units need (`Plan.first`) are prepared
before, units as well; what knows the digests of all other files comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from badge_passport.credentials import published
from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.places import Places, SitePlaces
from badge_passport.credentials.sealing import Seals
from badge_passport.credentials.signed import Signing
from badge_passport.pages import app, brand, cardpictures, cards, images, kinds, names
from badge_passport.pages.embeds import Embeds
from badge_passport.pages.feeds import Feeds
from badge_passport.pages.hosts import Host, Hosted, Request
from badge_passport.pages.hosts.asking import request
from badge_passport.pages.kinds import statistics
from badge_passport.pages.languages import language
from badge_passport.pages.rendering import Renderer
from badge_passport.pages.verify import script
from badge_passport.publish import sitefiles
from badge_passport.publish.memory import File
from badge_passport.publish.people import People
from badge_passport.publish.shares import Arrived, pack, without_people
from badge_passport.registry import Registry
from badge_passport.registry.entities import BadgeClass
from badge_passport.resources import WEB_FONTS, Theme, bundled, packaged_theme
from badge_passport.urls import Urls

Outputs = Iterator[tuple[str, bytes]]
Unit = tuple[str, ...]
Lend = Callable[[Registry], tuple[Mapping[str, IssuerKeys], Seals | None]]
"""Finds the keys of a site on another machine; travels there itself."""
REGISTER = "register.json"
ALIKE = 20
"""Pages, feeds or cards of a unit, of those that are made alike."""
PEOPLE = 100
"""People of a unit: some tenths of a second of work."""


class Plan:
    """What is to be published of a site, and how each part of it is made.

    ``keys`` has the key of every issuer that signs; the others have Open Badges 2.0 alone. ``seals`` encrypts
    private passports, which are left out without it. On another machine ``registry`` has only the people who
    ``arrived``.
    """

    def __init__(
        self,
        registry: Registry,
        host: Host,
        theme: Theme,
        keys: Mapping[str, IssuerKeys],
        seals: Seals | None = None,
        lend: Lend | None = None,
        arrived: Arrived | None = None,
    ) -> None:
        self.registry, self.host, self.theme, self.keys, self.seals = registry, host, theme, keys, seals
        self._lend, self._arrived = lend, arrived
        self.urls = Urls.of(registry.site.url, registry.default_language)
        self.readers = {
            tag: language(tag, registry.default_language, theme) for tag in registry.site.languages
        }
        self._hosted: dict[str, Hosted] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """To another machine go badges, pages of the host and pictures, but no keys: it has its own.

        People follow, as they are needed: `share`.
        """
        pictures = [
            (badge, made)
            for versions in self.registry.versions.values()
            for badge in versions
            if (made := images.made(self.registry, badge)) is not None
        ]
        registry = without_people(self.registry)
        return _unpacked, (registry, self.theme, self._lend, self._hosted, self._kept, pictures)

    def share(self, unit: Unit) -> bytes:
        """What another machine needs to know for a unit of people, when it has the plan."""
        return pack(self.registry, self.places, unit[1:])

    def arrive(self, share: bytes) -> None:
        """Take what `share` gave: these people are here now, and nobody else."""
        if self._arrived is None:
            raise ValueError("this plan did not travel: everybody is here")
        self._arrived.take(share)

    # --- What many units need ---------------------------------------------------------------------------

    def first(self) -> list[Unit]:
        """What is to be prepared before everything else."""
        return [("host", tag) for tag in self.readers]

    def second(self, units: Sequence[Unit]) -> list[Unit]:
        """What is to be prepared before these units, because many of them need it: pictures of badges.

        Who needs few of them draws these.
        """
        slugs = _people_of(units)
        people = [self.registry.participants[slug] for slug in slugs if slug in self.registry.participants]
        badges = len(self.registry.versions)
        wanted = {ref for unit in units if unit[0] == "pictures" for ref in unit[1:]}
        if self._many(slugs):
            wanted.update(self.registry.versions)
        rows = sum(cards.have_row(self.registry, person) for person in people)
        many_cards = badges <= min(rows, cardpictures.MOST_KEPT)
        name = "image and card" if many_cards else "image"
        return [(name, ref) for ref in self.registry.versions if ref in wanted]

    def recall(self, units: Sequence[Unit], there: Callable[[str, str], bytes | None]) -> None:
        """Take the pictures of badges that people of these units have from where the last build left them.

        ``there`` gives a file of a part, both by their names, if neither has changed since.
        """
        wanted: Iterable[str] = self.registry.versions
        slugs = _people_of(units)
        if not self._many(slugs):
            awards = self.registry.awards_by_participant
            wanted = {award.badge.ref for slug in slugs for award in awards.get(slug, ())}
        for ref in wanted:
            images.recall(self.registry, self.urls, ref, partial(there, f"pictures {ref}"))

    def prepare(self, unit: Unit) -> object:
        """Make what many units need; whoever runs them hands it to `prepared`."""
        kind, of = unit
        if kind == "host":
            return self.host(request(self.registry, self.urls, self.readers, of, self.theme))
        return [
            (
                images.class_image(self.registry, badge),
                cards.small(self.registry, badge) if kind == "image and card" else None,
            )
            for badge in self.registry.versions[of]
        ]

    def _many(self, slugs: Sequence[str]) -> bool:
        """Whether so many people are likely to have every badge."""
        return len(slugs) >= 2 * len(self.registry.versions)

    def prepared(self, unit: Unit, made: object) -> None:
        """Take what `prepare` made of a unit, in this process or another."""
        _, of = unit
        if isinstance(made, Hosted):
            self._hosted[of] = made
        elif isinstance(made, list):
            for badge, (image, small) in zip(self.registry.versions[of], made, strict=True):
                images.keep(self.registry, badge, image)
                if small is not None:
                    cards.keep(self.registry, badge, small)

    def ready(self) -> None:
        """Make what all units share, before there are several processes."""
        self.people  # noqa: B018 (made when it is asked for)

    # --- The units --------------------------------------------------------------------------------------

    def lasting(self) -> list[str]:
        """The keys of the parts of which it is known what their files depend on."""
        series = [" ".join((*beginning, one)) for beginning, those in self._series() for one in those]
        return [
            "images",
            "embeds",
            "assets",
            "names",
            "hosted",
            "files",
            *series,
            *map(person, self.people.slugs),
        ]

    def units(self, without: Container[str] = ()) -> list[Unit]:
        """Every part of the site but the last and those with these keys, the longest first."""
        slugs = [slug for slug in self.people.slugs if person(slug) not in without]
        units: list[Unit] = [
            *self._groups(without),
            *((name,) for name in ("names", "endorsed", "embeds", "index")),
            *(("people", *slugs[start : start + PEOPLE]) for start in range(0, len(slugs), PEOPLE)),
            *(("written", tag) for tag in self.readers),
            *((name,) for name in ("images", "hosted", "assets", "files")),
        ]
        return [unit for unit in units if " ".join(unit) not in without]

    def parts(self, unit: Unit) -> Iterator[tuple[str, Outputs]]:
        """The parts that a unit makes by their keys: one, or one for each of some people."""
        match unit:
            case ["people", *slugs]:
                for slug in slugs:
                    yield person(slug), self.people.files(slug)
            case ["kinds", tag, kind, *those]:
                for one in those:
                    yield f"kinds {tag} {kind} {one}", kinds.SITE[kind].pages(self._renderers[tag], one)
            case ["cards", tag, *those]:
                for one in those:
                    yield (
                        f"cards {tag} {one}",
                        cards.badge_cards(self.registry, self.urls, self.readers[tag], one),
                    )
            case ["pictures", *those]:
                for one in those:
                    yield f"pictures {one}", images.of_badge(self.registry, self.urls, one)
            case ["feeds", *those]:
                for one in those:
                    yield f"feeds {one}", self._feeds.of(one)
            case ["signed", *those]:
                for one in those:
                    yield f"signed {one}", self._signing.documents(one)
            case ["statistics", *those]:
                for one in those:
                    yield f"statistics {one}", statistics.files(self.registry, self.urls, one)
            case _:
                yield " ".join(unit), self.outputs(unit)

    def _series(self) -> Iterator[tuple[Unit, Sequence[str]]]:
        """Parts that are made alike, one by one: how their keys begin, and how they end."""
        for tag in self.readers:
            for name, kind in kinds.SITE.items():
                yield ("kinds", tag, name), kind.of(self.registry)
            yield ("cards", tag), [*self.registry.versions]
        yield ("pictures",), [*self.registry.versions]
        yield ("signed",), [*self.keys]
        yield ("feeds",), self._feeds.listed()
        yield ("statistics",), kinds.SITE["statistics"].of(self.registry)

    def _groups(self, without: Container[str]) -> Iterator[Unit]:
        for beginning, those in self._series():
            left = [one for one in those if " ".join((*beginning, one)) not in without]
            for start in range(0, len(left), ALIKE):
                yield (*beginning, *left[start : start + ALIKE])

    def outputs(self, unit: Unit) -> Outputs:
        """The files of a unit that has one part; no path is in two of them."""
        registry, urls = self.registry, self.urls
        match unit:
            case ["written", tag]:
                yield from self._hosted[tag].files.items()
                yield urls.page(urls.manifest(), tag), app.manifest(registry, urls, self.readers[tag])
            case ["endorsed"]:
                yield from self._signing.endorsed()
            case ["embeds"]:
                yield from self._embeds.of_badges()
            case ["names"]:
                yield from names.files(registry, urls)
            case ["images"]:
                yield from images.of_issuers(registry, urls)
                yield from app.icons(registry, urls)
            case ["hosted"]:
                yield from published.hosted(registry, urls)
                yield from published.frameworks(registry, urls)
            case ["index"]:
                yield "index.json", published.index(registry, urls)
            case ["assets"]:
                yield from assets(registry, self.theme)
            case ["files"]:
                yield from sitefiles.site_files(registry, urls)
            case _:
                raise ValueError(f"no unit is called {unit}")

    def noted(self, files: Iterable[File]) -> bytes:
        """What `last` is to know of files: of each assertion the line of its award in the register."""
        return b"".join(
            published.register_entry(self.urls, self.registry.awards[award], digest)
            for award, digest in _awards_of(files).items()
        )

    def still(self, register: bytes, changed: Iterable[File]) -> list[bytes]:
        """What a register that was there says of the other awards, when these files change."""
        return published.register_entries(register, _awards_of(changed))

    def last(self, noted: Iterable[bytes], everything: str) -> Outputs:
        """What knows digests: those of assertions, as `noted`, and that of all files."""
        yield REGISTER, published.register(self.urls, noted)
        yield app.WORKER, app.worker(self.theme, everything)

    # --- What units are made with -----------------------------------------------------------------------

    @cached_property
    def people(self) -> People:
        """Everything of people."""
        renderers = list(self._renderers.values())
        return People(
            self.registry,
            self.urls,
            self._signing,
            self.seals,
            self.readers,
            renderers,
            self._embeds,
            self._feeds,
        )

    @property
    def shells(self) -> Mapping[str, str]:
        """What data pages are poured into, by language, once that is prepared."""
        return {tag: hosted.shell.html for tag, hosted in self._hosted.items()}

    @property
    def places(self) -> Places:
        """Where awards stand in the status lists."""
        return self._arrived.places if self._arrived else self.site_places

    @cached_property
    def site_places(self) -> SitePlaces:
        """The same of a whole site, by issuer."""
        return SitePlaces(self.registry, self.keys)

    @cached_property
    def _signing(self) -> Signing:
        return Signing(self.registry, self.urls, self.keys, self.places)

    @cached_property
    def _kept(self) -> Sequence[str]:
        return [*self._signing.kept(), *map(self.urls.issuer_document, self.registry.issuers)]

    @cached_property
    def _renderers(self) -> Mapping[str, Renderer]:
        return {
            tag: Renderer(
                self.registry,
                self.urls,
                reader,
                self._hosted[tag].shell,
                self.theme,
                self.keys,
                self._kept,
                self.seals,
            )
            for tag, reader in self.readers.items()
        }

    @cached_property
    def _embeds(self) -> Embeds:
        return Embeds(self.registry, self.urls, list(self.readers.values()), self.theme)

    @cached_property
    def _feeds(self) -> Feeds:
        return Feeds(self.registry, self.urls, self.readers[self.registry.default_language])


def _awards_of(files: Iterable[File]) -> dict[str, str]:
    """The awards whose assertions are among these files, by id, with the digests of these."""
    assertions = (file for file in files if file[0].endswith("/assertion.json"))
    return {path.split("/")[-2]: digest for path, digest, _ in assertions}


def is_of_people(unit: Unit) -> bool:
    """Whether a unit is of some people: their slugs follow its name."""
    return unit[0] == "people"


def _people_of(units: Iterable[Unit]) -> list[str]:
    return [slug for unit in units if is_of_people(unit) for slug in unit[1:]]


def person(slug: str) -> str:
    """The key of the part of a person."""
    return f"person {slug}"


def _unpacked(
    registry: Registry,
    theme: Theme,
    lend: Lend | None,
    hosted: dict[str, Hosted],
    kept: Sequence[str],
    pictures: Sequence[tuple[BadgeClass, images.ClassImage]],
) -> Plan:
    """A plan that came from another machine."""
    keys, seals = lend(registry) if lend else ({}, None)
    # The theme that comes with us is where it is on this machine.
    theme = Theme((*theme.layers[:-1], *packaged_theme().layers))
    arrived = Arrived(registry)
    plan = Plan(arrived.registry, _no_host, theme, keys, seals, arrived=arrived)
    plan._hosted, plan._kept = hosted, kept
    for badge, image in pictures:
        images.keep(registry, badge, image)
    return plan


def _no_host(request: Request) -> Hosted:
    raise RuntimeError(f"the pages in {request.language.tag} are prepared before they travel")


def assets(registry: Registry, theme: Theme) -> Outputs:
    """What pages share: scripts, styles and fonts."""
    yield "assets/verify.js", script()
    for font in WEB_FONTS:
        yield f"assets/fonts/{font}", bundled(f"fonts/{font}")
    for name, asset in theme.files("assets").items():
        yield f"assets/{name}", brand.branded(registry.site.brand, name, asset.read_bytes())
