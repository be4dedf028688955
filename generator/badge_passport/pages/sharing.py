"""What the share panel of a page offers: links to share it by, codes to embed it, and its QR code.

Everything is a plain link or a text to copy: no page asks anything of a third party. The panel is made for
every award, so what does not change from one to the next is made once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from markupsafe import Markup, escape

from badge_passport.pages.languages import Language
from badge_passport.pages.qr import MOST, qr_link, qr_svg
from badge_passport.pages.viewmodels import Codes, Share, Target, Wallets
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Participant
from badge_passport.registry.privacy import holding, is_listed, is_public
from badge_passport.urls import Urls, quoted

LINKEDIN: Final = "https://www.linkedin.com/profile/add"
PINTEREST: Final = "https://www.pinterest.com/pin/create/button/"
VERIFIER_PLUS: Final = "https://verifierplus.org/#verify?vc="
STYLE: Final = "assets/share.css"
SCRIPT: Final = "assets/share.js"
FRAME: Final = (420, 190)
"""Width and height, in CSS pixels, of the frame that shows a badge or an award."""
PASSPORT_FRAME: Final = (420, 330)
_MARKDOWN: Final = str.maketrans({c: "\\" + c for c in "\\`*_{}[]<>()#+-.!|~"})


def of_badge(registry: Registry, urls: Urls, language: Language, badge: BadgeClass, card: str = "") -> Share:
    """The panel of a badge; ``card`` is the path of the picture for links to it, if there is one."""
    page, image = urls.badge(badge.ref), urls.badge_image(badge.ref, None)
    return _share(registry, urls, language, _Thing(page, badge, image, badge.slug, card=card))


def is_shared(award: Award) -> bool:
    """Whether an award has a panel: not if it was revoked, declined or erased."""
    return award.in_force and award.identity is not None


def of_award(
    registry: Registry, urls: Urls, language: Language, award: Award, card: str = ""
) -> Share | None:
    """The panel of an award; None for one that was revoked, declined or erased. ``card`` is as for a badge.

    Its picture is the one with the badge inside, so that what is copied can still be verified; where the site
    has none, it is that of the badge.
    """
    if not is_shared(award):
        return None
    image = urls.badge_image(award.badge.ref, award.badge.version)
    thing = _Thing(
        urls.award(award.id),
        award.badge,
        urls.baked(award.id, "png") if "png" in registry.site.output.baked else image,
        f"{award.badge.slug}-{award.id}",
        not is_public(award),
        card=card or image,
    )
    return _share(registry, urls, language, thing, linkedin(urls, language, award))


def of_passport(
    registry: Registry, urls: Urls, language: Language, person: Participant, name: str, card: str = ""
) -> Share:
    """The panel of a passport with this title; its picture is that of the latest badge, if there is one."""
    held = holding(registry, person)
    image = urls.badge_image(held[-1].badge.ref, held[-1].badge.version) if held else ""
    thing = _Thing(urls.passport(person.slug), None, image, person.slug, not is_listed(person), name, card)
    return _share(registry, urls, language, thing)


def wallets(urls: Urls, award: Award) -> Wallets:
    """Wallets and verifiers for a signed award.

    VerifierPlus reads an address after ``#verify?vc=``. Learner Credential Wallet scans or takes the plain
    address of the credential; its own links need a server that answers, which a site is not.
    """
    address = urls.absolute(urls.credential(award.id))
    return Wallets(VERIFIER_PLUS + quoted(address), address, qr_address(address))


def oembed(registry: Registry, urls: Urls, page: str) -> str:
    """Where the oEmbed answer of a page is; empty for a site without embeds."""
    return urls.oembed(page) if registry.site.share.embeds else ""


def linkedin(urls: Urls, language: Language, award: Award) -> str:
    """LinkedIn's form for a certificate, filled in. What is not known is left out: it shows empty values."""
    page = urls.absolute(urls.page(urls.award(award.id), language.tag))
    record, issuer = award.badge.record, award.badge.issuer.record
    if issuer.linkedin:
        organisation = f"organizationId={issuer.linkedin}"
    else:
        organisation = f"organizationName={_quoted(language.text(issuer.name))}"
    expires = ""
    if award.expires:
        expires = f"&expirationYear={award.expires.year}&expirationMonth={award.expires.month}"
    return (
        f"{LINKEDIN}?startTask=CERTIFICATION_NAME&name={_quoted(language.text(record.name))}&{organisation}"
        f"&issueYear={award.issued_on.year}&issueMonth={award.issued_on.month}{expires}"
        f"&certUrl={quoted(page)}&certId={award.id}"
    )


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is shared: a badge, an award of it, or (without badge) a passport called ``name``.

    ``card`` is a picture to be shown alone; without it ``image`` is.
    """

    page: str
    badge: BadgeClass | None
    image: str
    file: str
    unlisted: bool = False
    name: str = ""
    card: str = ""


def _share(registry: Registry, urls: Urls, language: Language, thing: _Thing, linkedin: str = "") -> Share:
    address = urls.absolute(urls.page(thing.page, language.tag))
    if thing.badge is None:
        title, by = language.gettext("Passport of %(name)s") % {"name": thing.name}, ""
    else:
        title = language.text(thing.badge.record.name)
        by = language.text(thing.badge.issuer.record.name)
    says = f"{title} · {by}" if by else title
    link, text = quoted(address), _quoted(says)
    frame = _frame(registry, urls, language, thing, title)
    targets = [
        Target("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={link}"),
        Target("X", f"https://x.com/intent/post?text={text}&url={link}"),
        Target("WhatsApp", f"https://wa.me/?text={text}%20{link}"),
        Target("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={link}"),
    ]
    if picture := thing.card or thing.image:  # which is what a pin is
        media = quoted(urls.absolute(picture))
        pin = f"{PINTEREST}?url={link}&media={media}&description={text}"
        targets.append(Target("Pinterest", pin))
    return Share(
        address=address,
        title=says,
        linkedin=linkedin,
        targets=targets,
        mail=f"mailto:?subject={text}&body={text}%0D%0A{link}",
        toot=f"{says} {address}",
        codes=_codes(urls, address, thing.image, title, by, frame),
        qr=qr_address(address),
        file=f"{thing.file}-qr.svg",
        unlisted=thing.unlisted,
    )


def _frame(registry: Registry, urls: Urls, language: Language, thing: _Thing, title: str) -> str:
    """The frame that shows the embed page in this language."""
    if not registry.site.share.embeds:
        return ""
    return frame(urls, thing.page, title, FRAME if thing.badge else PASSPORT_FRAME, language)


def frame(urls: Urls, page: str, title: str, size: tuple[int, int], language: Language | None = None) -> str:
    """HTML of the frame that shows a page elsewhere; ``language`` unless it is the site's first."""
    at = f"#{language.tag}" if language is not None and language.tag != urls.default_language else ""
    width, height = size
    return (
        f'<iframe src="{escape(urls.absolute(urls.embed(page)))}{at}" title="{_escaped(title)}" '
        f'width="{width}" height="{height}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def _codes(urls: Urls, address: str, image: str, title: str, by: str, frame: str) -> Codes:
    link, name, whose = escape(address), _escaped(title), _escaped(by)
    picture, small, source = str(name), "", urls.absolute(image)
    if image:
        start = f'<img src="{escape(source)}" alt="'
        picture = f'{start}{name}" width="160" height="160">'
        small = f'{start}" width="48" height="48" style="border:0;vertical-align:middle"> '
    marked = _marked(title)
    return Codes(
        frame=frame,
        html=f'<a href="{link}">{picture}</a>',
        markdown=f"[![{marked}]({_in_markdown(source)})]({_in_markdown(address)})"
        if image
        else f"[{marked}]({_in_markdown(address)})",
        signature=f'<a href="{link}" style="text-decoration:none">{small}<strong>{name}</strong></a>'
        + (f" · {whose}" if by else ""),
    )


def _in_markdown(address: str) -> str:
    """An address between the brackets of a Markdown link."""
    return address.replace("(", "%28").replace(")", "%29")


def qr(address: str) -> Markup:
    """The QR code of a page as a part of it; nothing for too long an address."""
    return qr_svg(address) if qr_address(address) else Markup("")


def qr_address(address: str) -> Markup:
    """The code as an address itself, which is long, and has nothing to be escaped in it."""
    code = qr_link(address) if address.isascii() and len(address) <= MOST else ""
    return Markup(code)  # noqa: S704 (a drawing of numbers, percent-encoded)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return quote(text, safe="")


@lru_cache(maxsize=4096)
def _escaped(text: str) -> Markup:
    return escape(text)


@lru_cache(maxsize=4096)
def _marked(text: str) -> str:
    return text.translate(_MARKDOWN)
