"""Proofs inside a document: their form, their suites, and whether they fit.

Sources: Verifiable Credential Data Integrity 1.0, sections 2.1 and 4.4; Data Integrity EdDSA Cryptosuites
1.0, section 3.2, and its appendix on `Ed25519Signature2020`; Data Integrity ECDSA Cryptosuites 1.0, section
3.2.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from badge_passport.credentials.documents import Document
from badge_passport.credentials.multibase import multibase_decode
from badge_passport.credentials.verification.asking import Asking
from badge_passport.credentials.verification.hashing import Hash, hash_data
from badge_passport.credentials.verification.publickeys import Kind, PublicKey, as_any
from badge_passport.credentials.verification.resolution import Purpose
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.values import listed, moment, text_in
from badge_passport.credentials.verification.words import check_words

MAX_PROOFS: Final = 8

_SUITES: Final[dict[str, tuple[Kind, ...]]] = {
    "eddsa-rdfc-2022": ("Ed25519",),
    "ecdsa-rdfc-2019": ("P-256", "P-384"),
    "Ed25519Signature2020": ("Ed25519",),
}
_MEMBERS: Final = frozenset(
    {
        "@context",
        "id",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "domain",
        "challenge",
        "nonce",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
    }
)


def unsecured(document: Document) -> Document:
    """What the proofs of a document are made over."""
    return {name: value for name, value in document.items() if name != "proof"}


def proofs_of(document: Document, purpose: Purpose, asking: Asking) -> list[Document]:
    """All proofs, if every one is of a known suite and well-formed. One that is not known decides nothing."""
    proofs = listed(document.get("proof"))
    if not proofs:
        raise Failure("It has no proof.")
    if len(proofs) > MAX_PROOFS:
        raise Failure(f"It has more than {MAX_PROOFS} proofs.")
    if not all(isinstance(proof, dict) for proof in proofs):
        raise Failure("A proof is not an object.")
    for proof in proofs:
        if suite_of(proof) in _SUITES:
            _check_form(proof, purpose, asking)
    for proof in proofs:
        if suite_of(proof) not in _SUITES:
            raise Undecided(
                f"A proof is of the suite “{suite_of(proof)}”; only {', '.join(_SUITES)} are known here."
            )
    return proofs


def suite_of(proof: Document) -> str:
    """The name of the suite, which older proofs have as their type."""
    name = proof.get("cryptosuite") if proof.get("type") == "DataIntegrityProof" else proof.get("type")
    return (
        name
        if isinstance(name, str) and (name != "Ed25519Signature2020" or "cryptosuite" not in proof)
        else ""
    )


def _check_form(proof: Document, purpose: Purpose, asking: Asking) -> None:
    if proof.get("proofPurpose") != purpose:
        raise Failure(f"The purpose of the proof is not “{purpose}”.")
    text_in(proof, "verificationMethod", "The proof")
    text_in(proof, "proofValue", "The proof")
    if "created" in proof:
        moment(proof["created"], "created")
    if "expires" in proof and moment(proof["expires"], "expires") <= asking.now:
        raise Failure(f"The proof has expired on {proof['expires']}.")
    if unknown := proof.keys() - _MEMBERS:
        raise Undecided(f"The proof has “{min(unknown)}”, which is not known here.")


def check_proof(document: Document, proof: Document, key: PublicKey) -> str:
    """That this key made this proof of all that the document says."""
    suite = suite_of(proof)
    if key.kind not in _SUITES[suite]:
        raise Failure(f"The key is of {key.kind}, which {suite} does not use.")
    contexts = document.get("@context")
    if (
        "@context" in proof
        and listed(proof["@context"]) != listed(contexts)[: len(listed(proof["@context"]))]
    ):
        raise Failure("The contexts of the proof are not those of the document.")
    options = {name: value for name, value in proof.items() if name not in ("proofValue", "@context")}
    configuration = {"@context": contexts, **options}
    check_words(configuration)
    name: Hash = "sha384" if key.kind == "P-384" else "sha256"
    signature = multibase_decode(proof["proofValue"])
    if not verifies(key, signature, hash_data(unsecured(document), configuration, name)):
        raise Failure("The signature does not fit: something was changed after signing.", "holder")
    return suite


def verifies(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature in its fixed length fits (RFC 8032; IEEE P1363 for ECDSA)."""
    try:
        if key.kind == "Ed25519":
            as_any(key).verify(signature, data)
            return True
        size = 32 if key.kind == "P-256" else 48
        if key.kind == "RSA" or len(signature) != 2 * size:
            return False
        halves = (int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
        algorithm = hashes.SHA256() if key.kind == "P-256" else hashes.SHA384()
        as_any(key).verify(encode_dss_signature(*halves), data, ECDSA(algorithm))
    except (InvalidSignature, ValueError):
        return False
    return True
