"""The value types of records: what passes, and under which name the rest is refused."""

from __future__ import annotations

import copy
import datetime
import pickle
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from badge_passport.model import records as r
from badge_passport.model import texts as t
from badge_passport.model import values as v


def parsed(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


def code(kind: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        parsed(kind, value)
    return str(caught.value.errors()[0]["type"])


@pytest.mark.parametrize("text", ["2019-06-18", " 2020-02-29 ", "0001-01-01", "9999-12-31"])
def test_dates(text: str) -> None:
    assert parsed(v.Date, text) == datetime.date.fromisoformat(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-29",
        "2019-13-01",
        "0000-01-01",
        "18.06.2019",
        "2019-6-18",
        "20190618",
        "2019-W01-1",
        "2019-06-18T00:00",
        "١٠١٩-٠٦-١٨",
        "soon",
        "",
        20190618,
    ],
)
def test_no_dates(text: Any) -> None:
    assert code(v.Date, text) == "bad-date"


@pytest.mark.parametrize(
    "kind",
    [
        v.Date,
        v.Url,
        v.Slug,
        v.Reference,
        v.HashedIdentity,
        v.Color,
        v.FileName,
        v.Validity,
        t.LanguageTag,
        t.Short,
    ],
)
@pytest.mark.parametrize("value", [None, True, 1.5, [], ["a"], {}, {"a": "b"}])
def test_what_is_no_text_is_of_the_wrong_type(kind: Any, value: Any) -> None:
    assert code(kind, value) == "wrong-type"


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P2Y", (2, 0, 0)),
        ("P18M", (0, 18, 0)),
        ("P90D", (0, 0, 90)),
        ("P1Y2M3D", (1, 2, 3)),
        ("P0D", (0, 0, 0)),
    ],
)
def test_durations(text: str, duration: tuple[int, int, int]) -> None:
    assert parsed(v.Validity, text) == v.Duration(*duration)


@pytest.mark.parametrize(
    "text", ["P", "2Y", "P1W", "PT5H", "P1D1Y", "P-1Y", "P1.5Y", "p2y", "P1000Y", "P2Y\n3", "two years"]
)
def test_no_durations(text: str) -> None:
    assert code(v.Validity, text) == "bad-value"


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2020-02-29", (1, 0, 0), "2021-02-28"),
        ("2020-02-29", (4, 0, 0), "2024-02-29"),
        ("2019-01-31", (0, 1, 0), "2019-02-28"),
        ("2020-01-31", (0, 1, 0), "2020-02-29"),
        ("2019-08-31", (0, 6, 0), "2020-02-29"),
        ("2019-12-15", (0, 1, 0), "2020-01-15"),
        ("2019-03-31", (0, 1, 1), "2019-05-01"),
        ("2019-12-31", (0, 0, 366), "2020-12-31"),
        ("2019-06-18", (0, 18, 0), "2020-12-18"),
        ("2019-06-18", (0, 0, 0), "2019-06-18"),
        ("9999-01-01", (1, 0, 0), None),
        ("9999-12-31", (0, 0, 1), None),
    ],
)
def test_the_day_after_a_duration(start: str, duration: tuple[int, int, int], end: str | None) -> None:
    found = v.Duration(*duration).after(datetime.date.fromisoformat(start))
    assert found == (datetime.date.fromisoformat(end) if end else None)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://éxample.org/é",
        "https://[::1]/",
        "HTTPS://EXAMPLE.ORG",
    ],
)
def test_urls(url: str) -> None:
    assert parsed(v.Url, url) == url


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "//example.org",
        "/page",
        "https://",
        "https:///page",
        "ftp://example.org",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "https://user@example.org",
        "https://user:pass@example.org",
        "https://example.org:0",
        "https://example.org:99999",
        "https://example.org:x",
        "https://[::1",
        "https://example.org/a b",
        'https://example.org/"onload',
        "https://example.org/<script>",
        "https://example.org\\@evil.org",
        "https://example.org/\u202egpj",
        "https://example.org/\x00",
        "https://example.org/" + "x" * 2000,
        "",
    ],
)
def test_no_urls(url: str) -> None:
    assert code(v.Url, url) == "bad-url"


