"""Air-conditioned rooms of many homes as a few stores of cold (or warmth), and why they can do it.

**A room.** Let T⁰ be the temperature its own thermostat would hold and P⁰ the power of that. If
it takes p more, it gets δ kelvin colder (in the heating season warmer) than T⁰, and because the
room is linear (`zeroplant.homes.room`),

    δ' = a·δ + g·p,    g = (1 − a)·R·COP,    0 ≤ P⁰ + p ≤ rated,    T⁰ ∓ δ within the band.

**A group** moves all its rooms alike: δᵢ = Bᵢ·s, where s, −1…1, is the state of the group and
Bᵢ the width of room i, at most its band. With B′ for the width at the end of the hour, this
asks of room i the power

    pᵢ = (B′ᵢ·m + (k·B′ᵢ − aᵢ·Bᵢ)·s) / gᵢ,    m = s′ − k·s,

whatever k is. With k such that the terms with s cancel in the sum, the group takes Σ P⁰ + A·m
with A = Σ B′ᵢ/gᵢ. **That is exact**, although no two rooms lose their cold equally fast: a room
either keeps its width, and spends a little power to do so (B′ = B), or it *drifts* with its own
losses and needs none (B′ = B·a/k). It drifts where it has little power to spare, as in a mild
night; the widths do not depend on s, so they are known before anything is decided.

**The limits of the group** are those of the room that has least to give, for every s it may have:

    −D ≤ s ≤ U,    D, U = least of what the bands leave, in units of Bᵢ;
    m ≥ maxᵢ( λᵢ − P⁰ᵢ·gᵢ )/B′ᵢ,           λᵢ = max over s of −(k·B′ᵢ − aᵢ·Bᵢ)·s,
    m ≤ minᵢ( (rated − P⁰ᵢ)·gᵢ − μᵢ )/B′ᵢ,  μᵢ = max over s of  (k·B′ᵢ − aᵢ·Bᵢ)·s.

So every path of (s, m) within them gives each room a power and a temperature within its own
limits: what the group promises, the rooms can do, and the formula for pᵢ says how. It is an
inner approximation: different paths for different rooms are not used. s = 0, m = 0 (every
thermostat by itself) is always among the promises, so no plan fails for want of cold.

**Who takes part** is settled every day, at 6 in the morning, when every s is 0 again. The
prototype of the day is a cut by a share of what the rooms need on average in the hours that
count, and a rise by a share of what they have to spare; a room takes part with the largest scale
at which its own powers hold a copy of the prototype (a homothet, as in Zhao, Zhang, Hao and
Kalsi, IEEE Trans. Power Syst. 32, 2017). Rooms are grouped by time constant R·C, for the losses
to be much alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.homes.baseload import hourly
from zeroplant.homes.population import Rooms
from zeroplant.homes.room import kept, performance

Given = tuple[Ints, Ints, Ints, Floats, Floats, Floats, Floats, Floats, Floats]

ROWS = ("pull", "keep", "lowest", "highest", "down", "up", "choice")
MORNING = 6
"""Hour at which the day of the rooms begins: the coolest of summer."""
USE = (
    0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 0.9, 0.8, 0.8, 0.9,
    1.0, 0.9, 0.8, 0.8, 0.9, 1.1, 1.3, 1.4, 1.4, 1.3, 1.1, 0.9,
)  # fmt: skip
"""Gains of people and things by the hour of the day, mean 1 (generated)."""


@dataclass(frozen=True)
class Climate:
    """What the rooms feel, one value per stage: ``outdoor`` [°C], ``sun`` [kW/m2], season.

    ``season``: 1 where rooms are cooled, −1 where they are heated, 0 between.
    """

    axis: Axis
    outdoor: Floats
    sun: Floats
    season: Ints

    @cached_property
    def starts(self) -> Ints:
        """First stage of each day of the rooms, and the number of stages at the end."""
        axis = self.axis
        clock = (axis.local - np.timedelta64(MORNING, "h")).astype("M8[D]")
        new = np.append(True, clock[1:] != clock[:-1])
        first = np.flatnonzero(np.tile(new, len(axis.chains)))
        return np.append(first, axis.stages).astype(np.int64)

    @cached_property
    def day(self) -> Ints:
        """Number of the day of each stage."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def modes(self) -> Ints:
        """Season of each day."""
        return np.asarray(self.season[self.starts[:-1]], dtype=np.int64)

    @property
    def fresh(self) -> Ints:
        """1 for the first day of each chain."""
        return np.asarray(self.starts[:-1] % self.axis.periods == 0, dtype=np.int64)


