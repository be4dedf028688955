"""Where awards stood in the status lists when a site was built: who has an award that stands elsewhere now.

An award that is entered late can move others, whose credentials name their places. Nothing moves for an
issuer of whose awards everything is as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from badge_passport.credentials.places import SitePlaces, given_by
from badge_passport.registry import Registry
from badge_passport.source.kept import Stored


class Standing(NamedTuple):
    """The places of an issuer's awards, packed; ``said`` is a digest of what lists say of these awards."""

    said: str
    places: Stored


def standing(
    registry: Registry, issuers: Iterable[str], places: SitePlaces, before: Mapping[str, Standing]
) -> tuple[dict[str, Standing], set[str]]:
    """Where the awards of some issuers stand, and the people of whose awards one stood elsewhere ``before``.

    Raises:
        kept.Damaged: what was before is not known any more.
    """
    now: dict[str, Standing] = {}
    moved: set[str] = set()
    for issuer in issuers:
        said, old = _said(registry, issuer), before.get(issuer)
        if old is not None and old.said == said:
            now[issuer] = old
            continue
        there = places.of(issuer)
        then = json.loads(old.places.read()) if old is not None else {}
        if old is not None:
            moved |= {
                award.participant.slug
                for award in given_by(registry, issuer)
                if award.id in then and then[award.id] != [*there[award.id]]
            }
        now[issuer] = Standing(said, Stored(json.dumps(there, separators=(",", ":")).encode("ascii")))
    return now, moved


def _said(registry: Registry, issuer: str) -> str:
    badges = registry.badges_by_issuer.get(issuer, ())
    said = " ".join(registry.facts[badge.ref].said for badge in badges)
    return sha256(said.encode("ascii")).hexdigest()
