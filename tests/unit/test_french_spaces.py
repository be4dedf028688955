"""French: the space before a sign, and inside quotation marks, is one where no line breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "content" / "pages").rglob("*.fr.md"))
BREAKS = re.compile(r"\S [:;?!»](?=[\s.,)*\]]|$)|« ", re.M)


def test_lines_of_the_interface_do_not_begin_with_a_sign() -> None:
    with (ROOT / "themes" / "passport" / "locales" / "fr.po").open("rb") as file:
        for message in read_po(file, locale="fr"):
            if message.id:
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                assert [text for text in said if BREAKS.search(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_of_written_pages_do_not_begin_with_a_sign(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert BREAKS.findall(text) == []


def test_signs_are_found() -> None:
    assert PAGES
    assert all(BREAKS.search(text) for text in ("Où ?", "Voici : rien", "« oui\u00a0»", "«\u00a0oui »"))
    assert not BREAKS.search("Où\u202f? Voici\u00a0: «\u00a0oui\u00a0»")
