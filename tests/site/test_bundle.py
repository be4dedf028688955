"""The script of the verify page: small, the same every time, loaded on that page only, rebuilt in time."""

from __future__ import annotations

import gzip
import json
import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import page_verifier
from badge_passport.pages import maps
from badge_passport.resources import WEB_FONTS, bundled
from browser.site import require
from demo import ROOT, Demo

LIMIT = 150_000
HOOK = runpy.run_path(str(ROOT / "hatch_build.py"))
SQUARE = {  # a square of ten degrees, of two arcs, the second one written backwards
    "transform": {"scale": [0.1, 0.1], "translate": [0, 0]},
    "arcs": [[[100, 200], [100, 0], [0, 100]], [[100, 200], [0, 100], [100, 0]]],
    "objects": {"land": {"geometries": [{"arcs": [[[0, -2]]]}]}},
}
LOCALES = ROOT / "themes" / "passport" / "locales"


def test_it_is_small() -> None:
    assert len(gzip.compress(bundled("verify.js"), 9)) < LIMIT


def test_land_is_small_and_where_it_is() -> None:
    assert len(bundled("land.json")) < 40_000
    everything = [point for ring in maps.outlines() for point in ring]
    assert min(x for x, _ in everything) >= -180 and max(x for x, _ in everything) <= 180
    assert max(y for _, y in everything) > 83  # Greenland
    for place, dry in {
        (2.3, 48.9): True,
        (37.6, 55.8): True,
        (25, 0): True,
        (-30, 40): False,
        (18, 34): False,
    }.items():
        assert sum(_is_in(place, ring) for ring in maps.outlines()) % 2 == dry, place


def _is_in(place: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    """Whether a ray to the east crosses a ring an odd number of times."""
    x, y = place
    crossed = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            crossed += 1
    return crossed % 2 == 1


def test_only_the_verify_page_loads_it(demo: Demo) -> None:
    loading = {
        p.relative_to(demo.public).as_posix() for p in demo.files("*.html") if b"verify.js" in p.read_bytes()
    }
    assert loading == {"verify/index.html", "fr/verify/index.html", "ar/verify/index.html"}
    whole = (demo.public / "assets" / "verify.js").read_bytes()
    assert whole.endswith(bundled("verify.js")) and len(gzip.compress(whole, 9)) < LIMIT


def test_the_page_runs_no_script_of_its_own(demo: Demo) -> None:
    """The data block is JSON; nothing in it can end the element that it stands in."""
    page = (demo.public / "ar" / "verify" / "index.html").read_text(encoding="utf-8")
    block = page.split('<script type="application/json" id="pv-data">')[1].split("</script>")[0]
    data = json.loads(block)
    assert data["base"] == demo.base and data["root"] == "../../"
    assert "<" not in block


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    require(page_verifier.available(), "the verifier is not built: make bundle")
    for name in ("one", "two"):
        command = ["node", "build.mjs", str(tmp_path / name)]
        subprocess.run(command, cwd=page_verifier.VERIFIER, check=True)
    for name in HOOK["OUTPUTS"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_every_sentence_is_in_every_catalogue() -> None:
    sentences = json.loads(bundled("messages.json"))
    assert len(sentences) > 150
    for tag in ("fr", "ar"):
        with (LOCALES / f"{tag}.po").open("rb") as file:
            catalogue = read_po(file)
        missing = [s for s in sentences if not (message := catalogue.get(s)) or not message.string]
        assert missing == [], tag


@pytest.mark.parametrize("folder", ["verifier", "fonts", "land"])
def test_packages_have_exact_versions(folder: str) -> None:
    package = json.loads((ROOT / "generator" / folder / "package.json").read_bytes())
    for version in {**package["dependencies"], **package.get("devDependencies", {})}.values():
        assert version[0].isdigit(), version


def test_the_fonts_that_pages_load_are_published_with_their_licences(demo: Demo) -> None:
    published = {p.name for p in (demo.public / "assets" / "fonts").iterdir()}
    assert published == set(WEB_FONTS) <= set(HOOK["FONTS"])
    for name in published:
        data = (demo.public / "assets" / "fonts" / name).read_bytes()
        assert data.startswith(b"wOF2") or b"SIL OPEN FONT LICENSE" in data.upper()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the bundle is made of, with programs that only note that they were called."""
    shutil.copytree(
        page_verifier.VERIFIER,
        tmp_path / "generator" / "verifier",
        ignore=shutil.ignore_patterns("node_modules"),
    )
    fonts = tmp_path / "generator" / "fonts"
    shutil.copytree(ROOT / "generator" / "fonts", fonts, ignore=shutil.ignore_patterns("node_modules"))
    for source in HOOK["FONTS"].values():
        (fonts / "node_modules" / source).parent.mkdir(parents=True, exist_ok=True)
        (fonts / "node_modules" / source).write_bytes(b"a font")
    land = tmp_path / "generator" / "land"
    shutil.copytree(ROOT / "generator" / "land", land, ignore=shutil.ignore_patterns("node_modules"))
    (land / "node_modules" / HOOK["LAND"]).parent.mkdir(parents=True)
    (land / "node_modules" / HOOK["LAND"]).write_text(json.dumps(SQUARE))
    programs = tmp_path / "programs"
    programs.mkdir()
    outputs = " ".join(f"../badge_passport/_bundle/{name}" for name in HOOK["OUTPUTS"])
    for name, does in (("npm", ":"), ("node", f"mkdir -p ../badge_passport/_bundle && touch {outputs}")):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> {tmp_path}/called\n{does}\n')
        program.chmod(0o755)
    return tmp_path


def test_it_is_built_when_it_is_missing_or_old(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{checkout / 'programs'}:{os.environ['PATH']}")
    called = checkout / "called"
    HOOK["make_bundle"](checkout)
    assert called.read_text().splitlines()[0].startswith("npm ci") and "node build.mjs" in called.read_text()
    called.unlink()
    HOOK["make_bundle"](checkout)
    assert not called.exists()
    bundle = checkout / "generator" / "badge_passport" / "_bundle"
    assert {p.name for p in (bundle / "fonts").iterdir()} == set(HOOK["FONTS"])
    assert json.loads((bundle / "land.json").read_bytes()) == [[100, 200, 100, 0, 0, 100, -100, 0, 0, -100]]
    newer = (bundle / "verify.js").stat().st_mtime + 10
    os.utime(checkout / "generator" / "verifier" / "src" / "index.mjs", (newer, newer))
    HOOK["make_bundle"](checkout)
    assert called.exists()


def test_without_node_it_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout / "nowhere"))
    with pytest.raises(SystemExit, match="Node is needed to build from a checkout"):
        HOOK["make_bundle"](checkout)
