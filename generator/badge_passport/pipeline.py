"""The whole flow on one screen: read → check → plan → write.

Every stage is a function from values to values; only reading and writing touch the disk. ``check`` stops
where the site is known to be good; ``build`` goes on only from there.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from badge_passport.diagnostics import Diagnostic, Place, Span, has_errors
from badge_passport.model.texts import Text
from badge_passport.registry import Registry, assemble
from badge_passport.registry.dates import not_yet
from badge_passport.registry.held import hold
from badge_passport.registry.known import Known
from badge_passport.registry.load import Keep
from badge_passport.registry.prints import Prints
from badge_passport.resources import Theme
from badge_passport.resources import theme as find_theme
from badge_passport.source import collecting, locating
from badge_passport.source.files import Tree, read_tree
from badge_passport.source.folders import Folders

if TYPE_CHECKING:
    from badge_passport.credentials.keys import IssuerKeys
    from badge_passport.credentials.sealing import Seals
    from badge_passport.pages.hosts import Host, Hosted, Request
    from badge_passport.publish.building import Built, Report
    from badge_passport.publish.engines import Engine
    from badge_passport.publish.memory import Memory
    from badge_passport.publish.plan import Lend, Plan


PREVIEW = "Preview: nothing on these pages is published, signed or valid."
"""What stands on every page of a site that was built without keys."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A site that was read and checked; ``registry`` is None if it cannot be built."""

    tree: Tree
    registry: Registry | None
    diagnostics: list[Diagnostic]
    theme: Theme | None = None
    prints: Prints | None = None

    @property
    def good(self) -> bool:
        """Whether it can be built: warnings do not count."""
        return self.registry is not None and not has_errors(self.diagnostics)

    def with_problems(self, problems: list[Diagnostic]) -> Checked:
        """This check with more problems, located like the others."""
        return replace(self, diagnostics=[*self.diagnostics, *locating.locate(self.tree, problems)])

    def with_notice(self, notice: str) -> Checked:
        """This check of a site whose pages carry another notice."""
        if self.registry is None:
            return self
        site = self.registry.site.model_copy(update={"notice": Text.model_validate(notice)})
        return replace(self, registry=replace(self.registry, site=site))

    def line_of(self, span: Span) -> str | None:
        """The source line of a span, for an excerpt."""
        return locating.line_of(self.tree, span)


def _mkdocs(request: Request) -> Hosted:
    from badge_passport.pages.hosts.mkdocs import host

    return host(request)


def _plain(request: Request) -> Hosted:
    from badge_passport.pages.hosts.plain import host

    return host(request)


HOSTS: Mapping[str, Host] = MappingProxyType({"mkdocs": _mkdocs, "plain": _plain})
"""The hosts by name; each is imported when it has something to make."""


def check(
    root: Path,
    today: datetime.date | None = None,
    changes: Mapping[str, bytes | None] | None = None,
    known: Known | None = None,
    folders: Folders | None = None,
) -> Checked:
    """Read a site and check everything about it; problems come located and sorted.

    ``today`` is for what only the calendar can tell; nothing that is built depends on it. ``changes`` is
    what files would hold (None: not be there), to check a change before it is made. What is ``known`` of
    files that did not change is not read again, unless anything is wrong with the site. ``folders`` are what
    was seen of its folder before, if anything was; they are forgotten when the site is read.
    """
    with collecting.at_rest():
        tree, diagnostics = read_tree(root, known.begin() if known is not None else {}, folders)
        if folders is not None:
            folders.forget()
        checked = check_tree(tree.with_changes(changes or {}), diagnostics, today, known=known)
        if known is not None and known.used and not checked.good:
            # Nobody is to be told of a mistake that is not in the texts.
            tree, diagnostics = read_tree(root)
            checked = check_tree(tree.with_changes(changes or {}), diagnostics, today)
        return checked


