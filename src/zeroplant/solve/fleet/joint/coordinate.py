"""Many devices under one shared cost and the limits of groups, with a proven gap.

Passes of :mod:`~zeroplant.solve.fleet.joint.sweep` over all devices, first from a guess that a
sample of them has made. Then a bound: at any price, the devices' least cost with that price and
the least of the shared cost against it are together no more than the optimum. The schedules
themselves cost what they cost, physically; the difference is the proven gap.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.errors import SolveError
from zeroplant.solve.fleet.joint.central import CENTRAL, central
from zeroplant.solve.fleet.joint.guess import guess, start
from zeroplant.solve.fleet.joint.limits import Limits, Unmet, excess, guilty, unmet
from zeroplant.solve.fleet.joint.proof import device_prices, limit_prices, shared_part
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.joint.sweep import Field, Held
from zeroplant.solve.fleet.joint.team import Team
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.stage import BOUND
from zeroplant.solve.fleet.tables import Fleet, Table

ROUNDING = 1e-9
"""A bound above the cost by more than this share of it is no bound."""
LOCAL_PASSES = 6
"""Passes over the devices of groups that exceed their limits, after one over all devices."""


@dataclass(frozen=True, eq=False)
class Coordination:
    """Schedules of all devices together.

    Attributes:
        change: change of level by each device and step (N, T), of the type of the fleet's tables.
        power: net power at each meter (N, T), likewise.
        status: of each device, see ``schedule``; those without a schedule draw nothing here.
        total: power of each group, base included, (G, T).
        price: price at the devices of each group that the bound is proven with, (G, T).
        limit_price: price on the limits of each group, (G, T): positive where less must be drawn.
        cost: own costs of the devices and the shared cost.
        bound: proven lower bound of the cost.
        excess: most by which a limit is exceeded; 0.0 if all hold.
        unmet: limits that are exceeded, and whether they can be met at all.
        passes: passes over all devices.
        method: ``sweeps``, or ``central`` for the linear programme of a small fleet.
    """

    change: Table
    power: Table
    status: NDArray[np.int8]
    total: Floats
    price: Floats
    limit_price: Floats
    cost: float
    bound: float
    excess: float
    passes: int
    unmet: tuple[Unmet, ...] = field(default=())
    method: str = "sweeps"

    @property
    def gap(self) -> float:
        """Proven gap relative to the cost; ``nan`` while a limit is exceeded.

        The bound is that of schedules within the limits: others may well cost less.
        """
        return proven_gap(self.cost, self.bound, self.excess)

    def gap_of_saving(self, uncoordinated: float) -> float:
        """Proven gap relative to the saving against an uncoordinated cost; ``inf`` if none.

        ``nan`` while a limit is exceeded, as :attr:`gap`.
        """
        if self.excess > 0.0:
            return np.nan
        saving = uncoordinated - self.cost
        return (self.cost - self.bound) / saving if saving > 0.0 else np.inf


def proven_gap(cost: float, bound: float, excess: float) -> float:
    """Gap relative to the cost; ``nan`` while a limit is exceeded. Raises SolveError for no number.

    A cost or bound that is no number would neither be improved nor refused by any comparison.
    """
    if np.isnan(cost) or np.isnan(bound):
        message = f"the cost of the schedules is {cost}, its bound {bound}: one is not a number"
        raise SolveError(message)
    return (cost - bound) / max(abs(cost), 1e-300) if excess <= 0.0 else np.nan


def is_proven(gap: float, goal: float) -> bool:
    """Whether a gap is proven and small enough; one below zero by more than rounding is not."""
    return -ROUNDING <= gap <= goal


def coordinate(
    fleet: Fleet,
    shared: Shared,
    *,
    gap: float = 1e-4,
    passes: int = 60,
    threads: int = 2,
    seed: int = 0,
) -> Coordination:
    """Coordinate until the relative gap is proven and every limit holds, or passes run out.

    Equal fleets, ``seed`` (of the sample) and ``threads`` give equal bits. A small fleet whose gap
    the sweeps do not close goes to a central linear programme.
    """
    groups = shared.groups
    if len(groups.member) != len(fleet) or groups.base.shape[1] != fleet.steps:
        message = (
            f"groups are of {len(groups.member)} devices and {groups.base.shape[1]} steps,"
            f" the fleet of {len(fleet)} and {fleet.steps}"
        )
        raise ValueError(message)
    if not len(fleet) or passes < 1:
        message = f"at least one device and one pass, not {len(fleet)} and {passes}"
        raise ValueError(message)
    guessed = guess(fleet, shared, seed, threads)
    limits = Limits(fleet, shared, guessed.power)
    prices, held = start(fleet, shared, guessed, limits)
    found = _improve(fleet, shared, limits, prices, held, gap, passes, threads)
    if len(fleet) < CENTRAL and not is_proven(found.gap, gap):
        found = _central(fleet, shared, found, held, threads)
    return found


def uncoordinated(fleet: Fleet, shared: Shared, *, threads: int = 2) -> float:
    """Cost if nobody coordinates: the cheaper of two ways, limits aside.

    Each device follows its own prices alone; or it follows in addition the shared price that the
    others' power, and the devices' at rest, would make.
    """
    costs = []
    for adder in (np.zeros(fleet.steps), shared.marginal(shared.at_rest(fleet))):
        answer = schedule(fleet, adder=adder, threads=threads)
        own = np.nansum(answer.cost) - fleet.hours * float(adder @ answer.total)
        costs.append(own + shared.cost(shared.groups.base[0] + answer.total, fleet.hours))
    return float(min(costs))


def _improve(  # noqa: PLR0917 - passed on as they are
    fleet: Fleet, shared: Shared, limits: Limits, prices: Field, held: Held,
    gap: float, passes: int, threads: int,
) -> Coordination:  # fmt: skip
    """Passes and bounds until done; the best schedules in which limits hold, if there are any."""
    groups, best, due = shared.groups, None, 1
    team = Team.of(groups, groups.order, threads)
    for done in range(1, passes + 1):
        team.pass_over(fleet.arrays, held, prices)
        prices = limits.settle(prices)
        if done < min(due, passes):
            continue
        if shared.limited:
            prices = _mend(fleet, shared, limits, prices, held, threads)
        if excess(shared, prices.total).any() and (done < passes or best):
            continue
        due = done + max(1, done // 3)
        found = _certified(fleet, shared, prices, held, team, done)
        if best and best.bound > found.bound:
            found = replace(found, bound=best.bound)
        if is_proven(found.gap, gap):
            return found
        if not shared.limited:
            best = found
        elif best is None or found.cost < best.cost:
            best = _kept(found)
        else:
            best = replace(best, bound=found.bound)
    assert best is not None
    if best.excess > 0.0:
        named = unmet(fleet, shared, best.total, best.limit_price, threads)
        best = replace(best, unmet=named)
    return best


def _kept(found: Coordination) -> Coordination:
    """A copy that further passes do not touch."""
    arrays = {name: getattr(found, name).copy() for name in ("change", "power", "status")}
    return replace(found, **arrays)


def _mend(  # noqa: PLR0917 - as above
    fleet: Fleet, shared: Shared, limits: Limits, prices: Field, held: Held, threads: int
) -> Field:
    """A few passes over the devices of those groups alone that exceed a limit."""
    for _ in range(LOCAL_PASSES):
        found, devices = guilty(shared, prices.total, len(fleet) // 3)
        if not len(devices):
            break
        Team.of(shared.groups, devices, threads).pass_over(fleet.arrays, held, prices)
        prices = limits.settle(prices, found)
    return prices


def _certified(  # noqa: PLR0917 - as above
    fleet: Fleet, shared: Shared, prices: Field, held: Held, team: Team, passes: int
) -> Coordination:
    """The schedules as they stand, with totals, cost, bound and excess worked out anew."""
    groups, hours = shared.groups, fleet.hours
    total = groups.totals(held.power)
    prices.total[:] = total  # free of what additions have rounded
    limit = limit_prices(shared, prices)
    price = device_prices(shared, limit, total)
    cost, least, _ = team.bounds(fleet.arrays, held, groups.member, price)
    least += shared_part(shared, limit, total, hours)
    return Coordination(
        held.change, held.power, held.status, total, price, limit,
        cost + shared.cost(total[0], hours), least, float(excess(shared, total).max()), passes,
    )  # fmt: skip


def _central(
    fleet: Fleet, shared: Shared, found: Coordination, held: Held, threads: int
) -> Coordination:
    """The central programme's schedules, if it has any; its bound or the sweeps', the higher."""
    answer = central(fleet, shared, held.status <= BOUND)
    if answer is None:
        return found
    change, power, own, bound = answer
    total = shared.groups.totals(power)
    cost = own + shared.cost(total[0], fleet.hours)
    beyond = float(excess(shared, total).max())
    bound = max(bound, found.bound)
    if beyond > found.excess or (beyond == found.excess and cost > found.cost):
        return replace(found, bound=bound)
    named = unmet(fleet, shared, total, found.limit_price, threads) if beyond > 0.0 else ()
    return Coordination(
        change, power, found.status, total, found.price, found.limit_price, cost, bound, beyond,
        found.passes, named, "central",
    )  # fmt: skip
