"""1EdTech's JSON Schema of an OpenBadgeCredential (draft 2019-09), with its formats checked.

The schema is not part of this repository: install.sh takes it out of the source archive of PyPI
`openbadgeslib` 4.6.3, captured there from 1EdTech's `schema/json` folder in July 2026. That text calls
itself the JSON-LD adaptation: it takes one value where an array is meant (`proof` as an object) and a
language map where a text is meant, which the contexts do not define. 1EdTech's validator has a stricter
text without either, so the judge asks twice, `steps` says of what: `schema` as published, and `strict`
with those two alternatives struck out. A credential is valid if both find nothing.

The only formats it has are date-time and date: every id, URL and e-mail address is a mere string to it.
It has nothing to say about a status list, a DID document, an undefined member, or a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import Check3, Site, Verdict3, ob3_environment

SCHEMA = ob3_environment.SCHEMAS / "ob_v3p0_achievementcredential_schema.json"
PROFILE = ob3_environment.SCHEMAS / "ob_v3p0_profile_schema.json"
MISSING = ob3_environment.MISSING


def available() -> bool:
    return ob3_environment.available() and SCHEMA.is_file()


def judge(base: str, root: Path, checks: Sequence[Check3], *, schema: Path = SCHEMA) -> list[Verdict3]:
    """Ask about each check in turn; the verdicts come in the same order."""
    return ob3_environment.ask("schema", Site(base, root), checks, schema=str(schema))
