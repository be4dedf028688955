"""`make locales` touches no catalogue whose texts are the same, and brings new ones into all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from demo import ROOT

PARTS = ("generator/badge_passport", "generator/verifier/src", "themes/passport")


def test_the_same_texts_are_the_same_files(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    locales = tmp_path / "themes/passport/locales"
    # Another day, and another year.
    for file in [*locales.glob("*.po"), locales / "passport.pot"]:
        text = file.read_text(encoding="utf-8")
        first, _, rest = text.partition("POT-Creation-Date: 20")
        file.write_text(f"{first.replace('(C) 20', '(C) 10')}POT-Creation-Date: 10{rest}", encoding="utf-8")
    before = {file.name: file.read_bytes() for file in locales.iterdir()}
    collect(tmp_path)
    assert {file.name: file.read_bytes() for file in locales.iterdir()} == before
    page = tmp_path / "themes/passport/templates/verify.html"
    page.write_text(page.read_text(encoding="utf-8") + '{{ _("Entirely new") }}\n', encoding="utf-8")
    collect(tmp_path)
    for file in locales.iterdir():
        assert b'msgid "Entirely new"' in file.read_bytes(), file.name


def collect(folder: Path) -> None:
    environment = Path(sys.executable).parents[1]
    command = ["make", "-o", f"{environment}/.installed", f"VENV={environment}", "locales"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
