"""Private passports: rendered like the others, and published encrypted."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator

from badge_passport.credentials import published
from badge_passport.pages.kinds import people
from badge_passport.pages.pagemodels import PrivatePage
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.registry.entities import Participant
from badge_passport.registry.privacy import is_sealed

PACKING = 6
"""How hard a passport is compressed: half a millisecond; more takes half as long again for a few bytes."""


def pages(renderer: Renderer, person: Participant) -> Iterator[Output]:
    """That of a person; none without the secret of the site, which its key is made from."""
    if renderer.seals is not None and is_sealed(person):
        # A link to a former address has the right key, and only its holder knows where it leads.
        for slug in (person.slug, *(old.slug for old in person.record.former)):
            yield private(renderer, person, slug)


def private(renderer: Renderer, person: Participant, slug: str) -> Output:
    """A private passport at one of its addresses; the page around what is encrypted is everybody's."""
    if renderer.seals is None:
        raise ValueError("a private passport is published encrypted or not at all")
    _ = renderer.language.gettext
    inner, passport = people.passport(renderer, person)
    inside = {path: data_url(path, data) for path, data in published.copies(renderer.urls, person)}
    html = renderer.fragment("passport.html", inner, passport, inside)
    title = f"{inner.title} - {renderer.site.name}"
    opened = json.dumps({"title": title, "html": html}, ensure_ascii=False, separators=(",", ":"))
    path = renderer.urls.passport(slug)
    place = renderer.urls.page(path, renderer.language.tag)
    # What is encrypted no host can compress any more.
    packed = zlib.compress(opened.encode("utf-8"), PACKING)
    sealed = renderer.seals.of(person.key).seal(place, packed)
    meta = Meta(
        path,
        _("A private passport"),
        _("Only who has the whole link can read this page."),
        listed=False,
        # Whatever the passport needs: which of them would tell something about it.
        styles=("assets/passport-page.css", "assets/discovery.css"),
        scripts=("assets/filter.js", "assets/keep.js", "assets/private.js"),
    )
    return renderer.page("private.html", meta, PrivatePage(place, base64.b64encode(sealed).decode("ascii")))


def data_url(path: str, data: bytes) -> str:
    """A file as an address that holds it. What kind it is its bytes tell: names may be anything."""
    if data.startswith(b"\x89PNG"):
        kind = "image/png"
    elif data.startswith(b"\xff\xd8"):
        kind = "image/jpeg"
    elif data.startswith(b"%PDF"):
        kind = "application/pdf"
    else:
        kind = "image/svg+xml" if path.endswith(".svg") else "application/json"
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
