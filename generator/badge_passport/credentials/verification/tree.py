"""A whole built site, verified file by file as strangers would, from its folder.

Nothing here knows the source of the site: what is published must agree with itself. An award that has expired
is as it should be; one that the register calls revoked or declined must be refused, for that reason alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from badge_passport.credentials.baking import BakingError, unbake_png, unbake_svg
from badge_passport.credentials.documents import Document
from badge_passport.credentials.fetching import from_folder
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.reading import read_json
from badge_passport.credentials.verification.steps import Failure, Result, Undecided
from badge_passport.credentials.verification.whole import verified
from badge_passport.credentials.verification.withdrawal import check_list

_LAPSES: Final = frozenset({"expires", "valid-until"})
_WITHDRAWALS: Final = frozenset({"revoked", "status"})
_KEYWORDS: Final = {"openbadges": "assertion.json", "openbadgecredential": "credential.json"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a file of the tree, in one sentence."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How much was verified, and what is wrong."""

    files: int
    verified: int
    findings: list[Wrong]


def verify_tree(root: Path, base: str, now: datetime) -> Seen:
    """Verify everything that can be verified below ``root``, which is published at ``base``."""
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    tree = _Tree(root, base, now)
    findings = [*tree.manifest(paths), *(Wrong(path, p) for path in paths for p in tree.problems(path))]
    return Seen(len(paths), tree.verified, findings)


class _Tree:
    def __init__(self, root: Path, base: str, now: datetime) -> None:
        self.root, self.base = root, base
        self.asking = Asking(from_folder(base, root), now, bounded=False)
        self.states, self.unregistered = self._register()
        self.verified = 0

    def problems(self, path: str) -> Iterator[str]:
        """Why a file is not as it must be."""
        if path.endswith((".json", ".jwt.txt")):
            yield from self._document(path)
        elif path.startswith("awards/") and path.endswith(("/badge.png", "/badge.svg")):
            yield from self._picture(path)

    def _document(self, path: str) -> Iterator[str]:
        data = (self.root / path).read_bytes()
        kinds: Collection[str] = ()
        if path.endswith(".json"):
            try:
                document = read_json(data)
            except Failure as failure:
                yield failure.detail
                return
            own = document.get("id")
            if path.endswith(("did.json", "/oembed.json")):
                return
            if isinstance(own, str) and own.startswith(self.base) and own != self.base + path:
                if self._was_moved(path, own.removeprefix(self.base), data):
                    return
                yield f"its id is {own}, which is another address."
            kinds = _types(document)
        if path.startswith("awards/"):
            yield from self._award(path, data)
        elif {"EndorsementCredential", "ClrCredential", "VerifiablePresentation"} & set(kinds):
            yield from self._judge(data, withdrawn=False)
        elif "BitstringStatusListCredential" in kinds:
            yield from self._status_list(self.base + path)

    def _award(self, path: str, data: bytes) -> Iterator[str]:
        state = self.states.get(_digest(path.split("/")[1].encode()))
        if state is None:
            yield "register.json does not list this award."
        elif path.endswith("/assertion.json") and state["assertion"] != _digest(data):
            yield "register.json has another digest of it."
        yield from self._judge(data, withdrawn=state is not None and state["state"] != "issued")

    def _judge(self, data: bytes, *, withdrawn: bool) -> Iterator[str]:
        result = verified(data, self.asking)
        self.verified += 1
        reasons = _reasons(result)
        if withdrawn and not reasons.keys() & _WITHDRAWALS:
            yield "it was withdrawn, and verifiers would not notice."
        expected = _LAPSES | (_WITHDRAWALS if withdrawn else frozenset())
        yield from (detail for name, detail in reasons.items() if name not in expected)

    def _status_list(self, url: str) -> Iterator[str]:
        try:
            check_list(url, self.asking)
        except (Failure, Undecided) as reason:
            yield str(reason)

    def _was_moved(self, path: str, own: str, data: bytes) -> bool:
        """Whether this is what a passport answers at an address it had before: the same as at its own."""
        both = path.split("/"), own.split("/")
        if any(len(steps) != 3 or steps[0] != "passports" for steps in both) or both[0][2] != both[1][2]:
            return False
        there = self.root / own
        return there.is_file() and there.read_bytes() == data

    def _picture(self, path: str) -> Iterator[str]:
        data = (self.root / path).read_bytes()
        try:
            baked = unbake_png(data) if path.endswith(".png") else unbake_svg(data)
        except BakingError as error:
            yield str(error)
            return
        folder = (self.root / path).parent
        if not baked:
            yield "there is no badge in the picture."
        for keyword, text in baked.items():
            beside = folder / _KEYWORDS.get(keyword, "")
            if not beside.is_file() or json.loads(text) != json.loads(beside.read_bytes()):
                yield f"the badge in the picture is not that of {beside.name}."

    def _register(self) -> tuple[Mapping[str, Document], bool]:
        try:
            listed = read_json((self.root / "register.json").read_bytes()).get("awards", [])
            return {entry["award"]: entry for entry in listed}, False
        except (OSError, Failure, TypeError, KeyError):
            return {}, True

    def manifest(self, paths: Collection[str]) -> Iterator[Wrong]:
        """Every file is the one that the build wrote."""
        if self.unregistered:
            yield Wrong("register.json", "it is missing, or cannot be read.")
        try:
            files, own = self._listed()
        except (OSError, Failure, KeyError, TypeError, AttributeError):
            yield Wrong("manifest.json", "it is missing, or cannot be read.")
            return
        there = {_digest(path.encode()).removeprefix("sha256$"): path for path in paths if path not in own}
        for name, path in there.items():
            wanted = files.get(name)
            if wanted is None:
                yield Wrong(path, "no build wrote this file.")
            elif wanted != _digest((self.root / path).read_bytes()).removeprefix("sha256$"):
                yield Wrong(path, "it was changed after the build.")
        for path, wanted in own.items():
            if wanted and not (self.root / path).is_file():
                yield Wrong(path, "it is missing: it is a piece of the manifest.")
            elif wanted and wanted != _digest((self.root / path).read_bytes()).removeprefix("sha256$"):
                yield Wrong(path, "it was changed after the build.")
        if missing := len(files.keys() - there.keys()):
            yield Wrong("manifest.json", f"{missing} of its files are missing.")

    def _listed(self) -> tuple[dict[str, Any], dict[str, str]]:
        """What the manifest says of files by the digests of their paths; its own files and their digests."""
        top = read_json((self.root / "manifest.json").read_bytes())
        pieces = {f"manifest/{name}.json": digest for name, digest in top.get("pieces", {}).items()}
        files: dict[str, Any] = dict(top["files"]) if "pieces" not in top else {}
        for path in pieces:
            if (self.root / path).is_file():
                files.update(read_json((self.root / path).read_bytes())["files"])
        return files, {**pieces, "manifest.json": ""}


def _reasons(result: Result) -> dict[str, str]:
    """Name of a step to why it keeps the document from being valid; those that wait for another left out."""
    return {
        step.id.rpartition(".")[2]: f"{step.title}: {step.detail}"
        for step in reversed(result.steps)
        if step.outcome == "fail" or (step.outcome == "not-checked" and step.needed and step.who)
    }


def _types(document: Document) -> list[str]:
    kinds = document.get("type", [])
    return [kinds] if isinstance(kinds, str) else [k for k in kinds if isinstance(k, str)]


def _digest(data: bytes) -> str:
    return "sha256$" + hashlib.sha256(data).hexdigest()
