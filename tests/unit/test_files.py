"""Walking a site: what is read, what is refused, and that nothing outside is ever opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge_passport.source import files
from badge_passport.source.files import decode, read_tree


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for folder in ("badges/harbour", "content/participants", "content/pages", "private/participants", ".git"):
        (root / folder).mkdir(parents=True)
    (root / "site.yml").write_text("name: x", encoding="utf-8")
    (root / "badges/harbour/issuer.yml").write_text("name: y", encoding="utf-8")
    (tmp_path / "outside.yml").write_text("secret", encoding="utf-8")
    return root


def codes(root: Path) -> list[tuple[str, str]]:
    _, problems = read_tree(root)
    assert all(p.span for p in problems)
    return [(p.code, p.span.file) for p in problems if p.span]


def test_only_the_folders_of_a_site_are_read(site: Path) -> None:
    for name in ("README.md", "private/key.pem", "public.yml", "content/.hidden.yml", ".git/config"):
        (site / name).write_text("x", encoding="utf-8")
    (site / "content/.cache").mkdir()
    (site / "content/.cache/x.yml").write_text("x", encoding="utf-8")
    (site / "private/participants/amira.yml").write_text("x", encoding="utf-8")
    tree, problems = read_tree(site)
    assert problems == []
    assert list(tree.files) == ["badges/harbour/issuer.yml", "private/participants/amira.yml", "site.yml"]


def test_folders_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("x", encoding="utf-8")
    assert codes(tmp_path) == []


def test_a_site_needs_its_file(tmp_path: Path) -> None:
    (tmp_path / "site.yml").mkdir()
    tree, problems = read_tree(tmp_path)
    assert tree.files == {}
    assert [p.code for p in problems] == ["site-missing"]


def test_a_link_among_the_sources_is_followed(site: Path) -> None:
    (site / "badges/harbour/copy.yml").symlink_to("issuer.yml")
    tree, problems = read_tree(site)
    assert problems == []
    assert tree.files["badges/harbour/copy.yml"] == b"name: y"


@pytest.mark.parametrize(
    "target",
    [
        "../../outside.yml",
        "../../.git/config",
        "../../private/key.pem",
        "../../site.yml",
        "lea.yml",
        "/etc/passwd",
        "nowhere",
    ],
)
def test_other_links_are_not(site: Path, target: str) -> None:
    (site / ".git/config").write_text("token", encoding="utf-8")
    (site / "private/key.pem").write_text("key", encoding="utf-8")
    (site / "content/participants/lea.yml").symlink_to(target)
    tree, _ = read_tree(site)
    assert "content/participants/lea.yml" not in tree.files
    wanted = "file-unreadable" if target == "nowhere" else "symlink"
    assert codes(site) == [(wanted, "content/participants/lea.yml")]


def test_site_yml_itself_may_not_be_a_link_outwards(site: Path) -> None:
    (site / "site.yml").unlink()
    (site / "site.yml").symlink_to("../outside.yml")
    assert codes(site) == [("symlink", "site.yml")]


@pytest.mark.parametrize("folder", ["badges", "content", "private", "private/participants", "badges/harbour"])
def test_linked_folders_are_never_followed(site: Path, folder: str) -> None:
    target = site.parent / "moved"
    (site / folder).rename(target)
    (target / "x.yml").write_text("x", encoding="utf-8")
    (site / folder).symlink_to(target)
    assert codes(site) == [("symlink", folder)]
    tree, _ = read_tree(site)
    assert not any(name.endswith("x.yml") for name in tree.files)


def test_a_site_may_itself_be_reached_through_a_link(site: Path) -> None:
    link = site.parent / "link"
    link.symlink_to(site)
    assert codes(link) == []


def test_a_pipe_is_not_waited_for(site: Path) -> None:
    os.mkfifo(site / "content/participants/lea.yml")
    assert codes(site) == [("file-unreadable", "content/participants/lea.yml")]


def test_a_file_that_cannot_be_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)
    assert codes(site) == [("file-unreadable", "badges/harbour/issuer.yml"), ("file-unreadable", "site.yml")]


def test_a_folder_that_cannot_be_listed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("harbour"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert codes(site) == [("file-unreadable", "badges/harbour")]


def test_names_that_cannot_be_shown_are_refused(site: Path) -> None:
    (site / "content/pages/a\nb.md").touch()
    Path(os.fsdecode(os.fsencode(site) + b"/content/pages/\xff.md")).touch()
    assert codes(site) == [("bad-slug", "content/pages/a·b.md"), ("bad-slug", "content/pages/·.md")]


@pytest.mark.parametrize(
    ("name", "limit"),
    [("x.yml", "MAX_TEXT"), ("x.csv", "MAX_TEXT"), ("x.md", "MAX_PAGE"), ("x.png", "MAX_OTHER")],
)
def test_sizes(site: Path, name: str, limit: str) -> None:
    file = site / "content/pages" / name
    with file.open("wb") as out:
        out.truncate(getattr(files, limit))
    assert codes(site) == []
    with file.open("wb") as out:
        out.truncate(getattr(files, limit) + 1)
    assert codes(site) == [("file-too-large", f"content/pages/{name}")]


def test_decode() -> None:
    assert decode("é".encode(), "f") == ("é", [])
    text, problems = decode(b"\xef\xbb\xbfa", "f")
    assert (text, problems[0].code) == ("a", "byte-order-mark")
    assert decode(b"\xef\xbb\xbfa", "f", bom=True) == ("a", [])
    text, problems = decode(b"ab\ncd\xff", "f")
    assert text == ""
    assert problems[0].span is not None
    assert (problems[0].code, problems[0].span.line, problems[0].span.column) == ("not-utf8", 2, 3)
