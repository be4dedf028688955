"""Notes at a target: which files are on their way there, by digests of their paths.

Who sends files of which no manifest tells yet says so beforehand, so that nobody takes them for somebody
else's if the rest never comes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from badge_passport.publish.manifest import MARK, digest_of_path

NOTES: Final = ".passport/"


def note(name: str, paths: Iterable[str]) -> tuple[str, bytes]:
    """The note of a unit with this name, whose files are coming: its path, and what is in it."""
    names = [digest_of_path(path).hex() for path in paths]
    data = json.dumps({"generator": MARK, "coming": names}).encode()
    return f"{NOTES}{hashlib.sha256(name.encode()).hexdigest()[:32]}.json", data


def coming(there: Iterable[str], read: Callable[[str], bytes | None]) -> dict[str, str]:
    """What the notes among these files tell, as the files of a manifest: all in doubt, and the notes too."""
    found: dict[str, str] = {}
    for path in there:
        if path.startswith(NOTES):
            with suppress(ValueError):
                said = json.loads(read(path) or b"{}")
                if isinstance(said, dict) and said.get("generator") == MARK:
                    names = [name for name in said.get("coming", ()) if isinstance(name, str)]
                    found.update(dict.fromkeys([*names, digest_of_path(path).hex()], ""))
    return found
