"""The forms in which a plant file may give a profile, for pydantic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from zeroplant.axis import Floats
from zeroplant.errors import Problem
from zeroplant.series.described import described
from zeroplant.series.filed import FileSeries
from zeroplant.series.generated import Generated
from zeroplant.series.profile import Constant, Given, Profile, plainly
from zeroplant.series.schemas import file_schema, generated_schema, table_schema
from zeroplant.series.tariff import Row, TimeOfUse
from zeroplant.units import Quantity


@dataclass(frozen=True)
class ProfileOf:
    """Marks a field as a profile: ``Annotated[Profile, ProfileOf("MW", ge=0)]``.

    From a file: a quantity, ``{file: …}``, ``{time_of_use: […]}`` or ``{generated: …}``; from
    Python also a number, an array in the inside unit, or a Profile. Every form becomes a Profile
    in the inside unit. Validation context: ``folder`` of the plant file, ``currency``, ``file``.
    """

    unit: str
    ge: float | None = None
    le: float | None = None

    @property
    def price(self) -> str:
        """What the value of a row is called in a time-of-use table."""
        return "price" if self.unit.startswith("money") else "value"

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """One branch per form; which one is told by the form's own key."""
        number = self._quantity().schema()
        after = core_schema.with_info_after_validator_function
        return core_schema.tagged_union_schema(
            choices={
                "<number>": after(self._constant, number),
                "<file>": after(self._file, file_schema(self.unit)),
                "<time_of_use>": after(self._table, table_schema(number, self.price)),
                "<generated>": after(self._generated, generated_schema()),
                "<array>": core_schema.with_info_plain_validator_function(self._array),
                "<profile>": core_schema.is_instance_schema(Profile),
            },
            discriminator=_form,
            serialization=plainly(),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The forms that a file can hold."""
        return described(self._quantity().described(), self.price, self.unit)

    def _quantity(self) -> Quantity:
        return Quantity(self.unit, ge=self.ge, le=self.le)

    def _bounds(self) -> dict[str, float | None]:
        return {"lowest": self.ge, "highest": self.le}

    def _constant(self, value: float, info: ValidationInfo) -> Profile:
        return Constant(value)

    def _array(self, value: object, info: ValidationInfo) -> Profile:
        if "file" in (info.context or {}):
            raise ValueError(Problem("a list of numbers", instead="put the series in a file"))
        numbers: Floats = np.array(value, dtype=float)
        return Given(numbers, **self._bounds())

    def _file(self, said: dict[str, Any], info: ValidationInfo) -> Profile:
        context = info.context or {}
        return FileSeries(
            said["file"],
            said.get("column"),
            said.get("unit", "1"),
            self.unit,
            zone=said.get("zone"),
            time=said.get("time"),
            mean="resample" in said,
            any_year="year" in said,
            currency=context.get("currency", "CNY"),
            folder=Path(context.get("folder", ".")),
            **self._bounds(),
        )

    def _table(self, said: dict[str, Any], info: ValidationInfo) -> Profile:
        rows = [
            Row(row[self.price], **{key: row[key] for key in row if key != self.price})
            for row in said["time_of_use"]
        ]
        return TimeOfUse(tuple(rows), **self._bounds())

    def _generated(self, said: dict[str, Any], info: ValidationInfo) -> Profile:
        rest = {key: said[key] for key in said if key not in ("generated", "seed")}
        strict = "file" in (info.context or {})
        return Generated(
            said["generated"],
            said.get("seed", 0),
            rest,
            inside=self.unit,
            strict=strict,
            **self._bounds(),
        )


Form = Literal["<number>", "<file>", "<time_of_use>", "<generated>", "<array>", "<profile>"]


def _form(value: object) -> Form:
    """Which of the forms a profile was written in."""
    if isinstance(value, Profile):
        return "<profile>"
    if isinstance(value, (np.ndarray, list, tuple)) and _numbers(value):
        return "<array>"
    if isinstance(value, dict):
        keys = value.keys()
        if "time_of_use" in keys:
            return "<time_of_use>"
        return "<generated>" if "generated" in keys else "<file>"
    return "<number>"


def _numbers(values: object) -> bool:
    """Whether a sequence is one of numbers, as only Python hands over."""
    try:
        return np.asarray(values).dtype.kind in "fiu"
    except ValueError:
        return False
