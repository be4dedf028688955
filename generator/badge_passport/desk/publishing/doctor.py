"""Whether the set-up of a site is right: what `passport doctor` looks at, one function for each matter."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from badge_passport.desk.claims.codes import CLAIM_KEY, claim_key
from badge_passport.desk.keys import load_keys
from badge_passport.desk.people.links import PASSPORTS_KEY, VARIABLE, find_seals
from badge_passport.desk.people.roster import ROSTER, Roster, read_roster
from badge_passport.desk.publishing import strays
from badge_passport.desk.publishing.traces import Traces, has_tables, in_history
from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.registry import Registry
from badge_passport.registry.privacy import is_sealed
from badge_passport.source import parquet
from badge_passport.source.commits import GitError, git

DEMO = "badge-passport.github.io"
NAMESPACE = "virtual-exchange-badges-demo"
WAYS = (".github/workflows", ".gitlab-ci.yml")


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: a site that can be read, and what is around it."""

    root: Path
    registry: Registry
    environment: Mapping[str, str]

    @property
    def in_git(self) -> bool:
        """Whether the site is in a repository."""
        try:
            return git(self.root, "rev-parse", "--is-inside-work-tree").strip() == b"true"
        except GitError:
            return False

    def roster(self) -> Roster:
        """The roster, as far as it can be read."""
        return read_roster(self.root)[0]


Matter = Callable[[Patient], Iterator[Diagnostic]]


def address_is_final(patient: Patient) -> Iterator[Diagnostic]:
    """The address and the namespace are the site's own."""
    site = patient.registry.site
    if DEMO in site.url or "example.org" in site.url:
        yield _wrong(
            "“url” is still that of an example",
            Place("site.yml", ("url",)),
            "write the address where people will find the site, for good; every badge carries it.",
        )
    if not site.url.startswith("https://"):
        yield _wrong(
            "“url” does not start with https://",
            Place("site.yml", ("url",)),
            "use a host with HTTPS; verifiers ask for it, and signing needs it.",
        )
    if site.id_namespace == NAMESPACE:
        yield _wrong(
            "“idNamespace” is that of the demonstration",
            Place("site.yml", ("idNamespace",)),
            "write any text of your own before the first badge is issued, and never change it.",
        )


def history_is_kept(patient: Patient) -> Iterator[Diagnostic]:
    """The site is in git, and nothing private is."""
    if not patient.in_git:
        yield _wrong("the site is not in git", None, "run `git init`, `git add -A` and `git commit`.")
        return
    for name in ("private/", "public/"):
        try:
            git(patient.root, "check-ignore", "-q", name)
        except GitError:
            yield _wrong(
                f"git does not ignore {name}", Span(".gitignore"), f"write “{name}” into .gitignore."
            )
    tracked = git(patient.root, "ls-files", "-z", "--", "private").decode("utf-8", "replace").split("\0")
    for name in filter(None, tracked):
        yield _wrong(
            "a file of private/ is in git",
            Span(name),
            "take it out: git rm --cached, and see docs/privacy.md.",
        )
    for name in _tables_of_people(patient):
        yield strays.in_a_table(name, strays.IN_GIT)
    past = git(patient.root, "log", "--all", "--format=", "--name-only", "-z", "--", "private")
    if any(past.split(b"\0")) and not any(tracked):
        yield _wrong(
            "the history holds files of private/",
            None,
            "count them as published; docs/privacy.md says how a history is rewritten.",
        )


def _tables_of_people(patient: Patient) -> Iterator[str]:
    """Tables with addresses that git has, beside the records of the site."""
    if patient.registry.site.privacy.plain_email == "allow":
        return
    allowed = {issuer.record.email.lower() for issuer in patient.registry.issuers.values()}
    for name in git(patient.root, "ls-files", "-z").decode("utf-8", "replace").split("\0"):
        if strays.is_stray(name) and (patient.root / name).is_file():
            yield from strays.with_addresses({name: (patient.root / name).read_bytes()}, allowed)


def private_files_are_private(patient: Patient) -> Iterator[Diagnostic]:
    """Nobody else on this machine reads keys and addresses."""
    private = patient.root / "private"
    for file in sorted(private.rglob("*")) if private.is_dir() else ():
        if file.is_file() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            name = file.relative_to(patient.root).as_posix()
            yield _wrong(
                "others on this machine may read this file", Span(name), f"run chmod 600 {name}.", "warning"
            )


