"""What embedded proofs are made over: hashes of canonical N-Quads (RDF Dataset Canonicalization 1.0).

pyoxigraph reads JSON-LD as statements; `rdfc` orders and names them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

import pyoxigraph

from badge_passport.credentials.documents import Document
from badge_passport.credentials.verification.rdfc import canonical_quads
from badge_passport.credentials.verification.steps import Failure
from badge_passport.credentials.verification.vocabulary import load

Hash = Literal["sha256", "sha384"]


def hash_data(document: Document, configuration: Document, name: Hash) -> bytes:
    """The hash of the configuration of a proof, followed by that of the document without its proofs.

    (Data Integrity EdDSA Cryptosuites 1.0, section 3.2.4; ECDSA Cryptosuites 1.0, section 3.2.4.)
    """
    return digest(configuration, name) + digest(document, name)


def digest(document: Document, name: Hash) -> bytes:
    return hashlib.new(name, canonical(document, name)).digest()


def canonical(document: Document, name: Hash = "sha256") -> bytes:
    """The canonical N-Quads; for P-384 blank nodes are named with SHA-384 too."""
    text = json.dumps(_with_contexts(document))
    try:
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    except (SyntaxError, ValueError) as error:
        raise Failure(f"It is not JSON-LD: {error}.") from None
    data = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    return canonical_quads(data.decode(), name).encode()


def _with_contexts(value: Any) -> Any:
    """A copy with the contexts themselves where the document names them."""
    if isinstance(value, dict):
        return {
            key: _texts(item) if key == "@context" else _with_contexts(item) for key, item in value.items()
        }
    return [_with_contexts(item) for item in value] if isinstance(value, list) else value


def _texts(names: object) -> list[Any]:
    return [load(name) for name in (names if isinstance(names, list) else [names])]
