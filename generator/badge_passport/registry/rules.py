"""What must hold between records: one function for each rule, in one list.

A rule takes the registry and yields diagnostics; it knows nothing of the other rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import BaseModel

from badge_passport.diagnostics import Diagnostic, Keys, Place, Severity, Span, did_you_mean
from badge_passport.model.texts import Text
from badge_passport.registry.entities import Award, BadgeClass, Origin, Registry
from badge_passport.registry.rules_people import PEOPLE_RULES
from badge_passport.source import markdown

# Folders and files at the root of a site that are generated.
_RESERVED = """assets awards badges changes compare competences issuers manifest offline passports search
    sitemaps statistics verify .well-known passport-shell-page"""
RESERVED = frozenset(_RESERVED.split())
Rule = Callable[[Registry], Iterator[Diagnostic]]


def expiry_follows_issue(registry: Registry) -> Iterator[Diagnostic]:
    """``expires-before-issued``: an award ends after it begins (Open Badges 2.0, Assertion.expires)."""
    for award in registry.awards.values():
        if award.expires is not None and award.expires <= award.issued_on:
            yield Diagnostic(
                "expires-before-issued",
                f"this award expires on {award.expires}, but is issued on {award.issued_on}",
                award.origin.at("expires"),
                "put a later date, or leave “expires” out.",
            )


def ended_badges_are_not_awarded(registry: Registry) -> Iterator[Diagnostic]:
    """``awarded-after-end``: the badge's ``ended`` is the day of its last award, or later."""
    for award in registry.awards.values():
        last = award.badge.record.ended
        if last is not None and award.issued_on > last and not award.erased:
            yield Diagnostic(
                "awarded-after-end",
                f"this award is issued on {award.issued_on}, but “{award.badge.slug}” ended on {last}",
                award.origin.at("issuedOn"),
                "correct the day, or move “ended” of the badge to a later one.",
            )


def revocation_follows_issue(registry: Registry) -> Iterator[Diagnostic]:
    """``revoked-before-issued``: nothing is revoked before it was issued."""
    for award in registry.awards.values():
        if award.record.revoked is not None and award.record.revoked.on < award.issued_on:
            yield Diagnostic(
                "revoked-before-issued",
                f"this award is revoked on {award.record.revoked.on}, before it was issued",
                award.origin.at("revoked", "on"),
                "check both dates.",
            )
        again = award.record.reinstated
        if again is not None and again.revoked_on < award.issued_on:
            yield Diagnostic(
                "revoked-before-issued",
                f"this award was revoked on {again.revoked_on}, before it was issued",
                award.origin.at("reinstated", "revokedOn"),
                "check both dates.",
            )
        elif again is not None and again.on < again.revoked_on:
            yield Diagnostic(
                "revoked-before-issued",
                f"this award holds again since {again.on}, before it was revoked on {again.revoked_on}",
                award.origin.at("reinstated", "on"),
                "check both dates.",
            )


def awards_bring_what_their_badge_requires(registry: Registry) -> Iterator[Diagnostic]:
    """``missing-required``: the badge's ``requires`` list is met by each of its awards."""
    for award in registry.awards.values():
        if award.because or award.identity is None:  # derived, or erased
            continue
        for name in award.badge.record.requires:
            if not getattr(award.record, name):
                yield Diagnostic(
                    "missing-required",
                    f"this award has no {name}, which the badge “{award.badge.slug}” requires",
                    award.origin.at("participant"),
                    f"add “{name}: …” to the award.",
                )


