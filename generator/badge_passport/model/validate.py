"""From plain values to records, with every problem of a value at once and at its place."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from badge_passport.diagnostics import Diagnostic, Keys, Place, did_you_mean

R = TypeVar("R", bound=BaseModel)
Origin = Callable[[Keys], Place]

_CODES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "string_too_long": "value-too-long",
    "too_long": "value-too-long",
    "string_pattern_mismatch": "bad-value",
    "literal_error": "bad-value",
    "greater_than_equal": "bad-value",
    "less_than_equal": "bad-value",
    "too_short": "bad-value",
    "string_too_short": "bad-value",
}
_KINDS = {
    "string": "text",
    "list": "a list",
    "dict": "a mapping (key: value)",
    "model": "a mapping (key: value)",
    "int": "a whole number",
    "bool": "true or false",
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
        at = next((i for i, step in enumerate(loc) if _is_branch(step)), None)
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


def _is_branch(step: object) -> bool:
    return step in ("CompetenceAlignment", "AlignmentRecord")


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _diagnostic(record: type[BaseModel], detail: ErrorDetails, value: Any, origin: Origin) -> Diagnostic:
    loc: Keys = tuple(step for step in detail["loc"] if not _is_branch(step) and step != "[key]")
    kind = detail["type"]
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
        place = origin(loc)
        return Diagnostic(
            "unknown-key",
            f"there is no key “{str(loc[-1])[:60]}” here",
            Place(place.file, place.path, key=True),
            did_you_mean(str(loc[-1]), known) + listed,
        )
    if kind.endswith("_type") or kind in ("int_parsing", "bool_parsing", "int_from_float"):
        wanted = _KINDS.get(kind.partition("_")[0], "another kind of value")
        found = "nothing" if _at(value, loc) is None else "something else"
        return Diagnostic(
            "wrong-type",
            f"this must be {wanted}, but it is {found}",
            origin(loc),
            f"write {wanted} after the colon.",
        )
    if kind in _CODES:
        return Diagnostic(_CODES[kind], _sentence(detail), origin(loc), str(context.get("help", "")))
    # A PydanticCustomError of ours: its type is the code.
    return Diagnostic(kind, detail["msg"], origin(loc), str(context.get("help", "")))


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
        return "this is empty"
    return f"“{shown}” is out of range"


def _keys_at(record: Any, loc: Keys) -> set[str]:
    """The keys that the model allows at ``loc``, found by walking its annotations."""
    model: Any = record
    for step in loc:
        if step in ("CompetenceAlignment", "AlignmentRecord"):
            model = next((m for m in _models(model) if m.__name__ == step), None)
        elif isinstance(model, type) and issubclass(model, BaseModel) and isinstance(step, str):
            model = next(
                (f.annotation for n, f in model.model_fields.items() if (f.alias or n) == step), None
            )
        found = _models(model)
        model = found[0] if len(found) == 1 else model
    if isinstance(model, type) and issubclass(model, BaseModel):
        return {f.alias or n for n, f in model.model_fields.items()}
    return set()


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    if get_origin(annotation) in (Annotated, Union, types.UnionType, list, dict, tuple):
        return [m for a in get_args(annotation) for m in _models(a)]
    return []
