"""Limits of groups: prices that rise where a limit is exceeded, and margins that grow there.

The augmented Lagrangian finds the prices; on the way a limit is exceeded by a little, now here,
now there. So the sweeps see limits that are tighter: by a ten-thousandth always, and by a margin
that grows where a limit was exceeded and fades where it held. Bounds are proven with the true
limits, so what the margins cost is in the gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.joint.shared import Shared, summed
from zeroplant.solve.fleet.joint.sweep import Field
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.tables import Fleet, Rows

# Found on 10,000 devices in 100 groups in 2 groups in one, all limits binding (12 passes until all
# 3,900 held); half or twice of each works as well, without growth of the margins it takes 20.
STIFF, STIFFER, STIFFEST = 2.0, 1.15, 20.0
"""Swings of the price that a limit answers with if all devices of a group exceed it; growth of
that per pass, and in all."""
GROWTH, FADING, MOST_MARGIN = 0.5, 0.9, 0.03
"""Margins: part of an excess that is added, part that stays per pass, most of a limit."""
TIGHTER = 1e-4
"""Part of a limit (of a group's own power where it is near zero) by which it is always tighter."""
BLAMED = 20
"""Groups looked into when limits cannot be met."""


@dataclass(frozen=True)
class Unmet:
    """A limit that is exceeded: of a group in a step, by how much.

    ``reachable`` is the least (for an upper limit) or greatest power that the group's devices
    could have in this step, alone, each as its own bounds allow. ``proven``: they cannot hold this
    limit, in this step or in all exceeded steps of the group together; otherwise it may be
    that limits of several groups stand against each other, or that passes ran out.
    """

    group: int
    step: int
    upper: bool
    limit: float
    total: float
    reachable: float
    proven: bool


class Limits:
    """Tightened limits and their weights; :meth:`settle` moves prices and margins after a pass."""

    def __init__(self, fleet: Fleet, shared: Shared, power: Floats) -> None:
        self.groups = shared.groups
        self.weight = _weights(fleet, shared, power)
        count = max(len(fleet), 1)
        own = self.groups.devices[:, None] / count * float(np.abs(power).mean())
        self._own = np.broadcast_to(own, self.groups.most.shape)
        self._margins = (np.zeros_like(self._own), np.zeros_like(self._own))
        self.most, self.least = self._tightened()

    def settle(self, field: Field, visited: Ints | None = None) -> Field:
        """After a pass: no guess any more, prices moved by the excess, stiffer, new margins.

        With ``visited``, only for these groups, as the devices of the others have not answered.
        """
        own = slice(None) if visited is None else visited
        over, under = field.total - field.most, field.least - field.total
        weight = field.weight[:, None]
        up, down, stiff = field.up.copy(), field.down.copy(), field.weight.copy()
        up[own] = np.maximum(0.0, up + weight * over)[own]
        down[own] = np.maximum(0.0, down + weight * under)[own]
        stiff[own] = np.minimum(stiff * STIFFER, STIFFEST * self.weight)[own]
        beyond = field.total - self.groups.most, self.groups.least - field.total
        for margin, excess in zip(self._margins, beyond, strict=True):
            margin[own] = (FADING * margin + GROWTH * np.maximum(excess, 0.0))[own]
        most, least = self._tightened()
        return field._replace(
            guess=np.zeros_like(field.guess), up=up, down=down, most=most, least=least,
            weight=stiff,
        )  # fmt: skip

    def _tightened(self) -> tuple[Floats, Floats]:
        most, least = self.groups.most.copy(), self.groups.least.copy()
        for limit, margin, way in (
            (most, self._margins[0], -1.0), (least, self._margins[1], 1.0),
        ):  # fmt: skip
            finite = np.isfinite(limit)
            size = np.maximum(self._own[finite], np.abs(limit[finite]))
            limit[finite] += way * (TIGHTER * size + np.minimum(margin[finite], MOST_MARGIN * size))
        crossed = most < least
        middle = 0.5 * (self.groups.most[crossed] + self.groups.least[crossed])
        most[crossed] = least[crossed] = middle
        return most, least


def _weights(fleet: Fleet, shared: Shared, power: Floats) -> Floats:
    """Weights of the augmented Lagrangian (G,): swings of the price over the power behind it."""
    count = max(len(fleet), 1)
    prices = shared.marginal(shared.groups.base[0] + power) + summed(fleet.buy) / count
    swing = float(np.ptp(prices)) + 0.05 * float(np.abs(prices).mean()) + 1e-9
    # What a device at the median draws at most.
    able = float(np.nanmedian(fleet.in_most.table.max(axis=1)[fleet.in_most.row])) + 1e-9
    weight: Floats = STIFF * swing / (able * np.maximum(shared.groups.devices, 1))
    return weight


def excess(shared: Shared, total: Floats) -> Floats:
    """Most by which each group (G,) exceeds a limit, 0.0 where all hold."""
    groups = shared.groups
    most: Floats = np.maximum(total - groups.most, groups.least - total).max(axis=1)
    return np.maximum(most, 0.0)


def free(fleet: Fleet) -> Fleet:
    """The same devices with nothing to pay or to earn: what they could do."""
    zero = np.zeros((1, fleet.steps), fleet.buy.table.dtype)
    none = Rows(zero, np.zeros(len(fleet), np.int32))
    nothing = np.zeros(len(fleet))
    return replace(fleet, buy=none, sell=none, wear_in=nothing, wear_out=nothing,
                   final_value=nothing)  # fmt: skip


def unmet(
    fleet: Fleet, shared: Shared, total: Floats, price: Floats, threads: int
) -> tuple[Unmet, ...]:
    """The worst exceeded step of each group and side, and whether it can be met; proven first.

    ``price`` (G, T) on the limits: where they cannot be met it grows without end, in the
    proportions of a proof.
    """
    groups, beyond = shared.groups, excess(shared, total)
    found = [
        _blame(fleet, shared, total[group], price[group], group, upper, threads)
        for group in np.argsort(-beyond, kind="stable")[:BLAMED].tolist()
        for upper, over in (
            (True, total[group] - groups.most[group]), (False, groups.least[group] - total[group]),
        )
        if over.max() > 0.0
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: not one.proven))


