"""`passport verify`: is this badge good?"""

from __future__ import annotations

import dataclasses
import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from badge_passport.cli.shared import SITE_ERRORS, fetching, source_bytes

if TYPE_CHECKING:
    from badge_passport.credentials.fetching import Fetch
    from badge_passport.credentials.verification.steps import Part, Result

_MARKS = {"pass": "✓", "fail": "✗", "not-checked": "–", "no-badge": "–"}
_KINDS = {
    "ob2": "Open Badges 2.0",
    "ob3": "Open Badges 3.0",
    "clr": "Learner record",
    "presentation": "Presentation",
    "endorsement": "Endorsement",
}
_WHO = {
    "holder": "whoever shows it can mend this",
    "issuer": "its issuer can mend this",
    "verifier": "try again later, from another network, or with another verifier",
    "": "",
}


@click.command("verify")
@click.argument("source")
@click.option("--recipient", metavar="EMAIL", default=None, help="Whose badge it should be.")
@click.option(
    "--offline",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="A built site to read from instead of the network; needs --base.",
)
@click.option("--base", metavar="URL", default=None, help="The address that the folder stands for.")
@click.option("--allow-private", is_flag=True, help="Ask addresses of this network too, also over http.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def verify_command(
    source: str,
    recipient: str | None,
    folder: Path | None,
    base: str | None,
    allow_private: bool,
    as_json: bool,
) -> None:
    """Verify SOURCE, a badge or several: a picture, a document or a token; a file, an address, or -."""
    fetch = fetching(folder, base, allow_private=allow_private)
    now = datetime.datetime.now(datetime.UTC)
    result = _verify(source, fetch, now, recipient)
    click.echo(json.dumps(_document(result), indent=2) if as_json else _pretty(result))
    if not result.valid:
        sys.exit(SITE_ERRORS)


def _verify(source: str, fetch: Fetch, now: datetime.datetime, recipient: str | None) -> Result:
    from badge_passport.credentials.fetching import FetchError
    from badge_passport.credentials.verification.steps import Failure, Undecided
    from badge_passport.credentials.verification.whole import unreachable, verify

    try:
        data = _read(source, fetch)
    except FetchError as error:
        return unreachable(Failure(str(error)) if error.answered else Undecided(str(error)))
    return verify(data, fetch, now=now, recipient=recipient)


def _read(source: str, fetch: Fetch) -> bytes:
    """The bytes of a source; an address stays one: there may be a page that leads to the badge."""
    from badge_passport.credentials.verification.reading import address_in

    if not source.startswith(("https://", "http://")):
        return source_bytes(source)
    return source.encode() if address_in(source) == source else fetch(source)


def _document(result: Result) -> dict[str, object]:
    return {
        "kind": result.kind,
        "verdict": result.verdict,
        "valid": result.valid,
        "name": result.name,
        "issuer": result.issuer,
        "parts": [dataclasses.asdict(part) for part in result.parts],
        "steps": [dataclasses.asdict(step) for step in result.steps],
    }


def _pretty(result: Result) -> str:
    lines = [" — ".join(filter(None, (result.name, result.issuer)))] if result.name else []
    headings = {part.id: _heading(part) for part in result.parts}
    here = ""
    for step in result.steps:
        part = step.id.rpartition(".")[0]
        if part != here:
            lines.append(headings.get(part, part))
        here = part
        lines.append(f"{step.number:>2}. {_MARKS[step.outcome]} {step.title}: {step.detail}")
        if step.who:
            lines.append(f"      {_WHO[step.who]}")
    lines.append(_sentence(result))
    return "\n".join(lines)


def _heading(part: Part) -> str:
    """``2. Open Badges 3.0: Dialogue`` for the second member of a presentation."""
    number = part.id.removesuffix(part.kind)
    name = f": {part.name}" if part.name and number else ""
    return f"{number + ' ' if number else ''}{_KINDS[part.kind]}{name}"


def _sentence(result: Result) -> str:
    """The verdict, and the first reason for it."""
    if result.valid:
        return "valid"
    if result.verdict == "no-badge":
        return f"no badge: {result.steps[0].detail}"
    failed = [step for step in result.steps if step.outcome == "fail"]
    if failed:
        more = f" ({len(failed)} steps failed)" if len(failed) > 1 else ""
        return f"not valid: {failed[0].detail}{more}"
    unknown = [s for s in result.steps if s.outcome == "not-checked" and s.needed and s.who]
    return f"cannot tell: {unknown[0].detail if unknown else 'not every step could be done.'}"
