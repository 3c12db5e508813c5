"""Water turbines: how good a unit is by its flow, and how units share water around rough zones.

**Part load.** Efficiency over flow after the small-hydro model of RETScreen (Natural Resources
Canada, 2004), of Kaplan and bulb turbines below ``FRANCIS`` of head, of Francis turbines above,
relative to that at full flow, which is what a plant file says. Works that do not say how many units
they have are as good at any flow.

**Rough zones.** Between some parts of its flow (a Francis turbine's vortex in the draft tube) a
unit vibrates and must not run; it may pass. A joint controller lets so many units run, with equal
shares, as make the most of the water without one in a zone; what cannot be had so is stepped out of
downwards, because what it is told is a limit. Above a zone it goes ``BACK`` beyond its end, and not
within ``HOLDS`` of the last time, so that a wish that hovers there does not move it every time.

One that has to start takes ``STARTS``; one that is not needed any more turns for ``STAYS_ON``.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.assets.parts.water import Waterworks
from zeroplant.axis import Floats
from zeroplant.kernels import njit

FRANCIS = 40.0
"""Metres of head from which on turbines are taken to be Francis turbines."""
BACK = 0.02
STARTS, STAYS_ON, HOLDS = 90.0, 600.0, 300.0
"""Seconds; typical figures of ours."""
GRID = np.linspace(0.0, 1.0, 101)
TINY = 1e-9
NEVER = 9.0
"""A part of the flow that no unit has: the ends of no zone."""

RUNS, WAITED, PART, HELD, INSIDE, CROSSED, STARTED = range(7)
"""Columns of how units are: how many run, seconds for which another number was wanted, part of its
flow at which each stands, seconds since they last went up through a zone, seconds inside rough
zones, times one was entered, starts."""


def at_rest(works: int) -> Floats:
    """Units before their first step: as many run as will be wanted then."""
    now = np.zeros((works, 7))
    now[:, RUNS], now[:, HELD] = -1.0, HOLDS
    return now


def part_load(head: float) -> Floats:
    """Efficiency on ``GRID``, parts of a unit's flow, over that at full flow; at a rated head."""
    if head < FRANCIS:
        found = 1.0 - 3.5 * np.abs((0.75 - GRID) / 0.75) ** 6
    else:
        speed = 600.0 * head**-0.5
        best = min(0.65 * speed**0.05, 0.95)
        below = 1.0 - 1.25 * np.maximum((best - GRID) / best, 0.0) ** (3.94 - 0.0195 * speed)
        drop = 0.0072 * speed**0.4
        above = 1.0 - drop * ((GRID - best) / (1.0 - best)) ** 2
        found = np.where(best > GRID, below, above)
    return np.asarray(np.maximum(found, 0.0) / found[-1])


def curves_of(assets: Sequence[Waterworks], heads: Sequence[float]) -> Floats:
    """`part_load` of each works, (works, GRID)."""
    level = np.ones(len(GRID))
    rows = [level if asset.units is None else part_load(head)
            for asset, head in zip(assets, heads, strict=True)]  # fmt: skip
    return np.array(rows).reshape(len(assets), len(GRID))


def zones_of(assets: Sequence[Waterworks]) -> Floats:
    """Rough zones of each works, (works, zones, 2); those it has not are never entered."""
    most = max((len(asset.rough_zones) for asset in assets), default=0)
    found = np.full((len(assets), most, 2), NEVER)
    for row, asset in enumerate(assets):
        found[row, : len(asset.rough_zones)] = asset.rough_zones or found[row, :0]
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def good(passing: float, flow: float, units: int, curve: Floats, runs: float) -> float:
    """Efficiency of the units that run, over that at full flow, with so much water in all."""
    if passing <= 0.0 or runs < 1.0:
        return 1.0
    at = min(passing * units / (runs * flow), 1.0) * (len(curve) - 1)
    k = min(int(at), len(curve) - 2)
    return float(curve[k] + (at - k) * (curve[k + 1] - curve[k]))


@njit(cache=True, nogil=True)
def clear(part: float, rough: Floats, before: float, free: bool) -> float:
    """The greatest part of a unit's flow up to ``part`` that lies in no zone; it was ``before``.

    Only who is ``free`` may go up through a zone.
    """
    for z in range(len(rough) - 1, -1, -1):
        low, high = rough[z, 0], rough[z, 1]
        below = before <= low + TINY
        if low < part and (part < high + (BACK if below else 0.0) or (below and not free)):
            part = low
    return part


@njit(cache=True, nogil=True, error_model="numpy")
def taken(
    count: int, wanted: float, able: float, flow: float, units: int, rough: Floats, now: Floats
) -> float:
    """Water that so many units take of what is wanted [m³/s]."""
    if count == 0:
        return 0.0
    each = flow / units
    part = min(wanted / (count * each), able / flow)
    return count * each * clear(part, rough, now[PART], now[RUNS] < 0.0 or now[HELD] >= HOLDS)


@njit(cache=True, nogil=True, error_model="numpy")
def share(
    seconds: float, wanted: float, able: float, flow: float, units: int, curve: Floats,
    rough: Floats, now: Floats,
) -> float:  # fmt: skip
    """Water that the units of one works take; ``now`` keeps how they are.

    ``able`` is what all of them could take at this head, ``flow`` what they are made for.
    """
    best, most, worth = 0, 0.0, 0.0
    for count in range(1, units + 1):
        takes = taken(count, wanted, able, flow, units, rough, now)
        makes = takes * good(takes, flow, units, curve, float(count))
        if makes > worth + TINY * flow:
            best, most, worth = count, takes, makes
    if now[RUNS] < 0.0:
        now[RUNS] = best
    runs = int(now[RUNS])
    now[WAITED] = now[WAITED] + seconds if best != runs else 0.0
    takes = taken(runs, wanted, able, flow, units, rough, now)
    if (best > runs and now[WAITED] > STARTS) or (best < runs and now[WAITED] > STAYS_ON):
        now[STARTED] += max(best - runs, 0)
        runs, takes = best, most
        now[RUNS], now[WAITED] = runs, 0.0
    part, was = takes * units / (runs * flow) if runs > 0 else 0.0, now[PART]
    now[HELD] += seconds
    for z in range(len(rough)):
        if was <= rough[z, 0] + TINY and part > rough[z, 0] + TINY:
            now[HELD] = 0.0
    now[PART] = part
    return takes


@njit(cache=True, nogil=True, error_model="numpy")
def count_rough(
    seconds: float, passing: float, flow: float, units: int, rough: Floats, now: Floats,
    before: float,
) -> None:  # fmt: skip
    """Count time inside rough zones, and how often one is entered; ``before`` a step ago."""
    if now[RUNS] < 1.0:
        return
    part, was = passing * units / (now[RUNS] * flow), before * units / (now[RUNS] * flow)
    for z in range(len(rough)):
        low, high = rough[z, 0] + 1e-6, rough[z, 1] - 1e-6
        if low < part < high:
            now[INSIDE] += seconds
        if (was <= low < part) or (was >= high > part):
            now[CROSSED] += 1.0
