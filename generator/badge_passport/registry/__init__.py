"""The registry: the resolved site, and the rules that hold in it."""

from __future__ import annotations

from badge_passport.diagnostics import Diagnostic, has_errors
from badge_passport.registry.addresses import plain_addresses
from badge_passport.registry.entities import Registry
from badge_passport.registry.held import again
from badge_passport.registry.key_material import private_keys
from badge_passport.registry.known import Known
from badge_passport.registry.load import Keep, load
from badge_passport.registry.resolve import resolve
from badge_passport.registry.rules import RULES
from badge_passport.source.files import Tree

__all__ = ["Registry", "assemble"]


def assemble(
    tree: Tree, keep: Keep = lambda *_: True, known: Known | None = None, *, whole: bool = True
) -> tuple[Registry | None, list[Diagnostic]]:
    """The registry of a tree and all its problems; with errors among them it must not be published.

    The rules run only over records that could be read and resolved: a rule would otherwise complain about
    the consequences of a typing mistake instead of the mistake. A tree that is not ``whole`` lacks files that
    could not be read, and nothing is said of what refers to them. ``keep`` and ``known`` are those of `load`.
    """
    if known is not None and known.held is not None and (found := again(tree, known, known.held)):
        return found
    records, problems = load(tree, keep, known)
    used = known.used if known is not None else frozenset[str]()
    problems += plain_addresses(tree, records, used)
    problems += private_keys(tree, used)
    registry, more = resolve(tree, records, sound=whole and not has_errors(problems))
    problems += more if whole else [one for one in more if not one.code.startswith("unknown-")]
    if registry is not None and whole and not has_errors(problems):
        problems += [problem for rule in RULES for problem in rule(registry)]
    return registry, problems
