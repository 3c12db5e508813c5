"""What each kind of device of a fleet file is as a store: batteries, cars, tanks, rooms.

A room's level is its temperature, turned negative where it is cooled, so that power raises it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.homes.car_store import DAY
from zeroplant.homes.fleet_prices import Prices
from zeroplant.homes.fleet_series import combined, of_pattern
from zeroplant.homes.room import kept
from zeroplant.solve.fleet.tables import Fleet, Rows

Numbers = Mapping[str, Floats]
"""Columns by name, (N,) each; ``nan`` where the default is to be taken."""


def as_fleet(kind: str, own: Numbers, series: Mapping[str, Rows], prices: Prices) -> Fleet:
    """Devices of one kind."""
    make = {"battery": _store, "tank": _store, "car": _car}.get(kind, _room)
    return make(kind, own, series, prices)


def _or(given: Floats, default: ArrayLike) -> Floats:
    return np.where(np.isnan(given), default, given)


def _behind_meter(series: Mapping[str, Rows]) -> dict[str, Rows]:
    net = combined(lambda load, pv: load - pv, series["load_kw"], series["pv_kw"])
    spare = combined(np.minimum, series["curtailable_kw"], series["pv_kw"])
    return {"buy": series["buy"], "sell": series["sell"], "net": net, "curtailable": spare}


def _store(kind: str, own: Numbers, series: Mapping[str, Rows], prices: Prices) -> Fleet:
    steps, size, battery = len(prices.time), own["energy_kwh"], kind == "battery"
    power, start = own["power_kw"], _or(own["start_kwh"], 0.5 * size)
    give = _or(own["give_kw"], power if battery else 0.0)
    end = _or(own["end_kwh"], start if battery else 0.0)
    gain = _or(own["cop"], 1.0) if kind == "tank" else own["efficiency"]
    zero = np.zeros(len(size))

    def least(low: Floats, last: Floats) -> Floats:
        low[:, -1] = np.maximum(low[:, -1], last[:, 0])
        return low

    return Fleet(
        **_behind_meter(series), in_most=Rows.flat(power, steps), out_most=Rows.flat(give, steps),
        gain=Rows.flat(gain, steps), low=combined(least, series["least_kwh"], Rows.flat(end, 1)),
        high=Rows.flat(size, steps), inflow=combined(lambda use: -prices.hours * use,
                                                     series["use_kw"]),
        keep=(1.0 - own["loss_per_day"]) ** (prices.hours / DAY),
        give=zero + 1.0 if kind == "tank" else own["efficiency"], wear_in=zero,
        wear_out=zero if kind == "tank" else own["wear_per_kwh"], start=start,
        final_value=own["worth_per_kwh"], connection=own["connection_kw"], hours=prices.hours,
    )  # fmt: skip


def _car(kind: str, own: Numbers, series: Mapping[str, Rows], prices: Prices) -> Fleet:
    """A battery that is away every day, needs a content when it leaves, and is back with less."""
    from dataclasses import replace

    fleet = _store(kind, own, series, prices)
    leave, back = own["leave_hour"], own["return_hour"]

    def away(leaves: Floats, returns: Floats, hour: Floats = prices.hour) -> Floats:
        return (((hour - leaves) % DAY) < ((returns - leaves) % DAY)).astype(float)

    gone = of_pattern(away, leave, back)
    day = np.arange(0.0, DAY, prices.hours)
    a_day = away(leave[:, None], back[:, None], day).sum(axis=1)
    trip = Rows.flat(own["trip_kwh"] / np.maximum(a_day, 1.0), 1)
    needed = Rows.flat(_or(own["leave_kwh"], 0.8 * own["energy_kwh"]), 1)

    def least(low: Floats, off: Floats, full: Floats) -> Floats:
        leaving = (off[:, :-1] == 0.0) & (off[:, 1:] > 0.0)
        low[:, :-1] = np.where(leaving, np.maximum(low[:, :-1], full), low[:, :-1])
        return low

    def home(most: Floats, off: Floats) -> Floats:
        return most * (1.0 - off)

    return replace(
        fleet, in_most=combined(home, fleet.in_most, gone),
        out_most=combined(home, fleet.out_most, gone), low=combined(least, fleet.low, gone, needed),
        inflow=combined(lambda other, off, each: other - off * each, fleet.inflow, gone, trip),
    )  # fmt: skip


def _room(kind: str, own: Numbers, series: Mapping[str, Rows], prices: Prices) -> Fleet:
    """A resistance and a capacity, see `zeroplant.homes.room`."""
    steps, cooled = len(prices.time), kind == "cooled room"
    lowest = _or(own["lowest_c"], 22.0 if cooled else 18.0)
    highest = _or(own["highest_c"], 27.0 if cooled else 23.0)
    start = _or(own["start_c"], 0.5 * (lowest + highest))
    resistance, sign = own["resistance_k_per_kw"], -1.0 if cooled else 1.0
    keep = kept(resistance, own["capacity_kwh_per_k"], prices.hours)
    grip = (1.0 - keep) * resistance * _or(own["cop"], 3.0) / prices.hours
    low, high = (-highest, -lowest) if cooled else (lowest, highest)
    drift = combined(
        lambda outdoor, gains, lost, r: sign * lost * (outdoor + r * gains),
        series["outdoor_c"], series["gains_kw"], Rows.flat(1.0 - keep, 1), Rows.flat(resistance, 1),
    )  # fmt: skip
    zero = np.zeros(len(keep))
    return Fleet(
        **_behind_meter(series), in_most=Rows.flat(own["power_kw"], steps),
        out_most=Rows.flat(zero, steps), gain=Rows.flat(grip, steps), low=Rows.flat(low, steps),
        high=Rows.flat(high, steps), inflow=drift, keep=keep, give=zero + 1.0, wear_in=zero,
        wear_out=zero, start=sign * start, final_value=zero, connection=own["connection_kw"],
        hours=prices.hours,
    )  # fmt: skip
