"""Navigation complex: head by the pond and the river, ships first, limits of the channel kept.

Power is ``falling·Q·(level above − level below)`` with the tail water of all that passes, the
turbines' most water an orifice's at low head; its units share the water, and are worth less at part
load (`turbines`). Locally automatic, whatever the set-points say, as
at any weir in service: the lock takes its water when ships come; the release is never below the
least flow while there is water; and the pond rises and falls no faster than ships allow, by
turbines as far as they go and by gates beyond. A limit on output turns the turbines down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zeroplant.assets.navigation_complex import NavigationComplex
from zeroplant.assets.parts.water import HM3
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.turbines import (
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

ALLOWED = 1.001
"""Times a limit that still is the limit: rounding."""


class Navigation:
    """One complex."""

    def __init__(
        self, standing: Standing, name: str, physics: Physics, state: State, seed: int
    ) -> None:
        asset = standing.plant.assets[name]
        assert isinstance(asset, NavigationComplex)
        network = standing.network
        self.name, self.asset, self._physics = name, asset, physics
        self._turbined = network.flow_named(f"{name}.turbined").index
        self._output = network.flow_named(f"{name}.output").index
        self._spilled = network.flow_named(f"{name}.spilled").index
        named = {flow.name: flow.index for flow in network.flows}
        self._locked = named.get(f"{name}.locked", -1)
        self._pond = network.store_named(f"{name}.pond").index
        self._water = next(n.index for n in network.nodes if n.name == f"{name}.water")
        self._tail = np.asarray(asset.tail_water, dtype=float)
        self._fastest = (
            np.inf if asset.level_rate is None else asset.level_rate * asset.pond_area / 3600.0
        )
        self._units, self._rough = at_rest(1)[0], zones_of([asset])[0]
        self._curve = curves_of([asset], [asset.rated_head])[0]
        self._count = asset.units or 1
        self._before, self._was = float(state.level[self._pond]), 0.0
        self._called = self._passed = 0.0
        self._low = self._fast = 0.0

    def bound(self, state: State) -> None:
        """Ships, then the channel's limits, then the limit on output."""
        came = state.inflow[self._pond] / HM3 + state.arriving[self._water]
        if self._locked >= 0:
            state.least[self._locked] = state.goal[self._locked] = state.most[self._locked]
        locked = state.most[self._locked] if self._locked >= 0 else 0.0
        held = (state.level[self._pond] - state.floor[self._pond]) / HM3 / state.hours
        least = min(max(self.asset.min_flow, came - self._fastest), came + held)
        most = came + self._fastest
        head = self._head(state)
        gate = np.sqrt(min(max(head, 0.0) / self.asset.rated_head, 1.0))
        able = self.asset.turbine_flow * gate if head >= self.asset.least_head else 0.0
        if state.most[self._output] <= 0.0:  # out of service
            able = 0.0
        state.most[self._turbined] = max(0.0, min(able, most - locked))
        state.fallback[self._turbined] = max(0.0, came - locked)
        self._limit_output(state, head, float(state.most[self._turbined]))
        wanted = max(state.goal[self._turbined], least - locked)
        state.goal[self._turbined] = share(
            state.seconds, wanted, float(state.most[self._turbined]), self.asset.turbine_flow,
            self._count, self._curve, self._rough, self._units,
        )  # fmt: skip
        through = min(state.x[self._turbined], state.most[self._turbined])
        state.least[self._spilled] = max(0.0, least - locked - through)

    def settle(self, state: State) -> None:
        """Count lockages, and how long limits of the channel were not kept."""
        if self._locked >= 0:
            self._called += state.most[self._locked] * state.hours
            self._passed += state.x[self._locked] * state.hours
        released = state.x[self._turbined] + state.x[self._spilled]
        released += state.x[self._locked] if self._locked >= 0 else 0.0
        through = float(state.x[self._turbined])
        count_rough(
            state.seconds, through, self.asset.turbine_flow, self._count, self._rough,
            self._units, self._was,
        )  # fmt: skip
        self._was = through
        level = float(state.level[self._pond])
        moved = abs(level - self._before) / HM3 / state.hours
        self._fast += state.seconds * (moved > self._fastest * ALLOWED)
        empty = level <= state.floor[self._pond] + 1e-9
        self._low += state.seconds * (released * ALLOWED < self.asset.min_flow and not empty)
        self._before = level

    def figures(self) -> Mapping[str, Any]:
        """Share of lockages that were served, hours beyond the limits of the channel, starts."""
        return {
            f"{self.name}: starts": int(self._units[STARTED]),
            f"{self.name}: minutes in rough zones": float(self._units[INSIDE] / 60.0),
            f"{self.name}: lockages served": self._passed / self._called if self._called else 1.0,
            f"{self.name}: hours of too fast a pond": self._fast / 3600.0,
            f"{self.name}: hours below the least flow": self._low / 3600.0,
        }

    def _head(self, state: State) -> float:
        """Head now [m]: the pond's level less the tail water of all that passes."""
        above = self.asset.head_water - self.asset.pond_range
        above += float(state.level[self._pond]) * 1e6 / self.asset.pond_area
        passing = state.x[self._turbined] + state.x[self._spilled]
        passing += state.x[self._locked] if self._locked >= 0 else 0.0
        return above - float(np.interp(passing, self._tail[:, 0], self._tail[:, 1]))

    def _limit_output(self, state: State, head: float, able: float) -> None:
        """Power follows the water; a limit on power turns the water down."""
        falls, flow = self.asset.falling * max(head, 0.0), self.asset.turbine_flow
        through, runs = float(state.x[self._turbined]), float(self._units[RUNS])
        per_flow = falls * good(through, flow, self._count, self._curve, runs)
        rating = self._physics.most[state.stage, self._output]
        allowed = min(rating, max(state.goal[self._output], 0.0))
        if per_flow > 0.0:
            state.goal[self._turbined] = min(state.goal[self._turbined], allowed / per_flow)
        power = min(per_flow * through, rating)
        could = falls * able * good(able, flow, self._count, self._curve, float(self._count))
        # What it could give is said by the water that is there, not by what is let through.
        state.most[self._output] = max(power, min(could, rating))
        state.goal[self._output] = state.x[self._output] = power
