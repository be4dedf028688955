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
        "from badge_passport.resources import theme_folder",
    ],
)
def test_the_rule_sees_a_violation(code: str) -> None:
    assert violations("registry", code)


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
