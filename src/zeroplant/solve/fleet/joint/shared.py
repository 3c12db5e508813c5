"""What devices share: a price that rises with what they all draw, and limits of groups.

The cost to minimise, over the schedules of all devices, is

    sum_i f_i + hours sum_t (price_t X_t + slope_t / 2 X_t^2),   X = base_0 + sum_i p_i

with f_i the devices' own costs, under  least_g <= X_g <= most_g  for every group and step. A supply
curve of a wholesale market is such a cost; so is the tracking of a target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.joint.tree import Groups
from zeroplant.solve.fleet.tables import Fleet, Rows


@dataclass(frozen=True, eq=False)
class Shared:
    """The shared price, ``price`` + ``slope`` X per power and hour (T,), and the groups."""

    price: Floats
    slope: Floats
    groups: Groups

    def __post_init__(self) -> None:
        steps = self.groups.base.shape[1]
        for name in ("price", "slope"):
            given = np.broadcast_to(np.asarray(getattr(self, name), dtype=np.float64), (steps,))
            object.__setattr__(self, name, np.ascontiguousarray(given))
        if not (
            np.isfinite(self.price).all() and ((self.slope >= 0.0) & (self.slope < np.inf)).all()
        ):
            message = "the shared price is finite and does not fall with what is drawn"
            raise ValueError(message)

    @classmethod
    def tracking(cls, target: ArrayLike, weight: ArrayLike, groups: Groups) -> Shared:
        """The cost weight/2 (X - target)^2 per hour, less its constant weight/2 target^2."""
        steps = groups.base.shape[1]
        goal, dear = (np.broadcast_to(np.asarray(v, float), (steps,)) for v in (target, weight))
        return cls(-dear * goal, dear, groups)

    def cost(self, total: Floats, hours: float) -> float:
        """Shared cost of a total (T,)."""
        return hours * float(np.sum(self.price * total + 0.5 * self.slope * total * total))

    def marginal(self, total: Floats) -> Floats:
        """Shared price (T,) at a total (T,)."""
        return self.price + self.slope * total

    def part(self, devices: Ints) -> Shared:
        """The same for a sample of the devices: as many times smaller as there are fewer."""
        ratio = len(self.groups.member) / len(devices)
        groups = self.groups.part(devices, ratio)
        return replace(self, slope=self.slope * ratio, groups=groups)

    def at_rest(self, fleet: Fleet) -> Floats:
        """Total (T,) with all devices at rest."""
        total: Floats = self.groups.base[0] + rest(fleet)
        return total

    @property
    def limited(self) -> bool:
        """Whether any group has a limit."""
        return bool(self.groups.limited.any())


def rest(fleet: Fleet) -> Floats:
    """Power (T,) of all devices at rest: what is drawn behind their meters without them."""
    return summed(fleet.net)


def summed(rows: Rows) -> Floats:
    """Sum over all devices (T,); what is no number counts as zero, as its device will not run."""
    total = np.zeros(rows.table.shape[1])
    often = np.bincount(rows.row, minlength=len(rows.table)).astype(np.float64)
    for first in range(0, len(often), 10_000):  # a product turns float32 into float64: by parts
        part = slice(first, first + 10_000)
        some = often[part] @ rows.table[part]
        if not np.isfinite(some).all():
            some = often[part] @ np.nan_to_num(rows.table[part], posinf=0.0, neginf=0.0)
        total += some
    return total
