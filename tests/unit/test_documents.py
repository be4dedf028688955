"""JSON bytes, hashed identities and interface languages."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.credentials.documents import Finished, ascii_json, to_bytes, to_json, without_empty
from badge_passport.credentials.identity import hash_identity, is_recipient
from badge_passport.model.texts import Text
from badge_passport.pages.languages import language
from badge_passport.resources import packaged_theme
from badge_passport.source import markdown

ROOT = Path(__file__).parents[2]
THEME = ROOT / "themes" / "passport"
VALUES = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner, min_size=1),
)


@given(st.dictionaries(st.text(), VALUES))
def test_any_document_survives_and_is_plain_ascii(document: dict[str, Any]) -> None:
    data = to_bytes(document)
    assert json.loads(data) == document
    assert not re.search(rb"[^\x00-\x7f]|[&<>]", data)
    assert b"]]>" not in data


FINISHED = st.dictionaries(st.text(), VALUES, max_size=3).map(Finished)


@given(
    st.dictionaries(
        st.text(),
        VALUES
        | FINISHED
        | st.lists(FINISHED, min_size=1, max_size=3)
        | st.dictionaries(st.text(), FINISHED | st.lists(FINISHED, min_size=1) | st.just("\0finished\0")),
    )
)
def test_what_is_made_of_finished_documents_has_the_same_text(document: dict[str, Any]) -> None:
    plain = json.loads(json.dumps(document))
    assert to_json(Finished(document)) == to_json(document) == to_json(plain) == ascii_json(plain)
    assert to_json(Finished(outer=Finished(document))) == to_json({"outer": plain})


def test_finished_documents_are_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Finished(a="&", b=[1])
    assert to_json(inner) == '{"a":"\\u0026","b":[1]}'
    monkeypatch.setitem(inner.__dict__, "text", '"here"')
    assert to_json(Finished(x=inner, y={"z": [inner, inner]})) == '{"x":"here","y":{"z":["here","here"]}}'


@pytest.mark.parametrize("document", [{"a": None}, {"a": []}, {"a": [{"b": None}]}, {"a": float("nan")}])
def test_empty_values_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        to_json(document)
    with pytest.raises(ValueError):
        to_json(Finished(document))
    with pytest.raises(ValueError):
        to_json(Finished(outer=Finished(document)))


def test_properties_without_a_value_are_left_out() -> None:
    assert without_empty(at_context="c", id="i", a=None, b=[], c={}, d=0, e=False) == {
        "@context": "c",
        "id": "i",
        "d": 0,
        "e": False,
    }


def test_known_identity() -> None:
    """printf 'amira@example.orgsaltsaltsaltsalt' | sha256sum"""
    expected = subprocess.run(
        ["sha256sum"], input=b"amira@example.orgsaltsaltsaltsalt", capture_output=True, check=True
    ).stdout.decode()[:64]
    assert hash_identity(" Amira@Example.ORG ", "saltsaltsaltsalt") == f"sha256${expected}"
    assert is_recipient("AMIRA@example.org", "saltsaltsaltsalt", f"sha256${expected.upper()}")
    assert not is_recipient("amir@example.org", "saltsaltsaltsalt", f"sha256${expected}")


@pytest.mark.parametrize("tag", ["fr", "ar"])
def test_catalogues_are_complete(tag: str, tmp_path: Path) -> None:
    """Every interface text of today's theme and code is translated, with its placeholders."""
    template = tmp_path / "passport.pot"
    command = [
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
        "-o",
        str(template),
        ".",
    ]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    wanted = {m.id for m in read_po(template.open("rb")) if m.id}
    catalogue = read_po((THEME / "locales" / f"{tag}.po").open("rb"), locale=tag)
    have = {m.id: m for m in catalogue if m.id}
    assert wanted == set(have)
    for key, message in have.items():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), key
        assert not message.fuzzy, key
        names = set(re.findall(r"%\((\w+)\)", key if isinstance(key, str) else key[1]))
        for string in strings:
            assert set(re.findall(r"%\((\w+)\)", string)) <= names, key
        assert names == set().union(*(re.findall(r"%\((\w+)\)", s) for s in strings)), key


def test_a_reader_hears_arabic_plurals_and_dates() -> None:
    reader = language("ar", "en", packaged_theme())
    said = [reader.ngettext("One badge", "%(num)d badges", n) % {"num": n} for n in (1, 2, 3, 11, 100)]
    assert said == ["شارة واحدة", "شارتان", "3 شارات", "11 شارة", "100 شارة"]
    assert reader.date(datetime.date(2019, 6, 18)) == "18 يونيو 2019"
    assert reader.dir == "rtl"
    assert language("en", "en", packaged_theme()).date(datetime.date(2019, 6, 18)) == "18 June 2019"


def test_a_text_in_another_language_says_so() -> None:
    reader = language("ar", "en", packaged_theme())
    assert reader.mark(Text.model_validate("plain")) == ' lang="en" dir="ltr"'
    assert reader.mark(Text.model_validate({"ar": "نص"})) == ""
    assert reader.text(Text.model_validate({"fr": "texte"})) == "texte"
    assert reader.mark(Text.model_validate({"fr": "texte"})) == ' lang="fr" dir="ltr"'


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.png)",
        '[x](https://e.org "onmouseover=alert(1)")',
        '<https://e.org/" onclick=alert(1)>',
        "`<b>`",
    ],
)
def test_markdown_never_passes_anything_that_runs_or_loads(hostile: str) -> None:
    html = markdown.to_html(hostile)
    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert {t for t, _ in tags} <= {"p", "a", "code", "em"}
    for _, attributes in tags:
        assert set(re.findall(r"(\w+)=", attributes)) <= {"href", "rel"} or "href" in attributes
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)
    assert not re.search(r'href="(?!https?://)', html)


def test_headings_start_where_they_should() -> None:
    assert markdown.to_html("## a\n\n#### b", 3) == "<h3>a</h3>\n<h5>b</h5>\n"
    assert markdown.to_html("# a", 2) == "<h2>a</h2>\n"
