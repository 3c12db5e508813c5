"""What was taken now must come back: how much, and in which of the coming steps.

A device that was called away from its plan stands at another level than planned. It returns to it
over the coming steps by equal amounts, or as fast as its power limits allow, while the leak
forgives a part by itself: a level that is ``d`` too high, with a factor ``keep`` per step, is right
again after ``m`` steps if each step takes out d keep^m (1 - keep) / (1 - keep^m).
The sum over all devices is the rebound that a planner has to plan for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.split.parts import in_parts
from zeroplant.solve.fleet.split.reach import Pool, Real, Small


@dataclass(frozen=True)
class Rebound:
    """The return of devices to their plans.

    ``energy`` per device that it will draw beyond its plan (negative: less); ``profile``, the
    power of all devices together beyond their plans, one entry per coming step; ``left``, the
    level per device that is still too high (negative: too low) after the last step.
    """

    energy: Real
    profile: Floats
    left: Real


def rebound(
    pool: Pool, power: Real, rest: Real, keep: Floats, steps: int, *, threads: int = 2
) -> Rebound:
    """The return after a step at ``power`` instead of ``rest``, within ``steps`` steps.

    ``rest`` is the planned power of this step and of the coming ones, ``keep`` the part of the
    level that a step leaves, per kind. Power limits are those of ``pool``.
    """
    energy, left, kinds = np.empty_like(power), np.empty_like(power), pool.kinds
    gain, loss = kinds.fill * pool.hours, kinds.drain * pool.hours
    # Part of today's deviation that each of m equal steps has to take out.
    part = np.array([[_equal(k, m) for m in range(1, steps + 1)] for k in keep.tolist()])

    def work(_: int, first: int, last: int) -> Floats:
        profile = np.zeros(steps)
        _return(
            first, last, gain, loss, keep, part, pool.hours, pool.kind, pool.least, pool.most,
            power, rest, energy, left, profile,
        )  # fmt: skip
        return profile

    profile: Floats = np.sum(in_parts(len(power), threads, work), axis=0)
    return Rebound(energy, profile, left)


def _equal(keep: float, steps: int) -> float:
    return keep**steps / sum(keep**k for k in range(steps))


@njit(cache=True, nogil=True)
def _return(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    first: int, last: int, gain: Floats, loss: Floats, keep: Floats, part: Floats, hours: float,
    kind: Small, least: Real, most: Real, power: Real, rest: Real,
    energy: Real, left: Real, profile: Floats,
) -> None:  # fmt: skip
    steps = len(profile)
    for i in range(first, last):
        k, plan, now = kind[i], np.float64(rest[i]), np.float64(power[i])
        planned = plan * (gain[k] if plan > 0.0 else loss[k])
        apart = now * (gain[k] if now > 0.0 else loss[k]) - planned
        total = 0.0
        for step in range(steps):
            if apart == 0.0:
                break
            wanted = planned - apart * part[k, steps - 1 - step]
            rate = gain[k] if wanted > 0.0 else loss[k]
            back = wanted / rate if rate > 0.0 else 0.0  # no drain: only the leak lowers the level
            back = min(max(back, min(np.float64(least[i]), plan)), max(np.float64(most[i]), plan))
            apart = keep[k] * apart + back * (gain[k] if back > 0.0 else loss[k]) - planned
            profile[step] += back - plan
            total += (back - plan) * hours
        energy[i], left[i] = total, apart
