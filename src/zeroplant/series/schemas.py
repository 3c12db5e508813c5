"""The mappings of a profile's forms, as pydantic checks them."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationInfo
from pydantic_core import CoreSchema, core_schema

from zeroplant.errors import Problem
from zeroplant.series.zones import zone_info
from zeroplant.units import convert

Answer = TypeVar("Answer")
_TEXT = core_schema.str_schema(min_length=1)


def file_schema(inside: str) -> CoreSchema:
    """``{file: load.csv, column: load, unit: kW, …}`` with a unit that converts to the inside."""

    def known_unit(text: str, info: ValidationInfo) -> str:
        currency = (info.context or {}).get("currency", "CNY")
        convert(1.0, text, inside, currency=currency)
        return text

    def known_zone(text: str) -> str:
        zone_info(text)
        return text

    unit = core_schema.with_info_after_validator_function(known_unit, _TEXT)
    zone = core_schema.no_info_after_validator_function(known_zone, _TEXT)
    return _mapping(
        {
            "file": (_TEXT, True),
            "column": (core_schema.no_info_plain_validator_function(_names), False),
            "unit": (unit, inside != "1"),
            "zone": (zone, False),
            "time": (_TEXT, False),
            "resample": (core_schema.literal_schema(["mean"]), False),
            "year": (core_schema.literal_schema(["any"]), False),
        }
    )


def table_schema(number: CoreSchema, price: str) -> CoreSchema:
    """``{time_of_use: [{hours: 8-11, …}, …]}`` with a ``number`` called ``price`` in each row."""
    words = core_schema.no_info_before_validator_function(_text, core_schema.str_schema())
    days = core_schema.literal_schema(["all", "workday", "weekend"])
    row: dict[str, tuple[CoreSchema, bool]] = {
        "hours": (words, False),
        "months": (words, False),
        "days": (days, False),
    }
    rows = core_schema.list_schema(_mapping(row | {price: (number, True)}), min_length=1)
    return _mapping({"time_of_use": (rows, True)})


def generated_schema() -> CoreSchema:
    """``{generated: load, seed: 1, …}``; the generator itself knows the other keys."""
    name, seed = core_schema.str_schema(), core_schema.int_schema(ge=0)
    return _mapping({"generated": (name, True), "seed": (seed, False)}, extra="allow")


def _mapping(
    fields: dict[str, tuple[CoreSchema, bool]], extra: core_schema.ExtraBehavior = "forbid"
) -> CoreSchema:
    """A mapping with these keys, each with its schema and whether it is required."""
    typed = {
        key: core_schema.typed_dict_field(schema, required=required)
        for key, (schema, required) in fields.items()
    }
    return core_schema.typed_dict_schema(typed, extra_behavior=extra)


def _names(value: object) -> str | tuple[str, ...]:
    """One column, or one for each chain."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value)
    if not isinstance(value, str) or not value:
        what = "a column is not a name or a list of names"
        raise ValueError(Problem(what, instead="write one such as 'load'"))
    return value


def _text(value: object) -> object:
    """A lone number such as ``months: 7`` as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
