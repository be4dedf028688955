"""`passport publish` to a branch: one commit of the build, whatever else is there, whenever it is killed."""

from __future__ import annotations

import random
import stat
import subprocess
import time
from pathlib import Path

import pytest

import repositories
from publishing import Builds, builds, files, killed, publish, published
from servers import nginx

__all__ = ["builds"]


def tree(bare: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """Every file of a branch, as it is at one moment: what a killed process began may still arrive."""
    commit = repositories.git(bare, "rev-parse", branch).strip()
    names = repositories.git(bare, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")[:-1]
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=bare,
        input="".join(f"{commit}:{name}\n" for name in names).encode(),
        capture_output=True,
        check=True,
    ).stdout
    found, at = {}, 0
    for name in names:
        end = done.index(b"\n", at)
        size = int(done[at:end].split()[2])
        found[name] = done[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    folder = tmp_path / "remote.git"
    folder.mkdir()
    repositories.git(folder, "init", "-q", "--bare")
    repositories.git(folder, "config", "receive.fsckObjects", "true")
    return folder


def test_a_branch_is_one_commit_of_the_build_by_nobody(builds: Builds, tmp_path: Path, bare: Path) -> None:
    to = f"git:{bare}#gh-pages"
    more = {"GIT_AUTHOR_EMAIL": "amira@example.org", "GIT_COMMITTER_EMAIL": "amira@example.org"}
    published(tmp_path, "--built", builds.first, "--to", to, more=more)
    assert tree(bare) == files(builds.first)
    first = repositories.git(bare, "rev-parse", "gh-pages")
    assert "nothing changed" in published(tmp_path, "--built", builds.first, "--to", to)
    assert repositories.git(bare, "rev-parse", "gh-pages") == first
    said = published(tmp_path, "--built", builds.second, "--to", to)
    assert tree(bare) == files(builds.second)
    assert repositories.git(bare, "rev-list", "--count", "gh-pages").strip() == "1"
    log = repositories.git(bare, "log", "--format=%an <%ae> %cn <%ce> %s", "gh-pages")
    assert log == "Badge Passport <> Badge Passport <> Publish the site\n"
    old, new = files(builds.first), files(builds.second)
    changed = sum(old.get(p) != d for p, d in new.items() if p != "manifest.json")
    assert said.startswith(f"{changed} files sent")
    assert f"{len(old.keys() - new.keys())} deleted" in said


def test_another_machine_goes_on_and_keeps_what_is_not_ours(
    builds: Builds, tmp_path: Path, bare: Path
) -> None:
    to = f"git:{bare}#gh-pages"
    published(tmp_path, "--built", builds.first, "--to", to)
    clone = tmp_path / "clone"
    repositories.git(tmp_path, "clone", "-q", "-b", "gh-pages", str(bare), str(clone))
    (clone / "CNAME").write_text("badges.example.org\n")
    (clone / "run.sh").write_text("#!/bin/sh\n")
    (clone / "run.sh").chmod(0o755)
    repositories.commit(clone)
    repositories.git(clone, "push", "-q", "origin", "gh-pages")
    other = tmp_path / "other"
    other.mkdir()
    published(other, "--built", builds.second, "--to", to)
    strange = {"CNAME": b"badges.example.org\n", "run.sh": b"#!/bin/sh\n"}
    assert tree(bare) == {**files(builds.second), **strange}
    assert repositories.git(bare, "ls-tree", "gh-pages", "run.sh").startswith("100755")
    published(tmp_path, "--built", builds.first, "--to", to)
    assert tree(bare) == {**files(builds.first), **strange}


def test_a_push_sends_only_objects_that_are_new(builds: Builds, tmp_path: Path, bare: Path) -> None:
    to = f"git:{bare}#gh-pages"
    published(tmp_path, "--built", builds.first, "--to", to)
    repositories.git(bare, "config", "receive.unpackLimit", "1")  # a push stays a pack of its own
    published(tmp_path, "--built", builds.second, "--to", to)
    packs = sorted((bare / "objects/pack").glob("*.idx"), key=lambda file: file.stat().st_mtime)
    sent = repositories.git(bare, "verify-pack", "-v", str(packs[-1])).count(" blob ")
    old, new = files(builds.first), files(builds.second)
    changed = set(new.values()) - set(old.values())
    assert len(changed) < len(set(new.values())) / 2
    # A file may come as a difference from an old one, which the server adds to the pack.
    assert len(changed) <= sent <= 2 * len(changed) < len(set(new.values()))


def test_a_branch_over_smart_http_as_code_hosts_have_it(builds: Builds, tmp_path: Path, bare: Path) -> None:
    repositories.git(bare, "config", "http.receivepack", "true")
    shared = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    with nginx(tmp_path / "nginx", tmp_path, tmp_path, environment=shared) as address:
        to = f"git:{address}git/remote.git#gh-pages"
        for build_of in (builds.first, builds.second):
            published(tmp_path, "--built", build_of, "--to", to)
            assert tree(bare) == files(build_of)
        (tmp_path / "other").mkdir()
        published(tmp_path / "other", "--built", builds.first, "--to", to)
        assert tree(bare) == files(builds.first)


def test_attributes_and_hooks_of_the_machine_change_nothing(
    builds: Builds, tmp_path: Path, bare: Path
) -> None:
    config, hooks = tmp_path / "gitconfig", tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-push").chmod(0o755)
    (tmp_path / "attributes").write_text("* text eol=crlf\n")
    config.write_text(
        f"[core]\n autocrlf = true\n attributesFile = {tmp_path}/attributes\n hooksPath = {hooks}\n"
    )
    more = {"GIT_CONFIG_GLOBAL": str(config)}
    published(tmp_path, "--built", builds.first, "--to", f"git:{bare}#gh-pages", more=more)
    assert tree(bare) == files(builds.first)


def test_a_branch_with_something_else_is_refused(builds: Builds, tmp_path: Path, bare: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "site.yml").write_text("name: Source\n")
    repositories.start(work)
    repositories.git(work, "push", "-q", str(bare), "main")
    before = repositories.git(bare, "rev-parse", "main")
    done = publish(tmp_path, "--built", builds.first, "--to", f"git:{bare}#main")
    assert done.returncode == 1
    assert "[publish-not-ours]" in done.stderr
    assert repositories.git(bare, "rev-parse", "main") == before
    # A remote may be called by its name, from the site's folder.
    repositories.git(work, "remote", "add", "origin", str(bare))
    published(work, "--built", builds.first, "--to", "git:origin#gh-pages")
    assert tree(bare) == files(builds.first)
    assert "?? .passport" not in repositories.git(work, "status", "--short")


def test_somebody_else_who_pushes_meanwhile_is_not_overwritten(
    builds: Builds, tmp_path: Path, bare: Path
) -> None:
    to = f"git:{bare}#gh-pages"
    published(tmp_path, "--built", builds.first, "--to", to)
    hook = bare / "hooks/pre-receive"
    # The push of somebody else lands between the look at the branch and the push.
    move = f'env -u GIT_QUARANTINE_PATH git --git-dir={bare} update-ref refs/heads/gh-pages "$(cat tip)"'
    hook.write_text(f'#!/bin/sh\nrm "$0"\n{move}\n')
    hook.chmod(hook.stat().st_mode | stat.S_IEXEC)
    other = repositories.git(
        bare, "commit-tree", "-m", "Other", repositories.git(bare, "rev-parse", "gh-pages^{tree}").strip()
    )
    (bare / "tip").write_text(other)
    done = publish(tmp_path, "--built", builds.second, "--to", to)
    assert done.returncode == 1
    assert "somebody else published to" in done.stderr
    assert repositories.git(bare, "rev-parse", "gh-pages") == other
    published(tmp_path, "--built", builds.second, "--to", to)
    assert tree(bare) == files(builds.second)


def test_killed_at_any_moment_the_branch_is_one_build_or_the_other(
    builds: Builds, tmp_path: Path, bare: Path
) -> None:
    chance, to = random.Random(7), f"git:{bare}#gh-pages"
    wanted = [files(builds.first), files(builds.second)]
    published(tmp_path, "--built", builds.second, "--to", to)
    start = time.monotonic()
    published(tmp_path, "--built", builds.first, "--to", to)
    whole, broken = time.monotonic() - start, 0
    for number in range(100):
        target = [builds.second, builds.first][number % 2]
        wait = chance.uniform(0.3, 1) * whole
        broken += killed(tmp_path, "--built", target, "--to", to, begun=lambda: True, wait=wait)
        assert tree(bare) in wanted
        if broken == 15:
            break
    assert broken == 15
    published(tmp_path, "--built", builds.second, "--to", to)
    assert tree(bare) == wanted[1]


@pytest.mark.parametrize(
    ("remote", "said"),
    [
        ("nowhere.git", "there is no repository behind"),
        ("http://127.0.0.1:9/x.git", "gives no answer"),
        ("http://me:secret@127.0.0.1:9/x.git", "gives no answer"),
    ],
)
def test_a_remote_that_fails_is_explained(builds: Builds, tmp_path: Path, remote: str, said: str) -> None:
    done = publish(tmp_path, "--built", builds.first, "--to", f"git:{remote}#gh-pages")
    assert done.returncode == 1
    assert "error[publish-failed]" in done.stderr
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert not (tmp_path / ".passport").exists()


def test_what_the_other_side_says_is_told(builds: Builds, tmp_path: Path, bare: Path) -> None:
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    done = publish(tmp_path, "--built", builds.first, "--to", f"git:{bare}#gh-pages")
    assert done.returncode == 1
    assert "this branch is protected" in done.stderr and "nothing changed" in done.stderr
