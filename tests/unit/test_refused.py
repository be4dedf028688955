"""What the machine refuses is told with the file of which it does, and with what to do."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

from badge_passport.cli.shared import refused
from browser.site import require
from minimal import MakeSite

MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"]
"""What takes from root the right to read and write everything."""


def run(*arguments: object) -> tuple[int, str]:
    """The command, as somebody who is held to permissions."""
    prefix = MORTAL if os.geteuid() == 0 else []
    require(not prefix or shutil.which("setpriv"), "root may do everything here: setpriv is not installed")
    command = [*prefix, sys.executable, "-m", "badge_passport", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_file_is_that_of_the_site() -> None:
    said, fix = refused(OSError(errno.EACCES, "Permission denied", "/a/b/.amira.yml.passport-new"))
    assert said == "Permission denied: /a/b/amira.yml" and "ls -ld" in fix
    said, fix = refused(OSError(errno.ENOSPC, "No space left on device"))
    assert said == "No space left on device" and "make room" in fix
    assert (
        refused(OSError(errno.EIO, "Input/output error", "x"))[1] == "look at the permissions and the disk."
    )


def test_commands_name_what_they_may_not_write(make_site: MakeSite) -> None:
    site = make_site()
    folders = [site, *(folder for folder in site.rglob("*") if folder.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    for arguments, file in (
        (("people", "rename", "amira", "mira", "--yes"), "content/participants/mira.yml"),
        (
            ("revoke", "--participant", "amira", "--reason", "no", "--yes"),
            "content/awards/harbour/spring.yml",
        ),
        (("keys", "new", "harbour"), "private"),
    ):
        code, said = run(*arguments, "--site", site)
        assert code == 1 and f"error: Permission denied: {site / file}\n  help: run this as" in said, said
    code, said = run("build", "--site", site)
    assert code == 1 and f"could not be written (Permission denied: {site});" in said, said
    for folder in folders:
        folder.chmod(0o755)


def test_what_may_not_be_read_has_no_trail(make_site: MakeSite) -> None:
    site = make_site()
    file = site / "content/participants/amira.yml"
    file.chmod(0)
    code, said = run("check", "--site", site)
    assert code == 1 and "amira.yml:1:1: error[file-unreadable]" in said and "1 error(s)" in said


def test_an_output_that_may_not_be_read_may_be_ours(make_site: MakeSite, tmp_path: Path) -> None:
    site, public = make_site(), tmp_path / "public"
    assert run("build", "--site", site, "--output", public)[0] == 0
    (public / "manifest.json").chmod(0)
    (site / "content/pages").mkdir()
    (site / "content/pages/new.md").write_text("# New\n", encoding="utf-8")
    code, said = run("build", "--site", site, "--output", public)
    assert code == 1 and f"Permission denied: {public / 'manifest.json'}" in said
