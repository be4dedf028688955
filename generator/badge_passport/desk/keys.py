"""Keys of issuers: found for a build, made, rotated and retired.

The private key for proofs is in ``private/keys/<issuer>.pem``, in a folder named on the command line, or in
the environment variable ``PASSPORT_KEY_<ISSUER>`` (a CI secret); that for tokens, if the issuer has one, in
``<issuer>.token.pem`` or ``PASSPORT_TOKEN_KEY_<ISSUER>``. The public keys are in ``issuer.yml`` for good.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from badge_passport.credentials.keys import (
    IssuerKeys,
    KeyProblem,
    SigningKey,
    load_pem,
    new_key,
    read_key_file,
    to_pem,
)
from badge_passport.credentials.multibase import Curve
from badge_passport.desk.files.changes import WAITING, apply, ignoring
from badge_passport.desk.files.yamlfiles import EditError, edit
from badge_passport.diagnostics import Diagnostic
from badge_passport.registry import Registry
from badge_passport.registry.entities import Issuer

PASSPHRASE = "PASSPORT_KEY_PASSPHRASE"  # noqa: S105 (the name of a variable)


def variable(issuer: str, curve: Curve) -> str:
    """The environment variable that may hold an issuer's private key of this kind."""
    return ("PASSPORT_KEY_" if curve == "Ed25519" else "PASSPORT_TOKEN_KEY_") + issuer.upper().replace(
        "-", "_"
    )


def key_file(folder: Path, issuer: str, curve: Curve) -> Path:
    """The file of an issuer's private key of this kind."""
    return folder / (f"{issuer}.pem" if curve == "Ed25519" else f"{issuer}.token.pem")


def in_use(issuer: Issuer, curve: Curve) -> str | None:
    """The public key of this kind that the issuer signs with today."""
    return issuer.signing_key if curve == "Ed25519" else issuer.token_key


def load_keys(
    registry: Registry, folder: Path, environment: Mapping[str, str]
) -> tuple[dict[str, IssuerKeys], list[Diagnostic]]:
    """The keys of every issuer that signs today, by issuer.

    Problems: ``key-missing``, ``key-mismatch``, and those of `KeyProblem`.
    """
    keys: dict[str, IssuerKeys] = {}
    problems: list[Diagnostic] = []
    for issuer in registry.issuers.values():
        if issuer.signing_key is None:
            continue
        proof = _find(issuer, "Ed25519", folder, environment)
        token = _find(issuer, "P-256", folder, environment) if issuer.token_key else None
        problems += [found for found in (proof, token) if isinstance(found, Diagnostic)]
        if isinstance(proof, SigningKey) and not isinstance(token, Diagnostic):
            keys[issuer.slug] = IssuerKeys(proof, token)
    return keys, problems


def _find(
    issuer: Issuer, curve: Curve, folder: Path, environment: Mapping[str, str]
) -> SigningKey | Diagnostic:
    file, name = key_file(folder, issuer.slug, curve), variable(issuer.slug, curve)
    what = "private key" if curve == "Ed25519" else "private key for tokens"
    where = issuer.origin.at("keys")
    passphrase = environment.get(PASSPHRASE, "").encode() or None
    try:
        if environment.get(name):
            key = load_pem(environment[name].encode(), passphrase, curve)
        elif file.exists():
            key = load_pem(read_key_file(file), passphrase, curve)
        else:
            return Diagnostic(
                "key-missing",
                f"“{issuer.slug}” signs its badges, but its {what} is not here",
                where,
                f"put it into {file}, or into the variable {name}; `passport build --preview` does without.",
            )
    except KeyProblem as problem:
        # The path of the machine is no part of the message; the help may name it.
        message = problem.message.replace(str(file), file.name)
        return Diagnostic(problem.code, f"the key of “{issuer.slug}”: {message}", where, problem.help)
    if key.multibase != in_use(issuer, curve):
        return Diagnostic(
            "key-mismatch",
            f"the {what} of “{issuer.slug}” does not belong to the public key that signs today",
            where,
            f"it belongs to {key.multibase}; use the other one, or `passport keys rotate {issuer.slug}`.",
        )
    return key


def add_key(
    root: Path,
    issuer: Issuer,
    curve: Curve,
    day: datetime.date,
    passphrase: bytes | None,
    folder: Path,
    *,
    compromised: bool = False,
) -> tuple[SigningKey | None, Diagnostic | None]:
    """Make a key for an issuer, end the use of the one before it, and write both halves where they belong.

    The key before is retired, or (``compromised``) not to be trusted any more. Its private half is moved
    aside, never overwritten: ``key-conflict`` if something is in the way.

    Raises:
        OSError: something cannot be written, on a full disk for example; all is as it was.
    """
    file, before = key_file(folder, issuer.slug, curve), in_use(issuer, curve)
    aside = folder / f"{issuer.slug}.{before}.pem" if before is not None and file.exists() else None
    in_the_way = file if before is None else aside
    if in_the_way is not None and in_the_way.exists():
        return None, Diagnostic(
            "key-conflict",
            f"there is already a key in {in_the_way}",
            None,
            "move it away first: a key is never overwritten.",
        )
    key, ended = new_key(curve), "compromised" if compromised else "retired"

    def change(record: Any) -> None:
        keys = record.setdefault("keys", [])
        for one in keys:
            if one["publicKeyMultibase"] == before:
                one[ended] = day
        keys.append({"publicKeyMultibase": key.multibase, "created": day})

    try:
        public = {issuer.origin.file: edit((root / issuer.origin.file).read_bytes(), change)}
    except EditError as error:
        return None, Diagnostic(
            "key-conflict",
            f"the keys of “{issuer.slug}” cannot be written: {error}",
            issuer.origin.at("keys"),
            "write the file in the usual form, a key on each line, and run this again.",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = file.with_name(f".{file.name}{WAITING}")
    waiting.unlink(missing_ok=True)  # left by a run that was killed
    try:
        _write_private(waiting, to_pem(key, passphrase))
        _exchange(waiting, file, aside, lambda: apply(root, {**ignoring(root), **public}))
    finally:
        waiting.unlink(missing_ok=True)
    return key, None


def _exchange(waiting: Path, file: Path, aside: Path | None, publish: Callable[[], None]) -> None:
    """Put a key in its place, move the one before aside, then ``publish``; all of it or nothing."""
    if aside is not None:
        file.rename(aside)
    try:
        waiting.rename(file)
        publish()
    except BaseException:
        if file.exists():
            file.rename(waiting)
        if aside is not None:
            aside.rename(file)
        raise


def _write_private(file: Path, pem: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())
