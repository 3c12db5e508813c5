"""How far to go: step lengths, and the weight of a correction that lets one go farthest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.direction import Directions
from zeroplant.solve.staged.passes import (
    WEIGHTS,
    centring,
    second_order,
    total,
    worst,
    worst_alone,
)
from zeroplant.solve.staged.point import Point


@dataclass
class Step:
    """A direction, and how far one can go along it (at most 1), primal and dual apart.

    A correction is added to it in place, when it is first asked for: many are found not to be
    worth it before.
    """

    base: Point
    primal: float
    dual: float
    correction: tuple[Point, float, float] | None = None

    @property
    def by(self) -> Point:
        """The direction, with its correction; the step it corrects is spent."""
        if self.correction is not None:
            self.base.add(*self.correction)
            self.correction = None
        return self.base

    def second_order(self, of: Directions, target: float) -> Floats:
        """The change of products that is left when they have changed to the first order."""
        change = np.empty_like(self.by.near)
        of.team.long(second_order, self.by.near, self.by.force, target, change)
        return change

    def total(self, of: Directions) -> float:
        """The sum of near · force after the step."""
        at, by = of.at, self.by
        given = at.near, at.force, by.near, by.force, self.primal, self.dual
        return float(of.team.gather(total, *given, width=1).sum())

    def centring(self, of: Directions, target: float) -> Floats:
        """The change that pulls near · force into [0.2, 5] · target after a full step."""
        at, by, change = of.at, self.by, np.empty_like(of.at.near)
        given = at.near, at.force, by.near, by.force, 1.0, 1.0, target
        of.team.long(centring, *given, change)
        return change


def along(of: Directions, by: Point) -> Step:
    """The step along one direction."""
    primal = of.team.gather(worst_alone, of.inverse, by.near, width=1)
    dual = of.team.gather(worst_alone, of.inverse_force, by.force, width=1)
    return Step(by, 1.0 / float(primal.max()), 1.0 / float(dual.max()))


def combined(of: Directions, step: Step, more: Point, least: float = 0.0) -> Step:
    """The step plus ω·more for the ω ≥ least that goes farthest, for primal and dual apart.

    Once the direction of the result is asked for, ``step`` is spent.
    """
    tried = sum(weight >= least for weight in WEIGHTS)
    reach = []
    for inverse, by, change in (
        (of.inverse, step.by.near, more.near), (of.inverse_force, step.by.force, more.force),
    ):  # fmt: skip
        found = of.team.gather(worst, inverse, by, change, width=len(WEIGHTS))
        reach.append(1.0 / found.max(axis=(0, 2))[:tried])
    i, j = (int(np.argmax(each)) for each in reach)
    correction = more, WEIGHTS[i], WEIGHTS[j]
    return Step(step.by, float(reach[0][i]), float(reach[1][j]), correction)
