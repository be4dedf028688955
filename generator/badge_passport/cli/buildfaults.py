"""What stops a build, in words: one line of a table for each kind of error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from badge_passport.diagnostics import Diagnostic, Span

Said = Callable[[Any], Diagnostic]


def problem_of(error: Exception, target: Path) -> Diagnostic | None:
    """The problem that an error of a build into ``target`` is; None if it is a fault of ours."""
    return next((said(error) for kind, said in _table(target) if isinstance(error, kind)), None)


def _table(target: Path) -> Iterator[tuple[type[Exception], Said]]:
    from badge_passport.desk.publishing.stores import Refused
    from badge_passport.pages.hosts import HostError
    from badge_passport.publish.cluster import ClusterError
    from badge_passport.publish.engines import WorkerLost
    from badge_passport.publish.locks import Busy

    yield Refused, lambda refused: refused.problem
    yield HostError, _host_failed
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


def _host_failed(error: Exception) -> Diagnostic:
    return Diagnostic(
        "host-failed",
        f"MkDocs refused the site's options: {error}",
        Span("site.yml"),
        "look at what stands under “mkdocs” in site.yml.",
    )


def _output_failed(error: OSError, target: Path) -> Diagnostic:
    from badge_passport.publish.changing import is_pending

    half = is_pending(target)
    left = "the next build completes what was begun" if half else "the previous one is untouched"
    return Diagnostic(
        "output-failed",
        f"the site could not be written ({error.strerror or error}); {left}",
        None,
        "make room, or check the permissions, and build again.",
    )
