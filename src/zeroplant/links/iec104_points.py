"""What the dispatch centre sees and may command: a list of addresses, read from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import load_yaml, problems_of
from zeroplant.units import Quantity

Seconds = Annotated[float, Quantity("s", gt=0)]
Address = Annotated[int, Field(ge=1, le=0xFFFFFF)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Addressed(_Strict):
    ioa: Address = Field(description="information object address, 1 to 16777215")
    name: str = Field(min_length=1, description="the plant's name of it, such as grid.export")
    type: str
    scale: float = Field(default=1.0, description="what stands on the wire, per inside unit")


class Monitored(_Addressed):
    """A point that is told to the centre."""

    type: Literal["measured", "single", "double"] = "measured"
    deadband: float = Field(default=0.0, ge=0, description="least change told, in inside units")


class Commanded(_Addressed):
    """A point that the centre may command."""

    type: Literal["set-point", "single", "double"] = "set-point"
    least: float = Field(default=float("-inf"), description="in inside units")
    most: float = Field(default=float("inf"), description="in inside units")
    select: bool = Field(default=False, description="true: it must be selected before")
    valid: Seconds | None = Field(default=None, description="it lapses after this, unless renewed")


def _zone(name: str) -> str:
    if name not in available_timezones():
        problem = Problem(
            f"there is no time zone '{name}'", instead=suggestion(name, available_timezones())
        )
        raise InputError(problem)
    return name


class PointList(_Strict):
    """The station's address, its time zone, its points and its commands."""

    common_address: int = Field(default=1, ge=1, le=65534)
    zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="time zone of time tags; China's centres use Asia/Shanghai"
    )
    points: tuple[Monitored, ...]
    commands: tuple[Commanded, ...] = ()

    @model_validator(mode="after")
    def _plausible(self) -> Self:
        problems = [*_twice("points", self.points), *_twice("commands", self.commands)]
        if not self.points:
            problems.append(Problem("there are no points", where="points", instead="list some"))
        # Points and commands may not share an address either: a centre keeps one table of both.
        shared = {each.ioa for each in self.points} & {each.ioa for each in self.commands}
        problems += [Problem(f"address {ioa} is both a point and a command") for ioa in shared]
        for each in self.commands:
            if each.least > each.most:
                problems.append(Problem(f"{each.name}: least is above most"))
        if any(each.scale == 0 for each in (*self.points, *self.commands)):
            problems.append(Problem("a scale of 0 loses the value", instead="write 1"))
        if problems:
            raise InputError(problems)
        return self

    @property
    def tz(self) -> ZoneInfo:
        """The zone of its time tags."""
        return ZoneInfo(self.zone)


def _twice(what: str, entries: Sequence[_Addressed]) -> Iterator[Problem]:
    """Addresses and names that stand more than once in one list.

    One point may be told in two types (a value and a status), one command has one address.
    """
    seen: set[object] = set()
    for number, each in enumerate(entries):
        for key in (each.ioa, (each.name, each.type)):
            if key in seen:
                said = f"address {key}" if isinstance(key, int) else f"{each.name} ({each.type})"
                yield Problem(f"{said} stands twice", where=f"{what}.{number}")
            seen.add(key)


def read_points(path: str | Path) -> PointList:
    """A point list from a YAML file. Raises InputError with a line for every problem."""
    file = load_yaml(path)
    try:
        return PointList.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=PointList)) from None
