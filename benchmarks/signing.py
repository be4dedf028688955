"""Microseconds a signed credential costs, step by step, and the ratio to PyLD's canonicalisation of the same.

    python benchmarks/signing.py [--credentials 2000]

All in one process and one run; medians of several rounds. Compare rows, do not quote them as absolute times.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from pyld import jsonld

from badge_passport.credentials import baking, ob3
from badge_passport.credentials.canonical import Canonizer, canonical, compile_shape
from badge_passport.credentials.collections import learner_record
from badge_passport.credentials.contexts import load_context
from badge_passport.credentials.did import did_web, verification_method
from badge_passport.credentials.documents import Document, Finished, to_json
from badge_passport.credentials.keys import new_key
from badge_passport.credentials.multibase import multibase_encode
from badge_passport.credentials.proofs import Known, add_proof
from badge_passport.credentials.status import status_entry
from badge_passport.credentials.tokens import token
from badge_passport.pipeline import check
from badge_passport.urls import Urls
from generate import generate

ROUNDS = 5


def median(work: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """Median microseconds a document over `ROUNDS` rounds of CPU time."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for document in documents:
            work(document)
        times.append((time.process_time() - start) / len(documents) * 1e6)
    return statistics.median(times)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="What a signed credential costs.")
    parser.add_argument("--credentials", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        generate(Path(name) / "site", options.credentials // 3, options.credentials, host="plain")
        registry = check(Path(name) / "site").registry
    assert registry is not None
    urls = Urls.of(registry.site.url, "en")
    awards = sorted(registry.awards.values(), key=lambda a: (a.badge.ref, a.id))
    did = did_web(urls.base, "issuers/issuer-0/")
    shared = ob3.Shared(registry, urls)
    status = status_entry(urls.absolute(urls.status_list("issuer-0", 1)), 7)
    documents = [ob3.credential(shared, award, did, status) for award in awards]
    key = new_key()
    method = verification_method(did, key.multibase)
    signable = Canonizer().signable
    for document in documents:
        signable(document)  # every shape is compiled once, which is not what is measured
    start = time.process_time()
    for award in awards:
        ob3.credential(shared, award, did, status)
    made = (time.process_time() - start) / len(awards) * 1e6

    known: Known = {}

    def proof(document: Document) -> Document:
        return add_proof(document, key, method, document["validFrom"], signable, known)

    text, other = signable(documents[0]).encode(), new_key("P-256")
    head, tail = baking.split_png(_pixel())
    few = documents[:: max(1, len(documents) // 100)]

    def loader(url: str, _options: object) -> Document:
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": load_context(url)}}

    def pyld(document: Document) -> object:
        return jsonld.normalize(
            document,
            {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader},
        )

    members = [proof(document) for document in documents]

    def record(number: int, start: int) -> Document:
        chosen = slice(start, start + number)
        return learner_record(shared, awards[start].badge.issuer, did, awards[chosen], members[chosen])

    rows = {
        "document from the registry": made,
        "canonical text, by shape": median(signable, documents),
        "hash and signature": median(lambda _: multibase_encode(key.sign(sha256(text).digest())), documents),
        "document to finished proof": median(proof, documents),
        "token (VC-JWT, ES256)": median(
            lambda d: token(d, "https://badges.example.org/awards/x/credential.jwt.txt", did, other, method),
            documents,
        ),
        "JSON text": median(lambda d: to_json(Finished(d)), documents),
        "shape, compiled": median(lambda d: compile_shape(d), few),
        **{
            f"learner record of {number}, canonical text": median(
                signable, [record(number, start) for start in range(0, min(100, len(members)), number)]
            )
            for number in (1, 3, 10)
        },
        "baking into a PNG": median(
            lambda d: b"".join(
                (head, *baking.png_pieces({"openbadgecredential": json.dumps(d).encode()}), tail)
            ),
            documents,
        ),
        "canonical text, pyoxigraph": median(canonical, few),
        "canonical text, PyLD": median(pyld, few),
    }
    print(f"{len(documents)} credentials of {len(registry.badges)} badges; median of {ROUNDS} rounds\n")
    for name, microseconds in rows.items():
        print(f"{name:<36}{microseconds:>10.1f} µs")
    ratio = rows["canonical text, PyLD"] / rows["document to finished proof"]
    print(f"\nbar signing-against-pyld {ratio:.0f} 50 {'ok' if ratio >= 50 else 'short'}")


def _pixel() -> bytes:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGBA", (512, 512), "#205070").save(buffer, "PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
