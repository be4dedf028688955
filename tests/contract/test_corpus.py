"""The corpus before our verifier and before those of others: they agree, and each says which step fails.

A judge does not look at everything that we look at: `LOOKS` has the steps that it does. Beyond that, where
one of them is laxer (or knows less) than the specification, `EXCEPTIONS` says so and why.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from badge_passport.cli import cli
from badge_passport.credentials.fetching import FetchError
from badge_passport.credentials.verification import hashing, rdfc
from badge_passport.credentials.verification.whole import Result, verify
from contract.corpus import Entry
from contract.making.orders import contexts
from judges import node_judge

pytestmark = pytest.mark.contract
FORM = {"contexts", "terms", "proof", "key", "controller", "signature"}
LOOKS = {
    "digitalbazaar-vc": FORM | {"valid-from", "valid-until", "status"},
    "verifier-core": FORM | {"valid-from", "valid-until", "status"},
    "openbadgeslib": {*FORM, "types", "issuer", "claims", "valid-from", "valid-until", "status", "read"},
    "openbadgeslib-2": {
        "shape",
        "hosted",
        "badge",
        "scope",
        "key",
        "signature",
        "issued",
        "expires",
        "revoked",
    },
    # The signature with the key that is named, and the dates of the token.
    "jose": {"proof", "key", "signature", "valid-from", "valid-until"},
}
NPM = ("digitalbazaar-vc", "verifier-core", "jose")
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("digitalbazaar-vc", "so-status-short"): "takes lists of fewer than 131,072 places",
    ("verifier-core", "so-status-short"): "takes lists of fewer than 131,072 places",
    ("verifier-core", "so-status-foreign"): "takes a list of any issuer",
    ("digitalbazaar-vc", "so-status-nine"): "takes any number of entries",
    ("verifier-core", "so-status-nine"): "takes any number of entries",
    ("digitalbazaar-vc", "so-status-1edtech-clear"): "does not know 1EdTechRevocationList",
    ("verifier-core", "so-status-1edtech-set"): "skips 1EdTechRevocationList in silence",
    ("digitalbazaar-vc", "so-no-zone"): "takes a date without a zone",
    ("verifier-core", "so-no-zone"): "takes a date without a zone",
    ("digitalbazaar-vc", "context-object"): "reads a context that stands in the document",
    ("verifier-core", "context-object"): "reads a context that stands in the document",
    ("digitalbazaar-vc", "proofs-second-broken"): "one good proof of several is enough for it",
    ("digitalbazaar-vc", "proofs-second-unknown"): "one good proof of several is enough for it",
    ("jose", "token-typ"): "does not look at the type unless it is told to",
    ("jose", "token-of-nothing"): "does not know what a credential is",
    ("openbadgeslib", "so-status-foreign"): "takes a list of any issuer",
    ("openbadgeslib", "so-status-short"): "takes lists of fewer than 131,072 places",
    ("openbadgeslib", "so-status-nine"): "takes any number of entries",
    ("openbadgeslib", "so-status-1edtech-clear"): "does not know 1EdTechRevocationList",
    ("openbadgeslib", "so-no-id-of-subject"): "is stricter: the subject must have an id or an identifier",
    ("openbadgeslib", "token-kid-neighbour"): "takes a key of anybody on the issuer's host",
    ("openbadgeslib", "key-withdrawn"): "does not read assertionMethod",
    ("openbadgeslib", "did-another-id"): "does not read the id of a DID document",
    ("openbadgeslib", "did-another-controller"): "does not read the controller of a key",
    ("openbadgeslib-2", "ob2-says-revoked"): "does not read “revoked” of a whole assertion",
    ("openbadgeslib-2", "ob2-copy-changed"): "compares some members of the copy, and not the narrative",
    **{
        (
            "openbadgeslib",
            f"jwt-{algorithm}-web-{claim}",
        ): "does not compare the dates of token and credential"
        for algorithm in ("rs256", "es256", "eddsa")
        for claim in ("nbf", "exp")
    },
}


def network(entry: Entry) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        if url not in entry.documents:
            raise FetchError(f"{url} does not answer.")
        found = entry.documents[url]
        if found is None:
            raise FetchError(f"There is nothing at {url}.", answered=True)
        return found

    return fetch


def ours(entry: Entry) -> Result:
    return verify(entry.data, network(entry), now=datetime.now(UTC), recipient=None)


def failed(result: Result) -> list[str]:
    return sorted(step.id for step in result.steps if step.outcome == "fail")


def unknown(result: Result) -> list[str]:
    return sorted(s.id for s in result.steps if s.outcome == "not-checked" and s.needed and s.who)


def test_every_entry(corpus: list[Entry]) -> None:
    wrong = []
    for entry in corpus:
        result = ours(entry)
        same = (result.verdict, failed(result)) == (entry.verdict, sorted(entry.failed))
        if not same or (entry.unchecked and unknown(result) != sorted(entry.unchecked)):
            wrong.append((entry.name, result.verdict, failed(result), unknown(result)))
    assert wrong == []


def test_the_corpus_is_wide(corpus: list[Entry]) -> None:
    verdicts = Counter(entry.verdict for entry in corpus)
    assert len(corpus) >= 700 and verdicts["valid"] >= 100 and verdicts["undecided"] >= 50
    failing = {step.rpartition(".")[2] for entry in corpus for step in entry.failed}
    assert failing >= set().union(*LOOKS.values()) | {"endorsements", "badge", "claims", "shape"}


def expected(judge: str, entry: Entry) -> bool:
    """Whether a judge should find it good: nothing that it looks at is wrong or unknown."""
    if entry.verdict == "no-badge":
        return False
    tops = [step for step in (*entry.failed, *entry.unchecked) if not step[0].isdigit()]
    return not {step.rpartition(".")[2] for step in tops} & (LOOKS[judge] | {"read"})


def agree(verdicts: list[tuple[str, Entry, bool, Any]]) -> None:
    wrong = [
        (judge, entry.name, "finds it good" if valid else why)
        for judge, entry, valid, why in verdicts
        if (valid is expected(judge, entry)) is ((judge, entry.name) in EXCEPTIONS)
    ]
    assert wrong == []


def test_verifiers_from_npm_agree(corpus: list[Entry]) -> None:
    named = {entry.name: entry for entry in corpus}
    checks = [
        {
            "id": entry.name,
            "engine": judge,
            "text": entry.data.decode(),
            "documents": {u: None if d is None else d.decode() for u, d in entry.documents.items()},
        }
        for entry in corpus
        if entry.suffix in ("json", "jwt")
        for judge in entry.judges
        if judge in NPM
    ]
    answers = node_judge.run("corpus.mjs", {"contexts": contexts(), "checks": checks})
    assert len(answers) == len(checks) > 600
    agree([(a["engine"], named[a["id"]], a["valid"], a["errors"]) for a in answers])


def test_openbadgeslib_agrees(corpus: list[Entry]) -> None:
    verdicts: list[tuple[str, Entry, bool, Any]] = []
    for entry in corpus:
        for judge in entry.judges:
            if judge in NPM:
                continue
            try:
                ask_openbadgeslib(judge, entry)
            except Exception as error:  # noqa: BLE001 (whatever a broken document makes it raise)
                verdicts.append((judge, entry, False, f"{type(error).__name__}: {error}"))
            else:
                verdicts.append((judge, entry, True, ""))
    assert len(verdicts) > 150
    agree(verdicts)


def ask_openbadgeslib(judge: str, entry: Entry) -> None:
    """Raises what the library raises for a badge that it does not find good."""
    from openbadgeslib.ob2 import OB2Verifier
    from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier, check_credential_status

    fetch = network(entry)
    if judge == "openbadgeslib-2":
        text = entry.data.decode()
        verifier = OB2Verifier(download=fetch)
        ask = verifier.verify_hosted if text.startswith("{") else verifier.verify
        ask(text, check_revocation=True)
    elif entry.suffix == "jwt":
        payload = OB3Verifier._decode_unverified(entry.data.decode())
        issuer = payload["issuer"]["id"]
        token_verifier = OB3Verifier.for_issuer_did(issuer, download=fetch)
        token_verifier.verify(entry.data.decode(), check_status=True, download=fetch)
    else:
        data = entry.data
        if entry.suffix in ("png", "svg"):
            png = entry.suffix == "png"
            take = OB3Verifier.extract_token_from_png if png else OB3Verifier.extract_token_from_svg
            data = take(data).encode()
        credential = OB3LdpVerifier().verify(data.decode(), download=fetch)
        if credential.credential_status:
            check_credential_status(credential, download=fetch, verify_list=False)


def test_our_names_of_nodes_are_those_of_the_library(
    corpus: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no statement stands in a graph without a name, the two must agree."""
    import pyoxigraph

    compared = 0
    kinds = {
        "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
        "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
    }

    def compare(text: str, name: str) -> str:
        nonlocal compared
        made = rdfc.canonical_quads(text, name)
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
        dataset.canonicalize(kinds[name])
        data = (pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode()
        if not any(
            line.split(" ")[-2].startswith("_:c14n") and line.count("_:") > 1
            for line in data.split("\n")[:-1]
        ):
            assert "".join(sorted(line + "\n" for line in data.split("\n")[:-1])) == made
            compared += 1
        return made

    monkeypatch.setattr(hashing, "canonical_quads", compare)
    for entry in corpus:
        if entry.verdict == "valid":
            ours(entry)
    assert compared > 50


def test_what_is_written_can_be_read_by_others(corpus: list[Entry], corpus_folder: Path) -> None:
    index = json.loads((corpus_folder / "index.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in index] == [entry.name for entry in corpus]
    for item, entry in zip(index, corpus, strict=True):
        assert (corpus_folder / item["file"]).read_bytes() == entry.data
        for url, file in item["documents"].items():
            assert (None if file is None else (corpus_folder / file).read_bytes()) == entry.documents[url]


def test_through_the_command(corpus: list[Entry], corpus_folder: Path, tmp_path: Path) -> None:
    """Entries that need no network but one site."""
    base = "https://badges.example.org/"
    for name in ("web-eddsa", "web-eddsa-text", "jwt-rs256-web", "vp-signed", "key-silent", "ob2-hosted"):
        entry = next(entry for entry in corpus if entry.name == name)
        for url, data in entry.documents.items():
            if url.startswith(base) and data is not None:
                file = tmp_path / url.removeprefix(base)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        arguments = [
            "verify",
            str(corpus_folder / entry.file),
            "--offline",
            str(tmp_path),
            "--base",
            base,
            "--json",
        ]
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == (0 if entry.verdict == "valid" else 1)
        assert json.loads(done.output)["verdict"] == entry.verdict, done.output
