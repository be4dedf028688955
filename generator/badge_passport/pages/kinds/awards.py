"""The page people share, of every award: this person earned this badge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup, escape

from badge_passport.pages import cards, sharing, structured
from badge_passport.pages.claim import panel
from badge_passport.pages.images import baked_kinds
from badge_passport.pages.pagemodels import AwardPage, ClaimForm, Revoked
from badge_passport.pages.rendering import CardPicture, Meta, Output, Renderer
from badge_passport.pages.viewmodels import NONE, Download
from badge_passport.registry.entities import Award, Issuer
from badge_passport.registry.privacy import is_public
from badge_passport.source import markdown


def claim_forms(renderer: Renderer) -> Iterator[Output]:
    """The forms of the claim panel, each of which all awards of an issuer share."""
    for promoter in renderer.registry.issuers.values():
        if (form := claim_form(renderer, promoter)) is not None:
            yield form


def award(renderer: Renderer, award: Award) -> Output:
    """An award in any state: what has lapsed says so, and shows nothing that was said of its holder."""
    urls, views, badge, record = renderer.urls, renderer.views, award.badge, award.record
    holder = views.holder(award)
    name = renderer.language.text(badge.record.name)
    registry, language = renderer.registry, renderer.language
    card = cards.of_award(registry, urls, language, award)
    claim = panel(registry, urls, language, award)
    shared = sharing.is_shared(award)
    kinds = baked_kinds(registry, badge) if award.in_force else []
    meta = Meta(
        urls.award(award.id),
        f"{name} · {holder.name}" if holder else name,
        markdown.to_text(renderer.language.text(badge.record.description)),
        urls.badge_image(badge.ref, badge.version),
        urls.assertion(award.id),
        listed=is_public(award),
        styles=(("assets/claim.css",) if claim else ()) + ((sharing.STYLE,) if shared else ()),
        scripts=(("assets/claim.js",) if claim else ())
        + ((sharing.SCRIPT,) if shared else ())
        + (("assets/bake.js",) if award.in_force and "png" not in kinds else ()),
        card=card,
        oembed=sharing.oembed(registry, urls, urls.award(award.id)) if shared else "",
        structured=structured.script(structured.of_award(urls, language, award)),
    )
    signed = badge.issuer.slug in renderer.signers
    credential = urls.credential(award.id) if signed else ""
    address = urls.absolute(views.page(urls.award(award.id)))
    page = AwardPage(
        number=award.id,
        path=views.page(urls.award(award.id)),
        card=views.award_card(award),
        badge=views.page(urls.badge(badge.ref)),
        issuer=views.issuer_link(badge.issuer),
        holder=holder,
        state="revoked" if award.revoked else award.acceptance,
        in_force=award.in_force,
        issued_on=views.day(award.issued_on),
        expires=views.day(award.expires) if award.expires else None,
        revoked=Revoked(views.day(award.revoked.on), views.words(award.revoked.reason))
        if award.revoked
        else None,
        criteria=views.criteria(badge),
        verify=views.verify(credential or urls.assertion(award.id)),
        assertion=urls.assertion(award.id),
        credential=credential,
        token=urls.token(award.id) if badge.issuer.token_key else "",
        baked=[
            Download(kind.upper(), urls.baked(award.id, kind), f"{badge.slug}-{award.id}.{kind}")
            for kind in kinds
        ],
        bake=f"{badge.slug}-{award.id}.png" if award.in_force and "png" not in kinds else "",
        narrative=views.prose(record.narrative),
        evidence=views.evidence(record.evidence),
        results=views.results(award),
        alignments=views.alignments(badge, record.level),
        because=views.because(award),
        because_of=len(award.because),
        endorsements=views.endorsements(award),
        claim=claim,
        share=_share_panel(renderer, award, address, card) if shared else NONE,
        qr=sharing.qr(address) if shared else NONE,
        wallets=sharing.wallets(urls, award) if shared and signed else None,
    )
    return renderer.page("award.html", meta, page, alike=True)


def _share_panel(renderer: Renderer, award: Award, address: str, card: CardPicture | None) -> Markup:
    """The share panel of an award, which differs from that of the next by its number, day and QR code."""
    registry, urls, language = renderer.registry, renderer.urls, renderer.language

    def made(number: str, linkedin: str, code: Markup) -> str:
        share = sharing.of_award(
            registry, urls, language, replace(award, id=number), card.path if card else ""
        )
        return renderer.share_panel(share and replace(share, linkedin=linkedin, qr=code))

    pattern = renderer.pattern((award.badge, is_public(award)), made)
    day = escape(sharing.linkedin(urls, language, award))
    return Markup(pattern(award.id, day, sharing.qr_address(address)))  # noqa: S704 (what the template made)


def claim_form(renderer: Renderer, issuer: Issuer) -> Output | None:
    """The part of the claim panel that all awards of an issuer share; None if it has none to claim."""
    registry, urls = renderer.registry, renderer.urls
    badges = registry.badges_by_issuer.get(issuer.slug, ())
    given = (a for b in badges for a in registry.awards_by_badge.get(b.ref, ()))
    claim = next((p for a in given if (p := panel(registry, urls, renderer.language, a))), None)
    if claim is None:
        return None
    page = ClaimForm(claim, renderer.views.words(issuer.record.name))
    return claim.form, renderer.part("claim_form.html", page=page)
