"""Homes: every steered room by itself, 1R1C, behind an aggregator that moves set temperatures.

A group's set-point is a power. Its aggregator knows what the rooms together take at which shift of
all set temperatures, as a share of each room's band: it looks at the rooms once a minute, and
chooses the shift at once when it is told another power; each air-conditioner goes to its own
shifted temperature by itself. Shifts stay inside the band, so what the rooms cannot give
without leaving it they do not give, and a room whose unit can hardly hold its band is asked for
nothing. A room that was out of its band for a while opts out for the rest of its day.

In a cold night some units are too small for their rooms, whoever steers. So every room is also
carried on as its thermostat alone would have it, and comfort is told three times: of all room
hours, of those without steering, and of the hours in which the thermostat would have kept it.
Home batteries and cars are as the waist says them (`homes.battery_store` and
`homes.car_store` prove that each home can do its part).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zeroplant.assets.home_fleet import HomeFleet
from zeroplant.axis import Floats
from zeroplant.homes.population import Rooms
from zeroplant.homes.room import kept, performance
from zeroplant.homes.room_store import groups_of
from zeroplant.operate.standing import Standing
from zeroplant.plant.places import site_of
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State

TICK = 60.0
"""Seconds after which rooms are looked at anew."""
INSIDE = 0.9
"""Share of the band within which temperatures are shifted."""
SETTLES = 1.0 / 6.0
"""Hours in which an air-conditioner brings its room to its temperature."""
SHIFTS = np.linspace(-1.0, 1.0, 13)
"""Shifts at which an aggregator knows what its rooms take."""
WEAK = 0.9
"""Share of its unit's rating that a room may need to be at rest and still be asked for less."""
PATIENCE = 0.25
"""Hours out of the band after which a home opts out."""


class _Group:
    """Rooms of one group and their temperatures."""

    def __init__(self, rooms: Rooms, flow: int, store: int) -> None:
        self.rooms, self.flow, self.store = rooms, flow, store
        self.indoor = rooms.summer.copy()
        self.alone = self.indoor.copy()
        self.usual = np.zeros(len(rooms))
        self.out = np.zeros(len(rooms))
        self.gone = np.zeros(len(rooms), bool)
        self.takes = np.zeros(len(SHIFTS))
        self.power = 0.0
        self.shift = 0.0
        self.taken = 0.0
        """What was taken since the rooms were looked at, MWh."""

    def answer(self, told: float, hours: float) -> None:
        """Choose the shift for a power, or the nearest there is, and take it for so long."""
        self.power = min(max(told, self.takes[0]), self.takes[-1])
        self.shift = float(np.interp(self.power, self.takes, SHIFTS))
        self.taken += self.power * hours


