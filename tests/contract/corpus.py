"""A corpus of credentials that the project did not sign with its own code, with what is to be said of each.

They are signed by libraries from npm (`@digitalbazaar/eddsa-rdfc-2022-cryptosuite`,
`@digitalbazaar/ecdsa-rdfc-2019-cryptosuite`, `@digitalbazaar/ed25519-signature-2020`, `jose`) and by
openbadgeslib, then left as they are or broken in one way. `tests/judges/install.sh` installs what signs.

`write_corpus` writes it into a folder for any verifier to be tested with:

    PYTHONPATH=generator:tests python -m tests.contract.corpus FOLDER

The folder then has the files, the documents they refer to, and ``index.json``, a list of

    {"name": "web-eddsa-text",               what it is
     "file": "web-eddsa-text.json",          what the verifier is given, as bytes
     "documents": {"https://…": "documents/<digest>", "https://…": null},
     "verdict": "not-valid",                 "valid", "not-valid", "undecided" or "no-badge"
     "failed": ["ob3.signature"],            the ids of the steps that fail, sorted
     "unchecked": []}                        those that cannot be found out, and so nothing is decided

``documents`` is the network: at an address that is null the answer is 404, and an address that is not there
does not answer. All dates are such that the day on which it is read does not matter: what has ended did so in
2025, and what is to come is so in 2999. Keys are always the same, but for RSA; ECDSA signatures are not.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from contract.making import embedded, hosted, tokens, wholes
from contract.making.entry import Entry

__all__ = ["Entry", "entries", "write_corpus"]


def entries() -> list[Entry]:
    """The whole corpus; takes some seconds."""
    found = list(_all())
    names = [entry.name for entry in found]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    return found


def _all() -> Iterator[Entry]:
    net = embedded.network()
    yield from embedded.of_signers(net)
    yield from embedded.signed_so(net)
    net = tokens.network(net)
    yield from tokens.of_makers(net)
    yield from tokens.others(net)
    yield from wholes.entries(net)
    yield from hosted.entries()


def write_corpus(folder: Path) -> list[Entry]:
    """Write all entries into a folder, with their index."""
    made = entries()
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    index = []
    for entry in made:
        (folder / entry.file).write_bytes(entry.data)
        served: dict[str, str | None] = {}
        for url, data in entry.documents.items():
            served[url] = None
            if data is not None:
                name = hashlib.sha256(data).hexdigest()[:24]
                (documents / name).write_bytes(data)
                served[url] = f"documents/{name}"
        index.append(
            {
                "name": entry.name,
                "file": entry.file,
                "documents": served,
                "verdict": entry.verdict,
                "failed": sorted(entry.failed),
                "unchecked": sorted(entry.unchecked),
            }
        )
    (folder / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    return made


if __name__ == "__main__":
    written = write_corpus(Path(sys.argv[1]))
    print(f"{len(written)} entries")
