"""Object stores that speak as S3, Google Cloud Storage or Azure do, by the library obstore.

What is sent is verified: a store that answers with the MD5 of the bytes (S3, unless it encrypts with keys
of its own) is believed; from any other the object is read again and compared by SHA-256.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from badge_passport.desk.publishing.changed import File, Seen, look_at
from badge_passport.desk.publishing.headers import cache_control, content_type
from badge_passport.desk.publishing.storefaults import (
    explained,
    unusable_settings,
    without_credentials,
    without_library,
    wrong_endpoint,
)
from badge_passport.desk.publishing.stores import Refused, changed_on_the_way
from badge_passport.desk.publishing.targets import Target

R = TypeVar("R")
_ENDPOINT = {"s3": "endpoint", "gs": "base_url", "az": "endpoint"}
LARGE = 5 * 1024 * 1024  # bytes; more is sent in parts, and never in memory as a whole
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}


class ObjectStore:
    """A bucket, below a prefix.

    Raises:
        Refused: the library or the credentials are missing (``store-unusable``).
    """

    at_once = 16

    def __init__(self, target: Target, patience: float, environment: Mapping[str, str] = os.environ) -> None:
        try:
            import obstore
            from obstore.exceptions import BaseError
            from obstore.store import from_url
        except ImportError:
            raise Refused(without_library()) from None
        problem = without_credentials(target, environment, Path.home())
        if problem is not None:
            raise Refused(problem)
        self._target, self._patience = target, patience
        self._library: Any = obstore
        # Files that are not there and answers that do not come are errors of the system to the library.
        self._errors: tuple[type[Exception], ...] = (BaseError, OSError)
        plain = (target.endpoint, *(environment.get(name, "") for name in _ENDPOINTS[target.kind]))
        for address in filter(None, plain):
            if (problem := wrong_endpoint(target, address)) is not None:
                raise Refused(problem)
        limit = timedelta(seconds=patience)
        options: dict[str, Any] = {
            **({_ENDPOINT[target.kind]: target.endpoint} if target.endpoint else {}),
            "client_options": {
                "timeout": limit,
                "connect_timeout": min(limit, timedelta(seconds=10)),
                "allow_http": any(address.startswith("http://") for address in plain),
            },
            "retry_config": {"max_retries": 1000, "retry_timeout": limit},
        }
        try:
            self._store: Any = from_url(target.place, **options)
        except self._errors as error:
            raise Refused(unusable_settings(target, error)) from error

    def _asked(self, question: Callable[[], R]) -> R:
        try:
            return question()
        except self._errors as error:
            raise Refused(explained(self._target, error, self._patience)) from error

    def listing(self) -> dict[str, Seen]:
        """Every object below the prefix; a thousand with each question."""

        def ask() -> dict[str, Seen]:
            return {
                meta["path"]: Seen(meta["size"], _tag(meta["e_tag"]))
                for page in self._store.list(chunk_size=1000)
                for meta in page
            }

        return self._asked(ask)

    def tidy(self) -> None:
        """Nothing: an object is there as a whole, or not at all."""

    def read(self, path: str) -> bytes | None:
        """The bytes of an object; None if there is none."""

        def ask() -> bytes | None:
            try:
                return bytes(self._library.get(self._store, path).bytes())
            except FileNotFoundError:
                return None

        return self._asked(ask)

    def holds(self, folder: Path, file: File, seen: Seen) -> bool:
        """Whether the tag is the MD5 of the file; a tag of another kind tells nothing."""
        if file.size > LARGE or len(seen.tag) != 32:
            return False
        return seen.tag == _md5((folder / file.path).read_bytes())

    def send(self, folder: Path, file: File) -> str:
        """Send, verify, and return the tag."""
        if file.size > LARGE:
            if look_at(folder, file.path) != file:
                raise Refused(changed_on_the_way(file.path))
            return self._put(file.path, folder / file.path, file.digest, "")
        data = (folder / file.path).read_bytes()
        if hashlib.sha256(data).hexdigest() != file.digest:
            raise Refused(changed_on_the_way(file.path))
        return self._put(file.path, data, file.digest, _md5(data))

    def write(self, path: str, data: bytes) -> None:
        """Put a file that is in memory."""
        self._put(path, data, hashlib.sha256(data).hexdigest(), _md5(data))

    def _put(self, path: str, what: bytes | Path, digest: str, md5: str) -> str:
        said = {"Content-Type": content_type(path), "Cache-Control": cache_control(path)}

        def ask() -> str:
            put = self._library.put(self._store, path, what, attributes=said)
            return _tag(put["e_tag"])

        tag = self._asked(ask)
        if tag != md5 and self._digest(path) != digest:
            raise Refused(changed_on_the_way(path))
        return tag

    def _digest(self, path: str) -> str:
        def ask() -> str:
            found = hashlib.sha256()
            for part in self._library.get(self._store, path).stream():
                found.update(part)
            return found.hexdigest()

        return self._asked(ask)

    def delete(self, path: str) -> None:
        """Remove an object."""

        def ask() -> None:
            with suppress(FileNotFoundError):
                self._library.delete(self._store, path)

        self._asked(ask)


def _tag(tag: str | None) -> str:
    """Without the quotes, which some stores write in one answer and not in another."""
    return (tag or "").strip('"')


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