def keys_are_here(patient: Patient) -> Iterator[Diagnostic]:
    """The keys of the issuers that sign, and that of private passports if there are any.

    Without the first only a preview can be built here, without the other private passports are left out.
    """
    _, problems = load_keys(patient.registry, patient.root / "private" / "keys", patient.environment)
    for problem in problems:
        yield _wrong(
            problem.message,
            problem.where,
            f"{problem.help} A build server may have it as a secret.",
            "warning",
        )
    sealed = sorted(p.slug for p in patient.registry.participants.values() if is_sealed(p))
    seals, damaged = find_seals([patient.root / "private"], patient.environment)
    if damaged is not None:
        yield damaged
    elif sealed and seals is None:
        yield _wrong(
            f"the key of private passports is not here, and a build leaves them out: {_some(sealed)}",
            Span(PASSPORTS_KEY),
            f"put it back from your copy, or make the first one: `passport people link {sealed[0]}`. "
            f"A build server may have it as a secret, {VARIABLE}.",
            "warning",
        )


def roster_fits(patient: Patient) -> Iterator[Diagnostic]:
    """Everybody in the roster has a file, and everybody with a file can be written to."""
    roster, problems = read_roster(patient.root)
    yield from problems
    known = {*patient.registry.participants, *(old.slug for old, _ in patient.registry.former)}
    for number, entry in enumerate(roster.entries, 2):
        if entry.participant not in known:
            yield _wrong(
                f"“{entry.participant}” has an address and no file",
                Span(ROSTER, number),
                "remove the row, or bring the file back.",
            )
    if roster.entries:
        silent = sorted(known - {entry.participant for entry in roster.entries})
        if silent:
            yield _wrong(
                f"{len(silent)} people cannot be written to: {_some(silent)}",
                Span(ROSTER),
                "add their addresses, if they want mail about their badges.",
                "warning",
            )
        if claim_key(patient.root, patient.environment) is None:
            yield _wrong(
                "there is no key for claim codes",
                Span(CLAIM_KEY),
                "`passport notify` makes it; keep a copy, or codes that were sent cannot be accepted.",
                "warning",
            )


def publication_is_set_up(patient: Patient) -> Iterator[Diagnostic]:
    """Something publishes what is pushed, or `passport publish` knows where to."""
    if (
        patient.registry.site.publish is None
        and patient.in_git
        and not any((patient.root / way).exists() for way in WAYS)
    ):
        remotes = git(patient.root, "remote").split()
        if not remotes:
            yield _wrong(
                "nothing publishes this site yet",
                None,
                "docs/hosting.md has three ways: GitHub Pages, GitLab Pages, a server of your own; or write "
                "publish: {to: …} into site.yml, as docs/publishing.md says.",
                "warning",
            )


def no_address_in_the_history(patient: Patient) -> Iterator[Diagnostic]:
    """No address of the roster is in any commit, in any encoding."""
    addresses = [entry.address for entry in patient.roster().entries]
    if patient.in_git and addresses:
        for what in in_history(Traces(addresses), patient.root):
            yield _wrong(
                f"an address of the roster is in the history: {what}",
                None,
                "count it as published; docs/privacy.md says how a history is rewritten.",
            )
        if not parquet.can_read() and has_tables(patient.root):
            yield _wrong(
                "there are Parquet tables in the history, which were not looked into",
                None,
                'install what reads them, and ask again: pip install "badge-passport[parquet]".',
                "warning",
            )


MATTERS: tuple[tuple[str, Matter], ...] = (
    ("the address is final", address_is_final),
    ("the history is kept, and nothing private is in it", history_is_kept),
    ("private files can be read by their owner alone", private_files_are_private),
    ("the keys are here", keys_are_here),
    ("the roster fits the people", roster_fits),
    ("something publishes the site", publication_is_set_up),
)
HISTORY: tuple[str, Matter] = ("no address of the roster is in the history", no_address_in_the_history)


def _some(slugs: list[str]) -> str:
    return ", ".join(slugs[:5]) + ("…" if len(slugs) > 5 else "")


def _wrong(message: str, where: Place | Span | None, fix: str, severity: str = "error") -> Diagnostic:
    return Diagnostic("setup-wrong", message, where, fix, "warning" if severity == "warning" else "error")
