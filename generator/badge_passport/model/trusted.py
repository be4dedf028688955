"""Records that were checked before and written out by us: their schemas without the checks in Python."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import core_schema

from badge_passport.model import texts, values

# What was checked when it was written by somebody, and need not be checked again: it was good then. What
# becomes part of a path is looked at again all the same.
_CHECKED: Final = (texts.as_text, texts.clean)
_SLUG: Final = core_schema.str_schema(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80, strict=True)


def trusting(model: type[BaseModel]) -> Any:
    """The schema of a record in JSON as its serializer writes it, which is made in Rust alone."""
    model.model_rebuild()  # if it was not built yet
    return _trusting(model.__pydantic_core_schema__)


def _trusting(schema: Any) -> Any:
    """The schema of records as they were written out, without checks in Python that they passed before."""
    if isinstance(schema, list | tuple):
        return type(schema)(map(_trusting, schema))
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") in ("function-before", "function-after"):
        function = schema["function"]["function"]
        if function is values.slug_of:
            return _SLUG
        if function is values.date_of:
            return core_schema.date_schema()
        if function in _CHECKED or getattr(function, "__func__", None) is texts.Text.from_string.__func__:
            return _trusting(schema["schema"])
    left = ("metadata", "serialization", "cls", "default", "function")
    return {key: value if key in left else _trusting(value) for key, value in schema.items()}
