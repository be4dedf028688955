"""What waits on the disk comes back as it was, whatever was added when."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_passport.publish.spool import Spool

_FILES = Path("/proc/self/fd")
_NAMES = st.sampled_from(["00", "7f", "ff"])
_DEEDS = st.lists(st.tuples(_NAMES, st.one_of(st.binary(max_size=9), st.just(None))), max_size=40)


@given(_DEEDS, st.integers(0, 20))
def test_it_is_a_dictionary_of_bytes(deeds: list[tuple[str, bytes | None]], most: int) -> None:
    """In memory or on the disk, in any order; None takes what there is."""
    spool, plain = Spool(most), dict[str, bytes]()
    for name, data in deeds:
        if data is None:
            assert spool.take(name) == plain.pop(name, b"")
        else:
            spool.add(name, data)
            plain[name] = plain.get(name, b"") + data
        assert list(spool) == sorted(plain)
        assert {each: spool.get(each) for each in spool} == plain


def _open() -> int:
    return len(list(_FILES.iterdir()))


@pytest.mark.skipif(not _FILES.is_dir(), reason="the system does not say which files are open")
def test_its_file_is_gone_with_it() -> None:
    before = _open()
    spool = Spool(most=10)
    spool.add("00", b"x" * 11)
    assert _open() == before + 1
    del spool
    assert _open() == before
