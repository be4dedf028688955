"""Jinja as every template of a theme has it: escaped, strict about undefined names, translated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from badge_passport.pages.languages import Language
from badge_passport.pages.shapes import Shaped


def environment(folders: Sequence[Path], language: Language) -> Environment:
    """The templates of some folders, the first that has one wins, in a language.

    ``passport/<name>`` is the template of the last folder, for one that extends what it replaces. The filter
    ``shaped`` makes of a macro one that is rendered once for all arguments of a shape (see `shapes`).
    """
    made = _Translated(
        language.gettext,
        loader=ChoiceLoader(
            [FileSystemLoader(folders), PrefixLoader({"passport": FileSystemLoader(folders[-1])})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_Compiled(language),
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds the method while it is loaded, which types cannot tell.
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    known: dict[Macro, Shaped] = {}

    def shaped(macro: Macro) -> Shaped:
        if macro not in known:
            known[macro] = Shaped(macro)
        return known[macro]

    made.filters["shaped"] = shaped
    return made


class _Translated(Environment):
    """An environment whose templates have their texts in one language when they are compiled.

    Looking up a text takes as long as printing ten, and a page has fifty.
    """

    def __init__(self, gettext: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._gettext = gettext

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _Translator(self._gettext).visit(super()._parse(source, name, filename))
        return parsed


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to while this process lives, which may build a site many times."""

    def __init__(self, language: Language) -> None:
        self._tag, self._words = language.tag, language.translations

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept of just this source with just these words."""
        words, checksum, code = _compiled.get((self._tag, bucket.key), (None, "", None))
        if words is self._words and checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, in the place of what the template was before."""
        _compiled[self._tag, bucket.key] = self._words, bucket.checksum, bucket.code


_compiled: dict[tuple[str, str], tuple[object, str, CodeType | None]] = {}


class _Translator(NodeTransformer):
    """Puts the text in the place of ``_("…")``, as newstyle gettext would: safe, and ``%%`` is ``%``."""

    def __init__(self, gettext: Callable[[str], str]) -> None:
        self._gettext = gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (named after the class of nodes)
        """A call, or the text that it would give."""
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(text))], kwargs=[]):
                return nodes.Const(Markup(self._gettext(text)) % {}, lineno=node.lineno)  # noqa: S704
        return node
