"""A glance at a site stays in the site, whatever its links lead to."""

from __future__ import annotations

import shutil
from pathlib import Path

from badge_passport.source.folders import Folders
from badge_passport.source.glance import glance
from minimal import MINIMAL


def test_a_linked_folder_among_the_sources_is_not_walked(tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    shutil.copytree(MINIMAL, site)
    elsewhere.mkdir()
    (site / "content" / "out").symlink_to(elsewhere)
    (site / "content" / "circle").symlink_to(site / "content")
    folders = Folders()
    before = glance(site, (), (), folders).digest
    (elsewhere / "much.txt").write_text("x")
    assert glance(site, ()).digest == before


def test_a_linked_file_is_looked_at(tmp_path: Path) -> None:
    site, file = tmp_path / "site", tmp_path / "picture.png"
    shutil.copytree(MINIMAL, site)
    file.write_bytes(b"one")
    (site / "badges" / "harbour" / "link.png").symlink_to(file)
    before = glance(site, ()).digest
    file.write_bytes(b"other")
    assert glance(site, ()).digest != before
