from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from badge_passport.credentials.verification import vocabulary
from browser.site import require
from contract.corpus import Entry, write_corpus
from demo import archived_demo, demo, signed_demo
from judges import node_judge
from once import once

__all__ = ["archived_demo", "demo", "signed_demo"]


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus as its readers get it, and its entries beside it."""
    require(node_judge.available() and vocabulary.BUNDLE.is_file(), node_judge.MISSING)
    with once(tmp_path_factory, "corpus") as folder:
        beside = folder.with_suffix(".entries")
        if not beside.exists():
            beside.write_bytes(pickle.dumps(write_corpus(folder)))
    return folder


@pytest.fixture(scope="session")
def corpus(corpus_folder: Path) -> list[Entry]:
    """The entries of the corpus."""
    entries: list[Entry] = pickle.loads(corpus_folder.with_suffix(".entries").read_bytes())
    return entries
