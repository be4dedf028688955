"""Builds the script of the verify page before anything is packed: whoever installs a wheel needs no Node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "build.mjs", "src/**/*")
OUTPUTS = ("verify.js", "contexts.json", "messages.json")


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``node build.mjs`` if the bundle is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's own)
        """Make the bundle and see to it that the wheel and the sdist have it, although git ignores it."""
        root = Path(self.root)
        make_bundle(root)
        build_data["artifacts"] += [f"/generator/badge_passport/_bundle/{name}" for name in OUTPUTS]


def make_bundle(root: Path) -> None:
    """Build ``generator/badge_passport/_bundle`` out of ``generator/verifier``."""
    verifier = root / "generator" / "verifier"
    outputs = [root / "generator" / "badge_passport" / "_bundle" / name for name in OUTPUTS]
    if all(file.is_file() for file in outputs) and not _is_older(outputs, verifier):
        return
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise SystemExit("Node is needed to build the verify page from a checkout: install Node 20 or later.")
    _run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], verifier)
    _run([node, "build.mjs"], verifier)


def _is_older(outputs: list[Path], verifier: Path) -> bool:
    sources = [file for pattern in SOURCES for file in verifier.glob(pattern) if file.is_file()]
    # A sdist has both, in one moment of time: only what is newer counts.
    return max(file.stat().st_mtime for file in sources) > min(file.stat().st_mtime for file in outputs)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise SystemExit(
            f"The verify page cannot be built: “{' '.join(command[1:3])}” says\n{done.stderr or done.stdout}"
        )


if __name__ == "__main__":
    make_bundle(Path(__file__).resolve().parent)
