"""Pumped storage: one machine that turns both ways, and a head that falls with its basin.

From rest it generates after ``GENERATES``, and pumps after ``PUMPS``, for the runner is first blown
free of water and run up; it changes its way only through rest. Turbines reach their rating at the
rated head: with ``levels`` their power is at most that of the head over the water that is there.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zeroplant.assets.pumped_storage import PumpedStorage
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.places import flow_places
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State

GENERATES, PUMPS = 90.0, 240.0
"""Seconds from rest; typical figures of ours."""
IDLE = 1e-3
"""Part of the rating below which nothing is asked for."""
POINTS = 101
MODE, WAITED, CHANGES = range(3)
"""Columns of how it is: 1 pumps, −1 generates, 0 rests; seconds for which another was wanted; how
often it has changed from rest."""
UNKNOWN = 9.0
"""The mode before the first step: as it is asked."""


class PumpedStorages:
    """All pumped storage of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        self._names = list(names)
        self._pumping = flow_places(network, names, "pumping")
        self._generating = flow_places(network, names, "generating")
        self._store = np.full(len(names), -1, np.int64)
        self._energy, self._part = np.ones((len(names), POINTS)), np.ones((len(names), POINTS))
        for row, name in enumerate(names):
            asset = standing.plant.assets[name]
            assert isinstance(asset, PumpedStorage)
            if asset.levels is not None:
                self._store[row] = network.store_named(f"{name}.level").index
                energy, head = asset.heads
                self._energy[row] = np.linspace(energy[0], energy[-1], POINTS)
                part = np.minimum(head / asset.head, 1.0)
                self._part[row] = np.interp(self._energy[row], energy, part)
        self._rating = physics.most[:, self._generating].max(axis=0)
        self._is = np.zeros((len(names), 3))
        self._is[:, MODE] = UNKNOWN

    def bound(self, state: State) -> None:
        """Which way it may turn, and what the head allows."""
        turn(
            state.seconds, self._rating, self._is, self._energy, self._part, self._pumping,
            self._generating, self._store, state.goal, state.most, state.level,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """All is said before the step."""

    def figures(self) -> Mapping[str, Any]:
        """How often each has begun to pump or to generate."""
        pairs = zip(self._names, self._is[:, CHANGES].tolist(), strict=True)
        return {f"{name}: starts": int(changes) for name, changes in pairs}


@njit(cache=True, nogil=True, error_model="numpy")
def turn(
    seconds: float, rating: Floats, now: Floats, energy: Floats, part: Floats, pumping: Ints,
    generating: Ints, store: Ints, goal: Floats, most: Floats, level: Floats,
) -> None:  # fmt: skip
    """Let each machine turn the way it has come to; the other is closed."""
    for m in range(len(rating)):
        p, g = pumping[m], generating[m]
        net = goal[p] - goal[g]
        wanted = 0.0
        if abs(net) > IDLE * rating[m]:
            wanted = 1.0 if net > 0.0 else -1.0
        if now[m, MODE] == UNKNOWN:
            now[m, MODE] = wanted
        if wanted == now[m, MODE] or wanted == 0.0:
            now[m, MODE], now[m, WAITED] = wanted, 0.0
        else:
            if now[m, MODE] != 0.0:
                now[m, MODE], now[m, WAITED] = 0.0, 0.0
            now[m, WAITED] += seconds
            if now[m, WAITED] > (PUMPS if wanted > 0.0 else GENERATES):
                now[m, MODE], now[m, WAITED] = wanted, 0.0
                now[m, CHANGES] += 1.0
        if now[m, MODE] != 1.0:
            most[p] = 0.0
        if now[m, MODE] != -1.0:
            most[g] = 0.0
        elif store[m] >= 0:
            top = rating[m] * np.interp(level[store[m]], energy[m], part[m])
            most[g] = min(most[g], top)
