"""The order of the floors, and the other promises that the code makes about itself."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import badge_passport
from badge_passport.model.schema import schemas

PACKAGE = Path(badge_passport.__file__).parent
ROOT = PACKAGE.parents[1]
FLOORS = (
    "diagnostics",
    "source",
    "model",
    "registry",
    "urls",
    "credentials",
    "pages",
    "publish",
    "pipeline",
    "desk",
    "cli",
)
RESOURCES_FOR = ("pages", "publish", "pipeline", "desk", "cli")
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(file: Path) -> str:
    """``source.yaml`` for source/yaml.py, ``source`` for source/__init__.py."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module of the package that a tree imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "badge_passport")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "badge_passport":
                yield from (f"badge_passport.{a.name}" for a in node.names)
            elif (node.module or "").startswith("badge_passport."):
                yield str(node.module)


def violations(floor: str, code: str) -> list[str]:
    """The floors that ``code``, which stands on ``floor``, must not import from."""
    wrong = []
    for module in imports(ast.parse(code)):
        other = module.split(".")[1]
        if other == "resources":
            allowed = floor in RESOURCES_FOR
        elif other in FLOORS:
            allowed = FLOORS.index(other) <= FLOORS.index(floor)
        else:
            allowed = other == "__version__"
        if not allowed:
            wrong.append(module)
    return wrong


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_floor_imports_only_from_those_below_it(file: Path) -> None:
    floor = name_of(file).split(".")[0]
    if floor in ("", "__main__"):
        floor = "cli"
    if floor == "resources":
        assert list(imports(ast.parse(file.read_text(encoding="utf-8")))) == []
    else:
        assert floor in FLOORS
        assert violations(floor, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "from badge_passport.pages import images",
        "import badge_passport.cli",
        "from badge_passport import pipeline",
        "def later():\n    from badge_passport.publish.plan import plan",
        "from badge_passport.resources import theme",
    ],
)
def test_the_rule_sees_a_violation(code: str) -> None:
    assert violations("registry", code)


# What the verifier may use of the floor it stands on: what reads, and nothing that makes or signs.
FOR_VERIFIERS: dict[str, set[str]] = {
    "baking": {"SNIFFED", "BakingError", "unbake_png", "unbake_svg"},
    "did": {"DidError", "did_web_url"},
    "documents": {"Document"},
    "fetching": {"Fetch", "FetchError", "from_folder"},
    "identity": {"is_recipient", "normalise"},
    "multibase": {"MultibaseError", "multibase_decode"},
    "status": {"SIZE", "StatusListError", "decode", "is_set"},
}


def shared_with_signing(code: str) -> list[str]:
    """What ``code`` of the verifier uses of other modules that it must not."""
    wrong: list[str] = []
    start = "badge_passport.credentials"
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            wrong += [a.name for a in node.names if a.name.startswith("badge_passport")]
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("badge_passport"):
            module = str(node.module).removeprefix(start).removeprefix(".")
            if module.split(".")[0] == "verification":
                continue
            if module:
                allowed = FOR_VERIFIERS.get(module, set())
                wrong += [f"{module}.{a.name}" for a in node.names if a.name not in allowed]
            else:
                wrong += [a.name for a in node.names if a.name not in ("status", "verification")]
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "status"
        ):
            wrong += [] if node.attr in FOR_VERIFIERS["status"] else [f"status.{node.attr}"]
    return wrong


@pytest.mark.parametrize("file", sorted((PACKAGE / "credentials/verification").glob("*.py")), ids=name_of)
def test_what_verifies_shares_nothing_with_what_signs(file: Path) -> None:
    """A mistake that both made would not be seen by either."""
    assert shared_with_signing(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "from badge_passport.credentials.canonical import canonical",
        "from badge_passport.credentials.keys import SigningKey",
        "from badge_passport.credentials import proofs",
        "import badge_passport.credentials.signed",
        "from badge_passport.credentials.status import encode",
        "from badge_passport.credentials import status\nstatus.encode([])",
        "def later():\n    from badge_passport.credentials.ob3 import credential",
    ],
)
def test_the_rule_sees_what_is_shared(code: str) -> None:
    assert shared_with_signing(code)


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_modules_are_short_and_say_what_they_are(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert not {"utils", "util", "helpers", "helper", "common", "manager"} & set(name_of(file).split("."))
    if file.name != "__main__.py":
        assert ast.get_docstring(ast.parse(text))


def test_the_schemas_for_editors_are_those_of_the_models() -> None:
    made = schemas()
    assert {f.name for f in (ROOT / "schemas").glob("*.json")} == set(made)
    for name, schema in made.items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        assert (ROOT / "schemas" / name).read_text(encoding="utf-8") == text, (
            f"{name} is old: python -m badge_passport.model.schema schemas"
        )


@pytest.mark.parametrize("file", sorted((ROOT / "tests/sites/minimal").rglob("*.yml")), ids=lambda f: f.name)
def test_a_site_says_which_schema_its_files_have(file: Path) -> None:
    first = file.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.split("=", 1)[1]).resolve().parent == ROOT / "schemas"
