"""The configuration of nginx that docs/hosting.md shows, in a real one, with a file of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from badge_passport.desk.publishing.headers import content_type
from demo import ROOT, Demo
from servers import nginx

KINDS = "css csv enc html jpg js json pdf png svg txt webmanifest woff2 xml zip"
SAME = {"application/javascript": "text/javascript", "text/xml": "application/xml"}
"""Older names, which browsers take for the same."""


@pytest.fixture(scope="module")
def host(signed_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    with nginx(tmp_path_factory.mktemp("nginx"), signed_demo.public, written=found[1]) as address:
        yield address


def headers(address: str) -> Message:
    with urlopen(address) as answer:
        found: Message = answer.headers
        return found


def kind(type_: str) -> str:
    plain = type_.partition(";")[0]
    return SAME.get(plain, plain)


@pytest.mark.parametrize("ending", KINDS.split())
def test_each_kind_has_its_type_and_all_headers(signed_demo: Demo, host: str, ending: str) -> None:
    found = {file.name: file for file in sorted(signed_demo.public.rglob(f"*.{ending}"))}
    assert found
    for file in list(found.values())[:20]:
        path = file.relative_to(signed_demo.public).as_posix()
        said = headers(host + path)
        assert kind(said["content-type"]) == kind(content_type(path)), path
        if kind(said["content-type"]) in ("text/html", "text/plain", "text/css", "text/csv"):
            assert "charset=utf-8" in said["content-type"], path
        for name in ("Access-Control-Allow-Origin", "X-Content-Type-Options", "Referrer-Policy"):
            assert len(said.get_all(name, [])) == 1, (path, name)
        assert ("Content-Security-Policy" in said) == (ending == "svg"), path
        assert ("Cache-Control" in said) == (path == "sw.js"), path


@pytest.mark.parametrize("path", ["nothing/", "nothing.json", "nothing.csv", "awards/", "assets/fonts/"])
def test_what_is_not_there_says_so(signed_demo: Demo, host: str, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        headers(host + path)
    assert refused.value.code == 404
    assert refused.value.read() == Path(signed_demo.public / "404.html").read_bytes()
