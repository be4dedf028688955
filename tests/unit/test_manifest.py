"""The manifest of a site, in one file or in pieces, and how it is published."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_passport.desk.publishing.changed import File, name_of, read_built, read_manifest
from badge_passport.desk.publishing.journal import Journal
from badge_passport.desk.publishing.stores import Folder, Refused
from badge_passport.desk.publishing.targets import parse
from badge_passport.desk.publishing.transfer import carry_out, compare
from badge_passport.diagnostics import Diagnostic
from badge_passport.publish import manifest
from badge_passport.publish.manifest import Damaged, Listing, digest_of_path, record, texts

Files = dict[str, bytes]
SOME = st.dictionaries(st.sampled_from([f"a/{n}.json" for n in range(12)]), st.binary(max_size=2))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def known(files: Files) -> dict[str, str]:
    return {name_of(path): sha(data) for path, data in files.items()}


def records(files: Files) -> bytes:
    return b"".join(record(path, sha(data)) for path, data in files.items())


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "FEW", 5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOME, SOME)
@pytest.mark.usefixtures("few")
def test_changed_or_made_anew_it_is_the_same(old: Files, new: Files) -> None:
    before = texts(known(old))
    assert read_manifest(before, whole=True) == known(old)
    listing = Listing.of(before["manifest.json"], before.get)
    gone = [digest_of_path(path) for path in old.keys() - new.keys()]
    listing.add(records({p: d for p, d in new.items() if old.get(p) != d}))
    listing.change(gone)
    assert listing.everything() == Listing(records(new)).everything()
    listing.read(len(new))
    after = {**before, **dict(listing.outputs(len(new)))}
    for path in listing.gone(len(new)):
        del after[path]
    assert after == texts(known(new)) == dict(Listing(records(new)).outputs(len(new)))


@pytest.mark.usefixtures("few")
def test_a_piece_that_is_not_as_it_was_is_noticed() -> None:
    files = {f"a/{n}.json": b"{}" for n in range(12)}
    said = texts(known(files))
    piece = next(iter(said))
    for damaged in (b"", b"{}", said[piece].replace(b"a", b"b"), said[piece] + b" "):
        changed = {**said, piece: damaged}
        assert read_manifest(changed, whole=True) is None
        listing = Listing.of(changed["manifest.json"], changed.get)
        with pytest.raises(Damaged):
            listing.change([bytes.fromhex(piece[9:11]) + bytes(31)])
    for data in (b"", b"[]", b"{}", b'{"generator": "badge-passport"}', said["manifest.json"][:-9]):
        with pytest.raises(Damaged):
            Listing.of(data, said.get)


class Killed(Folder):
    """A folder that takes no more than so many steps."""

    def __init__(self, root: Path, steps: int) -> None:
        super().__init__(root)
        self.at_once = 1
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Refused(Diagnostic("publish-failed", "killed"))

    def write(self, path: str, data: bytes) -> None:
        self._step()
        super().write(path, data)

    def send(self, folder: Path, file: File) -> str:
        self._step()
        return super().send(folder, file)

    def delete(self, path: str) -> None:
        self._step()
        super().delete(path)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SOME, st.sampled_from((3, 100)), st.integers(0, 30)), min_size=2, max_size=5))
def test_killed_at_any_step_the_next_publication_leads_to_the_build(
    tmp_path_factory: pytest.TempPathFactory, builds: list[tuple[Files, int, int]]
) -> None:
    """Whatever form the manifests have: nothing of ours is left over, nothing of others is touched."""
    top = tmp_path_factory.mktemp("killed")
    live = top / "live"
    live.mkdir()
    target, journal = parse("live", top), Journal(top, parse("live", top))
    (live / "manifest.json").write_bytes(texts({})["manifest.json"])
    (live / "strange.txt").write_bytes(b"?")
    for number, (files, few, steps) in enumerate([*builds, (builds[0][0], 3, 1000)]):
        folder = top / f"{number}"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(manifest, "FEW", few)
            for path, data in {**files, **texts(known(files))}.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
            built, problems = read_built(folder)
            assert built is not None, problems
            store = Killed(live, steps)
            try:
                carry_out(built, compare(built, target, store, journal), store, journal, lambda *_: None)
            except Refused:
                continue
            there = {p.relative_to(live).as_posix(): p.read_bytes() for p in live.rglob("*") if p.is_file()}
            assert there == {**files, **built.manifest, "strange.txt": b"?"}
    shutil.rmtree(top)
