"""The ZIP of a passport: every badge in force that it shows, and the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile

from badge_passport.credentials import baking
from badge_passport.publish.archives import archive
from badge_passport.registry.privacy import on_passport
from demo import Demo


def test_the_same_files_give_the_same_bytes() -> None:
    files = [("a/one.json", b"{}"), ("b/ü.png", b"\x89PNG")]
    assert archive(files) == archive(tuple(files))
    opened = zipfile.ZipFile(io.BytesIO(archive(files)))
    assert [(i.filename, opened.read(i)) for i in opened.infolist()] == files
    assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in opened.infolist())


def test_it_holds_what_the_passport_shows(demo: Demo) -> None:
    for slug, awards in demo.registry.awards_by_participant.items():
        file = demo.public / "passports" / slug / "badges.zip"
        wanted = {a.id: a for a in awards if on_passport(a) and a.in_force}
        assert file.exists() == bool(wanted), slug
        if not wanted:
            continue
        opened = zipfile.ZipFile(file)
        assert opened.testzip() is None
        assert {n.split("/")[0].rsplit("-", 1)[1] for n in opened.namelist()} == set(wanted)
        for name in opened.namelist():
            award = name.split("/")[0].rsplit("-", 1)[1]
            published = demo.public / "awards" / award / name.split("/")[1]
            assert opened.read(name) == published.read_bytes()
            if name.endswith(".png"):
                inside = json.loads(baking.unbake_png(opened.read(name))["openbadges"])
                assert award in inside["id"]
