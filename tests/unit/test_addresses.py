"""No e-mail address of a person in a file that is published, however it is written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from badge_passport.model import records as r
from badge_passport.registry.addresses import plain_addresses
from badge_passport.registry.entities import Origin
from badge_passport.registry.load import Entry, Records
from badge_passport.source.files import Tree

SITE = {"name": "x", "description": "x", "url": "https://example.org", "idNamespace": "x"}
ISSUER = {"name": "x", "description": "x", "url": "https://example.org", "email": "Info@Harbour.example.org"}


def found(file: str, text: str | bytes, **privacy: str) -> list[tuple[int, int, int]]:
    """Line, column and end of every address that is told."""
    records = Records(
        site=r.SiteRecord.model_validate(SITE | {"privacy": privacy}),
        issuers=[
            Entry("harbour", r.IssuerRecord.model_validate(ISSUER), Origin("badges/harbour/issuer.yml"))
        ],
    )
    tree = Tree(Path(), {file: text if isinstance(text, bytes) else text.encode()})
    problems = list(plain_addresses(tree, records))
    assert all(p.code == "plain-email" for p in problems)
    return [(p.span.line, p.span.column, p.span.end_column) for p in problems if p.span]


@pytest.mark.parametrize(
    "text",
    [
        "amira@example.org",
        "a@b.c",
        "Amira.Khalil+badges@mail.example.co.uk",
        "أميرة@مثال.تونس",
        "jürgen@müller.de",
        "amira%40example.org",
        "amira&#64;example.org",
        "amira&#0064;example.org",
        "amira&#x40;example.org",
        "amira&commat;example.org",
        '"amira\\x40example.org"',
        '"amira\\u0040example.org"',
        "mailto:amira@example.org",
        "<amira@example.org>",
        "other-info@harbour.example.org",
        "info@harbour.example.org.evil.org",
    ],
)
@pytest.mark.parametrize(
    "file",
    [
        "site.yml",
        "content/awards/x/y.csv",
        "content/pages/index.md",
        "badges/x/y.svg",
        "private/participants/amira.yml",
    ],
)
def test_told(file: str, text: str) -> None:
    assert len(found(file, f"# first\nx: {text}\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "info@harbour.example.org",
        "INFO@harbour.EXAMPLE.org.",
        "@media print",
        "a @ b.org",
        "amira@localhost",
        "amira (at) example.org",
        "https://example.org/@amira",
        "3 apples@2",
        "sha256$0000",
    ],
)
def test_not_told(text: str) -> None:
    assert found("content/pages/index.md", text) == []


def test_where() -> None:
    assert found("content/pages/index.md", "é\nصديقي: amira@example.org, b@c.de\r\n\n x@y.zz") == [
        (2, 8, 25),
        (2, 27, 33),
        (4, 2, 8),
    ]
    assert found("content/awards/x/y.csv", b"\xef\xbb\xbfamira@example.org") == [(1, 1, 18)]


def test_pictures_are_not_read_as_text_and_a_closed_site_may_allow() -> None:
    assert found("badges/x/y.png", "amira@example.org") == []
    assert found("site.yml", "amira@example.org", plainEmail="allow") == []


@pytest.mark.parametrize(
    "text",
    ["a" * 2_000_000 + "@", "@" * 1_000_000, "a@" * 500_000, "a@" + "b." * 500_000, "a@b" + "-" * 1_000_000],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    found("content/pages/index.md", text)
    assert time.process_time() - started < 30, "the work grows with the square of the text"
