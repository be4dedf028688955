"""The shell: cut once, poured for every page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.pages.hosts import SHELL, Shell
from badge_passport.urls import Urls, output, page_path, relative, version_step

HTML = (
    '<title>@@passport:title@@</title>@@passport:head@@<a href="@@passport:root@@badges/">b</a>'
    f'<link rel="canonical" href="https://example.org/{SHELL}"><main>@@passport:content@@</main>'
    '<a href="@@passport:root@@">home</a>'
)


@given(st.text(), st.text(), st.text(), st.sampled_from(["badges/", "awards/X/", "a/b/c/"]))
def test_pouring_is_replacing(title: str, head: str, content: str, path: str) -> None:
    """Whatever is poured in stays as it is, markers included."""
    poured = (
        Shell(HTML).pour(path.count("/"), path, title, head, content)
        if all(c.isprintable() or c in "\n\0" for c in title + head + content)
        else None
    )
    if poured is None:
        return
    root = "../" * path.count("/")
    assert poured == (
        f'<title>{title}</title>{head}<a href="{root}badges/">b</a>'
        f'<link rel="canonical" href="https://example.org/{path}"><main>{content}</main>'
        f'<a href="{root}">home</a>'
    )


def test_a_page_at_the_root_links_to_itself() -> None:
    assert 'href="./"' in Shell(HTML).pour(0, "", "t", "", "")


def test_a_page_that_is_shown_at_any_address_names_the_root() -> None:
    root = "https://example.org/site/"
    assert f'<a href="{root}badges/">' in Shell(HTML).pour(root, "", "t", "", "")


@pytest.mark.parametrize(
    ("path", "page", "expected"),
    [
        ("badges/", "awards/X/", "../../badges/"),
        ("", "awards/X/", "../../"),
        ("", "", "./"),
        ("image.png", "", "image.png"),
    ],
)
def test_relative(path: str, page: str, expected: str) -> None:
    assert relative(path, page) == expected


def test_output_and_page_path() -> None:
    assert output("") == "index.html"
    assert output("a/b/") == "a/b/index.html"
    assert output("a/b.json") == "a/b.json"
    assert [page_path(p) for p in ("index", "about", "help/index", "help/more")] == [
        "",
        "about/",
        "help/",
        "help/more/",
    ]


@given(st.text(min_size=1, max_size=20))
def test_a_version_is_one_safe_step_of_a_path(version: str) -> None:
    step = version_step(version)
    assert step.strip(".")
    assert set(step) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_two_versions_have_two_steps(one: str, other: str) -> None:
    assert (version_step(one) == version_step(other)) is (one == other)


def test_a_long_version_is_a_folder_that_a_disk_can_hold() -> None:
    long = ["é" * 300, "é" * 299 + "è"]
    steps = {version_step(version) for version in long}
    assert len(steps) == 2 and all(len(step) < 200 for step in steps)
    assert version_step("a" * 200) == "a" * 200, "what was published before stays where it is"


def test_addresses_below_the_base() -> None:
    urls = Urls.of("https://example.org/ve", "en")
    assert urls.absolute(urls.assertion("X")) == "https://example.org/ve/awards/X/assertion.json"
    assert urls.page("badges/", "en") == "badges/"
    assert urls.page("badges/", "ar") == "ar/badges/"
    assert urls.host == "example.org"
    assert urls.competence("f/c/m") == "competences/f/c/#m"