def _blame(  # noqa: PLR0917 - what is known of one limit
    fleet: Fleet, shared: Shared, total: Floats, price: Floats, group: int, upper: bool,
    threads: int,
) -> Unmet:  # fmt: skip
    """What the devices of a group could do at least (at most) where they exceed its limit."""
    groups, sign = shared.groups, 1.0 if upper else -1.0
    limit = groups.most[group] if upper else groups.least[group]
    beyond = sign * (total - limit)
    step, base = int(np.argmax(beyond)), groups.base[group]
    able = free(fleet[groups.inside(group)])
    single = np.zeros(fleet.steps)
    single[step] = sign
    reachable = base[step] + schedule(able, adder=single, threads=threads).total[step]
    # Weighted sums over steps that no schedule can bring down to those of the limit.
    proven = False
    for weight in (single, sign * np.maximum(beyond, 0.0), sign * np.maximum(sign * price, 0.0)):
        if proven or not weight.any():
            continue
        scaled = weight / np.abs(weight).max()
        answer = schedule(able, adder=scaled, threads=threads)
        sound = answer.has_schedule
        least = float(np.sum(answer.cost[sound] - answer.gap[sound])) / fleet.hours
        held = np.where(scaled != 0.0, limit - base, 0.0)
        slack = 1e-9 * (1.0 + float(np.abs(scaled) @ np.abs(held)))
        proven = least > float(scaled @ held) + slack
    return Unmet(
        group, step, upper, float(limit[step]), float(total[step]), float(reachable), proven
    )


def guilty(shared: Shared, total: Floats, most: int) -> tuple[Ints, Ints]:
    """Groups that exceed a limit, smallest first up to ``most`` devices, and their devices."""
    groups, beyond = shared.groups, excess(shared, total)
    found = np.flatnonzero(beyond)
    found = found[np.argsort(groups.devices[found], kind="stable")]
    found = found[np.cumsum(groups.devices[found]) <= most]
    chosen = np.zeros(len(groups.member), dtype=bool)
    chosen[groups.inside(found)] = True
    return found, groups.order[chosen[groups.order]]