def check_tree(
    tree: Tree,
    diagnostics: list[Diagnostic],
    today: datetime.date | None,
    keep: Keep = lambda *_: True,
    known: Known | None = None,
) -> Checked:
    """Check what was read of a site, with the ``diagnostics`` of reading.

    ``keep`` and ``known`` are those of `load`.
    """
    from badge_passport.credentials import places
    from badge_passport.pages import images, links

    root = tree.root
    whole = not has_errors(diagnostics)
    registry, found = (
        assemble(tree, keep, known, whole=whole) if "site.yml" in tree.files else (None, list[Diagnostic]())
    )
    diagnostics += found
    theme = None
    if registry is not None and not has_errors(diagnostics):
        diagnostics += places.conflicts(registry)
        diagnostics += images.problems(registry, known.drawings if known is not None else ())
        diagnostics += links.problems(registry)
        diagnostics += not_yet(registry, today) if today else ()
        theme = find_theme(registry.site.theme, root)
        if theme is None:
            diagnostics.append(
                Diagnostic(
                    "unknown-theme",
                    f"no theme called “{registry.site.theme}”",
                    Place("site.yml", ("theme",)),
                    "themes are the folders of themes/; leave “theme” out for the one that comes with us.",
                )
            )
        elif len(theme.layers) > 1:
            from badge_passport.pages import catalogues

            diagnostics += catalogues.problems(theme, registry.site.languages, root)
    prints = Prints(tree, registry) if registry is not None else None
    return Checked(tree, registry, locating.locate(tree, diagnostics), theme, prints)


def learn(checked: Checked, known: Known) -> None:
    """Let ``known`` hold what a good check came to, so that the next one looks at what a change concerns."""
    from badge_passport.pages import images

    if checked.good and checked.registry is not None and checked.prints is not None:
        known.draw(images.drawings(checked.registry))
        known.hold(hold(checked.tree, checked.registry, checked.prints, checked.diagnostics, known.held))


def planned(
    checked: Checked,
    keys: Mapping[str, IssuerKeys] | None = None,
    seals: Seals | None = None,
    lend: Lend | None = None,
    memory: Path | None = None,
) -> Plan:
    """The plan of a site that was found good; the arguments are those of `build`.

    Raises:
        ValueError: the check was not good.
    """
    from badge_passport.pages.hosts.kept import Remembering
    from badge_passport.publish.plan import Plan

    if not checked.good or checked.registry is None or checked.theme is None:
        raise ValueError("a site with errors is never built")
    registry = checked.registry
    host = HOSTS[registry.site.host]
    if memory is not None:
        host = Remembering(host, memory.parent)
    return Plan(registry, host, checked.theme, keys or {}, seals, lend)


def build(
    checked: Checked,
    target: Path,
    report: Report = lambda *_: None,
    keys: Mapping[str, IssuerKeys] | None = None,
    seals: Seals | None = None,
    engine: Engine | None = None,
    memory: Path | None = None,
    lend: Lend | None = None,
) -> Built:
    """Bring the site in ``target`` to what a good check says.

    ``engine`` does the work: by default this process alone. Machines of a cluster find keys by ``lend``.
    ``keys`` sign, by issuer; ``seals`` encrypts private passports, which are left out without it. ``memory``
    is the file that remembers what lies in ``target``, in a folder for such files: with it only what has
    changed is made and written. Without it the site is written whole, or not at all.

    Raises:
        ValueError: the check was not good.
        HostError: the host refused the site's options.
        Busy: another build writes the same target.
        WorkerLost: one of the processes died; the target is as it was.
        OSError: the target cannot be written; it is as it was, or the next build goes on from there.
    """
    from badge_passport.publish import building, fingerprints
    from badge_passport.publish.engines import Processes

    plan = planned(checked, keys, seals, lend, memory)
    tree, registry, theme, own = checked.tree, plan.registry, plan.theme, plan.keys

    def printed(plan: Plan, before: Memory) -> fingerprints.Parts:
        prints = checked.prints or Prints(tree, registry)
        common = fingerprints.common(tree, theme, own, seals, plan.shells, prints.badge_files)
        return fingerprints.Parts(prints, plan, common, before.standing)

    with collecting.frozen():
        return building.build(
            plan, target, engine or Processes(), report, memory, printed if memory else None
        )
