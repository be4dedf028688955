"""Quotes, brackets and template syntax in every text field: they come out as text, in both hosts."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from badge_passport.pipeline import build, check
from minimal import MakeSite

# No tag, or it would be refused: everything else that could end an attribute, an element or a template.
EVIL = (
    "x\\\" onload=\\\"evil() ' onerror='evil() `evil` {{ 7*7 }} {% raw %} %(name)s "
    "@@passport:content@@ &lt;b> ]]> %s"
)
PLAIN = EVIL.replace('\\"', '"')


class Tags(HTMLParser):
    """Elements with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(params=["plain", "mkdocs"])
def public(request: pytest.FixtureRequest, make_site: MakeSite, tmp_path: Path) -> Path:
    text = f'"{EVIL}"'
    site = make_site()

    def change(path: str, /, **values: str) -> None:
        file = site / path
        content = file.read_text("utf-8")
        for key, value in values.items():
            content = re.sub(rf"(?m)^{key}:.*\n", "", content) + f"{key}: {value}\n"
        file.write_text(content, "utf-8")

    change("site.yml", name=text, description=text, notice=text, host=request.param)
    change("badges/harbour/issuer.yml", name=text, description=text)
    change(
        "badges/harbour/listener.yml",
        name=text,
        description=text,
        criteria=text,
        imageCaption=text,
        activity=text,
        tags=f"[{text}]",
        resultDescription=f"[{{id: hours, name: {text}, resultType: RawScore}}]",
        version=text,
    )
    change(
        "content/participants/amira.yml",
        name=text,
        bio=text,
        links=f"[{{name: {text}, url: https://example.org/}}]",
        otherBadges=f"[{{name: {text}, issuerName: {text}, issuedOn: 2020-01-01, url: https://example.org/}}]",
    )
    (site / "content/participants/amira.md").write_text(PLAIN.replace("|", ""), "utf-8")
    (site / "content/pages").mkdir(exist_ok=True)
    (site / "content/pages/index.md").write_text(
        f"---\ntitle: {text}\ndescription: {text}\n---\n# {PLAIN}\n", "utf-8"
    )
    (site / "content/awards/harbour/evil.yml").write_text(
        f"badge: listener\nissuedOn: 2021-05-05\nparticipant: amira\nnarrative: {text}\n"
        f"evidence: [{{name: {text}, description: {text}, narrative: {text}, genre: {text}, "
        f"audience: {text}}}]\n"
        f"result: [{{resultDescription: hours, value: {text}}}]\n",
        "utf-8",
    )
    checked = check(site)
    assert checked.good, checked.diagnostics
    build(checked, tmp_path / "public")
    return tmp_path / "public"


def test_nothing_breaks_out_of_where_it_stands(public: Path) -> None:
    shown = 0
    for file in sorted(public.rglob("*.html")):
        page = Tags()
        page.feed(file.read_text("utf-8"))
        for tag, name, value in page.attributes:
            assert not name.startswith("on"), f"{file}: <{tag} {name}={value!r}>"
        words = " ".join("".join(page.text).split())
        assert " 49 " not in words, "a template ran"
        shown += " ".join(PLAIN.split()) in words
    assert shown >= 8


def test_documents_hold_exactly_what_was_written(public: Path) -> None:
    badge = json.loads(next(public.glob("badges/harbour/listener/badge.en.json")).read_bytes())
    assert badge["name"] == badge["description"] == PLAIN
    assert badge["tags"] == [PLAIN]
    assertions = [json.loads(p.read_bytes()) for p in public.glob("awards/*/assertion.json")]
    evil = next(a for a in assertions if "narrative" in a)
    assert evil["narrative"] == evil["evidence"][0]["name"] == PLAIN
    # The version is part of an address: there it is one safe step.
    assert re.fullmatch(
        r"https://badges\.example\.org/badges/harbour/listener/v/[\w.-]+/badge\.en\.json", evil["badge"]
    )
