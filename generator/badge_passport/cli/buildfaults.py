"""What stops a build, in words: one line of a table for each kind of error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from badge_passport.cli.shared import MAY_NOT
from badge_passport.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from badge_passport.pages.templates import TemplateFault
    from badge_passport.pipeline import Checked

Said = Callable[[Any], Diagnostic | None]


def problem_of(error: Exception, target: Path, checked: Checked) -> Diagnostic | None:
    """The problem that an error of a build into ``target`` is; None if it is a fault of ours."""
    return next((said(error) for kind, said in _table(target, checked) if isinstance(error, kind)), None)


def _table(target: Path, checked: Checked) -> Iterator[tuple[type[Exception], Said]]:
    from badge_passport.desk.publishing.stores import Refused
    from badge_passport.pages.hosts import HostError
    from badge_passport.pages.templates import TemplateFault
    from badge_passport.publish.cluster import ClusterError
    from badge_passport.publish.engines import WorkerLost
    from badge_passport.publish.locks import Busy

    yield Refused, lambda refused: refused.problem
    yield HostError, _host_failed
    yield TemplateFault, partial(_template, checked)
    yield ClusterError, lambda error: Diagnostic("cluster-unusable", str(error), None, error.help)
    yield (
        Busy,
        lambda _: Diagnostic(
            "output-busy",
            f"another build writes {target.name} at this moment",
            None,
            "let it finish, or name another folder with --output.",
        ),
    )
    yield (
        WorkerLost,
        lambda _: Diagnostic(
            "worker-lost",
            "the system stopped one of the processes that build; the previous site is untouched",
            None,
            "mostly the memory was too small: build with fewer processes (--jobs 1).",
        ),
    )
    yield OSError, lambda error: _output_failed(error, target)


def _template(checked: Checked, fault: TemplateFault) -> Diagnostic | None:
    """A mistake in a template of the site's own theme, or in one of ours that gets other pieces from it."""
    if checked.theme is None or len(checked.theme.layers) == 1:
        return None
    file, root = Path(fault.file), checked.tree.root.resolve()
    shown = file.relative_to(root) if file.is_relative_to(root) else Path("themes", *file.parts[-3:])
    return Diagnostic(
        "theme-template",
        f"this template cannot be used: {fault.reason}",
        Span(shown.as_posix(), fault.line),
        "docs/themes.md says what a template may use, and its contract has every value."
        + _perhaps(fault.below),
    )


def _perhaps(below: str) -> str:
    """What to do if not the template is wrong, but what it called of our program."""
    return f" If the line is right, {below} of ours is wrong: please report it." if below else ""


def _host_failed(error: Exception) -> Diagnostic:
    return Diagnostic(
        "host-failed",
        f"MkDocs refused the site's options: {error}",
        Span("site.yml"),
        "look at what stands under “mkdocs” in site.yml.",
    )


def _whose(error: OSError, target: Path) -> str:
    """The folder that this person may not write to: of what is being made, the nearest that is there."""
    if error.errno not in MAY_NOT:
        return ""
    made = Path(error.filename) if isinstance(error.filename, str) else target.resolve()
    return f": {next(place for place in made.absolute().parents if os.access(place, os.F_OK))}"


def _output_failed(error: OSError, target: Path) -> Diagnostic:
    from badge_passport.publish.changing import is_pending

    half = is_pending(target)
    left = "the next build completes what was begun" if half else "the previous one is untouched"
    return Diagnostic(
        "output-failed",
        f"the site could not be written ({error.strerror or error}{_whose(error, target)}); {left}",
        None,
        "make room, or check the permissions, and build again.",
    )
