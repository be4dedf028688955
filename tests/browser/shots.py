"""`make shots`: a picture of every kind of page, wide and narrow, light and dark, in every language.

    python -m tests.browser.shots [FOLDER] [--only award,passport]

Builds the demo, and a site of what people do bring (odd_site.py), serves both, and writes
`FOLDER/<language>-<kind>-<width>-<scheme>.png` (shots/ by default); the odd ones are called `odd-…`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright

from badge_passport.pipeline import check
from badge_passport.registry import Registry
from browser.site import ARGUMENTS, Hosted, View, chromium, kinds, look
from demo import ROOT, Demo, build_site
from odd_site import PEOPLE, lay_odd


def shoot(
    browser: Browser,
    site: Path,
    folder: Path,
    pages: Callable[[Path, Registry], Mapping[str, str]],
    only: set[str],
) -> None:
    """Build a site and take its pictures; ``pages`` says which, from what was built."""
    checked = check(site)
    assert checked.registry is not None and checked.good, checked.diagnostics
    site_record = checked.registry.site
    with tempfile.TemporaryDirectory() as name:
        public = Path(name) / "public"
        build_site(site, public)
        prefix = urlsplit(site_record.url.rstrip("/") + "/").path
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hosted, directory=str(public), prefix=prefix))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}{prefix}"
        for kind, path in pages(public, checked.registry).items():
            if only and kind not in only:
                continue
            for tag in site_record.languages:
                for view in (View(w, s) for w in (1280, 360) for s in ("light", "dark")):
                    place = path if tag == site_record.languages[0] else f"{tag}/{path}"
                    page = look(browser, origin, place, view).page
                    for image in page.locator("img[loading=lazy]:visible").all()[:60]:
                        image.scroll_into_view_if_needed()
                    page.evaluate("scrollTo(0, 0)")
                    page.wait_for_timeout(100)
                    page.screenshot(path=folder / f"{tag}-{kind}-{view}.png", full_page=True)
                    page.context.close()
        server.shutdown()


def demo_pages(public: Path, registry: Registry) -> Mapping[str, str]:
    """The kinds of pages of the demo."""
    return kinds(Demo(public, registry.site.url, registry))


def odd_pages(_: Path, registry: Registry) -> Mapping[str, str]:
    """Passports of the odd people, an award of each, and a badge whose picture is a line."""
    awards = {
        f"odd-award-{a.participant.slug}": f"awards/{a.id}/"
        for a in registry.awards.values()
        if a.participant.slug in PEOPLE and a.badge.slug == "narrow"
    }
    passports = {f"odd-{slug}": f"passports/{slug}/" for slug in PEOPLE}
    return {**passports, **awards, "odd-badge": "badges/harbour/narrow/"}


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="A picture of every kind of page.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "shots")
    parser.add_argument("--only", default="", help="kinds, separated by commas")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    only = set(filter(None, options.only.split(",")))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        shoot(browser, ROOT, options.folder, demo_pages, only)
        if not only or any(kind.startswith("odd-") for kind in only):
            shoot(browser, lay_odd(Path(name) / "site"), options.folder, odd_pages, only)
        browser.close()


if __name__ == "__main__":
    main()
