"""The contract of themes: templates get what is promised, and a theme that knows nothing else works."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, meta, nodes

from badge_passport.cli.buildfaults import problem_of
from badge_passport.pages import contract, rendering
from badge_passport.pages.languages import language
from badge_passport.pages.rendering import Meta, Output, Renderer
from badge_passport.pages.templates import TemplateFault, environment
from badge_passport.pipeline import build, check
from badge_passport.publish.engines import Processes
from badge_passport.resources import packaged_theme
from demo import ROOT, SEALS, Demo
from minimal import MakeSite

THEME = ROOT / "themes" / "passport"
POSTCARD = ROOT / "tests" / "themes" / "postcard"
PROMISED = {"page", "meta", "site", "language", "href", "absolute", "gettext", "ngettext", "_"}
PIECES = {
    "macros.html",
    "passport_parts.html",
    "portfolio_blocks.html",
    "claim.html",
    "share.html",
    "wallets.html",
    "head.html",
}


def test_the_schema_is_that_of_the_classes() -> None:
    kept = (THEME / "contract.schema.json").read_text(encoding="utf-8")
    assert kept == contract.text(), "make schemas"
    schema = json.loads(kept)
    assert set(schema["properties"]) == {*contract.PAGES, "meta", "site"}
    described = [d for d in schema["$defs"].values() if d.get("type") == "object"]
    assert len(described) > 40
    assert not [d["title"] for d in described if not d.get("description")]


def test_every_template_is_in_the_contract_or_a_piece() -> None:
    assert {f.name for f in (THEME / "templates").iterdir()} == set(contract.PAGES) | PIECES
    documented = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
    for template, kind in contract.PAGES.items():
        assert re.search(rf"\| `{template}` \| `{kind.__name__}` \|", documented), template
    for piece in PIECES:
        assert f"`{piece}`" in documented


def test_pages_get_what_the_contract_says(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page of a whole build is made from the class that is promised for its template."""
    seen: set[str] = set()
    page = Renderer.page

    def watched(self: Renderer, template: str, about: Meta, value: object, *, alike: bool = False) -> Output:
        assert type(value) is contract.PAGES[template]
        seen.add(template)
        return page(self, template, about, value, alike=alike)

    monkeypatch.setattr(rendering.Renderer, "page", watched)
    checked = check(ROOT)
    build(checked, tmp_path / "public", seals=SEALS)
    assert seen | {"claim_form.html", "embed.html", "moved.html"} == set(contract.PAGES)


@pytest.mark.parametrize("template", sorted(contract.PAGES))
def test_our_own_templates_use_nothing_else(template: str) -> None:
    made = environment(packaged_theme().folders("templates"), language("en", "en", packaged_theme()))
    assert made.loader is not None
    tree = made.parse(made.loader.get_source(made, template)[0])
    # Names that a template sets or imports in one of its branches count as undeclared in others.
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    own |= {n if isinstance(n, str) else n[1] for i in tree.find_all(nodes.FromImport) for n in i.names}
    assert meta.find_undeclared_variables(tree) - own <= PROMISED


def used(template: nodes.Template) -> set[str]:
    """Attributes of ``page`` that a template asks for."""
    return {
        node.attr
        for node in template.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }


@pytest.mark.parametrize("folder", [THEME, POSTCARD], ids=lambda f: f.name)
def test_templates_ask_for_what_is_promised(folder: Path) -> None:
    parser = Environment(extensions=["jinja2.ext.i18n"])
    asked = 0
    for file in (folder / "templates").glob("*.html"):
        if file.name in contract.PAGES:
            fields = contract.PAGES[file.name].__dataclass_fields__
            wanted = used(parser.parse(file.read_text(encoding="utf-8")))
            assert wanted <= set(fields), f"{file.name}: {wanted - set(fields)}"
            asked += len(wanted)
    assert asked > 20


def test_nothing_is_promised_that_no_template_shows() -> None:
    parser = Environment(extensions=["jinja2.ext.i18n"])
    trees = {f.name: parser.parse(f.read_text(encoding="utf-8")) for f in (THEME / "templates").iterdir()}
    for template, kind in contract.PAGES.items():
        wanted = used(trees[template])
        if template == "award.html":
            wanted |= used(trees["claim.html"]) | used(trees["wallets.html"])
        assert set(kind.__dataclass_fields__) <= wanted, template


@pytest.fixture
def with_theme(make_site: MakeSite) -> Any:
    """A site with a theme of its own: the demo's records, the plain host."""

    def make(name: str, files: dict[str, str]) -> Path:
        site = make_site({})
        text = (site / "site.yml").read_text(encoding="utf-8")
        (site / "site.yml").write_text(f"{text}theme: {name}\n", encoding="utf-8")
        for path, content in files.items():
            file = site / "themes" / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        return site

    return make