def levels_are_known(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-level``: levels of badges and awards are those of the frameworks."""
    known = registry.levels()
    holders: list[tuple[str | None, Origin]] = [
        (b.record.level, b.origin) for editions in registry.versions.values() for b in editions
    ]
    holders += [(a.record.level, a.origin) for a in registry.awards.values()]
    for level, origin in holders:
        if level is not None and level not in known:
            yield Diagnostic(
                "unknown-level",
                f"no level called “{level}”",
                origin.at("level"),
                f"{did_you_mean(level, known)}Known ones are {', '.join(known) or 'none'}.",
            )


def types_are_known(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-type``: the type of a badge is a word of a framework."""
    known = registry.types()
    for badge in _editions(registry):
        if badge.record.type not in known:
            yield Diagnostic(
                "unknown-type",
                f"no badge type called “{badge.record.type}”",
                badge.origin.at("type"),
                f"{did_you_mean(badge.record.type, known)}Known ones are {', '.join(known) or 'none'} "
                "(the “types” of a framework).",
            )


def results_are_described(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-result``: a result names one of its badge's result descriptions."""
    for award in registry.awards.values():
        if not award.record.result:
            continue
        known = {d.id for d in award.badge.record.result_description}
        for number, result in enumerate(award.record.result):
            if result.result_description not in known:
                yield Diagnostic(
                    "unknown-result",
                    f"the badge “{award.badge.slug}” describes no result “{result.result_description}”",
                    award.origin.at("result", number, "resultDescription"),
                    f"{did_you_mean(result.result_description, known)}"
                    f"Known ones are {', '.join(sorted(known)) or 'none'}.",
                )


def one_key_signs(registry: Registry) -> Iterator[Diagnostic]:
    """``key-conflict``: an issuer signs proofs with one key at a time, and tokens with one at most."""
    for issuer in registry.issuers.values():
        keys = issuer.record.keys
        for kind, name in (("z6Mk", "Ed25519"), ("zDn", "P-256")):
            current = [n for n, k in enumerate(keys) if k.in_use and k.public_key_multibase.startswith(kind)]
            if len(current) > 1 or (keys and not current and name == "Ed25519"):
                yield Diagnostic(
                    "key-conflict",
                    f"{len(current)} keys of this issuer ({name}) are in use; one must be",
                    issuer.origin.at("keys", current[-1] if current else len(keys) - 1),
                    "let `passport keys rotate` make a new one and retire the old one.",
                )


def signing_needs_https(registry: Registry) -> Iterator[Diagnostic]:
    """``bad-url``: an issuer's did:web is an https address (did:web, section 2)."""
    if not registry.site.url.startswith("https://"):
        for issuer in registry.issuers.values():
            if issuer.record.keys:
                yield Diagnostic(
                    "bad-url",
                    f"“{issuer.slug}” signs its badges, which needs a site on https://",
                    Origin("site.yml").at("url"),
                    "write the https:// address, or remove the keys of the issuer.",
                )


def languages_are_the_sites(registry: Registry) -> Iterator[Diagnostic]:
    """``unknown-language``: people, awards and pages speak languages of the site."""
    known = registry.site.languages
    holders = [(p.record.language, p.origin) for p in registry.participants.values()]
    holders += [(a.record.language, a.origin) for a in registry.awards.values()]
    holders += [(page.language or None, Origin(page.file)) for page in registry.pages]
    for language, origin in holders:
        if language is not None and language not in known:
            yield Diagnostic(
                "unknown-language",
                f"the site is not published in “{language}”",
                origin.at("language"),
                f"its languages are {', '.join(known)} (site.yml).",
            )


MOST_MISSING = 20  # warnings of one language about texts that are missing; then their number says the rest


def texts_are_translated(registry: Registry) -> Iterator[Diagnostic]:
    """``missing-translation`` (a warning): a text in some of the site's languages is in all of them."""
    untold = dict.fromkeys(registry.site.languages, 0)
    told = dict.fromkeys(registry.site.languages, MOST_MISSING)
    fix = "until it is there, readers see the default language."
    for origin, keys, text in translatable(registry):
        for tag in registry.site.languages:
            if tag in text.root:
                continue
            if told[tag]:
                told[tag] -= 1
                yield _warning("missing-translation", f"this text is missing in {tag}", origin, keys, fix)
            else:
                untold[tag] += 1
    for number, (tag, more) in enumerate(untold.items()):
        if more:
            said = f"and {more} more {'text is' if more == 1 else 'texts are'} missing in {tag}"
            yield _warning("missing-translation", said, Origin("site.yml"), ("languages", number), fix)


def translatable(registry: Registry) -> Iterator[tuple[Origin, Keys, Text]]:
    """Every text that promoters write for everybody and wrote in some language, with its place."""
    for record, origin in _published(registry):
        for keys, text in _texts(record):
            if any(text.languages()):
                yield origin, keys, text


def pages_keep_off_reserved_paths(registry: Registry) -> Iterator[Diagnostic]:
    """``reserved-path``: no written page has the address of something that is generated."""
    reserved = {*RESERVED, *registry.site.languages}
    for file, path in [
        *((p.file, p.path) for p in registry.pages),
        *((None, a) for a in registry.page_assets),
    ]:
        first = path.split("/")[0]
        if first in reserved:
            yield Diagnostic(
                "reserved-path",
                f"addresses that start with {first}/ belong to generated pages",
                Origin(file or f"content/pages/{path}")(()),
                "give the page (or its folder) another name.",
            )


def pages_have_addresses_of_their_own(registry: Registry) -> Iterator[Diagnostic]:
    """``duplicate-page``: no two written pages of a language have the same address."""
    seen: dict[tuple[str, str], str] = {}
    for page in registry.pages:
        address = (page.path.removesuffix("/index"), page.language or registry.default_language)
        if address in seen:
            yield Diagnostic(
                "duplicate-page",
                f"this page has the same address as {seen[address]}",
                Origin(page.file)(()),
                "rename one of the two, or put their texts together.",
            )
        seen.setdefault(address, page.file)


def prose_is_safe(registry: Registry) -> Iterator[Diagnostic]:
    """``raw-html`` and ``unsafe-link``: Markdown carries neither tags nor links that run code."""
    for record, origin in (*_published(registry), *_personal(registry)):
        if not _has_marks(_as_json(record)):
            continue
        for keys, value in _strings(record):
            if _has_marks(value):
                for found in markdown.problems(value):
                    yield _prose(found, origin(keys))
    for page in registry.pages:
        _, body, first = markdown.front_matter(page.text)
        for found in markdown.problems(body):
            yield _prose(found, _span(page.file, found, first))
    for written in (page for person in registry.participants.values() for page in person.pages):
        for found in markdown.problems(written.text):
            yield _prose(found, _span(written.file, found))


def logo_is_there(registry: Registry) -> Iterator[Diagnostic]:
    """``image-not-found``: the logo that site.yml names."""
    logo = registry.site.brand.logo
    if logo is not None and logo not in registry.page_assets:
        yield Diagnostic(
            "image-not-found",
            f"there is no picture “{logo}” in content/pages/",
            Place("site.yml", ("brand", "logo")),
            f"{did_you_mean(logo, registry.page_assets)}Put the file there, or take this line out.",
        )


def _span(file: str, found: markdown.Finding, first: int = 1) -> Span:
    return Span(file, found.line + first - 1, found.column, found.column + found.length)


def _prose(found: markdown.Finding, where: Place | Span) -> Diagnostic:
    fix = (
        "write Markdown; to show a < as it is, put a backslash before it or `backquotes` around the code."
        if found.code == "raw-html"
        else "links start with https://."
    )
    return Diagnostic(found.code, found.message, where, fix)


def _warning(code: str, message: str, origin: Origin, keys: Keys, fix: str) -> Diagnostic:
    severity: Severity = "warning"
    return Diagnostic(code, message, origin(keys), fix, severity)


def _editions(registry: Registry) -> Iterator[BadgeClass]:
    return (badge for editions in registry.versions.values() for badge in editions)


def _published(registry: Registry) -> Iterator[tuple[BaseModel, Origin]]:
    """Records that the promoters write for everybody."""
    yield registry.site, Origin("site.yml")
    for issuer in registry.issuers.values():
        yield issuer.record, issuer.origin
    for framework in registry.frameworks.values():
        yield framework.record, framework.origin
    for badge in _editions(registry):
        yield badge.record, badge.origin


def _personal(registry: Registry) -> Iterator[tuple[BaseModel, Origin]]:
    """Records about one person, in the language they were written in."""
    for person in registry.participants.values():
        yield person.record, person.origin
    for award in registry.awards.values():
        if not award.because and _has_prose(award):
            yield award.record, award.origin
    for endorsement in registry.endorsements:
        path = f"badges/{endorsement.endorser.slug}/endorsements/{endorsement.slug}.yml"
        yield endorsement.record, Origin(path)


def _has_prose(award: Award) -> bool:
    record = award.record
    return bool(record.narrative or record.evidence or record.revoked or record.reinstated)


def _has_marks(text: str) -> bool:
    """Whether a text may hold a tag or a link: nearly none does."""
    return "<" in text or "](" in text or "]:" in text


def _as_json(record: BaseModel) -> str:
    """All texts of a record in one, which Rust makes; between them stands nothing that looks like a mark."""
    return type(record).__pydantic_serializer__.to_json(record).decode()


def _texts(record: BaseModel) -> Iterator[tuple[Keys, Text]]:
    """Every portable text inside a record, with the keys that lead to it."""
    return ((keys, leaf) for keys, leaf in _leaves(record) if isinstance(leaf, Text))


def _strings(record: BaseModel) -> Iterator[tuple[Keys, str]]:
    """Every string inside a record, each language of a portable text by itself."""
    for keys, leaf in _leaves(record):
        if isinstance(leaf, Text):
            yield from (((*keys, tag), value) for tag, value in leaf.root.items())
        else:
            yield keys, leaf


def _leaves(value: object, keys: Keys = ()) -> Iterator[tuple[Keys, Text | str]]:
    if isinstance(value, Text | str):
        yield keys, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _leaves(getattr(value, name), (*keys, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*keys, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, (*keys, number))


# What each award must keep by itself, whoever has it and whatever else was awarded.
OF_SINGLE_AWARDS: tuple[Rule, ...] = (
    expiry_follows_issue,
    ended_badges_are_not_awarded,
    revocation_follows_issue,
    awards_bring_what_their_badge_requires,
    levels_are_known,
    results_are_described,
)

RULES: tuple[Rule, ...] = (
    *OF_SINGLE_AWARDS,
    types_are_known,
    one_key_signs,
    signing_needs_https,
    *PEOPLE_RULES,
    languages_are_the_sites,
    logo_is_there,
    pages_keep_off_reserved_paths,
    pages_have_addresses_of_their_own,
    prose_is_safe,
    texts_are_translated,
)
