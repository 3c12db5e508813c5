"""State: the plant at this moment, as the arrays that the step works on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.twin.devices import connections, fallbacks
from zeroplant.twin.physics import LIMIT, OUTSIDE, UNBOUNDED, Physics
from zeroplant.twin.ripple import Ripple
from zeroplant.twin.within import Within, moving


@dataclass
class State:
    """Arrays by flow, store, node and entry, in the order of the network.

    ``x`` flows now, ``goal`` what they are told, between ``least`` and ``most`` (for generation:
    what it could give now); ``level`` of stores between ``floor`` and ``cap``; rates of entries
    per hour; ``keep`` per step, ``inflow`` per hour; ``arriving`` at nodes from upstream; ``own``
    stores that a kind moves by itself; ``fallback`` what flows
    do once their set-point has lapsed (nan: hold); ``residual`` of nodes and ``lost`` of stores in
    the last step. ``seconds`` is a step, ``stage`` the period of the truth, ``at`` seconds since
    the start.
    """

    seconds: float
    x: Floats
    goal: Floats
    least: Floats
    most: Floats
    level: Floats
    floor: Floats
    cap: Floats
    keep: Floats
    inflow: Floats
    node_rate: Floats
    store_rate: Floats
    arriving: Floats
    own: Ints
    residual: Floats
    lost: Floats
    fallback: Floats
    stage: int = -1
    at: float = 0.0

    @property
    def hours(self) -> float:
        """Length of a step in hours."""
        return self.seconds / 3600.0


def state_of(physics: Physics, seconds: float) -> State:
    """The arrays of a network before its first step: stores half full, nothing flowing."""
    flows, stores, nodes = (len(each) for each in (physics.network.flows, physics.network.stores,
                                                   physics.network.nodes))  # fmt: skip
    floor, cap = physics.floor[0], np.minimum(physics.cap[0], UNBOUNDED)
    level = np.where(cap < UNBOUNDED, 0.5 * (floor + cap), floor)
    for store in physics.network.stores:
        if not isinstance(store.start, str):
            level[store.index] = float(np.sum(store.start.constant))
    return State(
        seconds=seconds,
        x=np.zeros(flows), goal=np.zeros(flows), least=np.zeros(flows), most=np.zeros(flows),
        level=np.array(level), floor=np.array(floor), cap=np.array(cap), keep=np.ones(stores),
        inflow=np.zeros(stores), node_rate=np.zeros(len(physics.nodes.flow)),
        store_rate=np.zeros(len(physics.stores.flow)), arriving=np.zeros(nodes),
        own=np.zeros(stores, np.int64), residual=np.zeros(nodes), lost=np.zeros(stores),
        fallback=fallbacks(physics),
    )  # fmt: skip


@dataclass
class Truth:
    """What the outside does at every moment; nobody in the plant can see it but through devices."""

    physics: Physics
    ripple: Ripple
    seconds: float
    seed: int
    _block: Floats = field(init=False)
    _most: Floats = field(init=False)
    _row: int = 0

    def __post_init__(self) -> None:
        physics, axis = self.physics, self.physics.network.axis
        self.steps = round(axis.hours * 3600.0 / self.seconds)
        outside = (physics.sort == OUTSIDE) | (physics.sort == LIMIT)
        self._moving = np.flatnonzero(outside & moving(physics.most))
        self._within = Within(
            physics.most[:, self._moving], self.ripple.deviation[:, self._moving],
            self.ripple.memory[:, self._moving],
            steps=self.steps, seconds=self.seconds, seed=self.seed,
        )  # fmt: skip
        self._ends = np.array(connections(physics), np.int64)
        self._keep = np.maximum(physics.keep, 0.0) ** (1.0 / self.steps)

    def step(self, state: State) -> None:
        """Set the bounds of the next step."""
        if self._row == 0:
            state.stage += 1
            self._begin(state)
        state.most[:] = self._most
        state.most[self._moving] = self._block[self._row]
        self._row = (self._row + 1) % self.steps
        if self._row == 0:
            self._end(state)

    def _begin(self, state: State) -> None:
        physics, stage = self.physics, state.stage
        state.least[:] = physics.least[stage]
        self._most = physics.most[stage].copy()
        # A connection carries what it must; that it is overloaded is recorded.
        self._most[self._ends] = UNBOUNDED
        # A bound of a level holds at the end of its period; on the way there, the wider one does.
        before = max(stage - 1, 0)
        state.floor[:] = np.minimum(physics.floor[before], physics.floor[stage])
        state.cap[:] = np.maximum(physics.cap[before], physics.cap[stage])
        state.keep[:], state.inflow[:] = self._keep[stage], physics.inflow[stage]
        state.node_rate[:] = physics.nodes.series[stage]
        state.store_rate[:] = physics.stores.series[stage]
        self._block = self._within.period(stage)

    def _end(self, state: State) -> None:
        """The last step of a period: levels come to what is asked at its end."""
        state.floor[:] = self.physics.floor[state.stage]
        state.cap[:] = self.physics.cap[state.stage]
