"""What really flowed, by period, and where the plant left its limits: for figures, not for eyes.

A limit at a connection is violated where the mean of a minute is more than half a percent of the
rating beyond it: that is what meters and protection look at. The greatest excess of a single step
is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.twin.devices import connections
from zeroplant.twin.physics import LIMIT, UNBOUNDED, Physics
from zeroplant.twin.state import State

MINUTE = 60.0
TOLERANCE = 0.005


@dataclass
class Account:
    """Means by period of the truth, and violations.

    ``flows`` and ``possible`` (stages, flows) means, ``levels`` (stages, stores) at the end of
    each period, ``residual`` (stages, nodes) mean of what no flow could close, ``lost`` (stages,
    stores) what ran over (positive) or was missing in stores.
    """

    physics: Physics
    state: State
    flows: Floats = field(init=False)
    possible: Floats = field(init=False)
    levels: Floats = field(init=False)
    residual: Floats = field(init=False)
    lost: Floats = field(init=False)
    violations: int = 0
    """Minutes in which a connection was beyond its limit."""
    when: list[float] = field(default_factory=list)
    """Seconds since the start at which each of them ended."""
    worst: float = 0.0
    """Greatest excess of a single step, MW."""

    def __post_init__(self) -> None:
        stages = self.physics.network.axis.stages
        self.flows = np.zeros((stages, len(self.state.x)))
        self.possible = np.zeros_like(self.flows)
        self.levels = np.zeros((stages, len(self.state.level)))
        self.lost = np.zeros_like(self.levels)
        self.residual = np.zeros((stages, len(self.state.residual)))
        self._steps = np.zeros(stages)
        self._ends = np.array(connections(self.physics), np.int64)
        self._limit = np.ascontiguousarray(self.physics.most[:, self._ends])
        self._minute, self._in_minute = np.zeros(len(self._ends)), 0
        self._per_minute = max(1, round(MINUTE / self.state.seconds))
        self._generates = np.flatnonzero(self.physics.sort == LIMIT)

    def add(self, state: State) -> None:
        """Count a step."""
        stage = state.stage
        limit = self._limit[stage]
        over = _count(
            state.x, state.most, state.level, state.lost, state.residual, self._ends, limit,
            self.flows[stage], self.possible[stage], self.levels[stage], self.lost[stage],
            self.residual[stage], self._minute,
        )  # fmt: skip
        self.worst = max(self.worst, over)
        self._steps[stage] += 1.0
        self._in_minute += 1
        if self._in_minute == self._per_minute:
            mean = self._minute / self._per_minute
            beyond = int((mean > limit * (1.0 + TOLERANCE)).sum())
            self.violations += beyond
            self.when += [state.at + state.seconds] * beyond
            self._minute[:], self._in_minute = 0.0, 0

    @property
    def stages(self) -> int:
        """Periods that are over."""
        steps = self._steps
        return int((steps >= max(steps.max(initial=0.0), 1.0)).sum())

    def means(self) -> Floats:
        """Mean of every flow in every period that is over, (periods, flows)."""
        return self._mean(self.flows)

    def possible_means(self) -> Floats:
        """Mean of what every flow could at most be, the same."""
        return self._mean(self.possible)

    def open_balances(self) -> Floats:
        """Mean of what no flow could close at each node, (periods, nodes)."""
        return self._mean(self.residual)

    def _mean(self, sums: Floats) -> Floats:
        return np.asarray(sums[: self.stages] / self._steps[: self.stages, None])


@njit(cache=True, nogil=True)
def _count(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    x: Floats, most: Floats, level: Floats, lost: Floats, residual: Floats, ends: Ints,
    limit: Floats, flows: Floats, possible: Floats, levels: Floats, losts: Floats,
    residuals: Floats, minute: Floats,
) -> float:  # fmt: skip
    """Count a step in the sums of its period, in place; most by which a connection is over."""
    flows += x
    possible += np.minimum(most, UNBOUNDED)
    levels[:] = level
    losts += lost
    residuals += residual
    over = -np.inf
    for e in range(len(ends)):
        minute[e] += x[ends[e]]
        over = max(over, x[ends[e]] - limit[e])
    return over
