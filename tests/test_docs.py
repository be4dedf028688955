"""The documentation says what is there: commands, keys, codes and dependencies are named, links lead
somewhere, and examples are accepted by the real reader."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from badge_passport.cli import COMMANDS, cli
from badge_passport.diagnostics import Diagnostic
from badge_passport.diagnostics.catalogue import CATALOGUE
from badge_passport.diagnostics.rendering import FORMATS
from badge_passport.model import records
from badge_passport.model.schema import schemas
from badge_passport.pipeline import check
from badge_passport.registry.load import load
from badge_passport.source.files import read_tree

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^(?P<mark>```+)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=mark)[ \t]*$", re.M | re.S)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
SITE = ("site.yml", "badges", "content")


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """The text from a heading to the next of the same or a higher level."""
    text = text_of(page)
    level = heading.split(" ")[0]
    start = text.index(f"\n{heading}\n") + 1
    after = re.compile(rf"^#{{1,{len(level)}}} ", re.M).search(text, start + len(heading))
    return text[start : after.start() if after else len(text)]


def first_cells(text: str) -> list[str]:
    """What stands in backquotes in the first cells of all tables."""
    cells = re.findall(r"^\| ([^|]*) \|", text, re.M)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


# --- Commands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_described(name: str) -> None:
    described = section("docs/commands.md", f"## passport {name}")
    command = cli.get_command(click.Context(cli), name)
    inner = command.commands if isinstance(command, click.Group) else {}
    shown = " ".join(re.findall(r"```sh\n(.*?)```", described, re.S))
    for word in inner:
        assert f"`{word}`" in described
    for parameter in [*command.params, *(p for c in inner.values() for p in c.params)]:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert f"`{option}`" in described, f"{name} {option}"
                same = "those of `revoke`" in described  # which has them in its own
                assert same or re.search(rf"{option}\b", shown) or option[:2] != "--", option
        else:
            assert re.search(rf"\[?\b{str(parameter.name).upper()}\b", described)


def test_no_command_is_described_that_is_not_there() -> None:
    described = set(re.findall(r"^## passport (\S+)$", text_of("docs/commands.md"), re.M))
    assert described == set(COMMANDS)
    mentioned = {
        word
        for page in NAMES
        for word in re.findall(r"(?:^|`|bin/)passport ([a-z]+)\b", text_of(page), re.M)
        if page != "CHANGELOG.md"
    }
    assert mentioned <= set(COMMANDS)


def test_exit_codes_and_environment_are_described() -> None:
    package = ROOT / "generator/badge_passport"
    files = [*(package / "cli").rglob("*.py"), *(package / "desk").rglob("*.py")]
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    variables = set(re.findall(r"\bPASSPORT_[A-Z_]+", source))
    assert len(variables) >= 3
    for variable in variables:
        assert f"`{variable}" in text_of("docs/commands.md")
    assert first_cells(section("docs/commands.md", "## Formats of problems")) == ["--format", *FORMATS]


# --- Settings -------------------------------------------------------------------------------------------

FILES: dict[str, type[BaseModel]] = {
    "## `site.yml`": records.SiteRecord,
    "## `badges/<issuer>/issuer.yml`": records.IssuerRecord,
    "## `badges/<issuer>/<badge>.yml`": records.BadgeRecord,
    "## `badges/<issuer>/endorsements/<name>.yml`": records.EndorsementRecord,
    "## `badges/frameworks/<framework>.yml`": records.FrameworkRecord,
    "## `content/participants/<slug>.yml`": records.ParticipantRecord,
    "## `content/awards/<issuer>/<any>.yml` and `.csv`": records.AwardRecord,
    "## `content/awards/<issuer>/erased.yml`": records.ErasedRecord,
    "## `content/pages/**/*.md`": records.PageRecord,
}


def keys_of(model: type[BaseModel]) -> set[str]:
    """All keys of a record and of the records in it, from its JSON Schema."""
    schema = model.model_json_schema(by_alias=True)
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}


@pytest.mark.parametrize("heading", FILES)
def test_every_key_is_in_the_settings_and_no_other(heading: str) -> None:
    described = set(first_cells(section("docs/settings.md", heading)))
    known = keys_of(FILES[heading])
    if FILES[heading] is records.AwardRecord:
        known.add("awards")
    assert described == known


def test_every_kind_of_file_has_a_heading() -> None:
    described = set(FILES.values())
    assert len(described - {records.PageRecord}) == len(schemas())
    written = {m for n, m in vars(records).items() if n.endswith("Record") and n != "Record"}
    parts = {records.CompetenceRecord, records.AlignmentRecord, records.ResultRecord}
    assert written - parts == described


@pytest.mark.parametrize("heading", FILES)
def test_the_settings_say_what_is_required(heading: str) -> None:
    """The first table of a file is its own record: what it calls required is required, nothing else."""
    rows = re.findall(
        r"^\| `(\w+)` \| [^|]* \| (yes|no|one of three) \|", section("docs/settings.md", heading), re.M
    )
    model = FILES[heading]
    required = {f.alias or n: f.is_required() for n, f in model.model_fields.items()}
    seen: set[str] = set()
    for key, said in rows:
        if key in required and key not in seen:
            seen.add(key)
            assert (said == "yes") == required[key], key


# --- Diagnostics and dependencies -----------------------------------------------------------------------


def test_every_diagnostic_is_listed_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", text_of("docs/diagnostics.md"), re.M)
    assert sorted(listed) == sorted(CATALOGUE)


def test_every_dependency_has_its_reason_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for heading, wanted in {
        "## To run": project["project"]["dependencies"],
        "## To develop": project["dependency-groups"]["dev"],
    }.items():
        names = {re.split(r"[^\w.-]", requirement)[0] for requirement in wanted}
        listed = set(re.findall(r"^\| ([\w.-]+) \|", section("docs/dependencies.md", heading), re.M))
        assert listed - {"package"} == names
    extras = {
        (extra, re.split(r"[^\w.-]", requirement)[0])
        for extra, wanted in project["project"]["optional-dependencies"].items()
        for requirement in wanted
    }
    told = re.findall(r"^\| (\w+) \| ([\w.-]+) \|", section("docs/dependencies.md", "## Extras"), re.M)
    assert set(told) - {("extra", "package")} == extras


def test_every_module_is_on_the_map() -> None:
    tree = text_of("docs/architecture.md")
    package = ROOT / "generator/badge_passport"
    for module in package.rglob("*.py"):
        assert module.name.startswith("__") or f"{module.name}" in tree, module.relative_to(package)


def test_floors_import_only_from_above_in_the_map() -> None:
    drawn = section("docs/architecture.md", "## Floors")
    floors = re.findall(r"^  (\w+)(?:/|\.py) ", drawn, re.M)
    package = ROOT / "generator/badge_passport"
    for module in package.rglob("*.py"):
        floor = module.relative_to(package).parts[0].removesuffix(".py")
        if floor.startswith("__"):
            continue
        for name in re.findall(r"(?:from|import) badge_passport\.(\w+)", module.read_text("utf-8")):
            assert floors.index(name) <= floors.index(floor), f"{module.name} imports {name}"


# --- Links ----------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The anchors that GitHub and GitLab make of headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 0
        while (made := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(made)
    return found


@pytest.mark.parametrize("page", NAMES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        assert file.resolve().is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("page", NAMES)
def test_no_word_vanishes_as_if_it_were_html(page: str) -> None:
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text_of(page)))
    assert re.findall(r"<[A-Za-z][^>\n]*>", text) == []


def test_every_page_of_the_documentation_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(((?:docs/)?[\w./-]+\.md)\)", text_of("README.md")))
    assert {name for name in NAMES if name != "README.md"} <= linked


# --- Examples -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A file that a page shows; its first line (or, for a table, its fence) says where it belongs."""

    path: str
    text: str


