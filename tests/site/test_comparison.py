"""The comparison with other systems: every link leads to a page of the demo that shows what it says."""

from __future__ import annotations

import re

import pytest

from demo import ROOT, Demo

TEXT = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\(https://badge-passport\.github\.io/demo/([^)]*)\)", TEXT)))


@pytest.mark.parametrize("link", LINKS)
def test_the_demo_has_what_is_linked(demo: Demo, link: str) -> None:
    path, _, place = link.partition("#")
    path = path.partition("?")[0]
    file = demo.public / (path + "index.html" if path == "" or path.endswith("/") else path)
    assert file.is_file(), path
    if place:
        assert f'id="{place}"' in file.read_text(encoding="utf-8"), link


def test_every_row_that_is_there_can_be_seen() -> None:
    rows = [line.split("|")[1:-1] for line in TEXT.splitlines() if re.match(r"\| [^|]+ \| (\d+|–) \|", line)]
    assert len(rows) > 45
    for feature, _, here, see in rows:
        assert here.strip().startswith("no") or "](" in see, feature
