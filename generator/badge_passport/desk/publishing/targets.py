"""Where a site is published to, from what people write: a folder, a branch, or a bucket of a store."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from badge_passport.model.site import PUBLISH_FORMS, is_publish_target

Kind = Literal["folder", "branch", "s3", "gs", "az"]
STORES = ("s3", "gs", "az")


@dataclass(frozen=True, slots=True)
class Target:
    """A place for a built site.

    ``place`` is the whole path of a folder, the remote of a branch, or the URL of a bucket with its prefix;
    ``branch`` is set for a branch only; ``endpoint`` is the address of the server, for stores whose URL
    does not tell it.
    """

    kind: Kind
    place: str
    branch: str = ""
    endpoint: str = ""

    @property
    def name(self) -> str:
        """How messages call it; never with a password."""
        if self.kind == "folder":
            return f"the folder “{Path(self.place).name}”"
        place = re.sub(r"//[^/@]*@", "//", self.place)
        return f"the branch “{self.branch}” of {place}" if self.kind == "branch" else place

    @property
    def key(self) -> str:
        """A name for files about this target: the same for everybody who writes the same target."""
        whole = "\n".join((self.kind, self.place, self.branch, self.endpoint))
        return hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def parse(text: str, base: Path, endpoint: str = "") -> Target:
    """The target that ``text`` means; folders are looked for from ``base``.

    Raises:
        ValueError: it has none of the forms; the message is one sentence.
    """
    if not is_publish_target(text):
        raise ValueError(f"“{text}” is no target. It is {PUBLISH_FORMS}.")
    if text.startswith("git:"):
        remote, _, branch = text.removeprefix("git:").rpartition("#")
        return Target("branch", remote, branch)
    scheme = urlsplit(text).scheme if "://" in text else ""
    for kind in STORES:
        if scheme == kind:
            return Target(kind, text.rstrip("/"), endpoint=endpoint.rstrip("/"))  # type: ignore[arg-type]
    return Target("folder", str((base / Path(text).expanduser()).resolve()))
