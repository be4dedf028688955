"""Makes what comes out of npm before anything is packed: whoever installs a wheel needs no Node.

That is the script of the verify page, built from generator/verifier, the fonts of generator/fonts, and the
outlines of land of generator/land.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = ("package.json", "package-lock.json")
SOURCES = (*PACKAGE, "build.mjs", "src/**/*")
OUTPUTS = ("verify.js", "contexts.json", "messages.json")
WEB, CARDS = "@fontsource-variable", "@expo-google-fonts"
FONTS = {
    "readex-pro-latin.woff2": f"{WEB}/readex-pro/files/readex-pro-latin-wght-normal.woff2",
    "readex-pro-latin-ext.woff2": f"{WEB}/readex-pro/files/readex-pro-latin-ext-wght-normal.woff2",
    "readex-pro-arabic.woff2": f"{WEB}/readex-pro/files/readex-pro-arabic-wght-normal.woff2",
    "noto-sans-greek.woff2": f"{WEB}/noto-sans/files/noto-sans-greek-wght-normal.woff2",
    "noto-sans-cyrillic.woff2": f"{WEB}/noto-sans/files/noto-sans-cyrillic-wght-normal.woff2",
    "readex-pro-regular.ttf": f"{CARDS}/readex-pro/400Regular/ReadexPro_400Regular.ttf",
    "readex-pro-bold.ttf": f"{CARDS}/readex-pro/700Bold/ReadexPro_700Bold.ttf",
    "noto-sans-regular.ttf": f"{CARDS}/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "noto-sans-bold.ttf": f"{CARDS}/noto-sans/700Bold/NotoSans_700Bold.ttf",
    "readex-pro-license.txt": f"{CARDS}/readex-pro/LICENSE_FONT",
    "noto-sans-license.txt": f"{CARDS}/noto-sans/LICENSE_FONT",
}
LAND = "world-atlas/land-110m.json"
BUNDLE = Path("generator", "badge_passport", "_bundle")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``node build.mjs`` if the bundle is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's own)
        """Make the bundle and see to it that the wheel and the sdist have it, although git ignores it."""
        root = Path(self.root)
        make_bundle(root)
        made = [*OUTPUTS, "land.json", *(f"fonts/{name}" for name in FONTS)]
        build_data["artifacts"] += [f"/{(BUNDLE / name).as_posix()}" for name in made]


def make_bundle(root: Path) -> None:
    """Build ``generator/badge_passport/_bundle`` from the folders beside it that npm fills."""
    bundle = root / BUNDLE
    verifier = root / "generator" / "verifier"
    if _is_missing([bundle / name for name in OUTPUTS], verifier, SOURCES):
        _install(verifier)
        _run([_program("node"), "build.mjs"], verifier)
    fonts = root / "generator" / "fonts"
    if _is_missing([bundle / "fonts" / name for name in FONTS], fonts, PACKAGE):
        _install(fonts)
        (bundle / "fonts").mkdir(parents=True, exist_ok=True)
        for name, source in FONTS.items():
            shutil.copyfile(fonts / "node_modules" / source, bundle / "fonts" / name)
    land = root / "generator" / "land"
    if _is_missing([bundle / "land.json"], land, PACKAGE):
        _install(land)
        topology = json.loads((land / "node_modules" / LAND).read_bytes())
        text = json.dumps(outlines(topology), separators=(",", ":"))
        (bundle / "land.json").write_text(text + "\n", encoding="utf-8")


def outlines(topology: dict[str, Any]) -> list[list[int]]:
    """The rings of a TopoJSON of land (1.0 of its specification, quantised) in tenths of a degree.

    Each is longitude and latitude of its first point, then the steps to the next, in one flat list.
    """
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[tuple[int, int]]] = []
    for arc in topology["arcs"]:
        x, y, points = 0, 0, []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((round((x * scale_x + move_x) * 10), round((y * scale_y + move_y) * 10)))
        arcs.append(points)
    (land,) = topology["objects"]["land"]["geometries"]
    rings = []
    for ring in (ring for polygon in land["arcs"] for ring in polygon):
        points = []
        for at in ring:  # ~at is the arc backwards; each arc begins where the one before ended
            points += (arcs[at] if at >= 0 else arcs[~at][::-1])[1 if points else 0 :]
        flat, before = [], (0, 0)
        for point in points:
            if not flat or point != before:
                flat += [point[0] - before[0], point[1] - before[1]]
                before = point
        if len(flat) > 6:
            rings.append(flat)
    return rings


def _install(folder: Path) -> None:
    _run([_program("npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit("Node is needed to build from a checkout: install Node 20 or later.")
    return found


def _is_missing(outputs: list[Path], folder: Path, patterns: tuple[str, ...]) -> bool:
    if not all(file.is_file() for file in outputs):
        return True
    sources = [file for pattern in patterns for file in folder.glob(pattern) if file.is_file()]
    # A sdist has both, in one moment of time: only what is newer counts.
    return max(file.stat().st_mtime for file in sources) > min(file.stat().st_mtime for file in outputs)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise SystemExit(
            f"What npm makes cannot be built: “{' '.join(command[1:3])}” says\n{done.stderr or done.stdout}"
        )


if __name__ == "__main__":
    make_bundle(Path(__file__).resolve().parent)
