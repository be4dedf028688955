"""Jinja as every template of a theme has it: escaped, strict about undefined names, translated."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from types import CodeType
from typing import Any, Final, cast

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from badge_passport.pages.languages import Language
from badge_passport.pages.shapes import Shaped
from badge_passport.source.glance import code


def environment(folders: Sequence[Path], language: Language) -> Environment:
    """The templates of some folders, the first that has one wins, in a language.

    ``passport/<name>`` is the template of the last folder, for one that extends what it replaces. The filter
    ``shaped`` makes of a macro one that is rendered once for all arguments of a shape (see `shapes`).
    """
    made = _Translated(
        language.gettext,
        loader=ChoiceLoader([_Folders(folders), PrefixLoader({"passport": FileSystemLoader(folders[-1])})]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=Compiled(),
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


class TemplateFault(Exception):
    """A template with a mistake: its ``file``, the ``line``, and the ``reason`` as Jinja says it.

    ``below`` is where in our program it was raised, if the template called that: either may be wrong.
    """

    def __init__(self, file: str, line: int, reason: str, below: str = "") -> None:
        super().__init__(file, line, reason, below)  # processes hand it to each other
        self.file, self.line, self.reason, self.below = file, line, reason, below


# What a template can raise besides errors of Jinja.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@contextmanager
def located() -> Iterator[None]:
    """Say of a mistake in a template where it is.

    Raises:
        TemplateFault: there is one.
    """
    try:
        yield
    except (TemplateError, *_MISTAKES) as error:
        below = ""
        if isinstance(error, TemplateSyntaxError) and error.filename:
            place = (error.filename, error.lineno)
        else:  # Jinja puts the lines of templates into the trace
            trace = [*reversed(traceback.extract_tb(error.__traceback__))]
            place = next(
                ((f.filename, f.lineno or 1) for f in trace if f.filename.endswith(".html")), ("", 1)
            )
            below = _ours(trace) if not isinstance(error, TemplateError | RecursionError) else ""
        if not place[0]:
            raise
        reason = getattr(error, "message", None) or str(error) or type(error).__name__
        if isinstance(error, TemplateNotFound):
            reason = f"there is no {error.name}"
        raise TemplateFault(*place, _OURS.sub("", " ".join(reason.split())), below) from error


def _ours(trace: Iterable[traceback.FrameSummary]) -> str:
    """Where in our program, if a template called that, something was raised; from inside outwards."""
    called = list(takewhile(lambda frame: not frame.filename.endswith(".html"), trace))
    files = [(Path(frame.filename), frame.lineno) for frame in called]
    ours = ((file.relative_to(_PROGRAM), line) for file, line in files if file.is_relative_to(_PROGRAM))
    return next(
        (f"{file.as_posix()}, line {line}" for file, line in ours if file.name not in _OF_TEMPLATES), ""
    )


_PROGRAM: Final = Path(__file__).parents[1]
_OF_TEMPLATES: Final = ("shapes.py", "templates.py")
_OURS: Final = re.compile(r"\bbadge_passport\.(?:\w+\.)+")  # where our classes are says nothing to anybody


class _Folders(FileSystemLoader):
    """Templates of folders; one that is no text is a mistake in it."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """As Jinja does it."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError:
            files = (Path(folder, template) for folder in self.searchpath)
            file = next((str(file) for file in files if file.is_file()), template)
            raise TemplateSyntaxError("it is not UTF-8", 1, template, file) from None


class _Template(Template):
    """A template that was compiled for all languages, in the words of its environment's."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 (Jinja's own name)
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """As Jinja makes one."""
        gettext = cast(_Translated, environment).gettext
        return super().from_code(environment, _in_words(code, gettext), globals, uptodate)

    def render(self, *args: Any, **kwargs: Any) -> str:
        """As Jinja does it.

        Raises:
            TemplateFault: a template has a mistake.
        """
        with located():
            return super().render(*args, **kwargs)


class _Translated(Environment):
    """An environment whose templates have their texts in one language when they are loaded.

    Looking up a text takes as long as printing ten, and a page has fifty. Compiling takes longest, and is
    done once for all languages: what a template says by itself is marked then (`_Marker`), and each language
    puts its words in the places of the marks.
    """

    template_class = _Template

    def __init__(self, gettext: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.gettext = gettext

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        """As Jinja does it.

        Raises:
            TemplateFault: it cannot be compiled.
        """
        with located():
            return super().get_template(*args, **kwargs)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _Marker().visit(super()._parse(source, name, filename))
        return parsed


class _Marker(NodeTransformer):
    """Puts a text between marks in the place of ``{{ _("…") }}``; others are looked up when needed."""

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 (named after the class of nodes)
        """What a template prints."""
        self.generic_visit(node)
        node.nodes = [_marked(one) for one in node.nodes]
        return node


def _marked(node: nodes.Expr) -> nodes.Expr:
    match node:
        case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(text))], kwargs=[]):
            return nodes.TemplateData(f"{_MARK}{text}{_END}", lineno=node.lineno)
    return node


_MARK: Final = "\ufdd0"  # no character, and so in no text
_END: Final = "\ufdd1"
_MARKED: Final = re.compile(f"{_MARK}([^{_END}]*){_END}")


def _in_words(code: CodeType, gettext: Callable[[str], str]) -> CodeType:
    """What was compiled, with the words of a language, as newstyle gettext has them: ``%%`` is ``%``."""

    def said(found: re.Match[str]) -> str:
        return Markup(gettext(found[1])) % {}  # noqa: S704 (a catalogue's words are markup)

    def changed(constant: object) -> object:
        match constant:
            case CodeType():
                return _in_words(constant, gettext)
            case str():
                return _MARKED.sub(said, constant)
            case tuple():
                return tuple(map(changed, constant))
        return constant

    return code.replace(co_consts=tuple(map(changed, code.co_consts)))


class Compiled(BytecodeCache):
    """Keeps what templates were compiled to: while this process lives, which may build a site many times, and
    for the next one.

    What is compiled is a program. So it is never kept with what is remembered of a site, which may come from
    anywhere, but where only this user of this machine can write, as Python keeps its own.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name of a template under which it is kept, by this version of all that compiles it."""
        return super().get_cache_key(f"{code()} {name}", filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept of just this source."""
        checksum, compiled = _compiled.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = compiled
        elif (lasting := _lasting()) is not None:
            try:
                lasting.load_bytecode(bucket)
            except Exception:  # noqa: BLE001 (whatever a damaged file raises, it is compiled again)
                bucket.reset()
            _compiled[bucket.key] = bucket.checksum, bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, in the place of what the template was before."""
        _compiled[bucket.key] = bucket.checksum, bucket.code
        if (lasting := _lasting()) is not None:
            with suppress(OSError):  # it is compiled again
                lasting.dump_bytecode(bucket)


_compiled: dict[str, tuple[str, CodeType | None]] = {}


@lru_cache(maxsize=1)
def _lasting() -> FileSystemBytecodeCache | None:
    """Files in Jinja's folder of this user, if it is there and nobody else can write to it."""
    if not hasattr(os, "getuid"):  # there Jinja does not ask whose it is
        return None
    try:
        return FileSystemBytecodeCache(pattern="badge-passport-%s.cache")
    except (OSError, RuntimeError):
        return None
