"""Many homes: what each has, drawn from stated ranges or read from a table.

Inside units throughout: MW, MWh, °C, K/MW, MWh/K, m2. A home without a device has zeros there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.homes.figures import DEVICES, FIGURES, JOINS
from zeroplant.series.table import column, read_table

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
    """Homes from a table (.csv or .parquet), a row each, columns as in `FIGURES`.

    A device is there where its first figure is neither empty nor 0; ``joins`` (0 or 1) says who
    may be steered. What the table does not have, or leaves empty, is drawn from the mix.
    Raises InputError naming every column that is wrong, and its first row that is.
    """
    table = read_table(path)
    return _Source(table.height, mix, seed, _columns(table)).population()


@dataclass(frozen=True)
class _Source:
    """Where the figures of homes come from: the table as far as it goes, and chance."""

    count: int
    mix: Mix
    seed: int
    table: Mapping[str, Floats] = field(default_factory=dict)

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
        return {figure: self._values(figure)[owners] for figure in DEVICES[device]}

    def _owners(self, device: str) -> Mask:
        first = self.table.get(FIGURES[DEVICES[device][0]].column)
        if first is not None:
            return np.nan_to_num(first) > 0
        return self._chosen(f"has {device}", self.mix.share[device])

    def _joins(self, device: str) -> Mask:
        said = self.table.get(JOINS.column)
        if said is not None:
            return np.nan_to_num(said, nan=1.0) > 0
        return self._chosen(f"joins {device}", self.mix.joining[device])

    def _values(self, figure: str) -> Floats:
        """One figure of every home, whether it has the device or not."""
        low, high = self.mix.ranges[figure]
        drawn: Floats = low + (high - low) * self._stream(figure).random(self.count)
        said = FIGURES[figure]
        given = self.table.get(said.column)
        return drawn if given is None else np.where(np.isnan(given), drawn, given * said.factor)

    def _chosen(self, what: str, share: float) -> Mask:
        """The rounded share of the homes, so that the smallest village has its batteries."""
        return self._stream(what).permutation(self.count) < round(share * self.count)

    def _stream(self, what: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *what.encode()])


def _columns(table: DataFrame) -> dict[str, Floats]:
    """A table's columns of numbers, empty cells as NaN; InputError with all that is wrong."""
    known = [figure.column for figure in (*FIGURES.values(), JOINS)]
    problems = [
        Problem(f"no column '{name}' is known", instead=suggestion(name, [*known, "home"]))
        for name in table.columns
        if name not in (*known, "home")
    ]
    if table.height < 1:
        problems.append(Problem("the table of homes has no row"))
    found: dict[str, Floats] = {}
    for name in table.columns:
        try:
            found |= {name: column(table, name, "")} if name in known else {}
        except InputError as error:
            problems += error.problems
    problems += _out_of_bounds(found)
    if problems:
        raise InputError(problems)
    return found


def _out_of_bounds(table: Mapping[str, Floats]) -> Iterator[Problem]:
    """Columns with a number that no home can have."""
    for figures in DEVICES.values():
        first = table.get(FIGURES[figures[0]].column)
        owned: Mask | bool = True if first is None else np.nan_to_num(first) != 0
        for figure in (FIGURES[name] for name in figures):
            if figure.column in table:
                yield from figure.problems(table[figure.column], owned)
    if JOINS.column in table:
        yield from JOINS.problems(table[JOINS.column], owned=True)
