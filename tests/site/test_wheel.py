"""The wheel without the checkout: it brings its themes and starter, and its command works."""

from __future__ import annotations

import os
import site as site_packages
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from demo import ROOT


def run(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_what_it_needs_and_nothing_private(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "badge_passport/cli/__init__.py",
        "badge_passport/diagnostics/catalogue.toml",
        "badge_passport/_bundle/verify.js",
        "badge_passport/_bundle/contexts.json",
        "badge_passport/_bundle/messages.json",
        "badge_passport/_bundle/fonts/readex-pro-arabic.woff2",
        "badge_passport/_bundle/land.json",
        "badge_passport/_bundle/fonts/readex-pro-bold.ttf",
        "badge_passport/_data/themes/passport/templates/award.html",
        "badge_passport/_data/themes/passport/mkdocs/shell.html",
        "badge_passport/_data/themes/passport/locales/ar.po",
        "badge_passport/_data/starter/site.yml",
        "badge_passport/_data/starter/starter/.github/workflows/check.yml",
        "badge_passport/_data/starter/starter/.github/ISSUE_TEMPLATE/award.yml",
        "badge_passport/_data/starter/starter/.gitlab-ci.yml",
        "badge_passport/_data/starter/schemas/badge.schema.json",
        "badge_passport/_data/starter/badges/dialogue-harbour/issuer.yml",
    ):
        assert wanted in names
    assert not [n for n in names if "tests/" in n or "private/" in n or n.endswith(".pyc") or "public/" in n]
    assert not [n for n in names if "node_modules" in n]


def test_a_wheel_is_made_of_the_source_distribution_without_node(tmp_path: Path) -> None:
    """Whoever installs either never needs Node: the source distribution brings the bundle along."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        assert not [n for n in archive.getnames() if "node_modules" in n]
        archive.extractall(tmp_path, filter="data")
    source = next(p for p in tmp_path.iterdir() if p.is_dir())
    (tmp_path / "bin").mkdir()
    environment = {**os.environ, "PATH": str(tmp_path / "bin")}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    made = next(tmp_path.glob("*.whl"))
    assert "badge_passport/_bundle/verify.js" in zipfile.ZipFile(made).namelist()


def test_the_wheel_works_on_its_own(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are those of the tests, by a path file; the package itself only from the wheel."""
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", wheel, cwd=tmp_path)
    own = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    shared = [p for p in site_packages.getsitepackages() if Path(p).is_dir()]
    # The editable install of the checkout must not be found: only folders of packages are shared.
    (own / "dependencies.pth").write_text(
        "\n".join(f"import sys; sys.path.append({p!r})" for p in shared) + "\n"
    )
    where = run(python, "-c", "import badge_passport; print(badge_passport.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(own)
    passport = tmp_path / "env" / "bin" / "passport"
    run(passport, "init", "mine", "--url", "https://badges.example.org/mine/", cwd=tmp_path)
    said = run(passport, "build", cwd=tmp_path / "mine")
    assert "17 badges" in said
    assertion = next((tmp_path / "mine" / "public" / "awards").glob("*/assertion.json")).read_text()
    assert "https://badges.example.org/mine/awards/" in assertion
    assert (tmp_path / "mine" / "public" / "ar" / "index.html").is_file()
    assert (tmp_path / "mine" / "public" / "assets" / "verify.js").is_file()