def examples(page: str) -> Iterator[Example]:
    for fence in FENCE.finditer(text_of(page)):
        kind, _, info = fence["info"].strip().partition(" ")
        comment = re.match(r"# (\S+\.ya?ml)\n", fence["text"])
        if kind == "yaml" and comment:
            yield Example(comment[1], fence["text"])
        elif kind == "csv":
            assert info, "a table names its file on the fence"
            yield Example(info, fence["text"])


def lay_over(site: Path, shown: list[Example]) -> list[Diagnostic]:
    """Put examples into a copy of the repository's own site, and check it all; the last of a file counts."""
    for name in SITE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, site / name)
    for example in shown:
        file = site / example.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(example.text, encoding="utf-8")
    return check(site).diagnostics


@pytest.mark.parametrize("page", ["README.md", "docs/promoters.md"])
def test_examples_are_accepted(page: str, tmp_path: Path) -> None:
    shown = list(examples(page))
    assert len(shown) >= 2
    assert [d for d in lay_over(tmp_path, shown) if d.severity == "error"] == []


@pytest.mark.parametrize("page", ["README.md", "docs/promoters.md"])
def test_examples_that_are_changed_later_on_the_page_can_be_read(page: str, tmp_path: Path) -> None:
    later: set[str] = set()
    earlier = []
    for example in reversed(list(examples(page))):
        if example.path in later:
            earlier.append(example)
        later.add(example.path)
    lay_over(tmp_path, earlier)
    tree, problems = read_tree(tmp_path)
    assert [*problems, *load(tree)[1]] == []


def test_json_examples_can_be_read() -> None:
    found = [f for name in NAMES for f in FENCE.finditer(text_of(name)) if f["info"].strip() == "json"]
    assert len(found) >= 8
    for fence in found:
        json.loads(fence["text"])


def test_the_documents_shown_are_those_of_the_site(tmp_path: Path) -> None:
    """Open Badges documents in docs/formats.md are what the repository's own site publishes."""
    from badge_passport.credentials import ob2, published
    from badge_passport.credentials.documents import to_bytes
    from badge_passport.urls import Urls

    registry = check(ROOT).registry
    assert registry is not None
    urls = Urls.of(registry.site.url, registry.default_language)
    documents = {path: json.loads(data) for path, data in published.hosted(registry, urls)}
    for award in registry.awards.values():
        documents[urls.assertion(award.id)] = json.loads(to_bytes(ob2.assertion(registry, urls, award)))
    compared = 0
    for fence in FENCE.finditer(section("docs/formats.md", "## Open Badges 2.0 documents")):
        shown = json.loads(fence["text"])
        assert shown == documents[shown["id"].removeprefix(urls.base)]
        compared += 1
    assert compared >= 6
