"""Two verifiers of Open Badges 3.0 from npm, run with Node in their own folder (`tests/judges/install.sh`).

`digitalbazaar-vc`: @digitalbazaar/vc 7.3 with data-integrity 2.5, eddsa-rdfc-2022 1.3 and
vc-bitstring-status-list 2.0. `verifier-core`: @digitalcredentials/verifier-core 1.0.0-beta.11, what
VerifierPlus and the Learner Credential Wallet ask, unchanged but for `fetch`. Both verify the same things:
no undefined term and no relative id ("safe mode"), the proof, that the key is the issuer's and listed in
`assertionMethod` of `did.json`, the dates, and the status list with its own proof. They differ in the
text of the Open Badges context 3.0.3, which 1EdTech edited in place: verifier-core always has the old one
of npm, digitalbazaar-vc the current one (from openbadgeslib) unless asked otherwise.

Of `steps`, digitalbazaar-vc has `credential` (structure and dates; the rest is not asked when it fails),
`valid_signature` and `revocation_status`; verifier-core has `valid_signature`, `expiration`,
`revocation_status`, `registered_issuer` (always False here; it does not decide) and `schema_check`
(does not decide either; None if the schema is not installed). A signature that fails leaves no steps.

`fetched` of verifier-core leaves out a did.json that it remembers from an earlier check.

Neither looks at where a credential lies, at images, criteria or evidence pages, at the recipient, at the
length of the status list, at the date of a proof, or at a VC-JWT. verifier-core takes a status list of
any issuer; digitalbazaar-vc asks for the same one, and resolves did:web only.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from . import Check3, Site, Verdict3, schema_judge

HERE = Path(__file__).parent / "node"
NODE = Path(__file__).parents[2] / ".judges" / "node"
MISSING = "the npm judges are not installed or out of date: run tests/judges/install.sh"
CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

Engine = Literal["digitalbazaar-vc", "verifier-core"]
ENGINES: tuple[Engine, ...] = ("digitalbazaar-vc", "verifier-core")


@dataclass(frozen=True)
class Key:
    """An Ed25519 key of a DID; its fragment is the key itself unless another is given."""

    did: str
    seed: bytes
    fragment: str | None = None


@dataclass(frozen=True)
class StatusList:
    """A BitstringStatusListCredential that the npm library makes."""

    id: str
    members: dict[str, Any] = field(default_factory=dict)  # issuer, validFrom, …
    revoked: tuple[int, ...] = ()
    purpose: str = "revocation"
    length: int = 131072


@dataclass(frozen=True)
class Unsigned:
    document: dict[str, Any] | StatusList
    key: Key
    created: str  # xsd:dateTimeStamp


def available() -> bool:
    """Whether the packages of today's lock file, and today's scripts, are in place."""
    pairs = [(HERE / "package-lock.json", NODE / ".installed")]
    pairs += [(script, NODE / script.name) for script in HERE.glob("*.mjs")]
    same = all(there.is_file() and there.read_bytes() == here.read_bytes() for here, there in pairs)
    return same and shutil.which("node") is not None


def judge(
    base: str,
    root: Path,
    checks: Sequence[Check3],
    engines: Sequence[Engine] = ENGINES,
    *,
    context: Literal["current", "old"] = "current",
) -> list[Verdict3]:
    """Ask each engine about each check; the verdicts come by engine, then by check, in the given order."""
    site = Site(base, root)
    texts: dict[str, str] = {}
    unread: dict[str, str] = {}
    for check in checks:
        try:
            texts[check.id] = site.text(check.input)
        except Exception as error:  # noqa: BLE001 -- an image without a badge raises what its parser raises
            unread[check.id] = f"{type(error).__name__}: {error}"
    request = {
        "base": base,
        "root": str(root.resolve()),
        "engines": list(engines),
        "contexts": _contexts() if context == "current" else {},
        "documents": {SCHEMA: str(schema_judge.SCHEMA)} if schema_judge.available() else {},
        "checks": [
            {"id": c.id, "document": texts[c.id], "now": c.now.isoformat() if c.now else None}
            for c in checks
            if c.id in texts
        ],
    }
    answers = {(answer["engine"], answer["id"]): answer for answer in run("judge.mjs", request)}
    verdicts = []
    for engine in engines:
        for check in checks:
            if check.id in unread:
                verdicts.append(Verdict3(check.id, engine, valid=False, errors=(unread[check.id],)))
                continue
            answer = answers[engine, check.id]
            verdicts.append(
                Verdict3(
                    id=check.id,
                    engine=engine,
                    valid=answer["valid"],
                    steps={step["id"]: step["valid"] for step in answer["steps"]},
                    errors=tuple(answer["errors"]),
                    fetched=tuple(answer["fetched"]),
                )
            )
    return verdicts


def sign(unsigned: Sequence[Unsigned]) -> list[dict[str, Any]]:
    """Each document with an eddsa-rdfc-2022 proof, in an array; a term without a definition is an error."""
    keys = list(dict.fromkeys(item.key for item in unsigned))
    documents = []
    for item in unsigned:
        entry: dict[str, Any] = {"key": keys.index(item.key), "created": item.created}
        if isinstance(item.document, StatusList):
            made = item.document
            entry["statusList"] = {
                "id": made.id,
                "length": made.length,
                "purpose": made.purpose,
                "set": list(made.revoked),
                "members": made.members,
            }
        else:
            entry["document"] = item.document
        documents.append(entry)
    request = {"keys": [_key(key) for key in keys], "documents": documents, "contexts": _contexts()}
    signed: list[dict[str, Any]] = run("sign.mjs", request)["signed"]
    return signed


def methods(keys: Sequence[Key]) -> list[dict[str, str]]:
    """The verification method of each key, as it stands in a did.json."""
    request = {"keys": [_key(key) for key in keys], "documents": []}
    found: list[dict[str, str]] = run("sign.mjs", request)["methods"]
    return found


def _key(key: Key) -> dict[str, str | None]:
    return {"did": key.did, "seed": key.seed.hex(), "fragment": key.fragment}


def _contexts() -> dict[str, str]:
    found = importlib.util.find_spec("openbadgeslib")
    if found is None or found.origin is None:
        raise RuntimeError("openbadgeslib, which has the current text of the context, is not installed")
    folder = Path(found.origin).parent / "ob3" / "contexts"
    files = {CONTEXT: "ob-v3p0-context-3.0.3.json", CLR_CONTEXT: "clr_context_2.0.1.json"}
    return {url: str(folder / file) for url, file in files.items()}


def run(script: str, request: dict[str, Any]) -> Any:
    if not available():
        raise RuntimeError(MISSING)
    done = subprocess.run(
        ["node", str(NODE / script)], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stderr}")
    return json.loads(done.stdout)