@dataclass(frozen=True)
class Promise:
    """What a group of rooms promises, one value per stage.

    ``base`` [MW]: all thermostats by themselves. ``pull`` [MW]: A, the power of m = 1; ``keep``:
    k. ``lowest`` (≤ 0) and ``highest`` (≥ 0): limits of m. ``down`` and ``up``: limits D and U of
    s at the end of the stage. ``choice``: the k by which rooms chose to keep their width, −1
    where all drift. ``energy`` [MWh of heat]: what s = 1 stores. ``scale`` (rooms, days): who
    takes part, and how far. ``missed`` [K]: sum over the rooms of what weather alone takes them
    out of their band, the machine being too small.
    """

    base: Floats
    pull: Floats
    keep: Floats
    lowest: Floats
    highest: Floats
    down: Floats
    up: Floats
    choice: Floats
    energy: Floats
    scale: NDArray[np.float32]
    missed: Floats

    @property
    def floor(self) -> Floats:
        """Least power [MW]."""
        return self.base + self.pull * self.lowest

    @property
    def cap(self) -> Floats:
        """Greatest power [MW]."""
        return self.base + self.pull * self.highest


def promise_of(rooms: Rooms, climate: Climate, *, flexible: bool = True) -> Promise:
    """What these rooms promise together; with ``flexible`` false only what they use."""
    from zeroplant.homes.room_kernel import walk

    stages, days = climate.axis.stages, len(climate.modes)
    base, missed = np.zeros(stages), np.zeros(stages)
    out = np.zeros((7, stages))
    scale = np.zeros((len(rooms), days), dtype=np.float32)
    if len(rooms):
        walk(*_given(rooms, climate), flexible, base, out, scale, missed)
    energy = np.asarray((rooms.band * rooms.capacity) @ scale, dtype=float)
    rows = dict(zip(ROWS, out, strict=True))
    return Promise(base=base, energy=energy[climate.day], scale=scale, missed=missed, **rows)


@dataclass(frozen=True)
class Thermostats:
    """Rooms by themselves, every array (rooms, stages).

    ``power`` [MW], ``grip`` [K/MW] one hour of power moves the room, ``indoor`` [°C] at the end.
    """

    power: Floats
    grip: Floats
    indoor: Floats


def thermostats_of(rooms: Rooms, climate: Climate) -> Thermostats:
    """Each room by itself; for samples, as it keeps everything."""
    from zeroplant.homes.room_kernel import thermostats

    power, grip, indoor = (np.zeros((len(rooms), climate.axis.stages)) for _ in range(3))
    thermostats(*_given(rooms, climate), power, grip, indoor)
    return Thermostats(power, grip, indoor)


def widths_of(
    rooms: Rooms, climate: Climate, promise: Promise, members: Ints, alone: Thermostats
) -> Floats:
    """Widths B [K] at the end of each stage, (rooms, stages), of some ``members`` of a group."""
    from zeroplant.homes.room_kernel import widths

    found = np.zeros_like(alone.power)
    room = _given(rooms, climate)[4]
    scale = np.ascontiguousarray(promise.scale[members])
    limits = np.stack([promise.keep, promise.down, promise.up, promise.choice])
    widths(climate.starts, room, alone.power, alone.grip, scale, limits, found)
    return found


def shared_out(
    rooms: Rooms, climate: Climate, promise: Promise, state: Floats
) -> tuple[Floats, Floats]:
    """Power [MW] and temperature [°C] of each room when the group takes the path ``state``.

    ``state`` (stages,) is s at the end of each stage; both results (rooms, stages). This is the
    formula of the proof; nothing is clipped.
    """
    alone = thermostats_of(rooms, climate)
    days = np.asarray(climate.season[climate.starts[:-1]])[climate.day]
    after = widths_of(rooms, climate, promise, np.arange(len(rooms)), alone)
    moved = after * state
    before = np.roll(moved, 1, axis=1)
    before[:, climate.starts[:-1]] = 0.0
    own = kept(rooms.resistance, rooms.capacity, climate.axis.hours)[:, None]
    grip = np.where(alone.grip > 0, alone.grip, np.inf)
    return alone.power + (moved - own * before) / grip, alone.indoor - days * moved


def groups_of(rooms: Rooms, count: int) -> list[Ints]:
    """Numbers of the rooms in each group: by time constant, equally many in each."""
    order = np.argsort(rooms.resistance * rooms.capacity, kind="stable")
    return [each for each in np.array_split(order, min(count, max(len(rooms), 1))) if each.size]


def _factors(climate: Climate) -> Floats:
    """What weather makes of the coefficient of performance: of cooling, of heating."""
    air = climate.outdoor
    return np.stack([performance(1.0, air), performance(1.0, air, heating=True)])


def _given(rooms: Rooms, climate: Climate) -> Given:
    """Days, rooms and weather in the order in which the compiled walks take them."""
    keep = kept(rooms.resistance, rooms.capacity, climate.axis.hours)
    room = np.column_stack(
        [keep, rooms.resistance, rooms.power, rooms.cop, rooms.heating_cop,
         rooms.summer, rooms.winter, rooms.band, rooms.capacity]
    )  # fmt: skip
    gains = np.column_stack([rooms.gains, rooms.aperture * 1e-3])
    days = (climate.starts, climate.modes, climate.fresh)
    return (
        *days,
        _factors(climate),
        room,
        gains,
        climate.outdoor,
        climate.sun,
        hourly(USE, climate.axis),
    )
