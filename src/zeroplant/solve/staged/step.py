"""How far to go: step lengths, and the weight of a correction that lets one go farthest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.staged.point import Point

WEIGHTS = (1.0, 0.7, 0.4, 0.1)


@dataclass
class Step:
    """A direction, and how far one can go along it (at most 1), primal and dual apart."""

    by: Point
    primal: float
    dual: float

    def products(self, at: Point, primal: float, dual: float) -> Floats:
        """Products near · force after going so far."""
        return (at.near + primal * self.by.near) * (at.force + dual * self.by.force)


def along(at: Point, by: Point) -> Step:
    """The step along one direction."""
    return Step(by, reach(at.near, by.near), reach(at.force, by.force))


def combined(at: Point, step: Step, more: Point, least: float = 0.0) -> Step:
    """The step plus ω·more for the ω ≥ least that goes farthest, for primal and dual apart."""
    weights = [weight for weight in WEIGHTS if weight >= least]
    primal = [reach(at.near, step.by.near + weight * more.near) for weight in weights]
    dual = [reach(at.force, step.by.force + weight * more.force) for weight in weights]
    i, j = int(np.argmax(primal)), int(np.argmax(dual))
    return Step(step.by.moved(more, weights[i], weights[j]), primal[i], dual[j])


def reach(at: Floats, by: Floats) -> float:
    """How far (at most 1) one can go before something becomes negative."""
    worst = float((by / at).min(initial=-1.0))
    return -1.0 / worst
