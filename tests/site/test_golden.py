"""Golden site: what the minimal site becomes, file by file. Changes of published bytes are seen in review.

`PASSPORT_UPDATE_GOLDEN=1 pytest tests/site/test_golden.py` writes the golden files again. Images and
archives are left out: their bytes depend on the versions of the libraries that draw them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from badge_passport.pipeline import build, check
from demo import ROOT

GOLDEN = ROOT / "tests" / "golden" / "minimal"
# manifest.json holds digests of everything, images included.
LEFT_OUT = (".png", ".svg", "manifest.json", ".css", ".js", ".woff2", "-license.txt", ".zip")


def test_the_minimal_site_is_what_it_was(tmp_path: Path) -> None:
    checked = check(ROOT / "tests" / "sites" / "minimal")
    build(checked, tmp_path / "public")
    made = {
        p.relative_to(tmp_path / "public").as_posix(): p.read_bytes()
        for p in sorted((tmp_path / "public").rglob("*"))
        if p.is_file() and not p.name.endswith(LEFT_OUT)
    }
    if os.environ.get("PASSPORT_UPDATE_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, data in made.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(data)
    golden = {
        p.relative_to(GOLDEN).as_posix(): p.read_bytes() for p in sorted(GOLDEN.rglob("*")) if p.is_file()
    }
    assert sorted(made) == sorted(golden)
    for name, data in made.items():
        assert data.decode("utf-8") == golden[name].decode("utf-8"), name
    assert len(made) > 20
