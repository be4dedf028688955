"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022, the one that every verifier knows.

Sources: Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badge_passport.credentials.canonical import UnsignableError, check_terms
from badge_passport.credentials.documents import Document, Finished
from badge_passport.credentials.keys import SigningKey, public_from_multibase
from badge_passport.credentials.multibase import MultibaseError, multibase_decode, multibase_encode

Canonize = Callable[[Document], str]
Known = dict[tuple[str, str, str], bytes]

_FIXED: Final = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
_MEMBERS: Final = {*_FIXED, "created", "verificationMethod", "proofValue"}


def add_proof(
    document: Document,
    key: SigningKey,
    verification_method: str,
    created: str,
    canonize: Canonize,
    known: Known | None = None,
) -> Finished:
    """A copy of the document with its proof; the document itself is left as it is.

    ``canonize`` should be `Canonizer.signable`: a proof covers only what JSON-LD understands, and that one
    refuses the rest. ``verification_method`` ends in the key, as `did.verification_method` gives it.
    ``known`` remembers the hashes of proof options: those of the awards of one day are the same.

    Raises:
        UnsignableError: what ``canonize`` raises.
        ValueError: the document has a proof, or the method is not of the key.
    """
    if "proof" in document:
        raise ValueError("the document has a proof already")
    if verification_method.rpartition("#")[2] != key.multibase:
        raise ValueError(f"{verification_method} is not the method of the key {key.multibase}")
    proof = {
        "type": _FIXED["type"],
        "created": created,
        "verificationMethod": verification_method,
        "cryptosuite": _FIXED["cryptosuite"],
        "proofPurpose": _FIXED["proofPurpose"],
    }
    which = (str(document.get("@context")), verification_method, created)
    configuration = known.get(which) if known is not None else None
    if configuration is None:
        configuration = _configuration_hash(document, proof, canonize)
        if known is not None:
            known[which] = configuration
    signature = key.sign(configuration + _hash(document, canonize))
    # In a list: the JSON Schema of 1EdTech takes nothing else.
    return Finished(document, proof=[{**proof, "proofValue": multibase_encode(signature)}])


def verify_proof(document: Document, public_multibase: str, canonize: Canonize) -> bool:
    """Whether a document has one proof, which this key made of all that the document says.

    Who the key belongs to is another question: see the DID document of the issuer. A document that
    `check_terms` refuses is not valid, whatever its proof.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    proof = _only_proof(document.get("proof"))
    if proof is None:
        return False
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        check_terms(unsecured)
        check_terms({"@context": unsecured.get("@context"), **options})
        signature = multibase_decode(proof["proofValue"])
        public = Ed25519PublicKey.from_public_bytes(public_from_multibase(public_multibase))
        public.verify(signature, hash_data(unsecured, options, canonize))
    except (UnsignableError, MultibaseError, InvalidSignature):
        return False
    return True


def hash_data(document: Document, options: Document, canonize: Canonize) -> bytes:
    """The 64 bytes that are signed: the hash of the proof's options, then that of the document.

    The options are read in the contexts of the document (section 3.2.5, "Proof Configuration").
    """
    return _configuration_hash(document, options, canonize) + _hash(document, canonize)


def _configuration_hash(document: Document, options: Document, canonize: Canonize) -> bytes:
    return _hash({"@context": document.get("@context", []), **options}, canonize)


def _hash(document: Document, canonize: Canonize) -> bytes:
    return hashlib.sha256(canonize(document).encode("utf-8")).digest()


def _only_proof(proofs: object) -> dict[str, Any] | None:
    """The proof of a document, if it is a single one with the members that `add_proof` writes."""
    proof = proofs[0] if isinstance(proofs, list) and len(proofs) == 1 else proofs
    if not isinstance(proof, dict) or set(proof) != _MEMBERS:
        return None
    if not all(isinstance(value, str) for value in proof.values()):
        return None
    return proof if all(proof[name] == value for name, value in _FIXED.items()) else None
