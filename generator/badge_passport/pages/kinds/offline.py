"""The page that a device shows in place of those it did not keep, while there is no network."""

from __future__ import annotations

from collections.abc import Iterator

from badge_passport.pages.pagemodels import OfflinePage
from badge_passport.pages.rendering import Meta, Output, Renderer


def pages(renderer: Renderer) -> Iterator[Output]:
    """The one page."""
    _ = renderer.language.gettext
    text = _("This page is not on your device. It can be read as soon as there is a network again.")
    meta = Meta(
        renderer.urls.offline(), _("You are offline"), text, listed=False, scripts=("assets/keep.js",)
    )
    yield renderer.page("offline.html", meta, OfflinePage(renderer.views.page("")))
