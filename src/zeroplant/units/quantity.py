"""Annotations that let pydantic read quantities with units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from zeroplant.errors import InputError, Problem
from zeroplant.units.text import LARGEST, example, kind, parse

ABSOLUTE_ZERO = -273.15
"""°C; nothing is colder."""


@dataclass(frozen=True)
class Quantity:
    """Marks a float as a quantity: ``Annotated[float, Quantity("MW", ge=0)]``.

    In a plant file (validation context with the key ``file``) it must carry its unit, except a
    bare zero; from Python a number is in the inside unit already and text is read as in a file.
    Bounds are in the inside unit, and those of ``Field(gt=0)`` are kept too. The context key
    ``currency`` names the plant's currency.
    """

    unit: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    def read(self, value: object, *, currency: str = "CNY", strict: bool = False) -> float:
        """A value from a file or from Python as a finite number in the inside unit.

        ``strict`` asks for a unit wherever one is meaningful. Raises InputError.
        """
        if isinstance(value, str):
            number = parse(value, self.unit, currency=currency)
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            shown = "nothing" if value is None else _shown(value)
            instead = f"write {kind(self.unit)} such as '{example(self.unit, currency=currency)}'"
            raise InputError(Problem(f"{shown} is not {kind(self.unit)}", instead=instead))
        elif strict or not abs(value) < LARGEST:
            number = parse(f"{value}", self.unit, currency=currency)
        else:
            number = float(value)
        self._check(value, number, currency)
        return number

    def _check(self, value: object, number: float, currency: str) -> None:
        """Refuse a number outside the bounds."""
        if self.ge is not None and number < self.ge:
            side, bound, instead = "below", self.ge, "{} or more"
        elif self.gt is not None and number <= self.gt:
            side, bound, instead = "not above", self.gt, "more than {}"
        elif self.le is not None and number > self.le:
            side, bound, instead = "above", self.le, "{} or less"
            if value == number and self.unit == "1" and self.le == 1 and number <= 100:
                instead = f"a share from 0 to 1, or with its sign as '{number:g} %'"
        elif self.lt is not None and number >= self.lt:
            side, bound, instead = "not below", self.lt, "less than {}"
        else:
            return
        unit = "" if self.unit == "1" else self.unit.replace("money", currency)
        shown = f"{bound:g} {unit}".strip()
        what = f"{_shown(value)} is {side} {shown}"
        raise InputError(Problem(what, instead=f"write {instead.format(shown)}"))

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate through ``read``; the result is a float.

        What pydantic knows of a float's bounds is taken over, for it would be lost otherwise.
        """
        known = handler(source)
        bounds = {key: known[key] for key in ("ge", "gt", "le", "lt") if key in known}
        return replace(self, **bounds).schema()

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """What ``described`` says."""
        return self.described()

    def schema(self) -> CoreSchema:
        """How pydantic validates the quantity, for types that are made of quantities."""
        return core_schema.with_info_plain_validator_function(self._validate)

    def described(self) -> JsonSchemaValue:
        """JSON schema: text with a unit; a bare number where the quantity has none."""
        what = kind(self.unit)
        if self.unit in ("1", "1/a"):
            return {"type": ["number", "string"], "description": what, "examples": [0.5, "50 %"]}
        return {
            "type": ["string", "integer"],
            "minimum": 0,  # these two speak of bare numbers only: of them, a zero is allowed
            "maximum": 0,
            "description": f"{what} in {self.unit}",
            "examples": [example(self.unit)],
        }

    def _validate(self, value: Any, info: ValidationInfo) -> float:
        return validated(self, value, info.context)


def validated(quantity: Quantity, value: object, context: object) -> float:
    """``quantity.read`` under a validation context, failing in the way pydantic collects."""
    known = context if isinstance(context, dict) else {}
    try:
        return quantity.read(value, currency=known.get("currency", "CNY"), strict="file" in known)
    except InputError as error:
        raise ValueError(error.problems[0]) from None


def _shown(value: object) -> str:
    """A value as it was written, shortly."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f"{value!r}"[:40]
