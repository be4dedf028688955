"""Jinja as every template of a theme has it: escaped, strict about undefined names, translated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from badge_passport.pages.languages import Language


def environment(folders: Sequence[Path], language: Language) -> Environment:
    """The templates of some folders, the first that has one wins, in a language.

    ``passport/<name>`` is the template of the last folder, for one that extends what it replaces.
    """
    made = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(folders), PrefixLoader({"passport": FileSystemLoader(folders[-1])})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds the method while it is loaded, which types cannot tell.
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made
