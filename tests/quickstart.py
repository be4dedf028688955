"""docs/quickstart.md, done: its files written, its commands run, with a host that takes the push.

    python -m quickstart FOLDER

makes the pictures of the page from what comes of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import repositories
from mailserver import Certificate, make_certificate
from servers import nginx

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "quickstart.md"
HOST = "badges.example.org"
FENCE = re.compile(r"^```(?P<kind>\w+) *(?P<file>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Done:
    """What the page made: the promoter's folder, what is served, and what each block of commands said."""

    site: Path
    live: Path
    said: list[str]
    environment: dict[str, str]


@contextmanager
def followed(folder: Path) -> Iterator[Done]:
    """Follow the page in ``folder``, while a web server has the address it speaks of."""
    bare, live, site = folder / "badges.git", folder / "live", folder / "my-badges"
    tls = make_certificate(folder / "tls", HOST)
    environment = _environment(folder, bare, tls)
    repositories.git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
    install = [sys.executable, "-m", "badge_passport", "hook", "install", str(bare), "--live", str(live)]
    install += ["--private", str(site / "private")]
    subprocess.run(install, env=environment, check=True, capture_output=True)
    with nginx(folder / "nginx", live, certificate=tls, port=443):
        yield Done(site, live, list(_follow(folder, site, environment)), environment)


def _follow(folder: Path, site: Path, environment: dict[str, str]) -> Iterator[str]:
    for fence in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        kind, text = fence["kind"], fence["text"]
        if kind == "yaml":
            file = site / text.split("\n", 1)[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif kind == "csv":
            (site / fence["file"]).write_text(text, encoding="utf-8")
        elif kind == "sh":
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text],
                cwd=site if site.exists() else folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
            yield done.stdout + done.stderr


def _environment(folder: Path, bare: Path, tls: Certificate) -> dict[str, str]:
    """A promoter's machine: the program on the path, and a remote that was set up once."""
    programs = folder / "bin"
    programs.mkdir()
    passport = programs / "passport"
    passport.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m badge_passport "$@"\n', encoding="utf-8")
    passport.chmod(0o755)
    config = folder / "gitconfig"
    config.write_text(
        f'[push]\n  default = current\n[remote "origin"]\n  url = {bare.as_uri()}\n', encoding="utf-8"
    )
    return {
        **repositories.ENVIRONMENT,
        "GIT_CONFIG_GLOBAL": str(config),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "generator"), str(ROOT / "tests" / "loopback")]),
        "LOOPBACK_HOSTS": HOST,
        "SSL_CERT_FILE": str(tls.authority),
    }


def pictures(folder: Path, target: Path) -> None:
    """The pictures of the page, from what it built in ``folder``."""
    from playwright.sync_api import sync_playwright

    from badge_passport.pipeline import check
    from browser.site import ARGUMENTS, chromium

    target.mkdir(parents=True, exist_ok=True)
    with followed(folder) as done, sync_playwright() as play:
        registry = check(done.site).registry
        assert registry is not None
        award = next(a for a in registry.awards.values() if a.badge.ref == "riverside-youth/bridge-walk")
        letters = sorted((done.site / "mail-preview").glob("*.html"))
        letter = next(file for file in letters if "“Bridge Walk”" in file.read_text(encoding="utf-8"))
        arguments = [*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        browser = play.chromium.launch(executable_path=chromium(), args=arguments)
        page = browser.new_context(
            ignore_https_errors=True, viewport={"width": 960, "height": 640}, reduced_motion="reduce"
        ).new_page()
        base = f"https://{HOST}/"
        for name, address in (
            ("home", base),
            ("badge", f"{base}badges/riverside-youth/bridge-walk/"),
            ("mail", letter.as_uri()),
            ("claim", f"{base}awards/{award.id}/#claim=0123456789ABCDEFGHJKMNPQ"),
        ):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            file = target / f"quickstart-{name}.png"
            page.screenshot(path=file)
            _fewer_colours(file)
        browser.close()


def _fewer_colours(file: Path) -> None:
    """A picture for a page of text: 128 colours, a third of the size."""
    from PIL import Image

    with Image.open(file) as picture:
        picture.convert("RGB").quantize(128).save(file, optimize=True)


if __name__ == "__main__":
    pictures(Path(sys.argv[1]), ROOT / "docs" / "images")
