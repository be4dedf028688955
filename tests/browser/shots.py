"""`make shots`: a picture of every kind of page, wide and narrow, light and dark, in every language.

    python -m tests.browser.shots [FOLDER] [--only award,passport]

Builds the demo, serves it, and writes `FOLDER/<language>-<kind>-<width>-<scheme>.png` (shots/ by default).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright

from badge_passport.pipeline import check
from browser.site import ARGUMENTS, Hosted, View, chromium, kinds, look
from demo import ROOT, Demo, build_site


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="A picture of every kind of page.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "shots")
    parser.add_argument("--only", default="", help="kinds, separated by commas")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    checked = check(ROOT)
    assert checked.registry is not None
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        public = Path(name) / "public"
        build_site(ROOT, public)
        demo = Demo(public, checked.registry.site.url, checked.registry)
        prefix = urlsplit(demo.base).path
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hosted, directory=str(public), prefix=prefix))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}{prefix}"
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for kind, path in kinds(demo).items():
            if options.only and kind not in options.only.split(","):
                continue
            for tag in checked.registry.site.languages:
                for view in (View(w, s) for w in (1280, 360) for s in ("light", "dark")):
                    page = look(browser, origin, ("" if tag == "en" else f"{tag}/") + path, view).page
                    for image in page.locator("img[loading=lazy]").all():
                        image.scroll_into_view_if_needed()
                    page.evaluate("scrollTo(0, 0)")
                    page.wait_for_timeout(100)
                    page.screenshot(path=options.folder / f"{tag}-{kind}-{view}.png", full_page=True)
                    page.context.close()
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
