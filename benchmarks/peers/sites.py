"""Generated sites and their builds: where they lie, how ours is built, and what is measured of it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generate import generate
from peers.processes import Cost, run

MEMORY = Path("/dev/shm")
_BYTES_AN_AWARD = 150_000
"""What a built site takes, generously: pages, pictures, archives."""
_WHOLE = ".whole"
UNBAKED = "output: {baked: []}\n"
"""No picture that holds its badge: none of the peers can make one."""
PASSPORT = (sys.executable, "-m", "badge_passport")


@dataclass(frozen=True)
class Site:
    """A generated site; three awards for each person, as everywhere here."""

    folder: Path
    participants: int
    awards: int


def site(work: Path, participants: int, awards: int, settings: str = "") -> Site:
    """The site of that size, generated unless it is there from before."""
    kept = "".join(c if c.isalnum() else "-" for c in settings.strip())
    folder = work / f"site-{participants}-{awards}{'-' + kept if kept else ''}"
    if not (folder / _WHOLE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        generate(folder, participants, awards, signed=True, settings=settings)
        (folder / _WHOLE).touch()
    return Site(folder, participants, awards)


def compared(work: Path, passports: int) -> Site:
    """The site that is built by all of them; its pages are those of the peers, word for word."""
    return site(work, passports, 3 * passports, unbaked())


def unbaked() -> str:
    """The setting that leaves baking out; empty if this version bakes in any case."""
    return UNBAKED if can_leave_out_baking() else ""


def room(work: Path, awards: int, each: int = _BYTES_AN_AWARD) -> Path:
    """Where outputs go: memory if they fit there with much to spare, else the folder of the benchmark.

    ``each`` are the bytes of an award, with its part of a person.
    """
    fits = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * awards * each
    folder = MEMORY / f"badge-passport-bench-{os.getpid()}" if fits else work / "out"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def options() -> str:
    """The help of `passport build`: what this version of it can do."""
    import subprocess

    return subprocess.run([*PASSPORT, "build", "--help"], capture_output=True, text=True, check=True).stdout


@cache
def can_leave_out_baking() -> bool:
    """Whether site.yml knows ``output: {baked: …}``."""
    from badge_passport.model.site import OutputOptions

    return "baked" in OutputOptions.model_fields


def build(of: Site, target: Path, *, core: int | None = None, fresh: bool = True) -> Cost:
    """`passport build`; ``fresh`` begins without output and cache, what was there is removed before."""
    if fresh:
        forget(of, target)
    jobs = ["--jobs", "1"] if core is not None and "--jobs" in options() else []
    return run([*PASSPORT, "build", "--site", of.folder, "--output", target, *jobs], core=core)


def check(of: Site, *, fresh: bool) -> Cost:
    """`passport check`."""
    if fresh:
        forget(of)
    return run([*PASSPORT, "check", "--site", of.folder])


def forget(of: Site, target: Path | None = None) -> None:
    """Remove an output, and all that was kept of earlier runs: beside it, and in the folder of the site."""
    kept = [path for path in of.folder.glob(".*") if path.name != _WHOLE]
    if target is not None and target.parent.is_dir():
        kept += [p for p in target.parent.iterdir() if p.name.removeprefix(".").startswith(target.name)]
    for path in kept:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def size(folder: Path) -> tuple[int, int]:
    """Files and bytes of a folder."""
    files = total = 0
    for place, _, names in os.walk(folder):
        files += len(names)
        total += sum(os.lstat(f"{place}/{name}").st_size for name in names)
    return files, total
