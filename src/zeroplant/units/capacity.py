"""A capacity: a number that stands, or a range in which one is to be chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from zeroplant.errors import InputError, Problem
from zeroplant.units.quantity import Quantity, validated


@dataclass(frozen=True)
class SizeRange:
    """A size to be chosen from ``min`` to ``max``, in whole steps of ``step`` if one is given.

    All three in the inside unit of the field that holds it. Raises InputError when they are
    negative or contradict each other.
    """

    min: float = 0.0
    max: float = math.inf
    step: float | None = None

    def __post_init__(self) -> None:
        """Check that the range holds at least one size."""
        if math.isnan(self.min) or math.isinf(self.min) or math.isnan(self.max):
            raise InputError(Problem("a size range has a bound that is not a number"))
        if self.min < 0:
            raise InputError(Problem(f"min {self.min:g} is negative", instead="write 0 or more"))
        if self.min > self.max:
            what = f"min {self.min:g} is above max {self.max:g}"
            raise InputError(Problem(what, instead="exchange the two"))
        if self.step is None:
            return
        if not (self.step > 0 and math.isfinite(self.step)):
            what = f"a step of {self.step:g} leads nowhere"
            raise InputError(Problem(what, instead="write a step above 0 or leave it out"))
        slack = 1e-9
        if math.floor(self.max / self.step + slack) < math.ceil(self.min / self.step - slack):
            what = f"no whole number of steps of {self.step:g} lies between min and max"
            raise InputError(Problem(what, instead="widen the range or write a smaller step"))


@dataclass(frozen=True)
class Capacity:
    """Marks a field as a capacity: ``Annotated[float | SizeRange, Capacity("MW")]``.

    In a plant file ``50 MW`` or a mapping with some of ``min``, ``max`` and ``step``; from Python
    a float in the inside unit, a SizeRange, or what a file may say.
    """

    unit: str
    _keys: tuple[str, ...] = field(default=("min", "max", "step"), init=False, repr=False)

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A mapping is read as a range, anything else as one quantity."""
        number = core_schema.with_info_plain_validator_function(self._number)
        bound = core_schema.typed_dict_field(number, required=False)
        mapping = core_schema.typed_dict_schema(
            dict.fromkeys(self._keys, bound), extra_behavior="forbid"
        )
        return core_schema.tagged_union_schema(
            choices={
                "number": number,
                "range": core_schema.no_info_after_validator_function(_range, mapping),
                "given": core_schema.is_instance_schema(SizeRange),
            },
            discriminator=_form,
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A quantity, or a mapping of quantities."""
        one = Quantity(self.unit).described()
        described = {"description": "a size to be chosen", "additionalProperties": False}
        choice = {"type": "object", "properties": dict.fromkeys(self._keys, one), **described}
        return {"anyOf": [one, choice]}

    def _number(self, value: Any, info: ValidationInfo) -> float:
        strictly = info.field_name == "step"
        quantity = Quantity(self.unit, gt=0) if strictly else Quantity(self.unit, ge=0)
        return validated(quantity, value, info.context)


def _form(value: object) -> str:
    """Which of the forms a capacity was written in."""
    if isinstance(value, SizeRange):
        return "given"
    return "range" if isinstance(value, dict) else "number"


def _range(bounds: dict[str, float]) -> SizeRange:
    """The range of a mapping whose members are checked."""
    try:
        return SizeRange(**bounds)
    except InputError as error:
        raise ValueError(error.problems[0]) from None
