"""Nothing issued is ever lost: what a change must not do to a site that people have badges of.

One function for each rule. A rule takes the site before and after, and yields diagnostics that point into
the site after (into the site before, where the thing is gone).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from badge_passport.diagnostics import Diagnostic, Place
from badge_passport.model.texts import Text
from badge_passport.registry.editions import edition, editions
from badge_passport.registry.entities import BadgeClass, Origin, Registry

Rule = Callable[[Registry, Registry], Iterator[Diagnostic]]
_SITE = Origin("site.yml")

# What a badge asks for and stands for. Its other words may be mended.
_MEANING = {
    "type": "type",
    "level": "level",
    "alignment": "alignment",
    "valid_for": "validFor",
    "milestone": "milestone",
}


def addresses_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``site-moved``: every id is made of ``url`` and ``idNamespace``."""
    for key, name in (("url", "url"), ("id_namespace", "idNamespace")):
        old, new = str(getattr(before.site, key)), str(getattr(after.site, key))
        if before.awards and old.rstrip("/") != new.rstrip("/"):
            yield Diagnostic(
                "site-moved",
                f"“{name}” has changed, which changes every badge that was issued",
                _SITE.at(name),
                f"write “{name}: {old}” again; to move to another host, keep the domain.",
            )


def awards_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``award-removed``: an award is revoked, never removed."""
    if before.site.id_namespace != after.site.id_namespace:
        return  # all of them: said once
    for award_id, award in before.awards.items():
        if award_id in after.awards:
            continue
        what = f"the award of “{award.badge.slug}” to “{award.record.participant}” on {award.issued_on}"
        fix = (
            "bring it back as it was, and revoke it: `passport revoke` writes “revoked: {on: …, reason: …}”."
        )
        if award.because:
            what = f"the milestone “{award.badge.slug}” of “{award.participant.slug}”"
            fix = "leave the milestone's rule as it was, and revoke the awards that it follows from."
        yield Diagnostic("award-removed", f"{what} is gone", _gone(award.origin.at("participant")), fix)


def _gone(place: Place) -> Place:
    """The file that something stood in; the line may be another's now."""
    return Place(place.file)


def badges_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``badge-changed``: what an awarded badge asks for changes only with its ``version``."""
    awarded = {(a.badge.ref, a.badge.version): a for a in before.awards.values()}
    for ref, version in awarded:
        old = _edition(before, ref, version)
        new = _edition(after, ref, version)
        if old is None:
            continue
        if new is None:
            yield Diagnostic(
                "badge-removed",
                f"version {version} of “{ref}” is gone, and people hold it",
                _gone(old.origin.at()),
                f"bring it back; with a newer version, this one is {old.slug}.v{version}.yml with “until”.",
            )
            continue
        for key, name in _MEANING.items():
            if getattr(old.record, key) != getattr(new.record, key):
                yield _changed(new, name)
        if _reworded(
            _texts(old.record.criteria, before.default_language),
            _texts(new.record.criteria, after.default_language),
        ):
            yield _changed(new, "criteria")


def _texts(text: Text, default: str) -> dict[str, str]:
    """Language to words; spaces do not count."""
    return {tag or default: " ".join(words.split()) for tag, words in text.root.items()}


def _reworded(old: dict[str, str], new: dict[str, str]) -> bool:
    """Whether something else is said in a language that was there; translations may be added."""
    return any(words != new.get(tag) for tag, words in old.items())


def _changed(badge: BadgeClass, key: str) -> Diagnostic:
    return Diagnostic(
        "badge-changed",
        f"“{key}” of “{badge.ref}” has changed, and people hold this version",
        badge.origin.at(key),
        f"copy the old file to {badge.slug}.v{badge.version}.yml with “until”, and raise “version” here; "
        "if you only mended a word, say so with --allow badge-changed.",
    )


def languages_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``language-removed``: an award names the document of its badge in one language, at its own address."""
    told: set[tuple[str, str, str]] = set()
    for award in before.awards.values():
        badge = award.badge
        new = _edition(after, badge.ref, badge.version)
        if award.erased or new is None:
            continue
        tag = edition(before, badge, award.language, award.participant.language)
        which = badge.ref, badge.version, tag
        if tag in editions(after, new) or which in told:
            continue
        told.add(which)
        yield Diagnostic(
            "language-removed",
            f"“{badge.ref}” would not be published in “{tag}” any more, and people hold it so",
            new.origin.at("name") if tag in after.site.languages else _SITE.at("languages"),
            f"keep “{tag}” in “languages” of site.yml, and the name of the badge in it.",
        )


def _edition(registry: Registry, ref: str, version: str) -> BadgeClass | None:
    return next((b for b in registry.versions.get(ref, ()) if b.version == version), None)


def awards_keep_their_version(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``version-changed``: an award stands for the version that it was given for."""
    told = set()
    for award_id, old in before.awards.items():
        new = after.awards.get(award_id)
        if new is None or new.badge.version == old.badge.version or new.badge.ref in told:
            continue
        if _edition(after, old.badge.ref, old.badge.version) is None:
            continue  # the version itself is gone: said above
        told.add(new.badge.ref)
        yield Diagnostic(
            "version-changed",
            f"awards of “{new.badge.ref}” from {new.issued_on} would become version {new.badge.version}; "
            f"they were given for version {old.badge.version}",
            new.badge.origin.at("version"),
            "let “until” of the retired version be a day after its last award.",
        )


def keys_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``key-removed``: what a key signed can be checked only while the key is published."""
    for slug, old in before.issuers.items():
        new = after.issuers.get(slug)
        keys = {k.public_key_multibase: k for k in new.record.keys} if new else {}
        for number, key in enumerate(old.record.keys):
            found = keys.get(key.public_key_multibase)
            if found is None:
                yield Diagnostic(
                    "key-removed",
                    f"the key {key.public_key_multibase[:12]}… of “{slug}” is gone",
                    _gone(old.origin.at("keys", number)),
                    "bring it back; a key that signs no more has “retired” or “compromised”.",
                )
            elif key.compromised and not found.compromised:
                yield Diagnostic(
                    "key-removed",
                    f"the key {key.public_key_multibase[:12]}… of “{slug}” counts as safe again",
                    new.origin.at("keys") if new else None,
                    f"write “compromised: {key.compromised}” again: what others know they know for good.",
                )


def passports_stay(before: Registry, after: Registry) -> Iterator[Diagnostic]:
    """``passport-gone`` (a warning): the address of a passport may be in somebody's application."""
    known = {*after.participants, *(old.slug for old, _ in after.former)}
    erased = {award.id for award in after.awards.values() if award.identity is None}
    for slug, person in before.participants.items():
        own = before.awards_by_participant.get(slug, ())
        if slug not in known and not any(award.id in erased for award in own):
            yield Diagnostic(
                "passport-gone",
                f"the passport “{slug}” is gone",
                _gone(person.origin.at()),
                "if the file was renamed, write “former: [{slug: " + slug + "}]” into the new one.",
                "warning",
            )


RULES: tuple[Rule, ...] = (
    addresses_stay,
    awards_stay,
    badges_stay,
    awards_keep_their_version,
    languages_stay,
    keys_stay,
    passports_stay,
)


def lost(before: Registry, after: Registry) -> list[Diagnostic]:
    """Everything that a change would take away from people, by all rules."""
    return [problem for rule in RULES for problem in rule(before, after)]
