"""Share panels: filled in quickly, they are what the template makes of the same values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from badge_passport.pages import sharing
from badge_passport.pages.languages import language
from badge_passport.pages.sharepanels import SharePanels
from badge_passport.pages.templates import environment
from badge_passport.pages.viewmodels import Share
from badge_passport.resources import packaged_theme
from minimal import CheckSite
from sharing_fixtures import small_site

EVIL = 'x\\" onload=\\"evil() \' & @@share:0@@ {{ 7*7 }} &amp; 9%'


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_filled_panel_is_the_rendered_template(checked: CheckSite, tag: str) -> None:
    theme = packaged_theme()
    reader = language(tag, "en", theme)
    template = environment(theme.folders("templates"), reader).get_template("share.html")
    made: list[Share] = []

    def render(share: Share) -> str:
        made.append(share)
        return template.render(share=share, language=reader, site=None)

    panels = SharePanels(render)
    registry, urls = small_site(checked, badge=EVIL)
    shares = [sharing.of_award(registry, urls, reader, a) for a in registry.awards.values()]
    shares += [sharing.of_badge(registry, urls, reader, b) for b in registry.badges.values()]
    people = registry.participants.values()
    shares += [sharing.of_passport(registry, urls, reader, p, '<b>"') for p in people]
    for share in filter(None, [*shares, *shares]):
        assert panels(share) == template.render(share=share, language=reader, site=None)
        bare = replace(share, codes=replace(share.codes, frame=""), qr="")
        assert panels(bare) == template.render(share=bare, language=reader, site=None)
    assert len(made) <= 10  # each variant once, however many pages there are
    assert panels(None) == ""
