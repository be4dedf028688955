"""The page that verifies any badge."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2.utils import htmlsafe_json_dumps

from badge_passport.pages.pagemodels import VerifyPage
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.verify import page_data


def pages(renderer: Renderer) -> Iterator[Output]:
    """Just the one."""
    _ = renderer.language.gettext
    urls = renderer.urls
    meta = Meta(
        urls.verify(),
        _("Verify a badge"),
        _("Check any Open Badge in your browser: who gave it, what for, and whether it still holds."),
        styles=("assets/verify.css",),
        scripts=("assets/verify.js",),
    )
    here = urls.page(meta.path, renderer.language.tag)
    data = page_data(urls, renderer.language, renderer.kept, here)
    text = htmlsafe_json_dumps(data, ensure_ascii=False, sort_keys=True)
    yield renderer.page("verify.html", meta, VerifyPage(text, urls.base))
