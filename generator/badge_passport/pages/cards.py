"""Which cards a site has: pictures that others show for a link to a badge, a passport or an award.

`cardpictures.draw` draws them. Whoever is not listed has no card: it would stand in the page's head, and
whoever finds the picture would read the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from badge_passport.pages import brand, cardpictures, images, lettering
from badge_passport.pages.cardpictures import HEIGHT, MOST_PICTURES, WIDTH, Card
from badge_passport.pages.images import DEFAULT_COLOR, class_image
from badge_passport.pages.languages import Language
from badge_passport.pages.rendering import CardPicture, Output
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import award_name, holding, is_listed, is_public, shown_name
from badge_passport.urls import Urls


def of_badge(registry: Registry, urls: Urls, language: Language, badge: BadgeClass) -> CardPicture | None:
    """The card of a badge; None if the site has none, or its name is in letters that we have no font for."""
    name = language.text(badge.record.name)
    if not registry.site.share.cards or not lettering.mostly_drawable(name):
        return None
    version = None if registry.badges[badge.ref] is badge else badge.version
    alt = language.gettext("Badge “%(name)s” of %(issuer)s") % {
        "name": name,
        "issuer": language.text(badge.issuer.record.name),
    }
    return CardPicture(urls.badge_card(badge.ref, version, language.tag), alt, WIDTH, HEIGHT)


def of_award(registry: Registry, urls: Urls, language: Language, award: Award) -> CardPicture | None:
    """The card of an award: its own where it has one, else that of its badge."""
    picture = of_badge(registry, urls, language, award.badge)
    own = picture is not None and has_own(registry, award)
    return replace(picture, path=urls.award_card(award.id)) if picture and own else picture


def has_own(registry: Registry, award: Award) -> bool:
    """Whether an award has a card with its holder's name."""
    share = registry.site.share
    return share.cards and share.award_cards and is_public(award) and award.in_force


def of_passport(
    registry: Registry, urls: Urls, language: Language, person: Participant
) -> CardPicture | None:
    """The card of a passport, if its owner is listed."""
    title = _title(language, person)
    if not (have_row(registry, person) and lettering.mostly_drawable(title)):
        return None
    alt = language.gettext("Passport of %(name)s") % {"name": title}
    return CardPicture(urls.passport_card(person.slug), alt, WIDTH, HEIGHT)


def _title(language: Language, person: Participant) -> str:
    return shown_name(person) or language.gettext("A participant")


def badge_cards(registry: Registry, urls: Urls, language: Language, ref: str) -> Iterator[Output]:
    """The cards of a badge and its retired versions, in one language."""
    for badge in registry.versions[ref]:
        picture = of_badge(registry, urls, language, badge)
        if picture is not None:
            yield picture.path, cardpictures.draw(_badge_card(registry, language, badge))


def made_of(registry: Registry, urls: Urls, language: Language, ref: str) -> Iterator[str]:
    """What `badge_cards` are made of; while this stays the same, so do they."""
    for badge in registry.versions[ref]:
        picture = of_badge(registry, urls, language, badge)
        if picture is not None:
            card = _without_picture(registry, language, badge)
            yield f"{picture.path} {card} {images.source(registry, badge)}"


def personal_cards(
    registry: Registry, urls: Urls, person: Participant, speaks: Callable[[str], Language]
) -> Iterator[Output]:
    """The card of a person who is listed, and those of their awards where the site wants them, in one
    language: theirs, else the site's first. ``speaks`` makes a language from its tag.
    """
    if not have_row(registry, person):
        return
    wanted = person.record.language
    language = speaks(wanted if wanted in registry.site.languages else registry.default_language)
    awards = holding(registry, person)
    picture = of_passport(registry, urls, language, person)
    if picture is not None:
        yield picture.path, cardpictures.draw(_passport_card(registry, language, person, awards))
    for award in awards:
        if has_own(registry, award) and of_badge(registry, urls, language, award.badge):
            yield urls.award_card(award.id), cardpictures.draw(_award_card(registry, language, award))


def have_row(registry: Registry, person: Participant) -> bool:
    """Whether a person has a card with their badges in a row."""
    return registry.site.share.cards and is_listed(person)


def small(registry: Registry, badge: BadgeClass) -> cardpictures.Reduced:
    """The picture of a badge as it stands in those rows."""
    return cardpictures.small(class_image(registry, badge).png, brand.color(registry.site.brand))


def keep(registry: Registry, badge: BadgeClass, made: cardpictures.Reduced) -> None:
    """Take what `small` made in another process."""
    cardpictures.keep(class_image(registry, badge).png, brand.color(registry.site.brand), made)


def _badge_card(registry: Registry, language: Language, badge: BadgeClass, below: str = "") -> Card:
    card = _without_picture(registry, language, badge, below)
    return replace(card, pictures=(class_image(registry, badge).png,))


def _without_picture(registry: Registry, language: Language, badge: BadgeClass, below: str = "") -> Card:
    return Card(
        title=language.text(badge.record.name),
        above=language.text(badge.issuer.record.name),
        below=below,
        site=language.text(registry.site.name),
        color=badge.issuer.record.color or DEFAULT_COLOR,
        pictures=(),
        rtl=language.dir == "rtl",
    )


def _award_card(registry: Registry, language: Language, award: Award) -> Card:
    below = " · ".join(filter(None, (award_name(award), language.date(award.issued_on))))
    return _badge_card(registry, language, award.badge, below)


def _passport_card(registry: Registry, language: Language, person: Participant, awards: list[Award]) -> Card:
    """``awards`` from the oldest to the latest; each badge is shown once, the latest first."""
    badges = {award.badge.ref: award.badge for award in reversed(awards)}
    count = language.ngettext("One badge", "%(num)d badges", len(awards)) % {"num": len(awards)}
    return Card(
        title=_title(language, person),
        above=" · ".join((language.gettext("Badge passport"), language.text(registry.site.name))),
        below=count if awards else language.gettext("No badges yet"),
        site="",
        color=brand.color(registry.site.brand),
        pictures=tuple(class_image(registry, b).png for b in list(badges.values())[:MOST_PICTURES]),
        rtl=language.dir == "rtl",
        row=True,
    )
