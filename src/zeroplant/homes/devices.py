"""Home batteries, rooms and cars as devices of `solve.fleet`, each a store of its own.

The plant counts in MW and MWh, a home in kW and kWh: a fleet made here is in kW, kWh, kelvin and
money per kWh, so that its numbers are of the size of one and its tolerances mean what they say.
`THOUSAND` is the one factor between the two; `megawatts` brings totals back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Axis, Floats
from zeroplant.homes.car_store import DAY
from zeroplant.homes.population import Batteries, Cars, Rooms
from zeroplant.homes.room import kept
from zeroplant.homes.room_store import Climate, Thermostats, thermostats_of
from zeroplant.solve.fleet.tables import Fleet, Rows

THOUSAND = 1000.0
"""kW in a MW."""


def megawatts(kilowatts: ArrayLike) -> Floats:
    """Power of a fleet in the plant's unit; any shape."""
    return np.asarray(kilowatts, dtype=float) / THOUSAND


def batteries_as_fleet(
    batteries: Batteries,
    buy: Floats,
    *,
    hours: float,
    one_way: float,
    sell: Floats | None = None,
    net: Floats | None = None,
    spare: Floats | None = None,
    usable: float = 1.0,
    keep: float = 1.0,
    wear: float = 0.0,
    start: ArrayLike = 0.0,
    worth: float = 0.0,
) -> Fleet:
    """Batteries, each behind a meter.

    Args:
        batteries: power [MW] and energy [MWh] of each (N,).
        buy: price [money/MWh] of what the meter takes (T,); ``sell`` of what it gives, the same
            if left out.
        hours: length of a step.
        one_way: efficiency of charging and of discharging.
        sell: see ``buy``.
        net: load less photovoltaics of each home [MW], (N, T); 0 if left out.
        spare: photovoltaics that may be curtailed [MW], (N, T).
        usable: share of the energy that moves.
        keep: share of the level left after a step.
        wear: price [money/MWh] of discharging.
        start: level at the start [MWh], (N,) or one for all.
        worth: of energy left at the end [money/MWh].
    """
    count, steps = len(batteries), len(buy)
    tariff = Rows.shared(np.asarray(buy) / THOUSAND, count)
    paid = tariff if sell is None else Rows.shared(np.asarray(sell) / THOUSAND, count)
    power = Rows.flat(batteries.power * THOUSAND, steps)
    return Fleet(
        buy=tariff, sell=paid, net=_own(net, count, steps), curtailable=_own(spare, count, steps),
        in_most=power, out_most=power, gain=_same(one_way, count, steps),
        low=_same(0.0, count, steps),
        high=Rows.flat(batteries.energy * usable * THOUSAND, steps),
        inflow=_same(0.0, count, steps), keep=np.full(count, keep),
        give=np.full(count, one_way), wear_in=np.zeros(count),
        wear_out=np.full(count, wear / THOUSAND),
        start=np.broadcast_to(np.asarray(start, dtype=float) * THOUSAND, count),
        final_value=np.full(count, worth / THOUSAND), connection=np.full(count, np.inf),
        hours=hours,
    )  # fmt: skip


def rooms_as_fleet(
    rooms: Rooms, climate: Climate, price: Floats, alone: Thermostats | None = None
) -> Fleet:
    """Air-conditioned rooms; the level is the kelvin a room is beyond its thermostat's course.

    Colder where rooms are cooled, warmer where they are heated. Power is all that the machine
    takes, so with no steering it is that of the thermostat, ``alone``. ``price`` [money/MWh]
    (T,). Rooms begin and end on their thermostats' course.
    """
    alone = thermostats_of(rooms, climate) if alone is None else alone
    steps, count = climate.axis.stages, len(rooms)
    mode = climate.season[climate.starts[:-1]][climate.day]
    goal = np.where(mode > 0, rooms.summer[:, None], rooms.winter[:, None])
    off = (alone.indoor - goal) * mode
    band = rooms.band[:, None] * (mode != 0)
    low = -np.maximum(band - off, 0.0) * (mode != 0)
    low[:, -1] = 0.0
    high = np.maximum(band + off, 0.0) * (mode != 0)
    works = (mode != 0) & (alone.grip > 0)
    hours = climate.axis.hours
    gain = np.where(works, alone.grip / (THOUSAND * hours), 1.0)
    tariff = Rows.shared(price / THOUSAND, count)
    zero = np.zeros(count)
    return Fleet(
        buy=tariff, sell=tariff, net=_same(0.0, count, steps),
        curtailable=_same(0.0, count, steps),
        in_most=Rows.each(np.where(works, rooms.power[:, None] * THOUSAND, 0.0)),
        out_most=_same(0.0, count, steps), gain=Rows.each(gain),
        low=Rows.each(low), high=Rows.each(high),
        inflow=Rows.each(-alone.power * alone.grip),
        keep=kept(rooms.resistance, rooms.capacity, hours), give=zero + 1.0, wear_in=zero,
        wear_out=zero, start=zero, final_value=zero, connection=zero + np.inf, hours=hours,
    )  # fmt: skip


def cars_as_fleet(cars: Cars, axis: Axis, price: Floats) -> Fleet:
    """Cars that are full when they leave, and then have used the energy of the day.

    ``price`` [money/MWh] (T,). One chain of steps that begins while every car is away, with
    nothing charged; a night that the end cuts short asks for nothing. A car whose stay is too
    short charges what it can. Only whole steps at home count.
    """
    count, steps, hours = len(cars), axis.periods, axis.hours
    since = (axis.hour_of_day[:steps] - cars.returns[:, None]) % DAY
    stay = (cars.leaves - cars.returns)[:, None] % DAY
    home = since + hours <= stay + 1e-9
    last = home & ~np.roll(home, -1, axis=1)
    last[:, -1] = False
    run = _run_lengths(home)
    most, full = cars.power[:, None] * THOUSAND, cars.energy[:, None] * THOUSAND
    ready = np.where(last, np.minimum(full, run * most * hours), 0.0)
    gone = np.zeros_like(ready)
    gone[:, 1:] = ready[:, :-1]
    tariff = Rows.shared(price / THOUSAND, count)
    zero = np.zeros(count)
    return Fleet(
        buy=tariff, sell=tariff, net=_same(0.0, count, steps),
        curtailable=_same(0.0, count, steps), in_most=Rows.each(np.where(home, most, 0.0)),
        out_most=_same(0.0, count, steps), gain=_same(1.0, count, steps), low=Rows.each(ready),
        high=Rows.each(np.broadcast_to(full, home.shape)), inflow=Rows.each(-gone),
        keep=zero + 1.0, give=zero + 1.0, wear_in=zero, wear_out=zero, start=zero,
        final_value=zero, connection=zero + np.inf, hours=hours,
    )  # fmt: skip


def _run_lengths(home: np.ndarray) -> Floats:
    """How many steps in a row, up to and with this one; 0 where there is none."""
    count = np.cumsum(home, axis=1)
    before = np.maximum.accumulate(np.where(home, 0, count), axis=1)
    return np.where(home, count - before, 0).astype(float)


def _same(value: float, count: int, steps: int) -> Rows:
    return Rows.shared(np.full(steps, value), count)


def _own(series: Floats | None, count: int, steps: int) -> Rows:
    """Power of each home [MW] as rows in kW; zero if there is none."""
    return _same(0.0, count, steps) if series is None else Rows.each(series * THOUSAND)
