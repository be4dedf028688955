"""JSON Schemas for editors, generated from the models (`python -m badge_passport.model.schema FOLDER`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, create_model

from badge_passport.model import records
from badge_passport.model.texts import Record


def _cohort() -> type[BaseModel]:
    """An award file: the fields of an award, all optional, above a list of awards."""
    row: dict[str, Any] = {
        name: (Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation, None)
        for name, field in records.AwardRecord.model_fields.items()
    }
    item = create_model("Award", __base__=Record, **row)
    return create_model("AwardFile", __base__=Record, **row, awards=(list[item] | None, None))


def schemas() -> dict[str, dict[str, Any]]:
    """File name to JSON Schema, one for each kind of YAML file."""
    models: dict[str, type[BaseModel]] = {
        "site": records.SiteRecord,
        "issuer": records.IssuerRecord,
        "badge": records.BadgeRecord,
        "framework": records.FrameworkRecord,
        "participant": records.ParticipantRecord,
        "awards": _cohort(),
        "erased": records.ErasedRecord,
        "endorsement": records.EndorsementRecord,
    }
    return {
        f"{name}.schema.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(by_alias=True),
        }
        for name, model in models.items()
    }


def write(folder: Path) -> None:
    """Write every schema into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
