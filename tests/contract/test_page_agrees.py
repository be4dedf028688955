"""The verify page and the command say the same: of foreign credentials, the demo, and tampered copies."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, settings

import page_verifier
from badge_passport.credentials.contexts import UnsignableError, check_terms
from badge_passport.credentials.fetching import from_folder
from badge_passport.credentials.verification.hashing import canonical
from badge_passport.credentials.verification.steps import Failure, Undecided
from badge_passport.credentials.verification.whole import verify
from browser.site import require
from contract.test_demo_credentials import MUTATIONS, OTHER, SUBJECT, state
from demo import Demo
from page_verifier import Item, failed, unchecked

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    require(page_verifier.available(), "the verifier is not built: make bundle")


def ours(site: Demo, data: bytes, recipient: str | None = None) -> dict[str, Any]:
    """What the command says, as it prints it."""
    result = verify(data, from_folder(site.base, site.public), now=datetime.now(UTC), recipient=recipient)
    steps = [{name: getattr(step, name) for name in STEP} for step in result.steps]
    parts = [[part.id, part.verdict, part.name, part.issuer] for part in result.parts]
    whole = {name: getattr(result, name) for name in ("kind", "verdict", "name", "issuer")}
    return {**whole, "parts": parts, "steps": steps}


STEP = ("number", "id", "title", "outcome", "needed", "who")


def theirs(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says, in the same form."""
    steps = [{name: step[name] for name in STEP} for step in result["steps"]]
    parts = [[part["id"], part["verdict"], part["name"], part["issuer"]] for part in result["parts"]]
    whole = {name: result[name] for name in ("kind", "verdict", "name", "issuer")}
    return {**whole, "parts": parts, "steps": steps}


def network(site: Demo) -> dict[str, Path]:
    return {site.base + p.relative_to(site.public).as_posix(): p for p in site.files()}


def assert_agree(site: Demo, files: Mapping[str, Path], recipient: str | None = None) -> None:
    """Of every file: kind, verdict, names, parts, and every step with its number, outcome and who."""
    items = [Item(name, file, recipient=recipient) for name, file in files.items()]
    answers = page_verifier.ask(items, documents=network(site), base=site.base)["results"]
    for name, file in files.items():
        assert theirs(answers[name]) == ours(site, file.read_bytes(), recipient), name


# --- Foreign credentials --------------------------------------------------------------------------------


def test_the_corpus_is_judged_as_it_was_made(corpus_folder: Path) -> None:
    index = json.loads((corpus_folder / "index.json").read_bytes())
    assert len(index) > 600
    items = [
        Item(
            e["name"],
            corpus_folder / e["file"],
            {u: corpus_folder / d if d else None for u, d in e["documents"].items()},
        )
        for e in index
    ]
    results = page_verifier.ask(items)["results"]
    wrong = [
        (entry["name"], entry["verdict"], entry["failed"], result["verdict"], failed(result))
        for entry in index
        for result in [results[entry["name"]]]
        if (entry["verdict"], entry["failed"], entry["unchecked"])
        != (result["verdict"], failed(result), unchecked(result))
    ]
    assert wrong == []


# --- The demo -------------------------------------------------------------------------------------------


def test_everything_of_the_demo(signed_demo: Demo) -> None:
    """Assertions, credentials, tokens, pictures, presentations, learner records, endorsements."""
    patterns = (
        "assertion.json",
        "credential*.json",
        "*.credential.json",
        "*.jwt.txt",
        "badge.png",
        "badge.svg",
    )
    files = {
        file.relative_to(signed_demo.public).as_posix(): file
        for pattern in (*patterns, "presentation.json", "clr.*.json")
        for file in signed_demo.files(pattern)
    }
    assert len(files) > 200
    assert_agree(signed_demo, files)


def test_the_address_of_a_page(signed_demo: Demo, tmp_path: Path) -> None:
    """That of an award leads to its badge; any other is no badge."""
    pages = [p for p in signed_demo.files("index.html") if p.parent.parent.name in ("awards", "badges")][:6]
    files = {"home": tmp_path / "home"}
    files["home"].write_text(signed_demo.base + "index.html", encoding="utf-8")
    for page in pages:
        name = page.relative_to(signed_demo.public).as_posix()
        files[name] = tmp_path / name.replace("/", "-")
        files[name].write_text(signed_demo.base + name, encoding="utf-8")
    assert_agree(signed_demo, files)
    verdicts = {name: ours(signed_demo, file.read_bytes())["kind"] for name, file in files.items()}
    assert verdicts["home"] == "unknown" and "ob2" in verdicts.values()


