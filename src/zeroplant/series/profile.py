"""A number that may vary in time: what every form of it can answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from pydantic_core import SchemaSerializer, core_schema

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem


def plainly() -> core_schema.SerSchema:
    """How pydantic writes a profile to JSON."""
    return core_schema.plain_serializer_function_ser_schema(
        lambda profile: profile.plain(), when_used="json"
    )


@dataclass(frozen=True)
class Profile(ABC):
    """One value per stage, in the inside unit of the field it stands in.

    ``lowest`` and ``highest`` bound the values, as the field asks. The answer for an axis is kept
    until another axis is asked for.
    """

    # what pydantic asks of a value it knows nothing else about, such as a field's default
    __pydantic_serializer__: ClassVar = SchemaSerializer(
        core_schema.any_schema(serialization=plainly())
    )

    lowest: float | None = field(default=None, kw_only=True)
    highest: float | None = field(default=None, kw_only=True)
    _kept: dict[Axis, Floats | list[Problem]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @abstractmethod
    def values(self, axis: Axis) -> Floats:
        """A number, one value per period or one per stage. Raises InputError."""

    @abstractmethod
    def plain(self) -> object:
        """The profile for a JSON file: what a plant file would say, numbers in the inside unit."""

    def on(self, axis: Axis) -> Floats:
        """Values on an axis, shape (stages,), not to be written to. Raises InputError."""
        found = self._result(axis)
        if isinstance(found, list):
            raise InputError(found)
        return found

    def problems(self, axis: Axis) -> list[Problem]:
        """All that keeps this profile from giving values on an axis."""
        found = self._result(axis)
        return found if isinstance(found, list) else []

    @property
    def constant(self) -> float | None:
        """The value where it is the same at all times by its form, else None."""
        return None

    def _result(self, axis: Axis) -> Floats | list[Problem]:
        if axis not in self._kept:
            self._kept.clear()
            self._kept[axis] = self._work_out(axis)
        return self._kept[axis]

    def _work_out(self, axis: Axis) -> Floats | list[Problem]:
        try:
            values = np.array(axis.full(self.values(axis)))
        except InputError as error:
            return error.problems
        problems = list(self._out_of_bounds(values, axis))
        values.setflags(write=False)
        return problems or values

    def _out_of_bounds(self, values: Floats, axis: Axis) -> Iterator[Problem]:
        """Values that are not finite or not allowed: how many, and when the first is."""
        for wrong, how in (
            (~np.isfinite(values), "not a finite number"),
            (values < _or(self.lowest, -np.inf), f"below {self.lowest}"),
            (values > _or(self.highest, np.inf), f"above {self.highest}"),
        ):
            if wrong.any():
                first = int(np.argmax(wrong))
                when = str(axis.local[first % axis.periods].astype("M8[m]")).replace("T", " ")
                count = int(wrong.sum())
                some = f"{count} values are" if count > 1 else "a value is"
                what = f"{some} {how}, the first is {values[first]:g} at {when}"
                yield Problem(what, instead="correct the series")


@dataclass(frozen=True)
class Constant(Profile):
    """The same number at all times."""

    value: float

    def values(self, axis: Axis) -> Floats:
        """The number."""
        return np.full(axis.stages, self.value)

    def plain(self) -> float:
        """The number."""
        return self.value

    @property
    def constant(self) -> float:
        """The number."""
        return self.value


@dataclass(frozen=True, eq=False)
class Given(Profile):
    """Values handed over from Python: one per period (for every chain) or one per stage."""

    array: Any

    def values(self, axis: Axis) -> Floats:
        """The values as they are."""
        return np.asarray(self.array, dtype=float)

    def plain(self) -> list[float]:
        """The values."""
        numbers: list[float] = np.asarray(self.array, dtype=float).tolist()
        return numbers


def _or(bound: float | None, instead: float) -> float:
    return instead if bound is None else bound
