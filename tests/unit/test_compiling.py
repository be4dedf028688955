"""Templates are compiled once for all processes of a user, and again when they or their words change."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from badge_passport.pages import templates
from badge_passport.pages.languages import language
from badge_passport.pages.templates import environment
from badge_passport.resources import Theme


@pytest.fixture
def theme(tmp_path: Path) -> Theme:
    (tmp_path / "templates").mkdir()
    (tmp_path / "locales").mkdir()
    write(tmp_path / "templates" / "page.html", '{{ _("Share") }}!')
    write(tmp_path / "locales" / "fr.po", words("Partager"))
    return Theme((tmp_path,))


def write(file: Path, text: str) -> None:
    """Write a file so that its time changes, however coarse the clock of the disk."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 2_000_000_000, before + 2_000_000_000))


def words(share: str) -> str:
    return (
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Share"\nmsgstr "{share}"\n'
    )


def page(theme: Theme, tag: str = "fr") -> str:
    made = environment(theme.folders("templates"), language(tag, "en", theme))
    return made.get_template("page.html").render()


def test_a_template_is_compiled_once_for_all_languages(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(theme) == "Partager!"
    monkeypatch.setattr(Environment, "_parse", lambda *_: pytest.fail("it was compiled again"))
    assert page(theme) == "Partager!"
    assert page(theme, "en") == "Share!"


def test_a_text_is_what_gettext_gives_wherever_it_stands(theme: Theme) -> None:
    template = """{% macro said(what) %}<b>{{ _("Share") }}{{ what }}</b>{% endmacro %}{{ _("100%% <i>") }}
{%- filter upper %}{{ _("Share") }}{% endfilter %}{{ said(_("Share")|length) }}{{ said(_("Share") ~ "<") }}
{%- set held %}{{ _("Share") }}{% endset %}{{ held }}{{ _("Share")|tojson }}{{ _("%(n)s of it", n="<") }}"""
    write(theme.layers[0] / "templates" / "page.html", template)
    write(theme.layers[0] / "locales" / "fr.po", words("L'<i>"))
    assert page(theme) == (
        "100% <i>L'<I><b>L'<i>5</b><b>L'<i>L'<i>&lt;</b>L'<i>\"L\\u0027\\u003ci\\u003e\"&lt; of it"
    )


def test_a_template_that_changed_is_compiled_anew(theme: Theme) -> None:
    assert page(theme) == "Partager!"
    write(theme.layers[0] / "templates" / "page.html", '{{ _("Share") }}?')
    assert page(theme) == "Partager?"


def test_words_that_changed_are_read_anew(theme: Theme) -> None:
    assert page(theme) == "Partager!"
    write(theme.layers[0] / "locales" / "fr.po", words("Faire suivre"))
    assert page(theme) == "Faire suivre!"


# --- The next process -------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, in which nothing was kept yet."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    another_process(monkeypatch)
    yield folder
    templates._lasting.cache_clear()


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_compiled", {})
    templates._lasting.cache_clear()


def compiled(kept: Path) -> list[Path]:
    return [file for file in kept.rglob("*") if file.is_file()]


def test_another_process_does_not_compile_again(
    theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page(theme) == "Partager!"
    another_process(monkeypatch)
    monkeypatch.setattr(Environment, "_parse", lambda *_: pytest.fail("it was compiled again"))
    assert page(theme) == "Partager!"
    assert page(theme, "en") == "Share!"
    assert [file.stat().st_uid for file in compiled(kept)] == [os.getuid()]
    assert [oct(folder.stat().st_mode & 0o777) for folder in kept.iterdir()] == ["0o700"]


def test_a_template_that_changed_is_compiled_anew_by_another_process(
    theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert page(theme) == "Partager!"
    another_process(monkeypatch)
    write(theme.layers[0] / "templates" / "page.html", '{{ _("Share") }}?')
    assert page(theme) == "Partager?"
    assert len(compiled(kept)) == 1


def test_another_version_compiles_anew(theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(theme) == "Partager!"
    another_process(monkeypatch)
    monkeypatch.setattr(templates, "code", lambda: "another")
    assert page(theme) == "Partager!"
    assert len(compiled(kept)) == 2


@pytest.mark.parametrize("size", [0, 3, 20, 60])
@pytest.mark.parametrize("after", [b"", b"damaged"])
def test_what_is_damaged_is_compiled_again(
    theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch, size: int, after: bytes
) -> None:
    assert page(theme) == "Partager!"
    for file in compiled(kept):
        file.write_bytes(file.read_bytes()[:size] + after)
    another_process(monkeypatch)
    assert page(theme) == "Partager!"
    another_process(monkeypatch)
    monkeypatch.setattr(Environment, "_parse", lambda *_: pytest.fail("it was not kept again"))
    assert page(theme) == "Partager!"


def test_a_folder_that_may_be_somebody_elses_is_left_alone(
    theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = kept.parent / "elsewhere"
    elsewhere.mkdir()
    (kept / f"_jinja2-cache-{os.getuid()}").symlink_to(elsewhere)
    assert page(theme) == "Partager!"
    assert compiled(elsewhere) == []


def test_a_disk_that_takes_nothing_costs_time_only(
    theme: Theme, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    assert page(theme) == "Partager!"
    assert compiled(kept) == []
