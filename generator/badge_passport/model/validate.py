"""From plain values to records, with every problem of a value at once and at its place."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from badge_passport.diagnostics import Diagnostic, Keys, Place, did_you_mean
from badge_passport.diagnostics.catalogue import CATALOGUE

R = TypeVar("R", bound=BaseModel)
Origin = Callable[[Keys], Place]

_CODES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "string_too_long": "value-too-long",
    "too_long": "value-too-long",
}
_KINDS = {
    "string": "text",
    "list": "a list",
    "dict": "a mapping (key: value)",
    "model": "a mapping (key: value)",
    "int": "a whole number",
    "bool": "true or false",
}
_FOUND: dict[type, str] = {
    type(None): "nothing",
    str: "text",
    list: "a list",
    dict: "a mapping",
    bool: "true or false",
}


def validate(record: type[R], value: Any, origin: Origin) -> tuple[R | None, list[Diagnostic]]:
    """The record, or None with its problems. ``origin`` gives the place of a value by its keys."""
    if not isinstance(value, dict):
        what = "is empty" if value is None else "must hold keys and values (key: value)"
        return None, [Diagnostic("wrong-type", f"this record {what}", origin(()), _wanted(record))]
    try:
        return record.model_validate(value), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_diagnostic(record, detail, value, origin) for detail in _best_branch(details, value)]


def _wanted(record: type[BaseModel]) -> str:
    keys = [f.alias or n for n, f in record.model_fields.items() if f.is_required()]
    return f"it needs at least: {', '.join(keys)}."


def _best_branch(details: list[ErrorDetails], value: Any) -> list[ErrorDetails]:
    """For a union, pydantic reports every branch; keep the branch that complains least about keys."""
    branches: dict[Keys, dict[str, list[ErrorDetails]]] = {}
    plain = []
    for detail in details:
        loc = detail["loc"]
        at = next((i for i in range(len(loc)) if _is_branch(loc, i)), None)
        if at is None:
            plain.append(detail)
        else:
            branches.setdefault(loc[:at], {}).setdefault(str(loc[at]), []).append(detail)
    for keys, of in branches.items():
        inner = _at(value, keys)
        wanted = "CompetenceAlignment"
        if isinstance(inner, dict) and any(str(k).startswith("target") for k in inner):
            wanted = "AlignmentRecord"
        plain += of.get(wanted) or next(iter(of.values()))
    return plain


def _is_branch(loc: Keys, at: int) -> bool:
    """Whether a step names an alternative of a union, which is no key of the file."""
    return (
        at >= 2
        and loc[at] in ("CompetenceAlignment", "AlignmentRecord")
        and loc[at - 2] == "alignment"
        and isinstance(loc[at - 1], int)
    )


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _diagnostic(record: type[BaseModel], detail: ErrorDetails, value: Any, origin: Origin) -> Diagnostic:
    kind, full = detail["type"], detail["loc"]
    # With “[key]” the key of a mapping is at fault, not its value.
    of_key = len(full) > 1 and full[-1] == "[key]" and kind != "extra_forbidden"
    loc: Keys = tuple(step for i, step in enumerate(full[:-1] if of_key else full) if not _is_branch(full, i))
    place = replace(origin(loc), key=of_key)
    context = detail.get("ctx", {})
    if kind == "missing":
        return Diagnostic(
            "missing-key",
            f"the key “{loc[-1]}” is missing",
            origin(loc[:-1]),
            f"add a line “{loc[-1]}: …” to this record.",
        )
    if kind == "extra_forbidden":
        known = _keys_at(record, detail["loc"][:-1])
        listed = f"known keys: {', '.join(sorted(known))}." if known else ""
        return Diagnostic(
            "unknown-key",
            f"there is no key “{str(loc[-1])[:60]}” here",
            replace(place, key=True),
            did_you_mean(str(loc[-1]), known) + listed,
        )
    if kind.endswith("_type") or kind in ("int_parsing", "bool_parsing", "int_from_float"):
        wanted = _KINDS.get(kind.partition("_")[0], "another kind of value")
        found = _FOUND.get(type(_at(value, loc)), "a number")
        return Diagnostic(
            "wrong-type",
            f"this must be {wanted}, but it is {found}",
            place,
            f"write {wanted} after the colon.",
        )
    if kind in CATALOGUE:  # a PydanticCustomError of ours: its type is the code
        return Diagnostic(kind, detail["msg"], place, str(context.get("help", "")))
    code = _CODES.get(kind, "bad-value")
    advice = CATALOGUE[code].fix
    if kind.endswith("too_short"):
        advice = "write something, or leave the key out." if context["min_length"] < 2 else "write more."
    return Diagnostic(code, _sentence(detail), place, advice)


def _sentence(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    shown = str(detail["input"])[:60]
    if detail["type"] == "literal_error":
        return f"“{shown}” is not one of {context['expected']}"
    if detail["type"] == "string_pattern_mismatch":
        return f"“{shown}” does not have the right form"
    if detail["type"] == "string_too_long":
        return f"this text is longer than {context['max_length']} characters"
    if detail["type"] in ("string_too_short", "too_short"):
        least = context["min_length"]
        return "this is empty" if least < 2 else f"this text is shorter than {least} characters"
    return f"“{shown}” is out of range"


def _keys_at(record: Any, loc: Keys) -> set[str]:
    """The keys that the model allows at ``loc``, found by walking its annotations."""
    here: Any = record
    for at, step in enumerate(loc):
        if _is_branch(loc, at):
            here = next((m for m in _models(here) if m.__name__ == step), None)
        elif _is_model(here):
            here = next((f.annotation for n, f in here.model_fields.items() if (f.alias or n) == step), None)
        else:  # a number leads into a list, a key into a mapping: its values are what comes last
            here = next((get_args(a)[-1] for a in _collections(here)), None)
    found = _models(here)
    return {f.alias or n for n, f in found[0].model_fields.items()} if len(found) == 1 else set()


def _is_model(annotation: Any) -> bool:
    return len(_models(annotation)) == 1 and not any(_collections(annotation))


def _collections(annotation: Any) -> list[Any]:
    """The lists and mappings among the alternatives of an annotation."""
    if get_origin(annotation) in (list, dict):
        return [annotation]
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        return [c for a in get_args(annotation) for c in _collections(a)]
    return []


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    if get_origin(annotation) in (Annotated, Union, types.UnionType, list, dict, tuple):
        return [m for a in get_args(annotation) for m in _models(a)]
    return []
