"""Asking a host whether it serves a site as it was built: what `passport doctor --live` does.

Verifiers are strict about what a host does to documents: an id must answer by itself, without a redirect,
as what it is, readable from other pages, with the bytes that were built (docs/hosting.md).
"""

from __future__ import annotations

import http.client
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from badge_passport.diagnostics import Diagnostic

PATIENCE = 20.0  # seconds for one answer
AT_ONCE = 8
SAMPLE = 400  # files asked for, unless all are
_EXAMPLES = 3
_KINDS = {
    ".json": ("application/json", "application/ld+json"),
    ".html": ("text/html",),
    ".png": ("image/png",),
    ".svg": ("image/svg+xml",),
    ".txt": ("text/plain",),
    ".xml": ("application/xml", "text/xml", "application/atom+xml"),
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript"),
}
# What verifiers in a browser read from other pages: documents, pictures, tokens, and the pages of awards.
_OPEN = re.compile(r".*\.(json|png|svg|jwt\.txt)|([^/]+/)?awards/[^/]+/index\.html")
_NOT_SERVED = ("_headers", ".nojekyll")
_NOWHERE = "passport-doctor/is-not-here/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said to one question; ``failed`` is the sentence where it said nothing."""

    status: int = 0
    kind: str = ""
    origin: str = ""
    body: bytes = b""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and how many files were asked for of how many there are."""

    problems: list[Diagnostic]
    asked: int
    files: int


def examine(base: str, public: Path, *, everything: bool = False) -> Examined:
    """Ask the host at ``base`` for the files of the build in ``public``, and compare."""
    files = sorted(
        path.relative_to(public).as_posix()
        for path in public.rglob("*")
        if path.is_file() and path.name not in _NOT_SERVED
    )
    asked = files if everything else sample(files, SAMPLE)
    ask = _Asker(base)
    first = ask("")
    if first.failed:
        return Examined(
            [
                _wrong(
                    f"{base} cannot be asked: {first.failed}",
                    "look at the address, and whether the host runs.",
                )
            ],
            0,
            len(files),
        )
    found: dict[str, list[str]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, answer in zip(asked, pool.map(ask, map(_address, asked)), strict=True):
            for problem in faults(path, answer, (public / path).read_bytes()):
                found.setdefault(problem, []).append(path)
    missing = ask(_NOWHERE)
    if missing.status != 404:
        found.setdefault("missing", []).append(_NOWHERE)
    problems = [_grouped(problem, paths) for problem, paths in found.items()]
    return Examined(problems, len(asked), len(files))


def sample(files: Sequence[str], most: int) -> list[str]:
    """Some of the files: what a site has once, and every so many of each kind of award and person."""
    many = [
        f for f in files if f.startswith(("awards/", "passports/")) or "/awards/" in f or "/passports/" in f
    ]
    once = [f for f in files if f not in set(many)]
    step = max(1, len(many) // most + 1)
    return sorted({*once[:: max(1, len(once) // most + 1)], *many[::step]})


def _address(path: str) -> str:
    """What a page is asked by: its folder."""
    return path.removesuffix("index.html")


def faults(path: str, answer: Answer, built: bytes) -> Iterator[str]:
    """The names of what is wrong with an answer."""
    kinds = _KINDS.get(Path(path).suffix, ())
    if answer.failed:
        yield "silent"
    elif 300 <= answer.status < 400:
        yield "redirect"
    elif answer.status != 200:
        yield f"status {answer.status}"
    else:
        if kinds and answer.kind not in kinds:
            yield f"type {answer.kind or 'none'} {kinds[0]}"
        if _OPEN.fullmatch(path) and answer.origin != "*":
            yield "origin"
        if answer.body != built:
            yield "bytes"


# Name to what is said of the files, and what to do.
_SAID = {
    "redirect": (
        "is redirected; an id must answer by itself",
        "let “url” in site.yml be the final address, and turn off rules that add or remove a slash or www.",
    ),
    "origin": (
        "cannot be read from other pages (no Access-Control-Allow-Origin: *)",
        "set the header for .json, .png, .svg, .txt and pages of awards; docs/hosting.md shows how.",
    ),
    "bytes": (
        "has other bytes than the build in this folder",
        "publish this build, or build again what was published; nothing between may change files.",
    ),
    "silent": ("got no answer", "try again; if it stays, the host is not reliable."),
    "missing": (
        "does not exist, and the host does not say 404",
        "let the host answer 404 with 404.html for what is not there.",
    ),
}  # fmt: skip


def _grouped(problem: str, paths: list[str]) -> Diagnostic:
    said, fix = _SAID.get(problem, ("", ""))
    if problem.startswith("status"):
        said, fix = (
            f"is answered with {problem.removeprefix('status ')}",
            "publish the whole build, hidden files too.",
        )
    elif problem.startswith("type"):
        _, kind, wanted = problem.split(" ")
        said, fix = f"is served as {kind}", f"let the host say {wanted}; verifiers look at it."
    more = f" and {len(paths) - _EXAMPLES} more" if len(paths) > _EXAMPLES else ""
    return _wrong(f"{', '.join(paths[:_EXAMPLES])}{more}: {said}", fix)


def _wrong(message: str, fix: str) -> Diagnostic:
    return Diagnostic("live-wrong", message, None, fix)


class _Asker:
    """Asks one host, with a connection for each thread. Redirects are not followed."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base.rstrip("/") + "/")
        self._host, self._port, self._path = parts.hostname or "", parts.port, parts.path
        self._secure = parts.scheme == "https"
        self._local = threading.local()

    def __call__(self, path: str) -> Answer:
        for attempt in (1, 2):
            try:
                return self._ask(path)
            except (OSError, http.client.HTTPException) as error:
                self._local.connection = None
                if attempt == 2:
                    return Answer(failed=str(error) or type(error).__name__)
        raise AssertionError  # both attempts return or fail

    def _ask(self, path: str) -> Answer:
        connection = getattr(self._local, "connection", None) or self._connect()
        self._local.connection = connection
        headers = {"Accept-Encoding": "identity", "Origin": "https://verifier.example"}
        connection.request("GET", self._path + quote(path), headers=headers)
        answer = connection.getresponse()
        return Answer(
            answer.status,
            (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower(),
            answer.getheader("Access-Control-Allow-Origin") or "",
            answer.read(),
        )

    def _connect(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=PATIENCE, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
