"""What people wrote says its language, and lists have the comma of the reader's."""

from __future__ import annotations

import re

import pytest

from demo import Demo


def html(demo: Demo, path: str) -> str:
    return (demo.public / path / "index.html").read_text(encoding="utf-8")


def test_a_portfolio_says_its_language(demo: Demo) -> None:
    for tag in ("ar", "fr"):
        passport = html(demo, f"{tag}/passports/amira-k")
        assert '<div class="pp-own" lang="en" dir="ltr"><h2>From the first call' in passport
        assert passport.partition("pp-portfolio")[2].partition("</section>")[0].count("pp-only") == 1
        assert '<span lang="en" dir="ltr">My toolbox</span></a>' in passport
        toolbox = html(demo, f"{tag}/passports/amira-k/toolbox")
        assert re.search(
            r'<div class="pp-own" lang="en" dir="ltr"><h1|<h1><span lang="en" dir="ltr">My toolbox', toolbox
        )
    assert 'lang="en" dir="ltr"' not in html(demo, "passports/amira-k").partition("<article")[2]


def test_people_are_counted_in_arabic(demo: Demo) -> None:
    people = html(demo, "ar/passports")
    assert "12 شخصًا." in people


@pytest.mark.parametrize("path", ["verify", "badges/dialogue-harbour/connect-participant"])
def test_arabic_lists_have_an_arabic_comma(demo: Demo, path: str) -> None:
    article = html(demo, f"ar/{path}").partition("<article")[2].partition("</article")[0]
    if path == "verify":
        assert "VerifierPlus</a>، <a" in article
    else:
        tags = next(line for line in article.split("\n") if "الوسوم" in line)
        assert "، " in tags and ", " not in tags


def test_a_frame_has_a_main_part_and_a_number_that_reads_one_way(demo: Demo) -> None:
    frame = html(demo, "passports/amira-k/embed")
    assert frame.count("<main>") == frame.count("</main>") == 1
    more = re.findall(r'class="more"[^>]*>(.*?)</a>', frame)
    assert more and all(re.fullmatch(r'<bdi dir="ltr">\+\d+</bdi>', one) for one in more)
