"""The texts of messages: Jinja templates of the theme, each of which a site may replace in its ``mail/``.

Templates of a site are files like others and are not trusted: they run in Jinja's sandbox, see plain values
only, and cannot read other files. HTML is escaped; an undefined name is an error.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.pages.languages import Language
from badge_passport.resources import Theme

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "mail"
KINDS = ("new", "digest", "reminder")
MAX_TEMPLATE = 256 * 1024  # bytes
MAX_TEXT = 512 * 1024  # characters; mail programs cut what is longer than a fifth of that
_SUBJECT = "Subject:"
# What a template can raise besides errors of Jinja.
_MISTAKES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


class TemplateFault(Exception):
    """A template that cannot be used; ``problem`` is the diagnostic, ``mail-template``."""

    def __init__(self, problem: Diagnostic) -> None:
        """Keep the problem."""
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Texts:
    """What a message says, twice; the subject is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Templates:
    """The templates of a site: its own ``mail/`` first, then those of its theme, then ours."""

    root: Path
    folders: tuple[Path, ...]
    environments: dict[str, Environment] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, root: Path, theme: Theme) -> Templates:
        """From the site's folder and the folders of themes, the nearest first."""
        return cls(root, (root / FOLDER, *theme.folders(FOLDER)))

    def render(self, kind: str, language: Language, values: Mapping[str, Any]) -> Texts:
        """The texts of a message of one of `KINDS`.

        Raises:
            TemplateFault: a template has a mistake, or its text does not begin with a subject.
        """
        written = self._render(f"{kind}.txt", language, {**values, "subject": ""})
        first, _, text = written.partition("\n")
        subject = first.removeprefix(_SUBJECT).strip()
        if not first.startswith(_SUBJECT) or not subject:
            raise self._fault(f"{kind}.txt", 1, "the first line of a text is “Subject: …”")
        html = self._render(f"{kind}.html", language, {**values, "subject": subject})
        return Texts(subject, text.strip() + "\n", html.strip() + "\n")

    def page(self, name: str, language: Language, values: Mapping[str, Any]) -> str:
        """What one template makes.

        Raises:
            TemplateFault: it has a mistake.
        """
        return self._render(name, language, values)

    def _render(self, name: str, language: Language, values: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError, TemplateSyntaxError

        try:
            text = self._environment(language).get_template(name).render(values)
        except TemplateSyntaxError as error:
            raise self._fault(error.name or name, error.lineno, error.message or "a mistake") from None
        except (TemplateError, *_MISTAKES) as error:
            there, line = self._line_of(error.__traceback__, name)
            raise self._fault(there, line, str(error) or type(error).__name__) from None
        if len(text) > MAX_TEXT:
            raise self._fault(name, 1, "what this template makes is far too long for a message")
        return text

    def source(self, name: str) -> tuple[str, str] | None:
        """A template's text and the file that holds it.

        Raises:
            TemplateFault: it is too large, no file, or no UTF-8.
        """
        for folder in self.folders:
            file = folder / name
            if not file.exists() and not file.is_symlink():
                continue
            try:
                if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_TEMPLATE:
                    raise self._fault(name, 1, "a template is a file of at most 256 kB, and no link")
                return file.read_bytes().decode("utf-8"), str(file)
            except (OSError, UnicodeDecodeError):
                raise self._fault(name, 1, "this template cannot be read as UTF-8") from None
        return None

    def _line_of(self, trace: TracebackType | None, name: str) -> tuple[str, int]:
        """The template and the line where an error happened: Jinja puts both into the trace."""
        ours = {str(folder) for folder in self.folders}
        for frame in reversed(traceback.extract_tb(trace)):
            file = Path(frame.filename)
            if str(file.parent) in ours:
                return file.name, frame.lineno or 1
        return name, 1

    def _fault(self, name: str, line: int, message: str) -> TemplateFault:
        file = next(
            (f for folder in self.folders if (f := folder / name).exists()), self.root / FOLDER / name
        )
        shown = (
            file.relative_to(self.root)
            if file.is_relative_to(self.root)
            else Path("themes", *file.parts[-3:])
        )
        return TemplateFault(
            Diagnostic(
                "mail-template",
                f"this template cannot be used: {message}",
                Span(shown.as_posix(), line),
                "docs/mail.md lists what a template may use; --preview shows what it makes.",
            )
        )

    def _environment(self, language: Language) -> Environment:
        if language.tag not in self.environments:
            self.environments[language.tag] = _environment(self, language)
        return self.environments[language.tag]


def _environment(templates: Templates, language: Language) -> Environment:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def load(name: str) -> tuple[str, str, None] | None:
        found = templates.source(name) if "/" not in name and not name.startswith(".") else None
        return (*found, None) if found else None

    made = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds the method while it is loaded, which types cannot tell.
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made
