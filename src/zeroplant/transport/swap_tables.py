"""What the compiled simulation reads and writes: tables of stations, packs, trucks and stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.transport import swap_kernel as column
from zeroplant.transport.corridor import ORDERS, Fleet, PackKind, Schedule, SwapPlace, Visits


class Tables:
    """The tables of one run; `visits` reads them after it."""

    def __init__(
        self,
        places: Sequence[SwapPlace],
        fleet: Fleet,
        *,
        kinds: Sequence[PackKind],
        periods: int,
        hours: float,
        fits: Ints | None,
    ) -> None:
        self.places, self.fleet, self.hours = places, fleet, hours
        self.kinds = _rows((kind.energy, kind.power, kind.full, kind.empty) for kind in kinds)
        self.fits = np.eye(len(kinds), dtype=np.int64) if fits is None else fits.astype(np.int64)
        self.plan = np.array([_plan(place, periods) for place in places])
        self.stations = _stations(places)
        self.slots = np.concatenate([_slots(place) for place in places])
        self.slots[:, column.PACK] = np.arange(len(self.slots))
        self.lanes = np.full((sum(place.lanes for place in places), column.LANE_WIDTH), -1.0)
        self.trucks = self._trucks()
        self.stops = self._stops()
        self.cycles = np.zeros(len(self.slots) + len(self.trucks))

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the kernel asks for, in its order."""
        queue, lines = self._lines()
        return (
            self.stations, self.kinds, self.fits, self.plan, float(self.hours), self.slots,
            self.lanes, self.trucks, self.stops, self.cycles, self._by_arrival, queue, lines,
            np.zeros((len(self.trucks) + 1, 2)),
        )  # fmt: skip

    def visits(self) -> Visits:
        """What happened."""
        stops = self.stops
        served = ~np.isnan(stops[:, column.BEGIN])
        return Visits(
            arrival=stops[:, column.ARRIVAL],
            begin=stops[:, column.BEGIN],
            delay=np.where(served, stops[:, column.DELAY], np.nan),
            soc_in=stops[:, column.SOC_IN],
            soc_out=stops[:, column.SOC_OUT],
            station=stops[:, column.STATION].astype(np.int64),
            cycles=self.cycles,
            charged=self.plan[:, :, column.CHARGED],
            given=self.plan[:, :, column.GIVEN],
            charge_end=self.slots[:, column.SOC],
            kind_end=self.slots[:, column.FAMILY].astype(np.int64),
        )

    @cached_property
    def _by_arrival(self) -> Ints:
        """Trucks with stops, in the order in which they reach the first."""
        first = self.fleet.first
        has = np.flatnonzero(np.diff(first) > 0)
        arrival = self.fleet.start[has] + self.fleet.drive[first[has]]
        return np.asarray(has[np.argsort(arrival, kind="stable")], dtype=np.int64)

    def _trucks(self) -> Floats:
        fleet, count = self.fleet, len(self.fleet.start)
        table = np.zeros((count, column.TRUCK_WIDTH))
        table[:, column.TAKES] = 0 if fleet.family is None else fleet.family
        table[:, column.CARRIED] = table[:, column.TAKES]
        table[:, column.START], table[:, column.CHARGE] = fleet.start, fleet.charge
        table[:, column.FIRST] = fleet.first[:-1]
        table[:, column.CARRIES] = len(self.slots) + np.arange(count)
        return table

    def _stops(self) -> Floats:
        fleet = self.fleet
        table = np.full((len(fleet.station), column.STOP_WIDTH), np.nan)
        table[:, column.STATION], table[:, column.TRUCK] = fleet.station, fleet.truck_of
        table[:, column.DRIVE], table[:, column.USED] = fleet.drive, fleet.used
        return table

    def _lines(self) -> tuple[Ints, Ints]:
        """Room in one array for all that may ever stand in each line, and where each begins."""
        takes = self.trucks[self.stops[:, column.TRUCK].astype(np.int64), column.TAKES]
        line = (self.stops[:, column.STATION] * len(self.kinds) + takes).astype(np.int64)
        most = np.bincount(line, minlength=len(self.places) * len(self.kinds))
        begin = np.concatenate([[0], np.cumsum(most)[:-1]])
        return np.zeros(len(line), dtype=np.int64), np.stack([begin, begin], axis=1)


def _stations(places: Sequence[SwapPlace]) -> Floats:
    table = np.zeros((len(places) + 1, column.STATION_WIDTH))
    for where, place in enumerate(places):
        plan = place.schedule or Schedule(np.zeros(0), np.zeros(1), np.zeros(1))
        table[where + 1, column.SLOTS] = table[where, column.SLOTS] + len(place.charge)
        table[where + 1, column.LANES] = table[where, column.LANES] + place.lanes
        table[where, column.LANE_TIME : column.LAST] = (
            place.lane_time, place.swap_time, place.chargers, place.charger, place.efficiency,
            place.room, ORDERS.index(place.order), place.schedule is not None, plan.recovery,
            plan.tick,
        )  # fmt: skip
    return table


def _plan(place: SwapPlace, periods: int) -> Floats:
    table = np.zeros((periods, column.PERIOD_WIDTH))
    table[:, column.MOST], table[:, column.MOST_BACK] = place.most, place.most_back
    if place.schedule is not None:
        stored, ready = place.schedule.stored, place.schedule.ready
        table[:, column.PLAN] = place.schedule.power
        table[:, column.STORED], table[:, column.STORED_END] = stored[:-1], stored[1:]
        table[:, column.READY_PACKS], table[:, column.READY_END] = ready[:-1], ready[1:]
    return table


def _slots(place: SwapPlace) -> Floats:
    table = np.zeros((len(place.charge), column.SLOT_WIDTH))
    table[:, column.SOC], table[:, column.BACK] = place.charge, -1.0
    table[:, column.FAMILY] = 0 if place.kind is None else place.kind
    return table


def _rows(rows: Iterable[Sequence[float]]) -> Floats:
    return np.array([list(row) for row in rows], dtype=float)
