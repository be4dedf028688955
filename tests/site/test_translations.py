"""What a site's languages lack: the check counts it, and pages say it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.pages.languages import language
from badge_passport.pipeline import build, check
from badge_passport.registry.rules import MOST_MISSING
from badge_passport.resources import packaged_theme
from demo import Demo
from minimal import MakeSite

LISTENER = "badges/harbour/listener.yml"


def in_languages(make_site: MakeSite, tags: str, criteria: str = "Listen.") -> Path:
    site = make_site()
    settings = site / "site.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[en]", f"[{tags}]") + "", encoding="utf-8"
    )
    badge = site / LISTENER
    text = re.sub(r"criteria: .*", f"criteria: {criteria}", badge.read_text(encoding="utf-8"))
    badge.write_text(text, encoding="utf-8")
    return site


def many_texts(site: Path, number: int) -> None:
    """A framework with that many competences that are named in English alone."""
    lines = ["name: Many", "description: Of them.", "competences:"]
    lines += [f"  c{n}: {{name: {{en: Competence {n}}}}}" for n in range(number)]
    (site / "badges/frameworks/many.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_warnings_about_missing_texts_are_bounded(make_site: MakeSite) -> None:
    site = in_languages(make_site, "en, fr, ar")
    many_texts(site, MOST_MISSING + 30)
    said = [d for d in check(site).diagnostics if d.code == "missing-translation"]
    for tag in ("fr", "ar"):
        told = [d for d in said if d.message == f"this text is missing in {tag}"]
        assert len(told) == MOST_MISSING
        assert all(d.span and d.span.file == "badges/frameworks/many.yml" and d.span.line > 3 for d in told)
        rest = [d for d in said if d.message == f"and 30 more texts are missing in {tag}"]
        assert [d.span.file for d in rest if d.span] == ["site.yml"]
    assert len(said) == 2 * (MOST_MISSING + 1)
    assert all(d.severity == "warning" for d in said)


def test_the_check_says_how_complete_each_language_is(make_site: MakeSite) -> None:
    site = in_languages(make_site, "en, fr, de", "{en: Listen., de: Hör zu.}")
    result = CliRunner().invoke(cli, ["check", "--site", str(site), "--format", "concise"])
    assert result.exit_code == 0
    lines = dict(line.split(": ", 1) for line in result.stdout.splitlines() if re.match(r"\w\w: ", line))
    assert list(lines) == ["en", "fr", "de"]
    assert re.fullmatch(r"(\d+) of \1 interface texts \(complete\), 1 of 1 texts of records", lines["en"])
    assert re.fullmatch(r"\d+ of \d+ interface texts \(\w+\), 0 of 1 texts of records", lines["fr"])
    assert re.fullmatch(r"\d+ of \d+ interface texts \(draft\), 1 of 1 texts of records", lines["de"])
    found = json.loads(CliRunner().invoke(cli, ["check", "--site", str(site), "--format", "json"]).stdout)
    assert ("language-incomplete", "site.yml") in {(d["code"], d["file"]) for d in found}
    assert [d["file"] for d in found if d["code"] == "missing-translation"] == [LISTENER]


def test_a_site_in_english_hears_nothing_of_languages(make_site: MakeSite) -> None:
    result = CliRunner().invoke(cli, ["check", "--site", str(make_site()), "--format", "concise"])
    assert result.output == "1 badge, 1 issuer, 2 awards, 2 participants\n"


def test_a_text_in_another_language_says_so_in_the_readers(make_site: MakeSite, tmp_path: Path) -> None:
    site = in_languages(make_site, "en, fr, ar", "{en: Listen., fr: Écouter.}")
    build(check(site), tmp_path / "public")
    pages = {
        tag: (tmp_path / "public" / tag / "badges/harbour/listener/index.html").read_text(encoding="utf-8")
        for tag in ("", "fr", "ar")
    }
    arabic = language("ar", "en", packaged_theme())
    note = arabic.gettext("Only in %(language)s") % {"language": arabic.name_in("en")}
    criteria = (
        r'<p class="pp-only"><span class="pp-chip">([^<]+)</span></p><div lang="en" dir="ltr"><p>Listen.'
    )
    assert set(re.findall(criteria, pages["ar"])) == {note}
    assert "Only" not in note
    assert "<div><p>Écouter." in pages["fr"]
    assert "pp-only" not in pages[""]


def test_no_longer_text_of_the_demo_is_in_another_language_without_a_note(demo: Demo) -> None:
    marked = re.compile(r'(</span></p>)?<(?:div|blockquote) lang="\w+" dir="\w+">')
    notes = 0
    for file in demo.files("*.html"):
        if "/embed/" not in file.as_posix():
            for found in marked.finditer(file.read_text(encoding="utf-8")):
                assert found[1], file
                notes += 1
    assert notes > 20
