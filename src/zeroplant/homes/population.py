"""Many homes: what each has, drawn from stated ranges or read from a table.

Inside units throughout: MW, MWh, °C, K/MW, MWh/K, m2. A home without a device has zeros there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem, suggestion

if TYPE_CHECKING:
    from polars import DataFrame

Range = tuple[float, float]
Mask = NDArray[np.bool_]
Which = Mask | NDArray[np.int64]


@dataclass(frozen=True)
class Rooms:
    """Air-conditioned rooms, one for each home that has one in use; every array (rooms,).

    ``resistance`` [K/MW], ``capacity`` [MWh/K], ``power`` [MW] of the machine, ``cop`` for
    cooling at 35 °C and ``heating_cop`` at 7 °C outdoors, ``summer`` and ``winter`` set points
    [°C], ``band`` [K] either way within which it may move, ``gains`` [MW] of people and things,
    ``aperture`` [m2] of sun; ``joins``: may be steered.
    """

    resistance: Floats
    capacity: Floats
    power: Floats
    cop: Floats
    heating_cop: Floats
    summer: Floats
    winter: Floats
    band: Floats
    gains: Floats
    aperture: Floats
    joins: Mask

    def __len__(self) -> int:
        return len(self.resistance)

    def only(self, which: Which) -> Rooms:
        """Some of the rooms, by number or by a mask."""
        return Rooms(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


@dataclass(frozen=True)
class Batteries:
    """Home batteries: ``power`` [MW] both ways and ``energy`` [MWh]; ``joins``: may be steered."""

    power: Floats
    energy: Floats
    joins: Mask

    def __len__(self) -> int:
        return len(self.power)

    def only(self, which: Which) -> Batteries:
        """Some of the batteries, by number or by a mask."""
        return Batteries(self.power[which], self.energy[which], self.joins[which])


@dataclass(frozen=True)
class Cars:
    """Cars charged at home: ``power`` [MW], ``energy`` [MWh] used a day, taken from the plug.

    They are away from ``leaves`` to ``returns``, hours of the day; ``joins``: may be steered.
    """

    power: Floats
    energy: Floats
    leaves: Floats
    returns: Floats
    joins: Mask

    def __len__(self) -> int:
        return len(self.power)

    def only(self, which: Which) -> Cars:
        """Some of the cars, by number or by a mask."""
        return Cars(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


@dataclass(frozen=True)
class Population:
    """The homes of a place, ``count`` of them; ``roofs`` (homes,) is their PV rating [MW]."""

    count: int
    rooms: Rooms
    batteries: Batteries
    cars: Cars
    roofs: Floats


@dataclass(frozen=True)
class Mix:
    """How many homes have and do what, and in which ranges their figures lie.

    ``share`` of homes by device (room, battery, car, roof); for rooms the share in use.
    ``joining``: the share of a device's owners that may be steered. ``ranges``: smallest and
    largest of each column of a table of homes, in inside units; values between are as likely.
    """

    share: Mapping[str, float]
    joining: Mapping[str, float]
    ranges: Mapping[str, Range]


def draw(count: int, mix: Mix, seed: int) -> Population:
    """Homes drawn at random; the same seed gives the same homes.

    Each figure has its own stream of random numbers, so that changing one leaves the others.
    """
    return _Source(count, mix, seed).population()


def read_homes(path: str | Path, mix: Mix, seed: int) -> Population:
    """Homes from a table (.csv or .parquet), a row each, columns as in ``UNITS``.

    A device is there where its first figure is neither empty nor 0; ``joins`` (0 or 1) says who
    may be steered. What the table does not have, or leaves empty, is drawn from the mix.
    Raises InputError naming every column that is wrong.
    """
    from zeroplant.series import read_table

    table = read_table(path)
    _check_columns(table)
    return _Source(table.height, mix, seed, table).population()


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "room": (
        "power", "resistance", "capacity", "cop", "heating_cop", "summer", "winter", "band",
        "gains", "aperture",
    ),
    "battery": ("battery_energy", "battery_power"),
    "car": ("car_energy", "car_power", "leaves", "returns"),
    "roof": ("roof",),
}  # fmt: skip
"""Figures of each device; the first says in a table whether the home has one."""

UNITS: Mapping[str, tuple[str, float]] = {
    "power": ("ac_power_kw", 1e-3),
    "resistance": ("room_resistance_k_per_kw", 1e3),
    "capacity": ("room_capacity_kwh_per_k", 1e-3),
    "cop": ("ac_cop", 1.0),
    "heating_cop": ("ac_heating_cop", 1.0),
    "summer": ("summer_c", 1.0),
    "winter": ("winter_c", 1.0),
    "band": ("band_k", 1.0),
    "gains": ("gains_kw", 1e-3),
    "aperture": ("aperture_m2", 1.0),
    "battery_energy": ("battery_energy_kwh", 1e-3),
    "battery_power": ("battery_power_kw", 1e-3),
    "car_energy": ("car_energy_kwh_per_day", 1e-3),
    "car_power": ("car_power_kw", 1e-3),
    "leaves": ("leaves_h", 1.0),
    "returns": ("returns_h", 1.0),
    "roof": ("pv_kw", 1e-3),
}
"""Each figure's column in a table of homes, and what turns it into the inside unit."""


