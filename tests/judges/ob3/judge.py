"""Ask openbadgeslib about Data Integrity credentials, and a JSON Schema about their shape.

Run with the python of its own environment (see install.sh). Reads one JSON request on standard input:

    {"base": "https://badges.example.org/ve/", "root": "/path/to/public", "judge": "openbadgeslib",
     "checks": [{"id": "a", "text": "{…}"}]}

or, with "judge": "schema", {"schema": "<file>", "checks": […]}, and prints a JSON list
with one verdict per check, in the same order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from judges import Site


def forbid_network(event: str, _: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise ConnectionError(f"no network: {event}")


def openbadgeslib(request: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    from openbadgeslib.ob3 import OB3LdpVerifier

    site = Site(request["base"], Path(request["root"]))

    def judge(text: str) -> dict[str, Any]:
        fetched: list[str] = []
        steps: dict[str, bool | None] = {}
        errors: list[str] = []

        def download(url: str) -> bytes:
            if url not in fetched:
                fetched.append(url)
            return site.read(url)

        def step(name: str, run: Callable[[], Any]) -> Any:
            try:
                result = run()
            except Exception as error:  # noqa: BLE001 -- whatever a broken document makes it raise
                steps[name] = False
                errors.append(f"{type(error).__name__}: {error}")
                return None
            steps[name] = True
            return result

        verifier = OB3LdpVerifier()
        credential = step("credential", lambda: verifier.verify(text, download=download))
        if credential is not None and credential.credential_status:
            step("revocation_status", lambda: check_lists(credential, download))
        return {"valid": not errors, "steps": steps, "errors": errors, "fetched": fetched}

    return judge


def check_lists(credential: Any, download: Callable[[str], bytes]) -> None:
    """The status of a credential, and the proof of every list it is read from.

    The library verifies the proof of a list only if the list is a JWT, so that it reads the bit without
    asking for a proof, and its verifier of Data Integrity proofs is asked about the list here.
    """
    from openbadgeslib.ob3 import (
        OB3VerificationError,
        check_credential_status,
        resolve_verification_method,
        verify_data_integrity_proof,
    )

    check_credential_status(credential, download=download, verify_list=False)
    issuer = credential.issuer.id
    for entry in credential.credential_status:
        listed = json.loads(download(entry["statusListCredential"]))
        its_issuer = listed.get("issuer")
        if (its_issuer.get("id") if isinstance(its_issuer, dict) else its_issuer) != issuer:
            raise OB3VerificationError(f"the status list's issuer is not {issuer}")
        proofs = listed.get("proof")
        method = (proofs[0] if isinstance(proofs, list) else proofs or {}).get("verificationMethod", "")
        if method.partition("#")[0] != issuer:
            raise OB3VerificationError(f"the status list's key does not belong to {issuer}")
        verify_data_integrity_proof(listed, resolve_verification_method(method, download=download))


def schema(request: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    from jsonschema import Draft201909Validator

    published = json.loads(Path(request["schema"]).read_text("utf-8"))
    validators = {}
    for name, rules in (("schema", published), ("strict", strict(published))):
        Draft201909Validator.check_schema(rules)
        validators[name] = Draft201909Validator(rules, format_checker=Draft201909Validator.FORMAT_CHECKER)

    def judge(text: str) -> dict[str, Any]:
        steps: dict[str, bool | None] = {}
        errors: list[str] = []
        try:
            document = json.loads(text)
        except ValueError as error:
            return {"valid": False, "steps": steps, "errors": [f"not JSON: {error}"], "fetched": []}
        for name, validator in validators.items():
            found = [_deepest(error) for error in validator.iter_errors(document)]
            steps[name] = not found
            lines = sorted(f"/{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found)
            errors += [f"{name}: {line}" for line in lines]
        return {"valid": not errors, "steps": steps, "errors": errors, "fetched": []}

    return judge


def strict(rules: Any) -> Any:
    """The schema without what it allows for JSON-LD: one value for an array, a language map for a text."""
    if isinstance(rules, list):
        return [strict(rule) for rule in rules]
    if not isinstance(rules, dict):
        return rules
    choice = rules.get("oneOf")
    if isinstance(choice, list) and len(choice) == 2:
        one, other = choice
        is_array = other.get("type") == "array" or "allOf" in other
        if is_array or "propertyNames" in other:
            rest = {key: value for key, value in rules.items() if key != "oneOf"}
            return strict({**rest, **(other if is_array else one)})
    return {key: strict(value) for key, value in rules.items()}


def _deepest(error: Any) -> Any:
    """What says most of a failed `oneOf`: jsonschema's own choice."""
    from jsonschema.exceptions import best_match

    return best_match([error]) or error


def main() -> None:
    request = json.load(sys.stdin)
    sys.addaudithook(forbid_network)
    judge = {"openbadgeslib": openbadgeslib, "schema": schema}[request["judge"]](request)
    json.dump([{"id": check["id"], **judge(check["text"])} for check in request["checks"]], sys.stdout)


if __name__ == "__main__":
    main()
