"""The start page: written, or made for a site that has written none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo import build_site
from minimal import MakeSite

LISTS = ("badges/", "issuers/", "competences/", "passports/", "verify/")


def built(folder: Path, host: str, public: Path) -> Path:
    config = folder / "site.yml"
    text = config.read_text(encoding="utf-8").replace("host: plain", f"host: {host}")
    text = text.replace("languages: [en]", "languages: [en, fr]")
    text = re.sub("^name: .*$", "name: {en: 'Badges *of* [ours] & yours', fr: Nos badges}", text, flags=re.M)
    config.write_text(text, encoding="utf-8")
    build_site(folder, public)
    return public


@pytest.mark.parametrize("host", ["plain", "mkdocs"])
def test_a_site_without_written_pages_has_one(make_site: MakeSite, tmp_path: Path, host: str) -> None:
    public = built(make_site(), host, tmp_path / "out")
    page = (public / "index.html").read_text(encoding="utf-8")
    assert re.search("<h1[^>]*>Badges \\*of\\* \\[ours\\] &amp; yours", page)
    assert "The smallest site that can be built." in page
    content = page[page.index("<h1") :]
    for path in LISTS:
        assert f'href="{path}"' in content, path
        assert (public / path / "index.html").is_file()
    french = (public / "fr" / "index.html").read_text(encoding="utf-8")
    assert re.search("<h1[^>]*>Nos badges", french) and ">Personnes</a>" in french
    assert "\u2068The smallest site that can be built.\u2069" in french and "\u2068" not in content
    assert "<loc>https://badges.example.org/fr/</loc>" in (public / "sitemap.xml").read_text()


def test_in_a_language_it_may_be_written(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site({"content/pages/index.fr.md": "# Bonjour\n"})
    public = built(folder, "plain", tmp_path / "out")
    assert "Badges *of*" in (public / "index.html").read_text(encoding="utf-8")
    french = (public / "fr" / "index.html").read_text(encoding="utf-8")
    assert "Bonjour" in french and "<h1>Nos badges" not in french