@pytest.mark.parametrize("url", ["https://example.org/?a", "https://example.org/#a"])
def test_a_site_stands_on_a_plain_address(url: str) -> None:
    assert parsed(v.Url, url) == url
    assert code(v.BaseUrl, url) == "bad-url"


@pytest.mark.parametrize("slug", ["a", "amira-k", "2019", "a1-b2-c3", "x" * 80])
def test_slugs(slug: str) -> None:
    assert v.is_slug(slug)
    assert parsed(v.Slug, slug) == slug


def test_a_slug_may_be_a_whole_number() -> None:
    assert parsed(v.Slug, 2019) == "2019"


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "-a",
        "a-",
        "a--b",
        "A",
        "é",
        "a b",
        "a_b",
        "a.b",
        "a/b",
        "..",
        "../a",
        "a\n",
        "x" * 81,
        "ａ",
        "%2e",
    ],
)
def test_no_slugs(slug: str) -> None:
    assert not v.is_slug(slug)
    if slug == slug.strip():
        assert code(v.Slug, slug) == "bad-slug"


def test_references_have_up_to_three_steps() -> None:
    for reference in ("a", "a/b", "a/b/c"):
        assert parsed(v.Reference, reference) == reference
    for reference in ("", "/", "a/", "/a", "a//b", "a/b/c/d", "a/../b", "A/b"):
        assert code(v.Reference, reference) == "bad-slug"


def test_identities() -> None:
    good = "sha256$" + "0a" * 32
    assert parsed(v.HashedIdentity, good) == good
    for bad in (
        "amira@example.org",
        good.upper(),
        good + "0",
        good[:-1],
        "0a" * 32,
        "md5$" + "0a" * 16,
        good + "\n0",
    ):
        assert code(v.HashedIdentity, bad) == "bad-identity"


@pytest.mark.parametrize("tag", ["en", "fr", "ar", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "ckb"])
def test_language_tags(tag: str) -> None:
    assert parsed(t.LanguageTag, tag) == tag


@pytest.mark.parametrize("tag", ["EN", "e", "english", "en_GB", "en-gb", "en-", "../en", "en\nfr"])
def test_no_language_tags(tag: str) -> None:
    assert code(t.LanguageTag, tag) == "bad-value"
    assert code(t.Text, {tag: "x"}) == "bad-value"


def test_texts_are_strings_or_maps_of_languages() -> None:
    plain, both = parsed(t.Text, " Hello "), parsed(t.Text, {"en": "Hello", "ar": "مرحبا"})
    assert plain.get("fr", "en") == "Hello"
    assert list(plain.languages()) == []
    assert (both.get("ar", "en"), both.language("ar", "en")) == ("مرحبا", "ar")
    assert (both.get("fr", "en"), both.language("fr", "en")) == ("Hello", "en")
    assert (both.get("fr", "de"), both.language("fr", "de")) == ("Hello", "en")
    assert plain.language("fr", "en") == "en"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ({}, "wrong-type"),
        (None, "wrong-type"),
        ({"en": None}, "wrong-type"),
        (["a"], "wrong-type"),
        (1, "wrong-type"),
        ("", "string_too_short"),
        ("   ", "string_too_short"),
        ("\u200b\u200d", "wrong-type"),
        ("x" * 20_001, "string_too_long"),
        ("a\u202eb", "control-character"),
        ("a\u2066b", "control-character"),
        ("a\x1b[31m", "control-character"),
        ("a\x00", "control-character"),
        ("a\u2028b", "control-character"),
        ("a\x7fb", "control-character"),
        ("a\ud800b", "string_unicode"),
    ],
)
def test_no_texts(text: Any, wanted: str) -> None:
    assert code(t.Text, text) in (wanted, "control-character" if wanted == "string_unicode" else wanted)