class Homes:
    """The homes of one fleet."""

    def __init__(
        self, standing: Standing, name: str, physics: Physics, state: State, seed: int
    ) -> None:
        asset = standing.plant.assets[name]
        assert isinstance(asset, HomeFleet)
        self.name, self._physics = name, physics
        network, axis = standing.network, standing.plant.axis
        self._groups: list[_Group] = []
        self._left, self._day, self._at = 0.0, -1, 0
        self._inside = self._occupied = self._opted = 0.0
        self._alone = self._kept = 0.0
        if asset.rooms is None:
            return
        # The truth is the last part of a longer span.
        first = axis.periods - network.axis.periods
        place = standing.plant.site_name(asset)
        assert place is not None
        site = site_of(standing.plant, place)
        self._outdoor = site.weather.temp_air[first:]
        self._sun = site.weather.ghi[first:] / 1000.0
        month = network.axis.month_of_year
        self._mode = np.zeros(network.axis.stages)
        self._mode[np.isin(month, asset.rooms.months(asset.rooms.cooling))] = 1.0
        self._mode[np.isin(month, asset.rooms.months(asset.rooms.heating))] = -1.0
        everyone = asset._population().rooms
        steered = everyone.only(everyone.joins)
        self._per_day = round(24.0 / network.axis.hours)
        for number, members in enumerate(groups_of(steered, asset.rooms.groups), 1):
            flow = network.flow_named(f"{name}.air conditioning {number}").index
            store = network.store_named(f"{name}.rooms {number}").index
            state.own[store] = 1
            self._groups.append(_Group(steered.only(members), flow, store))

    def bound(self, state: State) -> None:
        """What the rooms take in this step; what they can take is found anew every minute."""
        if self._left <= 0.0:
            self._left = TICK
            for group in self._groups:
                self._look(group, state, max(TICK, state.seconds) / 3600.0)
        self._left -= state.seconds
        for group in self._groups:
            flow = group.flow
            group.answer(float(state.goal[flow]), state.hours)
            state.least[flow] = state.most[flow] = group.power
            state.goal[flow] = state.x[flow] = group.power

    def settle(self, state: State) -> None:
        """Say how much cold or warmth is held ready, as the waist counts it."""
        for group in self._groups:
            reach = max(state.cap[group.store], -state.floor[group.store], 0.0)
            state.level[group.store] = group.shift * reach

    def figures(self) -> Mapping[str, Any]:
        """Share of room hours within the band, and homes that opted out."""
        if not self._groups:
            return {}
        rooms = sum(len(group.rooms) for group in self._groups)
        return {
            f"{self.name}: in comfort band": _share(self._inside, self._occupied),
            f"{self.name}: in comfort band by thermostat alone":
                _share(self._alone, self._occupied),
            f"{self.name}: comfort kept while steered": _share(self._kept, self._alone),
            f"{self.name}: steered rooms": rooms,
            f"{self.name}: opt-outs": int(self._opted),
        }  # fmt: skip

    def _look(self, group: _Group, state: State, hours: float) -> None:
        """Move each room by what it took since the last look, and find what it can take now."""
        rooms, stage = group.rooms, state.stage
        self._at = stage
        mode = self._mode[stage]
        if stage // self._per_day != self._day:
            self._day = stage // self._per_day
            for each in self._groups:
                each.gone[:] = False
        if mode == 0.0:
            group.takes[:] = group.taken = 0.0
            state.fallback[group.flow] = 0.0
            return
        goal = np.where(mode > 0.0, rooms.summer, rooms.winter)
        cop = (performance(rooms.cop, self._outdoor[stage]) if mode > 0.0
               else performance(rooms.heating_cop, self._outdoor[stage], heating=True))  # fmt: skip
        gains = rooms.gains + rooms.aperture * 1e-3 * self._sun[stage]
        if group.usual.sum() == 0.0:
            group.indoor, group.alone = goal.copy(), goal.copy()  # conditioned before
        else:
            self._move(group, goal, mode, cop, gains, hours)
        group.usual = self._power(group, goal, mode, cop, gains, 0.0)
        state.fallback[group.flow] = float(group.usual.sum())
        for place, shift in enumerate(SHIFTS):
            group.takes[place] = self._power(group, goal, mode, cop, gains, shift).sum()
        np.maximum.accumulate(group.takes, out=group.takes)

    def _move(  # noqa: PLR0917
        self, group: _Group, goal: Floats, mode: float, cop: Floats, gains: Floats, hours: float
    ) -> None:
        """Let each room have what it took, and count comfort."""
        rooms, outdoor, mean = group.rooms, self._outdoor[self._at], group.taken / hours
        shift, group.taken = float(np.interp(mean, group.takes, SHIFTS)), 0.0
        power = self._power(group, goal, mode, cop, gains, shift)
        power = np.minimum(power * (mean / max(float(power.sum()), 1e-12)), rooms.power)
        keep = kept(rooms.resistance, rooms.capacity, hours)
        drive = outdoor + rooms.resistance * (gains - mode * cop * power)
        group.indoor = keep * group.indoor + (1.0 - keep) * drive
        off = np.abs(group.indoor - goal) > rooms.band + 1e-9
        unsteered = self._power(group, goal, mode, cop, gains, 0.0, group.alone)
        drive = outdoor + rooms.resistance * (gains - mode * cop * unsteered)
        group.alone = keep * group.alone + (1.0 - keep) * drive
        would = np.abs(group.alone - goal) <= rooms.band + 1e-9
        self._alone += float(would.sum()) * hours
        self._kept += float((would & ~off).sum()) * hours
        self._inside += float((~off).sum()) * hours
        self._occupied += len(rooms) * hours
        group.out = np.where(off, group.out + hours, 0.0)
        leaves = (group.out > PATIENCE) & ~group.gone & (abs(shift) > 0.05)
        self._opted += float(leaves.sum())
        group.gone |= leaves

    def _power(  # noqa: PLR0917
        self, group: _Group, goal: Floats, mode: float, cop: Floats, gains: Floats, shift: float,
        indoor: Floats | None = None,
    ) -> Floats:  # fmt: skip
        """What each air-conditioner takes to bring its room to its shifted temperature, MW."""
        rooms = group.rooms
        outdoor = self._outdoor[self._at]
        spared = group.gone
        if shift < 0.0:
            rest = mode * ((outdoor - goal) / rooms.resistance + gains)
            spared = spared | (rest > WEAK * cop * rooms.power)
        asked = np.where(spared, 0.0, shift) * INSIDE * rooms.band
        wanted = goal - mode * asked
        hold = mode * ((outdoor - wanted) / rooms.resistance + gains)
        now = group.indoor if indoor is None else indoor
        reach = mode * (now - wanted) * rooms.capacity / SETTLES
        return np.asarray(np.clip((hold + reach) / cop, 0.0, rooms.power))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
