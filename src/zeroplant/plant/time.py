"""The horizon of a plant, as its file says it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from zeroplant.axis import Axis, Chain, zone_named
from zeroplant.errors import Problem
from zeroplant.plant.section import Section
from zeroplant.units import Hours

FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_AXIS = 2_000_000
"""Stages; forty years of quarter-hours are 1.4 million."""


class Time(Section):
    """The horizon of the plan.

    ``start`` is a date on the plant's clock, or a time with its offset. Either ``years`` (of 8,760
    hours; 29 February is a day like others) or ``periods``. With ``weather_years`` above 1 the
    plan holds for that many years of generated weather at once, all equally likely.
    """

    start: str = Field("2025-01-01", description="first period, on the plant's clock")
    zone: str = Field("Asia/Shanghai", description="time zone of the plant")
    step: Hours = Field(1.0, gt=0, le=24, description="length of a period")
    years: Annotated[float, Field(gt=0, le=50)] | None = Field(None, description="length")
    periods: Annotated[int, Field(ge=1)] | None = Field(None, description="length in periods")
    weather_years: Annotated[int, Field(ge=1, le=100)] = Field(
        1, description="years of weather, equally likely"
    )

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        zone_named(name)
        return name

    @field_validator("start", mode="before")
    @classmethod
    def _a_date(cls, said: Any) -> Any:
        instead = "write it as 2025-01-01"
        try:
            start = datetime.fromisoformat(str(said))
        except ValueError:
            raise ValueError(Problem(f"'{said}' is not a date", instead=instead)) from None
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            what = f"the year {start.year} is not between {FIRST_YEAR} and {LAST_YEAR}"
            raise ValueError(Problem(what, instead=instead))
        return str(said)

    @model_validator(mode="after")
    def _one_length(self) -> Time:
        if self.years is not None and self.periods is not None:
            what = "'years' and 'periods' both say how long it is"
            raise ValueError(Problem(what, "years", "leave one of them out"))
        if self.count * self.weather_years > LARGEST_AXIS:
            what = f"{self.count * self.weather_years:,} periods are more than {LARGEST_AXIS:,}"
            instead = "write a longer 'step', or fewer 'years' or 'weather_years'"
            raise ValueError(Problem(what, instead=instead))
        _ = self.axis  # which refuses what no axis can be
        return self

    @property
    def count(self) -> int:
        """Periods of one year of weather."""
        years = 1.0 if self.years is None else self.years
        return self.periods or max(1, round(years * 8760 / self.step))

    @cached_property
    def axis(self) -> Axis:
        """The time axis."""
        start = datetime.fromisoformat(self.start)
        if start.tzinfo is None:
            start = start.replace(tzinfo=ZoneInfo(self.zone))
        count = self.weather_years
        names = ["base"] if count == 1 else [f"weather year {k + 1}" for k in range(count)]
        chains = tuple(Chain(name, 1.0 / count) for name in names)
        return Axis(start, self.count, self.step, self.zone, chains)
