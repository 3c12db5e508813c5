"""Swap station: single trucks that come by chance, lanes, packs and chargers; who waits how long.

The discrete events are those of `transport.swap_kernel`, run step by step. The set-points of the
station's charging add up to the power its chargers may take, as a charging profile does: trucks
are served first, but not by what others behind the same connection need. All chargers may run: what
a plan keeps free of them for surprises is there when they come. Left alone, it charges at once.
Giving energy back to the node is not in this twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from zeroplant.assets.parts.swap_replay import whole
from zeroplant.assets.swap_station import SwapStation
from zeroplant.axis import Floats
from zeroplant.operate.standing import Standing
from zeroplant.transport import swap_kernel as column
from zeroplant.transport.corridor import Fleet, PackKind, SwapPlace
from zeroplant.transport.station import poisson_arrivals
from zeroplant.transport.swap_tables import Tables
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State
from zeroplant.units import SizeRange

SHOWN = 3600.0
"""Seconds over which swaps are averaged into a rate."""
INSIDE = 1e-9


class PackSeen(NamedTuple):
    """A battery pack as the station tells of it; ``level`` is a fraction."""

    slot: int
    serial: str
    level: float


class SlotSeen(NamedTuple):
    """A slot as the station tells of it: its pack, how full, what it draws [MW], if it is in."""

    serial: str
    level: float
    power: float
    there: bool


class Swap:
    """One station."""

    def __init__(
        self, standing: Standing, name: str, physics: Physics, state: State, seed: int
    ) -> None:
        asset = standing.plant.assets[name]
        assert isinstance(asset, SwapStation)
        self.name, self.asset, self._physics = name, asset, physics
        network = standing.network
        self._arcs = [flow.index for flow in network.flows
                      if flow.who == name and "charging " in flow.name]  # fmt: skip
        # What a unit of each arc takes from the node, MWh.
        self._takes = np.array([float(np.mean(next(iter(network.flows[a].take.values()))))
                                for a in self._arcs])  # fmt: skip
        self._swaps = [flow.index for flow in network.flows
                       if flow.who == name and flow.name.startswith(f"{name}.swaps")]  # fmt: skip
        self._stores = {s.name.removeprefix(f"{name}."): s.index
                        for s in network.stores if s.who == name}  # fmt: skip
        for store in self._stores.values():
            state.own[store] = 1
        self._open, self._begun = 0, 0.0
        self._tables = self._build(standing, seed)
        self._most = self._power(standing)
        self._told = np.zeros(len(self._times), bool)
        self._arguments = list(self._tables.arguments)
        self._next = 0
        self._rate = 0.0
        self._waits: list[float] = []
        self._sent = 0
        self.settle(state)

    def bound(self, state: State) -> None:
        """Run trucks, lanes and chargers through this step; the chargers take what they took."""
        hours, tables = state.hours, self._tables
        arcs = self._arcs
        goal = np.clip(state.goal[arcs], 0.0, None)
        told = float(self._takes @ goal)
        tables.plan[0, 0, :] = 0.0
        tables.plan[0, 0, column.MOST] = min(told, float(self._most[state.stage]))
        first = self._next
        while self._next < len(self._times) and self._times[self._next] < state.at / 3600.0 + hours:
            self._next += 1
        come = self._order[first : self._next]
        tables.trucks[come, column.START] = np.clip(
            self._times[first : self._next] - state.at / 3600.0, 0.0, hours * (1.0 - INSIDE)
        )
        self._arguments[4] = hours
        self._arguments[10] = come
        column.run(*self._arguments)
        self._count(hours)
        self._shift(hours)
        drawn = tables.plan[0, 0, column.CHARGED] / hours
        # It charges the packs it has; which class they are of is told as it was asked.
        share = goal / told if told > 0.0 else np.ones(len(arcs)) / float(self._takes.sum())
        state.least[arcs] = state.most[arcs] = state.x[arcs] = drawn * share

    def settle(self, state: State) -> None:
        """Say how many packs there are of each class, and how many trucks wait."""
        slots, asset = self._tables.slots, self.asset
        low, high = self._window
        soc = slots[:, column.SOC]
        place = np.rint((soc - low) / (high - low) * (asset.classes - 1)).astype(int)
        place = np.minimum(place, asset.classes - 2)  # nearly full is not full
        there = slots[:, column.BACK] <= INSIDE
        for name, store in self._stores.items():
            if name.startswith("full"):
                state.level[store] = self._full()
            elif name.startswith("waiting"):
                state.level[store] = self._tables.stations[0, column.WAITING]
            elif name.startswith("class"):
                number = int(name.rsplit(" ", 1)[-1])
                state.level[store] = float((there & (place == number)).sum())
        keep = np.exp(-state.seconds / SHOWN)
        self._rate = keep * self._rate + (1.0 - keep) * self._begun / state.hours
        for flow in self._swaps:
            state.x[flow] = self._rate / max(len(self._swaps), 1)

    def exchange(self) -> tuple[PackSeen, PackSeen] | None:
        """A truck that was sent here swaps at once: what came in and went out; None: none is full.

        The pack it brings is empty, takes the place of the full one, and is in after a swap's time.
        """
        slots, (low, high) = self._tables.slots, self._window
        full = (slots[:, column.SOC] >= high - column.READY) & (slots[:, column.BACK] <= INSIDE)
        if not full.any():
            return None
        slot = int(np.argmax(full))
        went = PackSeen(slot + 1, f"{self.name}-{slot + 1}", float(slots[slot, column.SOC]))
        self._sent += 1
        slots[slot, column.SOC], slots[slot, column.BACK] = low, self.asset.swap_time
        slots[slot, column.FLOW] = 0.0
        return PackSeen(slot + 1, f"{self.name}-sent-{self._sent}", low), went

    def rack(self) -> list[SlotSeen]:
        """All slots, in their order."""
        return [
            SlotSeen(f"{self.name}-{int(slot[column.PACK]) + 1}", float(slot[column.SOC]),
                     max(float(slot[column.FLOW]), 0.0), bool(slot[column.BACK] <= INSIDE))
            for slot in self._tables.slots
        ]  # fmt: skip

    @property
    def charging(self) -> dict[str, float]:
        """The flows by which it charges, and what each takes from the node [MWh per unit]."""
        flows = self._physics.network.flows
        takes = self._takes.tolist()
        return {flows[arc].name: each for arc, each in zip(self._arcs, takes, strict=True)}

    @property
    def full_level(self) -> float:
        """State of charge at which a pack is full."""
        return float(self._window[1])

    def figures(self) -> Mapping[str, Any]:
        """Swaps, and how many minutes trucks waited; those that still wait count as they are."""
        waits = np.array(self._waits + self._standing()) * 60.0
        p50, p95 = np.quantile(waits, [0.5, 0.95]) if waits.size else (0.0, 0.0)
        return {
            f"{self.name}: swaps": len(self._waits),
            f"{self.name}: wait p50 min": float(p50),
            f"{self.name}: wait p95 min": float(p95),
        }

    def _full(self) -> float:
        slots = self._tables.slots
        full = slots[:, column.SOC] >= self._window[1] - column.READY
        return float((full & (slots[:, column.BACK] <= INSIDE)).sum())

    def _count(self, hours: float) -> None:
        """Waits of the swaps that began in this step."""
        stops = self._tables.stops
        begun = np.flatnonzero(~np.isnan(stops[self._open :, column.BEGIN])) + self._open
        new = begun[~self._told[begun]]
        self._told[new] = True
        waits = stops[new, column.BEGIN] - stops[new, column.ARRIVAL]
        self._waits.extend(np.maximum(waits, 0.0).tolist())
        self._begun = float(len(new))
        while self._open < len(self._told) and self._told[self._open]:
            self._open += 1

    def _standing(self) -> list[float]:
        stops = self._tables.stops
        waiting = ~self._told & ~np.isnan(stops[:, column.ARRIVAL])
        return [float(each) for each in np.maximum(-stops[waiting, column.ARRIVAL], 0.0)]

    def _shift(self, hours: float) -> None:
        """The next step begins at nothing: all times move back by one step."""
        tables = self._tables
        tables.stations[:, [column.LAST, column.NEXT]] -= hours
        tables.lanes[:, [column.FREE, column.IDEAL]] -= hours
        tables.slots[:, column.BACK] -= hours
        # Arrivals of those that still wait; the others have been counted.
        waiting = ~self._told[: self._next]
        stops = tables.stops[: self._next]
        stops[waiting, column.ARRIVAL] -= hours
        stops[waiting, column.DELAY] -= hours

    def _build(self, standing: Standing, seed: int) -> Tables:
        """The station, its packs, and all trucks of the run as they come by chance."""
        asset, axis = self.asset, standing.network.axis
        random = np.random.default_rng([seed, 55])
        kinds, charges, racks = [], [], []
        times, socs, families = [], [], []
        charger = asset.charger_power
        for number, (family, packs) in enumerate(asset.packs.items()):
            kinds.append(PackKind(packs.energy, packs.power(charger), packs.soc_max, packs.soc_min))
            word = "packs" if len(asset.packs) == 1 else f"packs {family}"
            held = self._size(standing, word, packs.count)
            full = round(0.6 * held)
            charges.append(np.where(np.arange(held) < full, packs.soc_max, packs.soc_min + 0.2))
            racks.append(np.full(held, number))
            levels = packs.classes(asset.classes).levels
            for level, rate in self._rates(standing, family, axis.stages).items():
                come = poisson_arrivals(rate, axis.hours, random)
                times.append(come)
                socs.append(np.full(len(come), levels[level]))
                families.append(np.full(len(come), number))
        first = next(iter(asset.packs.values()))
        self._window = (first.soc_min, first.soc_max)
        self._times = np.concatenate(times)
        self._order = np.argsort(self._times, kind="stable").astype(np.int64)
        self._times = self._times[self._order]
        count = len(self._times)
        # Trucks stand in the tables in the order in which they come.
        soc = np.concatenate(socs)[self._order]
        takes = np.concatenate(families)[self._order].astype(np.int64)
        self._order = np.arange(count, dtype=np.int64)
        nothing = np.zeros(count)
        fleet = Fleet(nothing.copy(), soc, np.arange(count + 1), np.zeros(count, np.int64),
                      nothing, nothing, takes)  # fmt: skip
        place = SwapPlace(
            charge=np.concatenate(charges), kind=np.concatenate(racks),
            lanes=self._size(standing, "lanes", asset.lanes), lane_time=1.0 / asset.lane_rate,
            swap_time=asset.swap_time, chargers=self._size(standing, "chargers", asset.chargers),
            charger=charger, efficiency=asset.efficiency, most=0.0,
        )  # fmt: skip
        return Tables([place], fleet, kinds=kinds, periods=1, hours=1.0, fits=None)

    def _size(self, standing: Standing, word: str, given: float | SizeRange) -> int:
        return max(whole(self._chosen(standing, word, given)), 1)

    def _chosen(self, standing: Standing, word: str, given: float | SizeRange) -> float:
        """A size that was given or chosen, of which there may be a part."""
        size = standing.sizes.get(f"{self.name}.{word}", given)
        assert not isinstance(size, SizeRange)
        step = given.step if isinstance(given, SizeRange) and given.step is not None else 1.0
        return float(size * step)

    def _power(self, standing: Standing) -> Floats:
        """Most that its chargers can take [MW], (stages,): all of them, or what is connected."""
        asset, axis = self.asset, standing.network.axis
        most = self._size(standing, "chargers", asset.chargers) * asset.charger_power
        if asset.connection is None:
            return np.asarray(axis.full(most))
        connected = self._chosen(standing, "connection", asset.connection)
        return np.minimum(most, np.maximum(connected - asset.auxiliary.on(axis), 0.0))

    def _rates(self, standing: Standing, family: str, stages: int) -> dict[int, Floats]:
        """Trucks per hour by class on arrival; a road's or its own."""
        network = standing.network
        alone = len(self.asset.packs) == 1
        found = {}
        for number in range(self.asset.classes):
            word = f"trucks {number}" if alone else f"trucks {family} {number}"
            name = f"{self.name}.{word}"
            flow = next((each for each in network.flows if each.name == name), None)
            if flow is not None:
                found[number] = np.maximum(self._physics.most[:stages, flow.index], 0.0)
        return found