@pytest.mark.parametrize("text", ["مي\u200cخواهم", "\u200fمرحبا", "👩‍👩‍👧", "e\u0301", "a\nb", "日本"])
def test_texts_keep_what_scripts_need(text: str) -> None:
    assert parsed(t.Text, text).get("en", "en") == text


def test_titles_and_short_texts_are_one_line() -> None:
    assert code(t.Title, "a\nb") == "value-too-long"
    assert code(t.Title, "x" * 301) == "value-too-long"
    assert code(t.Title, {"en": "x", "fr": "x" * 301}) == "value-too-long"
    assert code(t.Short, "a\nb") == "value-too-long"
    assert code(t.Short, "x" * 301) == "string_too_long"


def test_colours() -> None:
    assert parsed(v.Color, "#2E7D6B") == "#2e7d6b"
    for bad in ("red", "#fff", "#2e7d6", "#2e7d6bb", "url(x)", "#2e7d6b;x"):
        assert code(v.Color, bad) == "bad-value"


@pytest.mark.parametrize("name", ["star.svg", "Étoile_1.png", "a-b.c.png"])
def test_file_names(name: str) -> None:
    assert parsed(v.FileName, name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../a.png",
        "/etc/passwd",
        "a/b.png",
        "a\\b.png",
        "..",
        ".hidden",
        "a..b",
        "",
        "a\x00b",
        "C:a.png",
        "a b.png",
    ],
)
def test_no_file_names(name: str) -> None:
    assert code(v.FileName, name) == "path-outside"


def test_counts() -> None:
    assert parsed(t.Count, "2") == 2
    for bad in (0, -1, 1001, "x", 1.5, True, None, float("inf"), "9" * 5000):
        with pytest.raises(ValidationError):
            parsed(t.Count, bad)


def test_records_keep_no_list_of_what_was_written() -> None:
    text = t.Text.model_validate("Hello")
    key = r.Identity.model_construct(identity="x", salt="y")
    record = r.AwardRecord(participant="amira", badge="b", issuedOn="2019-06-18", narrative=text)
    changed = record.model_copy(update={"badge": "c"})
    assert [one.model_fields_set for one in (text, key, record)] == [set(), set(), set()]
    assert (changed.badge, changed.narrative, record.badge) == ("c", text, "b")
    assert pickle.loads(pickle.dumps(record)) == record


def test_records_share_the_list_that_is_empty_and_nobody_can_fill_it() -> None:
    first, second = (r.AwardRecord(participant=who, badge="b", issuedOn="2019-06-18") for who in "ab")
    assert first.evidence is second.evidence == []
    assert pickle.loads(pickle.dumps(first)).evidence is copy.deepcopy(first).evidence is first.evidence
    assert '"evidence":[],"result":[]' in first.model_dump_json()
    item: Any = r.Evidence(name="x")
    for change in (
        lambda a: a.evidence.append(item),
        lambda a: a.evidence.extend([item]),
        lambda a: a.evidence.insert(0, item),
        lambda a: a.evidence.__iadd__([item]),
        lambda a: a.evidence.__setitem__(slice(None), [item]),
    ):
        with pytest.raises(TypeError, match="frozen"):
            change(first)
    assert second.evidence == []


@given(st.text(max_size=40))
def test_the_short_look_at_a_text_misses_nothing(text: str) -> None:
    if text.isprintable():
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


# Texts that are nearly web addresses, so that both looks at them have something to do.
_PIECES = st.sampled_from(
    ["http", "https", "ftp", ":", "//", "/", "a", "B", ".", "-", "?", "#", "@", "%", "%41", "[", "]", "80",
     "0", " ", "\\", "é", "_", "~", "&", "=", ",", ";", "(", "\n", "\u200b", "{", "::1",
     "example.org", "*", "+"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=8).map("".join), st.booleans())
def test_the_short_look_at_an_address_agrees_with_the_long_one(rest: str, started: bool) -> None:
    url = f"https://{rest}" if started else rest
    with pytest.MonkeyPatch.context() as patch:
        short = v.is_url(url)
        patch.setattr(v, "_IS_PLAIN_URL", lambda _: None)
        assert v.is_url(url) == short
