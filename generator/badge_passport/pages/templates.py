"""Jinja as every template of a theme has it: escaped, strict about undefined names, translated."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from badge_passport.pages.languages import Language


def environment(folder: Path, language: Language) -> Environment:
    """The templates of a folder, in a language."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds the method while it is loaded, which types cannot tell.
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made
