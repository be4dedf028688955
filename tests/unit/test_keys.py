"""Signing keys: they come back from their files, and every other file is refused with its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from badge_passport.credentials.keys import (
    KeyProblem,
    load_pem,
    new_key,
    public_from_multibase,
    read_key_file,
    to_pem,
)
from badge_passport.credentials.multibase import MultibaseError, multikey_encode

PRIVATE = {
    "RSA": rsa.generate_private_key(65537, 2048),
    "secp256r1": ec.generate_private_key(ec.SECP256R1()),
    "Ed448": ed448.Ed448PrivateKey.generate(),
    "X25519": x25519.X25519PrivateKey.generate(),
}


def pem(key: object, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())  # type: ignore[attr-defined, no-any-return]


def problem(data: bytes, passphrase: bytes | None = None) -> KeyProblem:
    with pytest.raises(KeyProblem) as caught:
        load_pem(data, passphrase)
    return caught.value


@pytest.mark.parametrize("passphrase", [None, b"", b"correct horse"])
def test_a_key_comes_back_from_its_pem(passphrase: bytes | None) -> None:
    key = new_key()
    data = to_pem(key, passphrase)
    assert data.startswith(b"-----BEGIN ENCRYPTED" if passphrase else b"-----BEGIN PRIVATE")
    again = load_pem(data, passphrase)
    assert again == key
    assert again.sign(b"text") == key.sign(b"text")


def test_a_passphrase_that_is_not_needed_is_ignored() -> None:
    key = new_key()
    assert load_pem(to_pem(key, None), b"anything") == key


def test_keys_differ_and_do_not_show() -> None:
    one, two = new_key(), new_key()
    assert one != two
    assert repr(one) == f"SigningKey(multibase='{one.multibase}')"
    assert "Private" not in repr(one)


def test_a_signature_is_that_of_the_public_key() -> None:
    key = new_key()
    public = ed25519.Ed25519PublicKey.from_public_bytes(public_from_multibase(key.multibase))
    public.verify(key.sign(b"text"), b"text")
    assert len(key.sign(b"text")) == 64


@pytest.mark.parametrize("kind", PRIVATE)
def test_other_kinds_are_named(kind: str) -> None:
    found = problem(pem(PRIVATE[kind]))
    assert found.code == "key-type"
    assert kind in found.message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "key-not-pem"),
        (b"\0\xff", "key-not-pem"),
        (b"-----BEGIN " + b"PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key-not-pem"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "key-type"),
        (pem(ed25519.Ed25519PrivateKey.generate(), PrivateFormat.OpenSSH), "key-type"),
        (pem(PRIVATE["RSA"], PrivateFormat.TraditionalOpenSSL), "key-type"),
        (
            PRIVATE["Ed448"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "key-type",
        ),
    ],
)
def test_other_texts_are_refused(data: bytes, code: str) -> None:
    found = problem(data)
    assert found.code == code
    assert found.message and found.help


def test_encrypted_keys_say_what_is_missing() -> None:
    data = to_pem(new_key(), b"right")
    assert problem(data).code == "key-encrypted"
    assert problem(data, b"").code == "key-encrypted"
    assert problem(data, b"wrong").code == "key-passphrase"
    old = PRIVATE["RSA"].private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"right")
    )
    assert problem(old).code == "key-encrypted"
    assert problem(old, b"right").code == "key-type"


def test_a_problem_shows_neither_key_nor_passphrase() -> None:
    data = to_pem(new_key(), b"the right one")
    found = str(problem(data, b"the wrong one"))
    assert "wrong one" not in found
    assert data.splitlines()[1].decode() not in found


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_private_file_is_read(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"text")
    file.chmod(mode)
    assert read_key_file(file) == b"text"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_file_of_others_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"text")
    file.chmod(mode)
    with pytest.raises(KeyProblem, match="chmod 600") as caught:
        read_key_file(file)
    assert caught.value.code == "key-permissions"


def test_what_is_no_key_file_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(70_000))
    large.chmod(0o600)
    for path in (tmp_path / "none", tmp_path, large):
        with pytest.raises(KeyProblem) as caught:
            read_key_file(path)
        assert caught.value.code == "key-unreadable"


def test_only_ed25519_has_a_public_key_here() -> None:
    with pytest.raises(MultibaseError, match="P-256"):
        public_from_multibase(multikey_encode("P-256", b"\x02" + bytes(32)))
