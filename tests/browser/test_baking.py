"""Where a site stores no baked pictures the browser makes them: the same bytes as a build would have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from badge_passport.credentials.baking import unbake_png
from badge_passport.desk.keys import load_keys
from badge_passport.pipeline import build, check
from browser.site import View, look, serving
from demo import copy_of_demo, with_keys

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """The signed demo with and without baked pictures, and the address of the latter."""
    folder = tmp_path_factory.mktemp("baking")
    source = with_keys(copy_of_demo(folder / "source"))
    text = (source / "site.yml").read_text(encoding="utf-8") + "host: plain\n"
    made = {}
    for name, more in (("baked", ""), ("bare", "output: {baked: []}\n")):
        (source / "site.yml").write_text(text + more, encoding="utf-8")
        checked = check(source)
        assert checked.registry is not None
        keys, problems = load_keys(checked.registry, source / "private/keys", {})
        assert not problems
        build(checked, folder / name, keys=keys)
        made[name] = checked.registry.site.url
    with serving(folder / "bare", made["bare"]) as address:
        yield folder / "baked", folder / "bare", address


def test_the_browser_bakes_what_the_build_would_have(
    browser: Browser, sites: tuple[Path, Path, str], tmp_path: Path
) -> None:
    baked, bare, address = sites
    assert not [*bare.glob("awards/*/badge.*")]
    tried = 0
    for folder in sorted(baked.glob("awards/*/"))[::9]:
        if not (folder / "badge.png").exists():
            continue
        tried += 1
        seen = look(browser, address, f"awards/{folder.name}/", View())
        with seen.page.expect_download() as waiting:
            seen.page.get_by_role("button", name="Download badge (PNG)").first.click()
        waiting.value.save_as(tmp_path / "badge.png")
        assert waiting.value.suggested_filename.endswith(f"{folder.name}.png")
        made = unbake_png((tmp_path / "badge.png").read_bytes())
        assert list(made) == list(unbake_png((folder / "badge.png").read_bytes()))
        for text, name in ((made["openbadges"], "assertion"), (made["openbadgecredential"], "credential")):
            assert text == (bare / f"awards/{folder.name}/{name}.json").read_text(encoding="ascii").rstrip()
        assert (tmp_path / "badge.png").read_bytes()[:33] == (folder / "badge.png").read_bytes()[:33]
        assert seen.errors == []
        seen.page.context.close()
    assert tried > 5


def test_without_a_network_it_says_so_and_without_scripts_there_is_no_button(
    browser: Browser, sites: tuple[Path, Path, str]
) -> None:
    _, bare, address = sites
    award = next(
        p.parent.name for p in bare.glob("awards/*/index.html") if "data-bake=" in p.read_text("utf-8")
    )
    page = look(browser, address, f"awards/{award}/", View()).page
    page.route("**/assertion.json", lambda route: route.abort())
    page.get_by_role("button", name="Download badge (PNG)").first.click()
    page.get_by_text("It could not be made. Try again when the network is better.").wait_for()
    page.context.close()
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}awards/{award}/")
    assert plain.get_by_role("button", name="Download badge (PNG)").count() == 0
    assert plain.get_by_role("link", name="Open Badges JSON").first.is_visible()
    context.close()
