"""`passport init`: a new site from the starter, with an id namespace of its own."""

from __future__ import annotations

import re
import shutil
import uuid
from pathlib import Path

from badge_passport.diagnostics import Diagnostic
from badge_passport.resources import AUTOMATION, STARTER, starter_folder

GITIGNORE = "public/\nprivate/\npreview/\nmail-preview/\nmail-outbox/\n*.eml\n*.mbox\n"


def init(folder: Path, url: str | None) -> list[Diagnostic]:
    """Copy the starter into ``folder``, which must be new or empty.

    The namespace of award ids is drawn at random here, once; everything after is computed from it.
    """
    if folder.exists() and (not folder.is_dir() or any(p.name != ".git" for p in folder.iterdir())):
        return [
            Diagnostic(
                "init-not-empty",
                f"the folder {folder.name or folder} is not empty",
                None,
                "name a new one: passport init my-badges.",
            )
        ]
    source = starter_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name in STARTER:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copyfile(source / name, folder / name)
    shutil.copytree(source / AUTOMATION, folder, dirs_exist_ok=True)
    site = folder / "site.yml"
    text = site.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^idNamespace:.*$", f"idNamespace: {uuid.uuid4()}", text)
    if url is not None:
        text = re.sub(r"(?m)^url:.*$", lambda _: f"url: {url}", text)
    site.write_text(text, encoding="utf-8")
    (folder / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    return []
