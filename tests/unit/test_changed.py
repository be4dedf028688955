"""What a new build changes, and in which order; what hosts say of each file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.desk.publishing.changed import (
    Built,
    File,
    Seen,
    changes,
    in_order,
    name_of,
    read_built,
    read_manifest,
    steps,
    uncertain,
)
from badge_passport.desk.publishing.headers import cache_control, content_type
from badge_passport.desk.publishing.targets import parse
from badge_passport.publish.manifest import texts


def build(files: dict[str, bytes]) -> Built:
    made = [File(path, len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()]
    return Built(Path(), in_order(made), texts({name_of(f.path): f.digest for f in made}))


def lay(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "manifest.json").write_bytes(build(files).manifest["manifest.json"])


SITE = {"index.html": b"page", "a/index.html": b"page a", "a/a.json": b"{}", "a/a.png": b"p", "sw.js": b"w"}


def test_all_of_a_first_build_is_sent_documents_first_and_the_manifest_last() -> None:
    built = build(SITE)
    order = [(s["action"], s["path"]) for s in steps(changes(built, {}, {}), built)]
    assert order == [
        ("upload", "a/a.json"),
        ("upload", "a/a.png"),
        ("upload", "a/index.html"),
        ("upload", "index.html"),
        ("upload", "sw.js"),
        ("upload", "manifest.json"),
    ]


def test_only_what_changed_is_sent_and_what_is_gone_is_deleted_pages_first() -> None:
    before = build({**SITE, "b/b.json": b"{}", "b/index.html": b"page b"})
    known = read_manifest(before.manifest)
    assert known is not None
    after = build({**SITE, "index.html": b"changed"})
    there = {f.path: Seen(f.size) for f in before.files}
    strange = {"README": Seen(3), "b/other.json": Seen(2), "manifest.json": Seen(9)}
    change = changes(after, known, {**there, **strange})
    assert [f.path for f in change.send] == ["index.html"]
    assert change.delete == ["b/index.html", "b/b.json"]
    unlisted = changes(after, known)
    assert [f.path for f in unlisted.send] == ["index.html"]
    assert list(unlisted.unnamed) == sorted(map(name_of, ["b/index.html", "b/b.json"]))
    assert not changes(before, known, there)


def test_a_file_that_is_not_listed_or_has_another_size_is_sent_again() -> None:
    built = build(SITE)
    known = read_manifest(built.manifest)
    assert known is not None
    there = {f.path: Seen(f.size) for f in built.files}
    del there["a/a.json"]
    there["index.html"] = Seen(0)
    assert [f.path for f in changes(built, known, there).send] == ["a/a.json", "index.html"]


def test_what_is_on_its_way_is_not_claimed_and_what_is_not_deleted_is_remembered() -> None:
    before, after = build({"a": b"1", "b": b"1", "c": b"1"}), build({"a": b"1", "b": b"2", "d": b"1"})
    known = read_manifest(before.manifest)
    assert known is not None
    there = {f.path: Seen(f.size) for f in before.files}
    claimed = uncertain(after, known, changes(after, known, there))
    one = hashlib.sha256(b"1").hexdigest()
    assert claimed == {name_of("a"): one, name_of("b"): "", name_of("c"): one, name_of("d"): ""}
    # Killed here, whoever publishes the first build again sends b, and removes d if it arrived.
    back = changes(before, claimed, {**there, "d": Seen(1)})
    assert [f.path for f in back.send] == ["b"]
    assert back.delete == ["d"]
    assert read_manifest(texts(claimed)) == claimed


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.binary(max_size=2)),
    st.dictionaries(st.sampled_from("abcdefgh"), st.binary(max_size=2)),
    st.integers(0, 20),
)
def test_a_change_carried_out_or_broken_off_leads_to_the_build(
    old: dict[str, bytes], new: dict[str, bytes], done: int
) -> None:
    """Broken off after any step, the next comparison leads to exactly the new build and what is strange."""
    there = {**old, "strange.txt": b"?"}
    known = read_manifest(build(old).manifest)
    for limit in (done, 1000):
        assert known is not None
        built = build(new)
        change = changes(built, known, {p: Seen(len(d)) for p, d in there.items()})
        if change.send:
            known = uncertain(built, known, change)
        moves = [(f.path, new[f.path]) for f in change.send] + [(p, None) for p in change.delete]
        for path, data in moves[:limit]:
            if data is None:
                del there[path]
            else:
                there[path] = data
    assert there == {**new, "strange.txt": b"?"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda site: (site / "a/a.json").write_bytes(b"[]"),
        lambda site: (site / "a/a.json").unlink(),
        lambda site: (site / "more.html").write_bytes(b"?"),
        lambda site: (site / "manifest.json").write_bytes(b"[1]"),
        lambda site: (site / "manifest.json").write_bytes(b'{"generator": "badge-passport", "files": [1]}'),
        lambda site: (site / "manifest.json").unlink(),
        lambda site: (site / "a/link").symlink_to("/"),
    ],
)
def test_a_build_that_is_not_whole_is_refused(tmp_path: Path, damage: object) -> None:
    lay(tmp_path, SITE)
    whole, problems = read_built(tmp_path)
    assert whole is not None and problems == []
    assert whole == Built(tmp_path, build(SITE).files, build(SITE).manifest)
    damage(tmp_path)  # type: ignore[operator]
    built, problems = read_built(tmp_path)
    assert built is None
    assert [p.code for p in problems] == ["publish-not-whole"]


def test_nothing_else_is_taken_for_a_manifest() -> None:
    for data in (b"", b"{}", b"[" * 100_000, b'{"generator":"other","files":{}}', b"\xff", b'{"files":{}}'):
        assert read_manifest({"manifest.json": data}) is None
    empty = json.dumps({"generator": "badge-passport", "files": {}}).encode()
    assert read_manifest({"manifest.json": empty}) == {}


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("index.html", "text/html; charset=utf-8", "300"),
        ("awards/49SF/assertion.json", "application/json", "300"),
        ("awards/49SF/credential.jwt.txt", "text/plain; charset=utf-8", "300"),
        ("awards/49SF/badge.png", "image/png", "300"),
        ("fr/passports/amira/card.png", "image/png", "300"),
        ("badges/harbour/listener/image.svg", "image/svg+xml", "86400"),
        ("badges/harbour/listener/v/1/badge.en.json", "application/json", "31536000"),
        ("badges/harbour/listener/v/1/index.html", "text/html; charset=utf-8", "300"),
        ("passports/v/1/x.json", "application/json", "300"),
        ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("fr/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("manifest.json", "application/json", "no-cache"),
        ("manifest/0a.json", "application/json", "no-cache"),
        ("content/manifest.json", "application/json", "300"),
        ("feed.xml", "application/atom+xml", "300"),
        ("sitemap.xml", "application/xml", "300"),
        ("a.atom", "application/atom+xml", "300"),
        ("a.jwt", "application/jwt", "300"),
        ("assets/fonts/a.woff2", "font/woff2", "86400"),
        (".nojekyll", "application/octet-stream", "300"),
        ("_headers", "text/plain; charset=utf-8", "300"),
    ],
)
def test_types_and_times(path: str, kind: str, kept: str) -> None:
    assert content_type(path) == kind
    said = cache_control(path)
    assert kept in said
    assert ("immutable" in said) == (kept == "31536000")


def test_targets_are_read_and_their_passwords_not_told() -> None:
    branch = parse("git:https://me:secret@example.org/a.git#gh-pages", Path("/srv"))
    assert (branch.kind, branch.branch) == ("branch", "gh-pages")
    assert "secret" not in branch.name
    assert parse("s3://b/p/", Path(), "http://h:1/").endpoint == "http://h:1"
    assert parse("out", Path("/srv")).place == "/srv/out"
    for wrong in (
        "ftp://h/x",
        "git:x",
        "git:-x#y",
        "git:x#-y",
        "s3://",
        "s3:b",
        "gs:/b",
        "https://h/",
        "",
        "git:#b",
    ):
        with pytest.raises(ValueError, match="no target"):
            parse(wrong, Path())
