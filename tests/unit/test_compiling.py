"""Templates are compiled once while a process lives, and again when they or their words change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import Environment

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