@dataclass(frozen=True)
class _Source:
    """Where the figures of homes come from: the table as far as it goes, and chance."""

    count: int
    mix: Mix
    seed: int
    table: DataFrame | None = None

    def population(self) -> Population:
        """All homes with their devices."""
        room, battery, car = (self._owners(each) for each in ("room", "battery", "car"))
        return Population(
            count=self.count,
            rooms=Rooms(**self._of("room", room), joins=self._joins("room")[room]),
            batteries=Batteries(
                energy=self._values("battery_energy")[battery],
                power=self._values("battery_power")[battery],
                joins=self._joins("battery")[battery],
            ),
            cars=Cars(
                energy=self._values("car_energy")[car],
                power=self._values("car_power")[car],
                leaves=self._values("leaves")[car],
                returns=self._values("returns")[car],
                joins=self._joins("car")[car],
            ),
            roofs=np.where(self._owners("roof"), self._values("roof"), 0.0),
        )

    def _of(self, device: str, owners: Mask) -> dict[str, Floats]:
        return {column: self._values(column)[owners] for column in COLUMNS[device]}

    def _owners(self, device: str) -> Mask:
        first = self._column(UNITS[COLUMNS[device][0]][0])
        if first is not None:
            return np.nan_to_num(first) > 0
        return self._chosen(f"has {device}", self.mix.share[device])

    def _joins(self, device: str) -> Mask:
        said = self._column("joins")
        if said is not None:
            return np.nan_to_num(said, nan=1.0) > 0
        return self._chosen(f"joins {device}", self.mix.joining[device])

    def _values(self, figure: str) -> Floats:
        """One figure of every home, whether it has the device or not."""
        low, high = self.mix.ranges[figure]
        drawn: Floats = low + (high - low) * self._stream(figure).random(self.count)
        name, factor = UNITS[figure]
        given = self._column(name)
        return drawn if given is None else np.where(np.isnan(given), drawn, given * factor)

    def _chosen(self, what: str, share: float) -> Mask:
        """The rounded share of the homes, so that the smallest village has its batteries."""
        return self._stream(what).permutation(self.count) < round(share * self.count)

    def _stream(self, what: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *what.encode()])

    def _column(self, name: str) -> Floats | None:
        if self.table is None or name not in self.table.columns:
            return None
        return _numbers(self.table, name)


def _check_columns(table: DataFrame) -> None:
    known = [name for name, _ in UNITS.values()] + ["home", "joins"]
    problems = [
        Problem(f"no column '{name}' is known", instead=suggestion(name, known))
        for name in table.columns
        if name not in known
    ]
    if table.height < 1:
        problems.append(Problem("the table of homes has no row"))
    if problems:
        raise InputError(problems)


def _numbers(table: DataFrame, name: str) -> Floats:
    """A column, empty cells as NaN. Raises InputError for text and for what is negative."""
    from zeroplant.series.table import column

    values = column(table, name, "")
    if np.any(values < 0):
        row = int(np.flatnonzero(values < 0)[0]) + 1
        raise InputError(Problem(f"column '{name}': row {row} is negative"))
    return values
