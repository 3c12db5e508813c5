"""Reservoir hydro and run of river: power by the head of this very moment.

Power is ``falling·Q·H`` times what a unit is worth at its part of the flow (`turbines`), with the
head H between the level of the water that is held and the tail water of all that passes. The plan
knows chords of that, a head for a day, and one efficiency. At low head turbines take what an
orifice lets through, below ``least_head`` nothing. Rough zones are stepped out of.

A limit on output turns the turbines down, a set-point of water is followed below it. Left alone
they let pass what comes. Locally automatic, as a permit asks it: while there is water, a gate adds
to what the turbines leave of the least flow. What the plan calls the energy held is that of the
water that is there.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zeroplant.assets.hydro_reservoir import HydroReservoir
from zeroplant.assets.parts import curves
from zeroplant.assets.parts.reservoir_head import HeldEnergy
from zeroplant.assets.parts.water import HM3
from zeroplant.assets.run_of_river import RunOfRiver
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.places import flow_places, nodes_of, store_places
from zeroplant.twin.kinds.turbines import (
    CROSSED,
    INSIDE,
    RUNS,
    STARTED,
    at_rest,
    count_rough,
    curves_of,
    good,
    share,
    zones_of,
)  # fmt: skip
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State
from zeroplant.waist.network import Network

Works = HydroReservoir | RunOfRiver
POINTS = 101
"""Of the curves of water held, between their ends."""
FALLING, FLOW, UNITS, RATED, LEAST, PERMIT = range(6)
"""Columns of what works are made as: MW per m³/s and m, m³/s of all turbines, units, rated head
[m], least head [m], least flow [m³/s]."""
LOW, HEAD, RAN = range(3)
"""Columns of how they are, beside `turbines`: seconds below the least flow, sum of heads while
they ran [m·s], seconds they ran."""


class Rivers:
    """All works of one kind: reservoirs, or weirs without storage."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        assets: list[Works] = [each for name in names if isinstance(
            each := standing.plant.assets[name], HydroReservoir | RunOfRiver)]  # fmt: skip
        self._names = list(names)
        self._turbined, self._output, self._spilled = (
            flow_places(network, names, word) for word in ("turbined", "output", "spilled")
        )
        self._node = nodes_of(network, [f"{name}.water" for name in names])
        stored = isinstance(assets[0], HydroReservoir)
        none = np.full(len(names), -1, np.int64)
        self._store = store_places(network, names, "reservoir") if stored else none
        self._river = none if stored else flow_places(network, names, "inflow")
        rating = physics.most[:, self._output].max(axis=0)
        built = rating / [asset.most_power for asset in assets]
        rated = [asset.most_power / (asset.falling * asset.turbine_flow) for asset in assets]
        self._made = np.array([
            [asset.falling, asset.turbine_flow * part, asset.units or 1, head,
             getattr(asset, "least_head", 0.0), asset.min_flow]
            for asset, head, part in zip(assets, rated, built, strict=True)
        ])  # fmt: skip
        self._worth, self._rough = curves_of(assets, rated), zones_of(assets)
        self._above, self._below = _levels(assets), _tail(assets)
        self._units, self._is = at_rest(len(names)), np.zeros((len(names), 3))
        self._before = np.zeros(len(names))
        self._energy, self._held = _energies(network, names, assets)
        state.own[self._energy[self._energy >= 0]] = 1
        self._keep_energy(state)

    def bound(self, state: State) -> None:
        """Head, what the units take, and what they make of it."""
        turn(
            state.seconds, self._made, self._units, self._worth, self._rough, self._above,
            self._below, self._turbined, self._output, self._spilled, self._store, self._river,
            self._node, state.x, state.goal, state.least, state.most, state.level, state.floor,
            state.inflow, state.arriving, state.fallback,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """Count, and say which energy is held."""
        count(
            state.seconds, self._made, self._units, self._is, self._rough, self._above, self._below,
            self._turbined, self._spilled, self._store, state.x, state.level, state.floor,
            self._before,
        )  # fmt: skip
        self._keep_energy(state)

    def figures(self) -> Mapping[str, Any]:
        """Mean head, starts, rough zones, and hours below the least flow, by works."""
        found: dict[str, Any] = {}
        for row, name in enumerate(self._names):
            units, now = self._units[row], self._is[row]
            if now[RAN] > 0.0:
                found[f"{name}: mean head m"] = float(now[HEAD] / now[RAN])
            found[f"{name}: starts"] = int(units[STARTED])
            if self._rough[row].size and self._rough[row, 0, 0] < 1.0:
                found[f"{name}: rough zones entered"] = int(units[CROSSED])
                found[f"{name}: minutes in rough zones"] = float(units[INSIDE] / 60.0)
            if self._made[row, PERMIT] > 0.0:
                found[f"{name}: hours below the least flow"] = float(now[LOW] / 3600.0)
        return found

    def _keep_energy(self, state: State) -> None:
        for row in np.flatnonzero(self._energy >= 0):
            room = self._above[row, 0, -1]
            at = state.level[self._store[row]] / room * (POINTS - 1)
            state.level[self._energy[row]] = np.interp(at, np.arange(POINTS), self._held[row])


def _levels(assets: Sequence[Works]) -> Floats:
    """Level above [m] by the water held [hm³]: (works, 2, POINTS)."""
    found = np.zeros((len(assets), 2, POINTS))
    for row, asset in enumerate(assets):
        if isinstance(asset, HydroReservoir):
            lowest, highest = asset.levels[0][0], asset.levels[-1][0]
            held = np.linspace(lowest, highest, POINTS)
            found[row] = (held - lowest) / 1e6, curves.at(asset.levels, held)
        else:
            found[row] = np.linspace(0.0, 1.0, POINTS), np.full(POINTS, asset.head_water)
    return found


def _tail(assets: Sequence[Works]) -> Floats:
    """Level below [m] by what passes [m³/s]: (works, 2, points)."""
    tails = [np.asarray(asset.tail_water, dtype=float) for asset in assets]
    most = max(len(tail) for tail in tails)
    # What is missing goes on level from the last point.
    return np.array([
        [np.append(tail[:, 0], tail[-1, 0] + np.arange(1, most - len(tail) + 1)),
         np.append(tail[:, 1], np.full(most - len(tail), tail[-1, 1]))]
        for tail in tails
    ])  # fmt: skip


def _energies(
    network: Network, names: Sequence[str], assets: Sequence[Works]
) -> tuple[Ints, Floats]:
    """The stores of energy beside those of water, −1 where there are none, and their curves."""
    stores = {store.name: store.index for store in network.stores}
    where = np.array([stores.get(f"{name}.energy held", -1) for name in names], np.int64)
    held = np.zeros((len(names), POINTS))
    for row in np.flatnonzero(where >= 0).tolist():
        asset = assets[row]
        assert isinstance(asset, HydroReservoir)
        heads = asset.heads()
        account = HeldEnergy(asset.falling, heads, asset.turbine_flow)
        held[row] = account.energy(np.linspace(0.0, heads[-1][0], POINTS))
    return where, held


@njit(cache=True, nogil=True, error_model="numpy")
def head_of(above: Floats, below: Floats, level: float, passing: float) -> float:
    """Metres between the water above and the tail water of all that passes."""
    surface, tail = np.interp(level, above[0], above[1]), np.interp(passing, below[0], below[1])
    return float(max(surface - tail, 0.0))


@njit(cache=True, nogil=True, error_model="numpy")
def turn(
    seconds: float, made: Floats, units: Floats, worth: Floats, rough: Floats, above: Floats,
    below: Floats, turbined: Ints, output: Ints, spilled: Ints, store: Ints, river: Ints,
    node: Ints, x: Floats, goal: Floats, least: Floats, most: Floats, level: Floats, floor: Floats,
    inflow: Floats, arriving: Floats, fallback: Floats,
) -> None:  # fmt: skip
    """What turbines take in this step, what they make of it, and what the gate adds."""
    hours = seconds / 3600.0
    for w in range(len(made)):
        t, o, s = turbined[w], output[w], store[w]
        flow, count_ = made[w, FLOW], int(made[w, UNITS])
        if flow <= 0.0:
            continue
        held = level[s] if s >= 0 else 0.0
        head = head_of(above[w], below[w], held, x[t] + x[spilled[w]])
        came = arriving[node[w]] + (inflow[s] / HM3 if s >= 0 else most[river[w]])
        there = came + max(held - floor[s], 0.0) / HM3 / hours if s >= 0 else came
        able = flow * np.sqrt(min(head / made[w, RATED], 1.0)) if head >= made[w, LEAST] else 0.0
        rating = most[o]
        if rating <= 0.0:  # out of service
            able = 0.0
        able = max(min(able, there), 0.0)
        falls = made[w, FALLING] * head
        now = falls * good(x[t], flow, count_, worth[w], units[w, RUNS])
        wanted = max(goal[t], 0.0)
        if now > 0.0:
            wanted = min(wanted, min(rating, max(goal[o], 0.0)) / now)
        goal[t] = share(seconds, wanted, able, flow, count_, worth[w], rough[w], units[w])
        most[t], fallback[t] = able, came
        through = min(x[t], able)
        power = min(now * through, rating)
        # What it could give is said by the water that is there, not by what is let through.
        could = falls * able * good(able, flow, count_, worth[w], float(count_))
        most[o] = max(power, min(could, rating))
        goal[o] = x[o] = power
        if s >= 0:
            # The gate opens as the turbines begin to close.
            least[spilled[w]] = max(min(made[w, PERMIT], there) - min(through, goal[t]), 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def count(
    seconds: float, made: Floats, units: Floats, now: Floats, rough: Floats, above: Floats,
    below: Floats, turbined: Ints, spilled: Ints, store: Ints, x: Floats, level: Floats,
    floor: Floats, before: Floats,
) -> None:  # fmt: skip
    """Accounts of a step."""
    for w in range(len(made)):
        s, through = store[w], x[turbined[w]]
        passed = through + x[spilled[w]]
        held = level[s] if s >= 0 else 0.0
        flow = made[w, FLOW]
        if through > 1e-3 * flow:
            now[w, RAN] += seconds
            now[w, HEAD] += seconds * head_of(above[w], below[w], held, passed)
        empty = s < 0 or held <= floor[s] + 1e-9
        if passed * 1.001 < made[w, PERMIT] and not empty:
            now[w, LOW] += seconds
        if flow > 0.0:
            count_rough(seconds, through, flow, int(made[w, UNITS]), rough[w], units[w], before[w])
        before[w] = through
