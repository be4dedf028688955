"""The numbers that W3C publishes: what is hashed, what it hashes to, and signatures that were made elsewhere.

Sources: Data Integrity EdDSA Cryptosuites 1.0, appendix B.1; Data Integrity ECDSA Cryptosuites 1.0,
appendices A.1 and A.3; and, with a method on the web, the folder TestVectors of the former's repository.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from badge_passport.credentials.multibase import multibase_decode
from badge_passport.credentials.verification import embedded, hashing, vocabulary, words
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.hashing import Hash, digest
from badge_passport.credentials.verification.publickeys import from_multikey
from badge_passport.credentials.verification.steps import Failure

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
UNSIGNED = {
    "@context": ["https://www.w3.org/ns/credentials/v2", EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
OF_DOCUMENT: dict[Hash, str] = {
    "sha256": "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
    "sha384": (
        "8bf6e01df72c5b62f91b685231915ac4b8c58ea95f002c6b8f6bfafa1b251df476b56b8e01518e317dab099d3ecbff96"
    ),
}
ED = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
P256 = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
P384 = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"


@dataclass(frozen=True)
class Vector:
    """``configuration``: the published hash of the proof options."""

    suite: str
    key: str
    method: str
    value: str
    configuration: str


VECTORS = {
    "eddsa": Vector(
        "eddsa-rdfc-2022",
        ED,
        f"did:key:{ED}#{ED}",
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
        "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0",
    ),
    "eddsa-https": Vector(
        "eddsa-rdfc-2022",
        ED,
        f"https://vc.example/issuers/5678#{ED}",
        "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
        "4c4d3890a157f8d611b13c265c2c22f39aa0a567c7c7dd9ba3e45cd579784eeb",
    ),
    "p256": Vector(
        "ecdsa-rdfc-2019",
        P256,
        f"did:key:{P256}#{P256}",
        "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw",
        "3a8a522f689025727fb9d1f0fa99a618da023e8494ac74f51015d009d35abc2e",
    ),
    "p384": Vector(
        "ecdsa-rdfc-2019",
        P384,
        f"did:key:{P384}#{P384}",
        "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1tE28K1vsJur9bGVJhz6jgSJsRHFSQeqg"
        "H8hhjcg8gZDFJC1b9FsR5ggNmDBqHv",
        "e32805a26492eac777aa7a138f6d8da3c74e0c7be7b296dcaccf97420c3b92eaad7be6449ca565e165031567f5c7cbc1",
    ),
}


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The context of W3C's examples, which defines every word: never known outside of this test."""

    @functools.cache
    def load(url: str) -> Any:
        return {"@vocab": f"{EXAMPLES[:-3]}#"} if url == EXAMPLES else vocabulary.load(url)

    monkeypatch.setattr(hashing, "load", load)
    monkeypatch.setattr(words, "load", load)
    yield


def options(vector: Vector) -> dict[str, Any]:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": vector.suite,
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": vector.method,
        "proofPurpose": "assertionMethod",
    }


@pytest.mark.parametrize("name", ["sha256", "sha384"])
def test_the_hash_of_the_document(name: Hash) -> None:
    assert digest(UNSIGNED, name).hex() == OF_DOCUMENT[name]


@pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
def test_the_hash_of_the_configuration(vector: Vector) -> None:
    name: Hash = "sha384" if vector.key == P384 else "sha256"
    configuration = {"@context": UNSIGNED["@context"], **options(vector)}
    assert digest(configuration, name).hex() == vector.configuration


@pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
def test_the_signature(vector: Vector) -> None:
    proof = {**options(vector), "proofValue": vector.value}
    document = {**UNSIGNED, "proof": proof}
    asking = Asking(lambda url: b"", datetime(2026, 1, 1, tzinfo=UTC))
    [found] = embedded.proofs_of(document, "assertionMethod", asking)
    assert embedded.check_proof(document, found, from_multikey(vector.key)) == vector.suite
    with pytest.raises(Failure):
        embedded.check_proof({**document, "name": "Other"}, found, from_multikey(vector.key))
    assert len(multibase_decode(vector.value)) == (96 if vector.key == P384 else 64)
