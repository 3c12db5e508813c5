"""The forms of a profile as JSON schema, for editors."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}


def described(quantity: Schema, price: str, unit: str) -> Schema:
    """A quantity, a file, a time-of-use table or a generated series of this unit."""
    return {"anyOf": [quantity, _file(unit), _table(quantity, price), _GENERATED]}


def _mapping(about: str, required: list[str], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _file(unit: str) -> Schema:
    names = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
    return _mapping(
        "a column of a CSV or Parquet file",
        ["file"] if unit == "1" else ["file", "unit"],
        file=TEXT | {"description": "path from the plant file's folder"},
        column=names | {"description": "its name, or one for each chain"},
        unit=TEXT | {"description": f"unit of its values, such as {unit}"},
        zone=TEXT | {"description": "clock of stamps without zone, such as Asia/Shanghai"},
        time=TEXT | {"description": "name of the time column; stamps are starts of periods"},
        resample={"const": "mean", "description": "average finer steps"},
        year={"const": "any", "description": "match by month, day and hour"},
    )


def _table(quantity: Schema, price: str) -> Schema:
    days = {"enum": ["all", "workday", "weekend"]}
    row = _mapping(
        "a value and when it holds",
        [price],
        hours=TEXT | {"examples": ["8-11, 18-21", "22-6"]},
        months=TEXT | {"examples": ["1-3, 12"]},
        days=days,
        **{price: quantity},
    )
    rows = {"type": "array", "items": row, "description": "must cover every hour once"}
    return _mapping("a time-of-use table", ["time_of_use"], time_of_use=rows)


_GENERATED: Schema = {
    "type": "object",
    "description": "a series worked out by name",
    "properties": {"generated": TEXT, "seed": {"type": "integer", "minimum": 0}},
    "required": ["generated"],
}