def test_every_mutation(signed_demo: Demo, tmp_path: Path) -> None:
    credentials = {p.parent.name: json.loads(p.read_bytes()) for p in signed_demo.files("credential.json")}
    whole = next(
        c
        for i, c in credentials.items()
        if state(signed_demo, i) == "good"
        and "alignment" in c[SUBJECT]["achievement"]
        and c["issuer"]["id"] != OTHER
    )
    files: dict[str, Path] = {}
    for number, (name, mutate) in enumerate(MUTATIONS.items()):
        changed = copy.deepcopy(whole)
        mutate(changed)
        files[name] = tmp_path / f"{number}.json"
        files[name].write_text(json.dumps(changed), encoding="utf-8")
    assert len(files) >= 40
    assert_agree(signed_demo, files)


def test_the_person(signed_demo: Demo) -> None:
    files = {p.parent.name: p for p in signed_demo.files("badge.png")[:3]}
    for recipient in ("somebody@example.org", "  Somebody@Example.org ", ""):
        assert_agree(signed_demo, files, recipient)


def test_damaged_files(signed_demo: Demo, tmp_path: Path) -> None:
    """One byte changed, or the end cut off: nobody may see a badge where the other sees none."""
    chance = random.Random(1)
    files: dict[str, Path] = {}
    for pattern in ("badge.png", "badge.svg", "credential.json", "*.jwt.txt"):
        data = signed_demo.files(pattern)[0].read_bytes()
        for number in range(25):
            broken = bytearray(data)
            if number % 5:
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            else:
                del broken[chance.randrange(len(broken)) :]
            name = f"{pattern.strip('*.')}-{number}"
            files[name] = tmp_path / name
            files[name].write_bytes(bytes(broken))
    items = [Item(name, file) for name, file in files.items()]
    answers = page_verifier.ask(items, documents=network(signed_demo), base=signed_demo.base)["results"]
    for name, file in files.items():
        expected = ours(signed_demo, file.read_bytes())
        assert answers[name]["verdict"] == expected["verdict"], (name, answers[name]["steps"], expected)
        assert failed(answers[name]) == failed(expected), name


# --- Canonical forms ------------------------------------------------------------------------------------


def documents_of(site: Demo) -> Iterator[Any]:
    for file in [*site.files("credential.json"), *site.files("clr.*.json"), *site.files("presentation.json")]:
        document = json.loads(file.read_bytes())
        document.pop("proof", None)
        yield document


def test_the_canonical_form_is_that_of_python(signed_demo: Demo) -> None:
    documents = list(documents_of(signed_demo))
    answers = page_verifier.ask(canonicalise=documents)["canonicalised"]
    for document, answer in zip(documents, answers, strict=True):
        assert answer == canonical(document).decode(), document["id"]


def test_the_canonical_form_of_generated_documents() -> None:
    """Whatever may be signed has one canonical form; texts, ids and numbers are as odd as they come."""
    documents = generated(300)
    assert len(documents) == 300
    answers = page_verifier.ask(canonicalise=documents)["canonicalised"]
    for document, answer in zip(documents, answers, strict=True):
        try:
            expected = canonical(document).decode()
        except (Failure, Undecided):
            continue
        assert answer == expected, json.dumps(document)


def generated(number: int) -> list[Any]:
    """Documents that could be signed, from the generators of tests/any_credential.py."""
    from any_credential import CREDENTIALS_OF_ANY_SHAPE

    found: list[Any] = []

    def enough(document: Any) -> bool:
        try:
            check_terms(document)
        except UnsignableError:
            return False
        found.append(copy.deepcopy(document))
        return len(found) >= number

    find(
        CREDENTIALS_OF_ANY_SHAPE,
        enough,
        settings=settings(
            max_examples=100 * number,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return found[:number]
