"""Heat pumps: machines that start, stay on, stay off, and are worse at little load.

A heat pump stands for as many equal machines as ``EACH`` MW of heat goes into it, one after the
other. The last of them modulates down to ``MODULATES`` of its rating; below, it goes on and off,
and its COP is that of EN 14825, annex on part load: ``COP·c/(0.9·c + 0.1)`` with the part c of its
least capacity that is asked for (degradation coefficient 0.9, for units that heat water).

Where nothing runs, a start takes ``STARTS`` until heat comes; what has stopped stays off for
``STAYS_OFF`` (lock-out of compressors, domain page section 2n: 3…5 min), and what has started runs
for ``STAYS_ON`` at its least load, unless nobody can take its heat.

Its COP at full load is the waist's: Carnot's between the temperatures of this very time.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zeroplant.assets.heat_pump import HeatPump
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.places import entry_places, flow_places, nodes_of
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State

EACH, MODULATES = 5.0, 0.3
"""MW of heat of one machine, and the part of it down to which it modulates."""
STARTS, STAYS_OFF, STAYS_ON = 90.0, 180.0, 600.0
"""Seconds."""
DEGRADES = 0.9
IDLE = 1e-3
"""Part of the rating below which nothing is asked for."""
RATING, LEAST = range(2)
"""Columns of what one is made as: MW of heat, least load of one machine [MW]."""
ON, SINCE, STARTED, ELECTRIC, HEAT = range(5)
"""Columns of how it is: 1 if it runs, seconds since it began or stopped, starts, MWh so far."""
RUNNING = 1e9
"""Seconds since it began, for what ran before the first step."""


class HeatPumps:
    """All heat pumps of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        assets = [standing.plant.assets[name] for name in names]
        self._names, self._series = list(names), physics.nodes.series
        self._flow = flow_places(network, names, "heat output")
        wired, lifted = [], []
        for asset in assets:
            assert isinstance(asset, HeatPump)
            wired.append(asset.at)
            lifted.append(asset.from_ or asset.at)
        self._power = entry_places(physics.nodes, self._flow, nodes_of(network, wired))
        self._source = entry_places(physics.nodes, self._flow, nodes_of(network, lifted))
        rating = physics.most[:, self._flow].max(axis=0)
        machines = np.maximum(np.rint(rating / EACH), 1.0)
        self._made = np.stack([rating, MODULATES * rating / machines], axis=1)
        self._is = np.zeros((len(names), 5))
        self._is[:, ON], self._is[:, SINCE] = 1.0, RUNNING

    def bound(self, state: State) -> None:
        """Starts, stays, and the COP of this load."""
        run(
            state.seconds, self._made, self._is, self._flow, self._power, self._source,
            self._series[state.stage], state.x, state.goal, state.most, state.node_rate,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """Count heat and electricity."""
        heat = state.x[self._flow] * state.hours
        self._is[:, HEAT] += heat
        self._is[:, ELECTRIC] -= heat * state.node_rate[self._power]

    def waits(self) -> Mapping[str, str]:
        """By name, what those that give nothing wait for: ``starts`` or ``stays off``."""
        found = {}
        for name, now in zip(self._names, self._is, strict=True):
            if now[ON] > 0.5 and now[SINCE] < STARTS:
                found[name] = "starts"
            elif now[ON] < 0.5 and now[SINCE] < STAYS_OFF:
                found[name] = "stays off"
        return found

    def figures(self) -> Mapping[str, Any]:
        """Starts, and the COP of all that was given."""
        found: dict[str, Any] = {}
        for name, now in zip(self._names, self._is, strict=True):
            found[f"{name}: starts"] = int(now[STARTED])
            if now[ELECTRIC] > 0.0:
                found[f"{name}: COP"] = float(now[HEAT] / now[ELECTRIC])
        return found


@njit(cache=True, nogil=True, error_model="numpy")
def run(
    seconds: float, made: Floats, now: Floats, flow: Ints, power: Ints, source: Ints,
    series: Floats, x: Floats, goal: Floats, most: Floats, node_rate: Floats,
) -> None:  # fmt: skip
    """What may run in this step, and what it takes."""
    for p in range(len(made)):
        rating, f = made[p, RATING], flow[p]
        if rating <= 0.0:
            continue
        wanted = goal[f] > IDLE * rating
        now[p, SINCE] += seconds
        if now[p, ON] > 0.5:
            if not wanted:
                if now[p, SINCE] < STAYS_ON:
                    goal[f] = made[p, LEAST]
                else:
                    now[p, ON], now[p, SINCE] = 0.0, 0.0
        elif wanted and now[p, SINCE] >= STAYS_OFF:
            now[p, ON], now[p, SINCE] = 1.0, 0.0
            now[p, STARTED] += 1.0
        if now[p, ON] < 0.5 or now[p, SINCE] < STARTS:
            most[f] = 0.0
        part = min(x[f] / made[p, LEAST], 1.0) if x[f] > 0.0 else 1.0
        takes = -series[power[p]] * (DEGRADES + (1.0 - DEGRADES) / part)
        # Electricity it takes is heat as well: no more than it gives.
        takes = min(takes, max(1.0, -series[power[p]]))
        node_rate[power[p]] = -takes
        if source[p] != power[p]:
            node_rate[source[p]] = takes - 1.0
