"""Colours that people choose can be read, whatever they choose."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.model.site import Brand
from badge_passport.pages.brand import NIGHT, PAPER, branded, style
from badge_passport.pages.colors import contrast, mix, parse, readable, to_hex
from badge_passport.pages.views import tint
from badge_passport.pipeline import build, check
from demo import ROOT
from minimal import MakeSite

COLORS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(COLORS, COLORS)
def test_what_is_written_in_a_colour_can_be_read(color: str, ground: str) -> None:
    assert contrast(parse(readable(color, ground)), parse(ground)) >= 4.5


@given(COLORS)
def test_a_colour_that_can_be_read_stays(color: str) -> None:
    if contrast(parse(color), parse("#ffffff")) >= 4.5:
        assert readable(color, "#ffffff") == color


@given(COLORS, COLORS)
def test_both_schemes_of_a_brand_can_be_read(color: str, accent: str) -> None:
    text = style(Brand(color=color, accent=accent)).decode()
    light, dark = text.split("slate")
    for rules, ground in ((light, PAPER), (dark, NIGHT)):
        for name in ("--pp-link", "--pp-accent"):
            found = re.search(rf"{name}: (#[0-9a-f]{{6}})", rules)
            assert found and contrast(parse(found[1]), parse(ground)) >= 4.5
        brand = re.search(r"--pp-brand: (#[0-9a-f]{6})", rules)
        assert brand and contrast(parse(brand[1]), parse("#ffffff")) >= 7


@pytest.mark.parametrize("wrong", ["blue", "#12", "#12345g", "#1234567", ""])
def test_only_colours_are_colours(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        parse(wrong)
    assert to_hex(mix(parse("#fff"), parse("#000000"), 0.5)) == "#808080"


@given(COLORS)
def test_a_tint_is_an_attribute(color: str) -> None:
    assert re.fullmatch(r' style="--pp-issuer:#[0-9a-f]{6};--pp-issuer-dark:#[0-9a-f]{6}"', tint(color))


@pytest.mark.parametrize("host", ["mkdocs", "plain"])
def test_a_site_has_its_colours_and_its_logo_without_a_template(make_site: MakeSite, host: str) -> None:
    site = make_site({})
    (site / "content" / "pages" / "images").mkdir(parents=True)
    (site / "content/pages/index.md").write_text("# Hello\n")
    (site / "content/pages/images/logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
    )
    text = (site / "site.yml").read_text().replace("host: plain", f"host: {host}")
    (site / "site.yml").write_text(f'{text}brand: {{color: "#8b1e3f", logo: images/logo.svg}}\n')
    build(check(site), site / "public")
    css = (site / "public/assets/passport.css").read_text()
    assert css.endswith(style(Brand(color="#8b1e3f")).decode())
    page = (site / "public/badges/harbour/listener/index.html").read_text()
    assert 'src="../../../images/logo.svg"' in page
    assert (site / "public/images/logo.svg").is_file()


def test_what_other_sites_show_has_the_colours_too() -> None:
    brand = Brand(color="#8b1e3f")
    for name in ("embed.css", "badge-passport.js"):
        asset = (ROOT / "themes/passport/assets" / name).read_bytes()
        light, dark = re.findall(r"-brand: (#[0-9a-f]{6});", branded(brand, name, asset).decode())
        assert contrast(parse(light), parse("#ffffff")) >= 4.5 <= contrast(parse(dark), parse(NIGHT))
        assert {light, dark}.isdisjoint(re.findall(r"-brand: (#[0-9a-f]{6});", asset.decode()))
        assert branded(Brand(), name, asset) == asset
