"""Filled in or rendered: the same bytes, for every page of a generated site and of the demonstration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader
from markupsafe import Markup, escape

from badge_passport.pages import shapes
from badge_passport.pages.hosts.plain import host
from badge_passport.pages.languages import language
from badge_passport.pages.patterns import Pattern
from badge_passport.pages.shapes import Function, Shaped, keep
from badge_passport.pages.templates import environment
from badge_passport.pages.viewmodels import NONE
from badge_passport.pipeline import check
from badge_passport.publish.plan import Plan
from badge_passport.resources import packaged_theme
from demo import ROOT, Demo

sys.path.insert(0, str(ROOT / "benchmarks"))
from generate import generate

ODD = ["", "%", "%s", "<b>&\"'", "\ue000xY0<\ue001", "\0", "a\0b"]
TEXTS = st.text(max_size=80) | st.sampled_from(ODD)


@dataclass(frozen=True)
class Item:
    text: str
    html: Markup = NONE
    kind: Literal["one", "two"] = "one"
    number: int = 0


@dataclass(frozen=True)
class Model:
    name: str
    items: list[Item]
    facts: dict[str, str] = field(default_factory=dict)
    more: Item | None = None


def template(text: str) -> Callable[..., str]:
    made = environment(packaged_theme().folders("templates"), language("en", "en", packaged_theme()))
    made.loader = DictLoader({"t": text})
    return lambda model, href: made.get_template("t").render(page=model, href=href)


PAGE = """<h1 title="{{ page.name }}">{{ page.name }}</h1>{{ _("Badges") }} 100 % of %s
{% for item in page.items %}<p>{{ loop.index }}{{ item.text }}{{ item.html }}{{ item.number + 1 }}
{% if item.kind == "two" %}two{% endif %}
<a href="{{ href(item.text) }}">{{ _("Level %(x)s", x=item.text) }}</a>
{% endfor %}{% for key, value in page.facts.items() %}{{ key }}={{ value }}{% endfor %}
{% if page.more %}{{ page.more.text or "none" }}{% else %}no more{% endif %}"""

items = st.builds(
    Item,
    TEXTS,
    TEXTS.map(lambda text: Markup("<i>{}</i>").format(text)),
    st.sampled_from(["one", "two"]),
    st.integers(0, 3),
)
models = st.builds(
    Model,
    TEXTS,
    st.lists(items, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), TEXTS, max_size=2),
    st.none() | items,
)


@given(st.lists(models, min_size=1, max_size=6), st.booleans())
def test_filled_is_rendered(many: list[Model], kept: bool) -> None:
    """For any texts, those that look like holes among them; whatever parts of models were read before."""
    render = template(PAGE)
    shaped = Shaped(render)
    for depth, model in [(d, m) for d in (1, 2) for m in [*many, *reversed(many)]]:
        if kept:
            for item in model.items:
                keep(item)
        href = Function(lambda text, up=depth: "../" * up + text, depth)  # type: ignore[misc]
        assert shaped(model, href) == render(model, href)


def test_shapes_are_few_and_filled() -> None:
    calls = []
    render = template(PAGE)

    def counted(model: Model, href: Function) -> str:
        calls.append(model)
        return render(model, href)

    shaped = Shaped(counted)
    href = Function(str.upper, 1)
    for number in range(50):
        model = Model(f"N{number}", [Item(f"<{number}>"), Item("x", Markup("<b>"), "two")])
        assert shaped(model, href) == render(model, href)
    assert len(calls) == 3, "as it is, for the shape, with holes"


@pytest.mark.parametrize(
    "computes",
    [
        "{{ page.name|length }}",
        "{{ page.name[:2] }}",
        "{{ page.name|upper }}",
        "{{ (page.name ~ '')|upper }}",
        "{{ page.name|truncate(3) }}",
        "{{ page.name.split()|join }}",
        "{% if page.name == 'a' %}a{% endif %}",
        "{% if 'a' in page.name %}a{% endif %}",
        "{% if page.name < 'b' %}a{% endif %}",
        "{{ page.name|urlencode }}",
        "{{ page.name|tojson }}",
        "{{ page.name|replace('a', 'b') }}",
        "{{ page.name|reverse }}",
        "{{ {'a': 1}[page.name]|default('') }}",
        "{% for letter in page.name %}{{ letter }}{% endfor %}",
        "{{ '%-20s|'|format(page.name) }}",
        "{{ href(page.name ~ '/x') }}",
        "{{ page.items|map(attribute='html')|join|length }}",
        "{{ page.items|sort(attribute='text')|map(attribute='text')|join }}",
        "{{ page.items|groupby('text')|length }}",
        "{{ page.name|wordcount }}",
        "{{ (page.name ~ page.name)|length }}",
    ],
)
def test_a_template_that_computes_is_rendered(computes: str) -> None:
    render = template(computes)
    shaped = Shaped(render)
    href = Function(lambda text: f"../{text}", 1)
    names = ["a", "a b", "abcdef", "<b>", "é", "zz", "a", "much longer than all of the others, 100 %"]
    for name in names * 2:
        model = Model(name, [Item(name, Markup("<b>{}</b>").format(name)), Item("m", Markup("<u>"))])
        assert shaped(model, href) == render(model, href)


@given(st.lists(models, min_size=1, max_size=6))
def test_in_utf_8_it_is_the_same(many: list[Model]) -> None:
    href = Function(lambda path: f"../{path}%")
    render = template(PAGE)
    shaped = Shaped(render)
    for model in many * 3:
        assert shaped.encoded(model, href) == render(model, href).encode()


WORDS = st.from_regex(r"[A-Za-z0-9%:/?&;=._-]{0,12}", fullmatch=True)


@given(st.lists(st.tuples(WORDS, WORDS.map(Markup)), min_size=1, max_size=6))
def test_a_pattern_is_what_it_is_made_of(many: list[tuple[str, Markup]]) -> None:
    def made(word: str, html: Markup) -> str:
        return f"100 % %s {word}{html}<a href='{word}'>" + (html and f"{word}/{html}")

    pattern = Pattern(made)
    for words in many * 2:
        assert pattern(*words) == made(*words)


@pytest.mark.parametrize("computes", [str.lower, len, lambda word: quote(word) + word[:3], lambda word: "x"])
def test_a_pattern_of_what_is_more_than_put_in(computes: Callable[[str], object]) -> None:
    """Which is seen with the first words, as far as it can be seen."""
    pattern = Pattern(lambda word: f"<{computes(word)}>")
    for word in ("AB/CD", "AB/CD", "EFGH I"):
        assert pattern(word) == f"<{computes(word)}>"


def test_what_is_no_view_has_no_shape() -> None:
    with pytest.raises(TypeError, match="no view"):
        Shaped(str)(object())


def both_ways(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, bytes, bytes]]:
    """Every file of people, filled and rendered."""
    for unit in plan.first():
        plan.prepared(unit, plan.prepare(unit))
    filled = [file for _ in range(2) for slug in plan.people.slugs for file in plan.people.files(slug)]
    with monkeypatch.context() as plain:
        plain.setattr(Shaped, "__call__", lambda self, *arguments: Markup(self._render(*arguments)))
        plain.setattr(Shaped, "encoded", lambda self, *arguments: self._render(*arguments).encode())
        plain.setattr(Pattern, "__call__", lambda self, *words: self._make(*words))
        rendered = {path: data for slug in plan.people.slugs for path, data in plan.people.files(slug)}
    assert len(filled) == 2 * len(rendered)
    for path, data in filled:
        yield path, data, rendered[path]


@pytest.mark.slow
def test_every_page_of_a_generated_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path / "site", 60, 240, host="plain")
    checked = check(tmp_path / "site")
    assert checked.good and checked.registry is not None and checked.theme is not None
    plan = Plan(checked.registry, host, checked.theme, {})
    pages = 0
    for path, filled, rendered in both_ways(plan, monkeypatch):
        assert filled == rendered, path
        pages += path.endswith("/index.html")
    assert pages == 2 * (2 * 60 + 2 * 240)
    assert all(known.values() for known in of_awards(plan)), "no template of ours computes with a text"


def of_awards(plan: Plan) -> Iterator[dict[Any, Any]]:
    for renderer in plan.people.renderers:
        yield renderer._shaped["award.html"]._known


@pytest.mark.slow
def test_every_page_of_the_demonstration(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = check(ROOT)
    assert checked.good and checked.registry is not None and checked.theme is not None
    plan = Plan(checked.registry, host, checked.theme, {})
    for path, filled, rendered in both_ways(plan, monkeypatch):
        assert filled == rendered, path


def test_a_hole_can_only_be_printed() -> None:
    hole = shapes.Hole("x")
    assert str(escape(hole)) == "x" and f"{hole}" == "x" and bool(hole)
    for compute in (
        len,
        list,
        hash,
        lambda text: text + "a",
        lambda text: text == "x",
        lambda text: text.upper(),
    ):
        with pytest.raises(shapes.Computed):
            compute(hole)
