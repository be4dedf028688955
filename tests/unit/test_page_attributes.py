"""What a written page may say in MkDocs: no attribute runs anything, and no picture is fetched elsewhere."""

from __future__ import annotations

import markdown
import pytest

from badge_passport.pages.hosts.mkdocs import SafeMarkdown, _safe_values
from badge_passport.source.markdown import problems

EXTENSIONS = ["admonition", "attr_list", "def_list", "footnotes", "tables", SafeMarkdown()]


def html(text: str) -> str:
    return markdown.markdown(text, extensions=EXTENSIONS)


@pytest.mark.parametrize(
    "attribute",
    [
        'onclick="evil()"',
        'ONCLICK="evil()"',
        "OnMouseOver=evil()",
        'HREF="javascript:evil()"',
        "style=background:url(//evil.example)",
        "srcset=//evil.example",
        "ping=//evil.example",
        "formaction=javascript:evil()",
    ],
)
def test_an_attribute_that_acts_is_dropped(attribute: str) -> None:
    assert html(f"[a](b.md){{: {attribute} }}") == '<p><a href="b.md">a</a></p>'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:evil()",
        "JaVaScRiPt:evil()",
        "java&Tab;script:evil()",
        "java&#10;script:evil()",
        "&#106;avascript:evil()",
        "&amp;#106;avascript:evil()",
        "data:text/html,evil",
        "vbscript:evil()",
    ],
)
def test_a_link_that_runs_code_leads_nowhere(address: str) -> None:
    assert html(f"[a]({address})") == '<p><a href="#">a</a></p>'
    assert html(f'[a](b.md){{: href="{address}" }}') == '<p><a href="#">a</a></p>'


@pytest.mark.parametrize("address", ["java&Tab;script:x", "java&#10;script:x", "data:x"])
def test_check_tells_of_such_a_link(address: str) -> None:
    assert [found.code for found in problems(f"[a]({address})")] == ["unsafe-link"]


@pytest.mark.parametrize("address", ["Talk%3AHome.md", "a/b.md#c", "https://e.org/%0A", "mailto:a@b.example"])
def test_check_lets_others_be(address: str) -> None:
    assert problems(f"[a]({address})") == []


@pytest.mark.parametrize(
    "address", ["https://evil.example/t.gif", "//evil.example/t.gif", "/&#47;evil.example"]
)
def test_a_picture_elsewhere_is_a_link_to_it(address: str) -> None:
    assert html(f"![a]({address})") == f'<p><a href="{address}">a</a></p>'


def test_what_only_describes_is_kept() -> None:
    assert html("![a](b.png){: width=30 align=right loading=lazy .round }") == (
        '<p><img align="right" alt="a" class="round" loading="lazy" src="b.png" width="30" /></p>'
    )
    assert html("[a](https://e.org){: target=_blank rel=noopener }") == (
        '<p><a href="https://e.org" rel="noopener" target="_blank">a</a></p>'
    )
    assert 'style="text-align: right;"' in html("a | b\n--: | ---\n1 | 2\n")
    assert 'href="#fn:1"' in html("a[^1]\n\n[^1]: b\n")


def test_what_templates_are_handed_is_escaped() -> None:
    evil = '"`<img src=x onerror=evil()>`'
    safe = "&#34;`&lt;img src=x onerror=evil()&gt;`"
    assert _safe_values({evil: [evil, {"link": "Java\tscript:evil()"}], "on": True}) == {
        safe: [safe, {"link": "#"}],
        "on": True,
    }