def test_a_second_theme_needs_only_the_contract(demo: Demo, tmp_path: Path) -> None:
    """The whole demo, in a theme that shares no template of a page with ours but the rarer ones."""
    site = tmp_path / "site"
    for name in ("badges", "content"):
        shutil.copytree(ROOT / name, site / name)
    text = (ROOT / "site.yml").read_text(encoding="utf-8")
    (site / "site.yml").write_text(f"{text}\ntheme: postcard\nhost: plain\n", encoding="utf-8")
    shutil.copytree(POSTCARD, site / "themes" / "postcard")
    checked = check(site)
    assert checked.good, checked.diagnostics
    build(checked, site / "public")
    for award in demo.registry.awards.values():
        page = (site / "public" / "ar" / "awards" / award.id / "index.html").read_text(encoding="utf-8")
        assert f"awards/{award.id}/assertion.json" in page and "pp-" not in page.split("<main")[1]
    page = (site / "public/passports/amira-k/index.html").read_text(encoding="utf-8")
    assert "<h1>Amira Khalil</h1>" in page and "pp-card" not in page
    assert (site / "public/assets/passport.css").read_text(encoding="utf-8").startswith("body {")
    assert (site / "public/assets/verify.css").is_file()


def test_a_theme_may_be_a_single_template(with_theme: Any) -> None:
    site = with_theme(
        "mine",
        {"templates/award.html": '{% include "passport/award.html" %}\n<p class="door">Thursdays</p>\n'},
    )
    build(check(site), site / "public")
    page = next((site / "public" / "awards").glob("*/index.html")).read_text(encoding="utf-8")
    assert 'class="door"' in page and "pp-award" in page
    assert "door" not in (site / "public/badges/index.html").read_text(encoding="utf-8")


def test_a_theme_may_be_a_few_words(with_theme: Any) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entry = header + 'msgid "Valid"\nmsgstr "In force"\n'
    site = with_theme("mine", {"locales/en.po": entry})
    build(check(site), site / "public")
    pages = [p.read_text(encoding="utf-8") for p in (site / "public" / "awards").glob("*/index.html")]
    assert any("In force" in page for page in pages)


@pytest.mark.parametrize(
    ("file", "text", "line", "reason"),
    [
        ("templates/award.html", "<p>\n{{ registry.site.name }}", 2, "'registry' is undefined"),
        (
            "templates/award.html",
            "\n\n{{ page.nothing }}",
            3,
            "'AwardPage object' has no attribute",
        ),
        ("templates/award.html", "{% if page %}\n", 1, "Unexpected end of template"),
        ("templates/award.html", "{{ page|nothing }}", 1, "No filter named 'nothing'"),
        ("templates/award.html", '\n{% include "nowhere.html" %}', 2, "there is no nowhere.html"),
        ("templates/embed.html", "\n{{ 1 // 0 }}", 2, "division"),
        ("templates/macros.html", "", 0, "does not export the requested name"),
        ("plain/page.html", "@@passport:title@@ @@passport:head@@", 1, "the hole @@passport:content@@"),
        ("plain/page.html", "\n{{ request.nothing }}", 2, "has no attribute 'nothing'"),
    ],
)
def test_a_mistake_in_a_template_is_told_at_its_line(
    with_theme: Any, file: str, text: str, line: int, reason: str
) -> None:
    site = with_theme("mine", {file: text})
    with pytest.raises(TemplateFault) as raised:
        build(check(site), site / "public", engine=Processes(2))
    fault = raised.value
    assert reason in fault.reason and "badge_passport" not in fault.reason
    assert not line or (fault.line == line and fault.file == str(site / "themes/mine" / file))
    problem = problem_of(fault, site / "public", check(site))
    assert problem is not None and problem.code == "theme-template"
    assert not (site / "public").exists()


def test_what_is_raised_below_a_template_may_be_ours(with_theme: Any) -> None:
    site = with_theme("mine", {"templates/award.html": "\n{{ language.date(1) }}"})
    with pytest.raises(TemplateFault) as raised:
        build(check(site), site / "public")
    problem = problem_of(raised.value, site / "public", check(site))
    assert problem is not None and problem.span is not None and problem.span.line == 2
    assert "If the line is right, pages/languages.py, line " in problem.help
    again = pickle.loads(pickle.dumps(raised.value))  # as processes hand it to each other
    assert again.below == raised.value.below
    (site / "themes/mine/templates/award.html").write_text("\n{{ language.date() }}", encoding="utf-8")
    with pytest.raises(TemplateFault) as raised:
        build(check(site), site / "public")
    problem = problem_of(raised.value, site / "public", check(site))
    assert problem is not None and "of ours is wrong" not in problem.help


def test_a_template_that_is_no_text_is_named(with_theme: Any) -> None:
    site = with_theme("mine", {"templates/award.html": ""})
    (site / "themes/mine/templates/award.html").write_bytes(b"\xff")
    with pytest.raises(TemplateFault, match="not UTF-8"):
        build(check(site), site / "public")


@pytest.mark.parametrize(("text", "line"), [("\n{{ nothing( }}", 2), ("<p>no holes</p>", 1)])
def test_a_mistake_in_what_mkdocs_gets_is_told_at_its_line(with_theme: Any, text: str, line: int) -> None:
    site = with_theme("mine", {"mkdocs/shell.html": text})
    config = (site / "site.yml").read_text(encoding="utf-8")
    (site / "site.yml").write_text(config.replace("host: plain", "host: mkdocs"), encoding="utf-8")
    with pytest.raises(TemplateFault) as raised:
        build(check(site), site / "public")
    assert (raised.value.file, raised.value.line) == (str(site / "themes/mine/mkdocs/shell.html"), line)


def test_a_fault_of_our_own_templates_is_none_of_the_site(make_site: MakeSite) -> None:
    checked = check(make_site())
    fault = TemplateFault(str(THEME / "templates/award.html"), 3, "no")
    assert problem_of(fault, checked.tree.root / "public", checked) is None
