"""Arithmetic of a radial feeder: the linear branch flow model (LinDistFlow).

Baran and Wu ("Optimal capacitor placement on radial distribution systems", IEEE Trans. Power
Delivery 4, 1989): along a branch of resistance r and reactance x the squared voltage falls by
2·(r·P + x·Q), all losses left out. So every squared voltage is that of the source less a sum over
what is drawn at the buses: matrices of the tree alone, worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.errors import InputError, Problem


@dataclass(frozen=True)
class Tree:
    """Buses below a source, each fed by one branch of the same number; arrays (buses,).

    ``r`` and ``x`` per MW and Mvar: ohms over the square of the branch's kV, so that voltages are
    per unit. ``above[b, j]`` says that branch ``b`` lies on the way to bus ``j``; ``parent`` is
    the bus at the branch's upper end, −1 for the source.
    """

    buses: tuple[str, ...]
    parent: Ints
    r: Floats
    x: Floats
    above: NDArray[np.bool_]

    @property
    def resistance(self) -> Floats:
        """Fall of the squared voltage at bus j by a MW drawn at bus k, shape (buses, buses)."""
        return self._shared(self.r)

    @property
    def reactance(self) -> Floats:
        """The same by a Mvar drawn."""
        return self._shared(self.x)

    def _shared(self, along: Floats) -> Floats:
        weight = self.above.astype(float)
        return np.asarray(weight.T @ (2.0 * along[:, None] * weight), dtype=float)

    def through(self, drawn: Floats) -> Floats:
        """Flow through each branch for what is drawn at each bus, shape (buses, …)."""
        return np.asarray(self.above.astype(float) @ drawn, dtype=float)

    def squares(self, active: Floats, reactive: Floats, source: float) -> Floats:
        """Squared voltages [p.u.] for MW and Mvar drawn at the buses, shape (buses, …)."""
        fall = self.resistance @ active + self.reactance @ reactive
        return np.asarray(source**2 - fall, dtype=float)

    def losses(self, active: Floats, reactive: Floats, source: float) -> Floats:
        """Losses [MW] of each branch that the model leaves out, at the flows and voltages it has.

        r·(P² + Q²)/v² with the voltage of the upper end. Shape (buses, …).
        """
        squares = self.squares(active, reactive, source)
        top = np.where(self.parent < 0, len(self.buses), self.parent)
        upper = np.concatenate((squares, np.full((1, *squares.shape[1:]), source**2)))[top]
        flow = self.through(active) ** 2 + self.through(reactive) ** 2
        along = self.r.reshape(-1, *([1] * (flow.ndim - 1)))
        return np.asarray(along * flow / upper, dtype=float)


@dataclass(frozen=True)
class Span:
    """A branch as it is written: two ends in any order, ohms, and the kV they belong to."""

    ends: tuple[str, str]
    r: float
    x: float
    kilovolt: float


def grow(source: str, spans: Sequence[Span]) -> tuple[Tree, list[int]]:
    """The tree below a source, and the number of the span that feeds each bus.

    Raises InputError for spans that close a ring or hang in the air.
    """
    reached, feeding, parent = [source], [], []
    rest = list(range(len(spans)))
    problems = []
    while True:
        near = [n for n in rest if set(spans[n].ends) & set(reached)]
        if not near:
            break
        one = near[0]
        rest.remove(one)
        first, second = spans[one].ends
        top, bus = (first, second) if first in reached else (second, first)
        if bus in reached:
            what = f"the branch from '{first}' to '{second}' closes a ring"
            problems.append(Problem(what, instead="leave out the branch that is open in operation"))
            continue
        parent.append(reached.index(top) - 1)
        reached.append(bus)
        feeding.append(one)
    for one in rest:
        first, second = spans[one].ends
        what = f"no way leads from '{source}' to the branch from '{first}' to '{second}'"
        problems.append(Problem(what, instead="name the branch that joins it"))
    if problems:
        raise InputError(problems)
    above = np.zeros((len(feeding), len(feeding)), dtype=bool)
    for place, over in enumerate(parent):
        above[:, place] = above[:, over] if over >= 0 else False
        above[place, place] = True
    ohms = [
        (spans[n].r / spans[n].kilovolt ** 2, spans[n].x / spans[n].kilovolt ** 2) for n in feeding
    ]
    r, x = np.array(ohms, dtype=float).reshape(-1, 2).T
    return Tree(tuple(reached[1:]), np.array(parent, dtype=np.int64), r, x, above), feeding
