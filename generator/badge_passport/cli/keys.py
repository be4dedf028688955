"""`passport keys`: the keys that issuers sign with."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

import click

from badge_passport.cli.shared import SITE_ERRORS, day_option, keys_option, show, site_option, today
from badge_passport.credentials.multibase import Curve
from badge_passport.desk.keys import PASSPHRASE, add_key, in_use, key_file
from badge_passport.diagnostics import did_you_mean
from badge_passport.pipeline import check
from badge_passport.registry.entities import Issuer, Registry

_token_option = click.option(
    "--token", is_flag=True, help="The key that JSON Web Tokens are signed with (P-256), not that of proofs."
)


@click.group("keys")
def keys_group() -> None:
    """The keys that issuers sign Open Badges 3.0 credentials with."""


@keys_group.command("list")
@site_option
def keys_list(root: Path) -> None:
    """List the public keys of every issuer, and which private ones are here."""
    for issuer in _registry(root).issuers.values():
        if not issuer.record.keys:
            click.echo(f"{issuer.slug}: no key")
        for key in issuer.record.keys:
            ended = f"compromised {key.compromised}" if key.compromised else f"retired {key.retired}"
            curve: Curve = "Ed25519" if key.public_key_multibase == issuer.signing_key else "P-256"
            signs = "signs" if curve == "Ed25519" else "signs tokens"
            state = signs if key.in_use else ended
            here = key.in_use and key_file(root / "private" / "keys", issuer.slug, curve).exists()
            private = ", private key here" if here else ""
            click.echo(f"{issuer.slug}: {key.public_key_multibase} since {key.created}, {state}{private}")


@keys_group.command("new")
@site_option
@keys_option
@day_option
@_token_option
@click.argument("issuer")
def keys_new(
    root: Path, folder: Path | None, day: datetime.datetime | None, token: bool, issuer: str
) -> None:
    """Make the first key of ISSUER: the private half in private/keys/, the public one in its issuer.yml."""
    found, curve = _issuer(root, issuer), _curve(token)
    if in_use(found, curve) is not None:
        raise click.UsageError(
            f"“{issuer}” has such a key already; `passport keys rotate {issuer}` makes a new one"
        )
    if token and found.signing_key is None:
        raise click.UsageError(f"“{issuer}” has no key for proofs; `passport keys new {issuer}` makes one")
    _add_key(root, found, curve, folder, day)


@keys_group.command("rotate")
@site_option
@keys_option
@day_option
@_token_option
@click.argument("issuer")
def keys_rotate(
    root: Path, folder: Path | None, day: datetime.datetime | None, token: bool, issuer: str
) -> None:
    """Make a new key for ISSUER and retire the one before; what that one signed stays valid."""
    curve = _curve(token)
    _add_key(root, _signer(root, issuer, curve), curve, folder, day)


@keys_group.command("retire")
@site_option
@keys_option
@day_option
@_token_option
@click.option("--compromised", is_flag=True, help="Others know the key: nothing it signed is to be trusted.")
@click.argument("issuer")
def keys_retire(
    root: Path,
    folder: Path | None,
    day: datetime.datetime | None,
    token: bool,
    compromised: bool,
    issuer: str,
) -> None:
    """Retire the key of ISSUER and make another; the next build signs everything again under the same ids."""
    curve = _curve(token)
    _add_key(root, _signer(root, issuer, curve), curve, folder, day, compromised=compromised)


def _add_key(
    root: Path,
    issuer: Issuer,
    curve: Curve,
    folder: Path | None,
    day: datetime.datetime | None,
    *,
    compromised: bool = False,
) -> None:
    where = folder or root / "private" / "keys"
    passphrase = os.environ.get(PASSPHRASE, "").encode() or None
    key, problem = add_key(root, issuer, curve, _day(day), passphrase, where, compromised=compromised)
    if problem is not None or key is None:
        show([problem] if problem else [], "pretty")
        sys.exit(SITE_ERRORS)
    click.echo(f"{key.multibase} signs for “{issuer.slug}” from now on.")
    click.echo(f"Its private half is {key_file(where, issuer.slug, curve)}.")
    click.echo("Keep a copy of that file in a safe place, and never in the repository.")


def _curve(token: bool) -> Curve:
    return "P-256" if token else "Ed25519"


def _signer(root: Path, slug: str, curve: Curve) -> Issuer:
    """The issuer, which must sign with such a key today."""
    found = _issuer(root, slug)
    if in_use(found, curve) is None:
        raise click.UsageError(f"“{slug}” has no such key yet; `passport keys new {slug}` makes one")
    return found


def _day(day: datetime.datetime | None) -> datetime.date:
    return day.date() if day else today()


def _registry(root: Path) -> Registry:
    checked = check(root)
    if checked.registry is None or not checked.good:
        show(checked.diagnostics, "pretty", checked.line_of)
        sys.exit(SITE_ERRORS)
    return checked.registry


def _issuer(root: Path, slug: str) -> Issuer:
    issuers = _registry(root).issuers
    if slug not in issuers:
        raise click.UsageError(f"no issuer called “{slug}”. {did_you_mean(slug, issuers)}".strip())
    return issuers[slug]
