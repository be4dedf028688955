"""What a change would publish, in words: for a terminal, and as Markdown for a pull request.

It names badges and organisations, never people: a comment is as public as the repository.
"""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.registry import Registry
from badge_passport.registry.changes import Changes

# One and many of what happens to awards.
_EVENTS = {
    "new": ("1 new award", "{} new awards"),
    "revoked": ("1 award revoked", "{} awards revoked"),
    "reinstated": ("1 award reinstated", "{} awards reinstated"),
    "erased": ("1 award erased at the holder's request", "{} awards erased at their holders' request"),
    "accepted": ("1 award accepted", "{} awards accepted"),
    "declined": ("1 award declined", "{} awards declined"),
    "hidden": ("1 award hidden", "{} awards hidden"),
    "changed": ("1 award changed", "{} awards changed"),
}
_MOST = 20  # lines about awards and of each list


def lines(changes: Changes, registry: Registry) -> list[str]:
    """One line for each kind of change, the most important first; empty if nothing published changes."""
    return list(_lines(changes, registry))


def markdown(changes: Changes, registry: Registry, problems: int) -> str:
    """The same as a comment for a pull request."""
    told = lines(changes, registry)
    head = "### What this change publishes\n\n"
    body = "".join(f"- {_escaped(line)}\n" for line in told) or "Nothing on the site changes.\n"
    if problems:
        count = "1 problem" if problems == 1 else f"{problems} problems"
        body += f"\n**{count} must be mended first**; see the annotations beside the changed lines.\n"
    return head + body


def _lines(changes: Changes, registry: Registry) -> Iterator[str]:
    for event, counted in changes.awards.items():
        for ref, number in counted.most_common(_MOST):
            yield f"{_count(_EVENTS[event], number)} of {_badge(registry, ref)}"
        rest = sum(number for _, number in counted.most_common()[_MOST:])
        if rest:
            yield f"{_count(_EVENTS[event], rest)} of other badges"
    yield from _list("new badge", [_badge(registry, ref) for ref in changes.badges])
    yield from _list("new version", changes.versions)
    yield from _list("new organisation", changes.issuers)
    for number, one, many in (
        (changes.people, "1 new passport", "{} new passports"),
        (
            changes.elsewhere,
            "1 badge of another issuer in a passport",
            "{} badges of other issuers in passports",
        ),
        (changes.listed, "1 passport becomes public", "{} passports become public"),
        (changes.unlisted, "1 passport is listed no more", "{} passports are listed no more"),
        (changes.profiles, "1 passport changes", "{} passports change"),
        (changes.endorsements, "1 new endorsement", "{} new endorsements"),
    ):
        if number:
            yield _count((one, many), number)
    yield from _list("passport moved", changes.moved)
    yield from _list("key", changes.keys)
    yield from _list("badge changed", [_badge(registry, ref) for ref in changes.reworded])
    yield from _list("organisation changed", changes.organisations)
    yield from _list("framework changed", changes.frameworks)
    if changes.site:
        yield "site.yml changed"
    yield from _list("page changed", changes.pages)


def _count(words: tuple[str, str], number: int) -> str:
    return words[0] if number == 1 else words[1].format(f"{number:,}")


def _list(what: str, items: list[str]) -> Iterator[str]:
    yield from (f"{what}: {item}" for item in items[:_MOST])
    if len(items) > _MOST:
        yield f"{what}: and {len(items) - _MOST} more"


def _badge(registry: Registry, ref: str) -> str:
    badge = registry.badges.get(ref)
    if badge is None:
        return ref
    default = registry.default_language
    name, issuer = registry.text(badge.record.name, default), registry.text(badge.issuer.record.name, default)
    return f"“{name}” ({issuer})"


def _escaped(line: str) -> str:
    """A line whose names cannot become links, mentions or markup in a comment."""
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+!|@~&" else c for c in line)
