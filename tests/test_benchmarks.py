"""The benchmarks run, on a few records: what they measure is not looked at here, only that they still do.
And that what is measured against ours is the same site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from demo import ROOT

SMALL = {
    "building.py": ("--quick", "--passports", "20", "--rounds", "1"),
    "cluster.py": ("--awards", "60"),
    "stages.py": ("--participants", "10", "--awards", "30", "--grow", "2"),
    "signing.py": ("--credentials", "12"),
    "importing.py": ("--rows", "40"),
    "reviewing.py": ("90",),
    "languages.py": ("--awards", "6", "--languages", "2"),
    "pictures.py": ("--cards", "20"),
    "baking.py": ("--passports", "6", "--rounds", "1"),
    "searching.py": ("--people", "2000", "--questions", "20"),
}
BARS = {
    "full-build-vs-hugo",
    "one-core-vs-hugo",
    "check-cold-vs-ruamel",
    "check-warm-s",
    "no-change-s",
    "one-award-s",
    "full-build-vs-one-award",
    "cost-growth-60-vs-20",
    "peak-memory-mb",
}


@pytest.mark.slow
@pytest.mark.parametrize("script", SMALL)
def test_it_runs(script: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    command = [sys.executable, str(ROOT / "benchmarks" / script), *SMALL[script]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    bars = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("bar ")}
    assert bars
    if script == "building.py":
        assert bars >= BARS


def test_every_benchmark_is_tried() -> None:
    scripts = {p.name for p in (ROOT / "benchmarks").glob("*.py")} - {"generate.py", "all.py"}
    assert scripts == set(SMALL)


def test_all_of_them_are_in_make_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from all import SCRIPTS  # type: ignore[import-not-found]

    assert {name for name, *_ in SCRIPTS} == set(SMALL)


SITES = {
    "like those measured": (60, 180),
    # Lists in several parts, badges nobody has, passports without a badge, or with a revoked one alone.
    "many without a badge": (1530, 90),
}


@pytest.fixture(scope="module", params=SITES.values(), ids=SITES.keys())
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Path]]:
    """Sites as ours and its peers build them."""
    folder = tmp_path_factory.mktemp("peers")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        patch.setenv("PYTHONPATH", str(ROOT / "generator"))
        from badge_passport.pipeline import check
        from peers import sites, tools  # type: ignore[import-not-found]
        from peers.data import prepare  # type: ignore[import-not-found]
        from peers.processes import run  # type: ignore[import-not-found]

        assert tools.missing() == [], "`make peers` installs them"
        of = sites.site(folder, *request.param, sites.unbaked())
        sites.build(of, folder / "ours")
        data = prepare(check(of.folder).registry, folder / "ours")
        for make in (tools.hugo, tools.eleventy):
            tool = make(data, folder / "ours", folder / f"project-{make.__name__}")
            run(tool.command(folder / tool.name), tool.project, environment=tool.environment)
        yield {name: folder / name for name in ("ours", "hugo", "eleventy")}


@pytest.mark.slow
@pytest.mark.parametrize("peer", ["hugo", "eleventy"])
def test_peers_make_the_same_site(built: dict[str, Path], peer: str) -> None:
    from peers import comparing

    seen = comparing.likeness(built["ours"], built[peer])
    assert seen.missing == seen.more == []
    assert seen.other_data == []
    assert seen.other_words == []
    ours, theirs = (comparing.inventory(built[name]) for name in ("ours", peer))
    for kind in comparing.SHARED:
        assert theirs[0][kind] == ours[0][kind] > 0
        least = 0.7 if kind.startswith("credentials") else 0.85
        assert least < theirs[1][kind] / ours[1][kind] < 1.05, kind


@pytest.mark.slow
def test_some_of_every_kind_are_looked_into(built: dict[str, Path]) -> None:
    from peers import comparing

    seen = comparing.likeness(built["ours"], built["hugo"], most=1)
    ends = Counter(
        Path(path).suffix for path in _one_of_each(built["ours"], comparing.kind, comparing.SHARED)
    )
    assert (seen.pages, seen.documents) == (ends[".html"] + ends[".xml"], ends[".json"])


def _one_of_each(folder: Path, kind: Callable[[str], str], shared: list[str]) -> Iterable[str]:
    """The first path of each kind."""
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    first: dict[str, str] = {}
    for path in paths:
        first.setdefault(kind(path), path)
    return [path for name, path in first.items() if name in shared]


@pytest.mark.slow
def test_a_difference_is_seen(built: dict[str, Path], tmp_path: Path) -> None:
    import shutil

    from peers import comparing

    changed = tmp_path / "hugo"
    shutil.copytree(built["hugo"], changed)
    awards = sorted(changed.glob("awards/*"))
    page, document, gone = awards[0] / "index.html", awards[1] / "assertion.json", awards[2] / "oembed.json"
    page.write_text(page.read_text("utf-8").replace("Check it yourself", "Believe it"), encoding="utf-8")
    document.write_text(document.read_text("utf-8").replace("w3id.org", "example.org"), encoding="utf-8")
    gone.unlink()
    seen = comparing.likeness(built["ours"], changed)
    assert seen.other_words == [f"awards/{awards[0].name}/index.html"]
    assert seen.other_data == [f"awards/{awards[1].name}/assertion.json"]
    assert seen.missing == [f"awards/{awards[2].name}/oembed.json"]
