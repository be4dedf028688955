"""Images of badges and issuers as published: optimised once for each class, drawn where there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from badge_passport.diagnostics import Diagnostic, did_you_mean
from badge_passport.pages.designs import ICONS, MAX_LEVELS, SHAPES, Design, draw
from badge_passport.pages.painting import paint
from badge_passport.pages.pictures import DrawingError, optimise
from badge_passport.registry import Registry
from badge_passport.registry.entities import BadgeClass, Issuer, Origin
from badge_passport.source.pictures import Picture
from badge_passport.source.processors import cores
from badge_passport.urls import Urls

# What a badge of each of the usual types looks like when its record does not say.
TYPE_DESIGNS = {
    "participant": ("circle", "star"),
    "trainee": ("tile", "seedling"),
    "facilitator": ("hexagon", "chat"),
    "trainer": ("diamond", "graduation"),
    "coordinator": ("shield", "compass"),
    "ambassador": ("rosette", "globe"),
}
DEFAULT_COLOR = "#2b6777"


@dataclass(frozen=True, slots=True)
class ClassImage:
    """The published image of a badge class: always a PNG, and an SVG when it is one or was drawn."""

    png: bytes
    svg: bytes | None


def class_image(registry: Registry, badge: BadgeClass) -> ClassImage:
    """The image of a badge class.

    Raises:
        DrawingError: an SVG that cannot be rendered.
    """
    if badge.picture is not None:
        svg = badge.picture.data if badge.picture.kind == "svg" else None
        return ClassImage(_optimised(badge.picture), svg)
    return _drawn(design(registry, badge))


def baked_kinds(registry: Registry, badge: BadgeClass) -> list[str]:
    """What awards of a badge are baked into: the kinds of pictures that the site wants and the badge has."""
    has_svg = badge.picture is None or badge.picture.kind == "svg"
    return [kind for kind in registry.site.output.baked if kind == "png" or has_svg]


def design(registry: Registry, badge: BadgeClass) -> Design:
    """How a badge without an image of its own is drawn: by its record, else its type and its issuer."""
    record = badge.record
    shape, icon = TYPE_DESIGNS.get(record.type, ("circle", "star"))
    levels = list(registry.levels())
    reached = levels.index(record.level) + 1 if record.level in levels else 0
    return Design(
        shape=record.design.shape or shape,
        color=record.design.color or badge.issuer.record.color or DEFAULT_COLOR,
        icon=record.design.icon or icon,
        level=min(reached, MAX_LEVELS),
        levels=min(len(levels), MAX_LEVELS),
    )


def made(registry: Registry, badge: BadgeClass) -> ClassImage | None:
    """The image of a badge class, if it was made before."""
    if badge.picture is not None:
        return class_image(registry, badge) if badge.picture in _pngs else None
    return _drawings.get(design(registry, badge))


def keep(registry: Registry, badge: BadgeClass, image: ClassImage) -> None:
    """Take the image of a badge class that another process made."""
    if badge.picture is not None:
        _pngs[badge.picture] = image.png
    else:
        _drawings[design(registry, badge)] = image


def recall(registry: Registry, urls: Urls, ref: str, there: Callable[[str], bytes | None]) -> None:
    """Take the images of a badge as they were built before: ``there`` gives a file that is still good."""
    for badge in registry.versions[ref]:
        if made(registry, badge) is None:
            png = there(urls.badge_image(ref, badge.version))
            if png is not None:
                svg = draw(design(registry, badge)) if badge.picture is None else None
                keep(registry, badge, ClassImage(png, svg))


_MOST = 10_000  # a site has one for every badge and version
_pngs: dict[Picture, bytes] = {}
_drawings: dict[Design, ClassImage] = {}


def _optimised(picture: Picture) -> bytes:
    if picture not in _pngs:
        _forget(_pngs)
        _pngs[picture] = optimise(picture)
    return _pngs[picture]


def _drawn(design: Design) -> ClassImage:
    if design not in _drawings:
        _forget(_drawings)
        _drawings[design] = ClassImage(paint(design), draw(design))
    return _drawings[design]


def _forget(kept: dict[Any, Any]) -> None:
    if len(kept) >= _MOST:
        del kept[next(iter(kept))]


def of_badge(registry: Registry, urls: Urls, ref: str) -> Iterator[tuple[str, bytes]]:
    """The images of every version of a badge."""
    for badge, version in _published(registry, ref):
        image = class_image(registry, badge)
        yield urls.badge_image(ref, version), image.png
        if image.svg is not None:
            yield urls.badge_image(ref, version, "svg"), image.svg


def made_of(registry: Registry, urls: Urls, ref: str) -> Iterator[str]:
    """What the images of a badge are made of; while this stays the same, so do they."""
    for badge, version in _published(registry, ref):
        yield f"{urls.badge_image(ref, version)} {source(registry, badge)}"


def source(registry: Registry, badge: BadgeClass) -> str:
    """What the image of a badge class is made of: its picture, or how it is drawn."""
    picture = badge.picture
    if picture is None:
        return repr(design(registry, badge))
    return f"{picture.kind} {hashlib.sha256(picture.data).hexdigest()}"


def _published(registry: Registry, ref: str) -> list[tuple[BadgeClass, str | None]]:
    """The versions of a badge with the number in their address; the newest has one without as well."""
    return [*((badge, badge.version) for badge in registry.versions[ref]), (registry.badges[ref], None)]


def of_issuers(registry: Registry, urls: Urls) -> Iterator[tuple[str, bytes]]:
    """The images of the issuers that have one."""
    for issuer in registry.issuers.values():
        if issuer.picture is not None:
            yield urls.issuer_image(issuer.slug), _optimised(issuer.picture)


def problems(registry: Registry, drawable: Container[str] = ()) -> Iterator[Diagnostic]:
    """``unknown-design`` for shapes and icons that cannot be drawn, ``image-broken`` for SVGs that cannot.

    ``drawable`` are drawings that are known to be, as `drawings` calls them.
    """
    for versions in registry.versions.values():
        for badge in versions:
            for kind, value, known in (
                ("shape", badge.record.design.shape, SHAPES),
                ("icon", badge.record.design.icon, ICONS),
            ):
                if value is not None and value not in known:
                    yield Diagnostic(
                        "unknown-design",
                        f"no {kind} called “{value}” can be drawn",
                        badge.origin.at("design", kind),
                        f"{did_you_mean(value, known)}Known ones are {', '.join(known)}.",
                    )
    svgs = [*_svgs(registry)]
    broken = _undrawable({digest: picture for digest, picture, _ in svgs if digest not in drawable})
    for digest, _, origin in svgs:
        if digest in broken:
            yield Diagnostic(
                "image-broken",
                "the drawing is too complicated, or too broken, to be drawn",
                origin.at("image"),
                "simplify it, or save it as a PNG of 512 by 512 pixels.",
            )


def drawings(registry: Registry) -> frozenset[str]:
    """The SVGs of badges and issuers, by the SHA-256 of each."""
    return frozenset(digest for digest, _, _ in _svgs(registry))


def _svgs(registry: Registry) -> Iterator[tuple[str, Picture, Origin]]:
    """Their digests, themselves, and the records that name them."""
    badges = chain.from_iterable(registry.versions.values())
    everything: Iterable[Issuer | BadgeClass] = chain(registry.issuers.values(), badges)
    for one in everything:
        if one.picture is not None and one.picture.kind == "svg":
            yield hashlib.sha256(one.picture.data).hexdigest(), one.picture, one.origin


def _undrawable(pictures: Mapping[str, Picture]) -> set[str]:
    """Which of these cannot be drawn; each is drawn by a process of its own, some at a time."""

    def can(picture: Picture) -> bool:
        try:
            _optimised(picture)
        except DrawingError:
            return False
        return True

    if not pictures:
        return set()
    with ThreadPoolExecutor(cores()) as threads:
        drawn = zip(pictures, threads.map(can, pictures.values()), strict=True)
        return {digest for digest, good in drawn if not good}
