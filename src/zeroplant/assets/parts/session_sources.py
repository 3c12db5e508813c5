"""Where charging sessions come from: a table beside the plant file, or arrivals by the hour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series import Profile, ProfileOf, read_table
from zeroplant.series.stamps import read_stamps
from zeroplant.series.table import column
from zeroplant.transport.sessions import Numbers, Sessions
from zeroplant.units import Energy, Fraction, Hours, Power, Rate

FREQUENCY = ProfileOf("1", ge=0)


class SessionTable(BaseModel):
    """Sessions one by one, in a CSV or Parquet file: when each comes, leaves, and what it wants.

    Energies are kWh into the pack, powers kW. Stamps without a zone are those of ``zone``.
    Sessions that reach over the ends of the plan count with their share inside.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(description="CSV or Parquet file, from the plant file's folder")
    zone: str | None = Field(None, description="clock of stamps that carry none, as Asia/Shanghai")
    arrival: str = Field("arrival", description="column of the times of arrival")
    departure: str = Field("departure", description="column of the times of departure")
    energy: str = Field(
        "energy_kwh", description="column of the energies wanted, kWh into the pack"
    )
    power: str | None = Field(
        None, description="column of the highest power, kW; the charger's if left out"
    )
    lend: str | None = Field(
        None, description="column of the energy a vehicle lends below what it came with, kWh"
    )

    _folder: Path = PrivateAttr(Path())

    def model_post_init(self, context: Any, /) -> None:
        """Keep the folder of the plant file, which the path starts from."""
        self._folder = Path((context or {}).get("folder", "."))

    def sessions(self, axis: Axis, power: float, back: float) -> list[Sessions]:
        """Sessions of each chain, which all have the same. Raises InputError.

        ``power`` is used without a column of it; who lends gives ``back`` times that power.
        """
        try:
            found = self._read(axis, power, back)
        except InputError as error:
            named = [replace(each, what=f"{self.file}: {each.what}") for each in error.problems]
            raise InputError(named) from None
        return [found] * len(axis.chains)

    def _read(self, axis: Axis, power: float, back: float) -> Sessions:
        table = read_table(self._folder / self.file)
        for name in (self.arrival, self.departure):
            if name not in table.columns:
                instead = suggestion(name, table.columns)
                raise InputError(Problem(f"there is no column '{name}'", instead=instead))
        begin, end = (
            (read_stamps(table[name], self.zone).seconds - axis.start.timestamp()) / 3600.0
            for name in (self.arrival, self.departure)
        )
        energy = column(table, self.energy, self.arrival) / 1e3
        fastest = power if self.power is None else column(table, self.power, self.arrival) / 1e3
        lend = 0.0 if self.lend is None else column(table, self.lend, self.arrival) / 1e3
        every = Sessions.of(begin, end, energy, fastest, lend=lend, back=np.multiply(fastest, back))
        inside = every.within(axis.periods * axis.hours)
        if not len(inside):
            first = np.datetime64(int(axis.start.timestamp() + begin.min() * 3600), "s")
            what = (
                f"none of its {len(every)} sessions is in the plan; the first comes at {first} UTC"
            )
            raise InputError(Problem(what, instead="plan the days of the table"))
        return inside


class Stay(BaseModel):
    """How long a share of the vehicles stays, and what it takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: Fraction = Field(gt=0, description="share of the arrivals")
    hours: Hours = Field(gt=0, description="time at the plug")
    energy: Energy = Field(gt=0, description="energy into the pack; cars 30…45 kWh on expressways")
    power: Power | None = Field(None, gt=0, description="most a vehicle takes; the charger's power")
    lend: Energy = Field(0.0, ge=0, description="energy it lends below what it came with")


class Arrivals(BaseModel):
    """Vehicles that come in numbers: so many an hour, in a few kinds of stay.

    They spread evenly over each period; the plan sees their mean (a fluid), which for a few
    vehicles an hour is smoother than the day will be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_hour: Annotated[Profile, FREQUENCY] = Field(description="vehicles that come in an hour")
    growth: Rate = Field(1.0, gt=0, description="factor on all arrivals")
    stays: list[Stay] = Field(min_length=1, description="kinds of stay; shares add up to 1")

    @model_validator(mode="after")
    def _all_of_them(self) -> Arrivals:
        total = sum(stay.share for stay in self.stays)
        if abs(total - 1) > 1e-6:
            message = f"the shares of 'stays' add up to {total:g}; write shares that add up to 1"
            raise ValueError(message)
        return self

    @property
    def shares(self) -> Floats:
        """Shares of the kinds of stay, which add up to 1 although they were written rounded."""
        shares = np.array([stay.share for stay in self.stays])
        return np.asarray(shares / shares.sum())

    def rates(self, axis: Axis) -> Floats:
        """Vehicles per hour, shape (stages,)."""
        return np.asarray(self.per_hour.on(axis) * self.growth)

    def sessions(self, axis: Axis, power: float, back: float) -> list[Sessions]:
        """Sessions of each chain: one row per period and kind of stay, for all that come in it.

        In the middle of a period, for that is when they come on average.
        """
        rates = self.rates(axis).reshape(len(axis.chains), axis.periods)
        middle = (np.arange(axis.periods) + 0.5) * axis.hours
        found = []
        for rate in rates:
            comes = np.flatnonzero(rate > 0)
            rows = [
                self._of_kind(stay, middle[comes], rate[comes] * axis.hours * share, power, back)
                for stay, share in zip(self.stays, self.shares, strict=True)
            ]
            every = Sessions(*np.concatenate(rows, axis=1))
            found.append(every.within(axis.periods * axis.hours))
        return found

    def _of_kind(
        self, stay: Stay, begin: Numbers, count: Numbers, power: float, back: float
    ) -> Floats:
        """Rows of arrival, departure, energy, power, lend, back and count."""
        fastest = power if stay.power is None else stay.power
        each = [begin, begin + stay.hours, stay.energy * count, fastest * count, stay.lend * count]
        return np.stack([*each, fastest * back * count, count])
