"""How much and how little each device can draw in the coming step.

Three things bound the power p of a device with one store: its power limits, its ramp, and its
level, which must stay within its bounds to the end of the step:

    lowest <= coast + hours (fill max(p, 0) - drain max(-p, 0)) <= highest

where ``coast`` is the level at the end of the step if nothing is drawn (leak and inflow are in
it). Where they cross, a power limit stands above the level, and the level above the ramp; such
devices are flagged. Power is positive where it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.split.parts import in_parts

Small = NDArray[np.int32]
Flags = NDArray[np.int8]
Real = NDArray[np.floating[Any]]
"""Float32 or float64; all such arrays of a pool alike. Arithmetic is float64 either way."""

FREE, RAMP_BROKEN, LEVEL_BROKEN, LOCK_BROKEN, NO_NUMBER = range(5)
"""Flags: nothing crossed; the level beat the ramp; no power within the limits keeps the level;
a lock-out kept the device from holding its level; an input is no number (power stays as it is)."""


@dataclass(frozen=True)
class Kinds:
    """What devices of a kind have in common, one entry per kind.

    ``fill``: level gained per unit of energy drawn. ``drain``: level lost per unit of energy given
    back. ``fall``, ``rise``: most that power may change from step to step. ``lock``: steps for
    which a switching device stays as it is after it has switched.
    """

    fill: Floats
    drain: Floats
    fall: Floats
    rise: Floats
    lock: Small


@dataclass(frozen=True)
class Pool:
    """Devices as they stand now, one entry per device.

    ``kind`` is the row in ``kinds``; ``coast``, ``lowest`` and ``highest`` are levels at the end
    of the step, ``least`` and ``most`` power limits, ``before`` the power of the step before;
    ``hours`` is the length of the step.
    """

    kinds: Kinds
    hours: float
    kind: Small
    coast: Real
    lowest: Real
    highest: Real
    least: Real
    most: Real
    before: Real

    def __post_init__(self) -> None:
        columns = (self.coast, self.lowest, self.highest, self.least, self.most, self.before)
        same_length("a pool", self.kind, *columns)
        same_length("the kinds", *vars(self.kinds).values())
        if len(self.kind) and not 0 <= self.kind.min() <= self.kind.max() < len(self.kinds.fill):
            message = f"a device is of a kind that is none of the {len(self.kinds.fill)}"
            raise ValueError(message)
        if not 0.0 < self.hours < np.inf:
            message = f"a step has a positive length, not {self.hours}"
            raise ValueError(message)


@dataclass(frozen=True)
class Reach:
    """Least and greatest power per device, their sums, and a flag per device (see ``FREE``)."""

    lower: Real
    upper: Real
    flag: Flags
    least: float
    most: float


def same_length(what: str, *columns: NDArray[Any]) -> None:
    """Refuse columns of different lengths, before compiled code reads past an end."""
    shapes = {column.shape for column in columns}
    if len(shapes) > 1 or len(columns[0].shape) != 1:
        message = f"{what} has one number per entry in every column, not {sorted(shapes)}"
        raise ValueError(message)


def reach(pool: Pool, *, threads: int = 2) -> Reach:
    """Range of each device whose power may take any value between its limits."""
    lower, upper, flag = _empty(pool)
    kinds = pool.kinds
    with np.errstate(divide="ignore"):
        per_fill, per_drain = 1 / (kinds.fill * pool.hours), 1 / (kinds.drain * pool.hours)

    def work(_: int, first: int, last: int) -> tuple[float, float]:
        sums: tuple[float, float] = _reach(
            first, last, per_fill, per_drain, kinds.fall, kinds.rise, pool.kind, pool.coast,
            pool.lowest, pool.highest, pool.least, pool.most, pool.before, lower, upper, flag,
        )  # fmt: skip
        return sums

    return _gathered(lower, upper, flag, in_parts(len(pool.kind), threads, work))


def reach_switching(pool: Pool, switched: Small, now: int, *, threads: int = 2) -> Reach:
    """States of each device that is either at ``least`` or at ``most``, never between.

    ``switched`` is the step in which each last switched and ``now`` the number of the coming one.
    A device that is locked, or whose level leaves it one state only, has ``lower == upper``.
    """
    same_length("a pool", pool.kind, switched)
    lower, upper, flag = _empty(pool)
    kinds = pool.kinds
    gain, loss = kinds.fill * pool.hours, kinds.drain * pool.hours

    def work(_: int, first: int, last: int) -> tuple[float, float]:
        sums: tuple[float, float] = _reach_switching(
            first, last, gain, loss, kinds.lock, pool.kind, pool.coast, pool.lowest,
            pool.highest, pool.least, pool.most, pool.before, switched, now, lower, upper, flag,
        )  # fmt: skip
        return sums

    return _gathered(lower, upper, flag, in_parts(len(pool.kind), threads, work))


def _empty(pool: Pool) -> tuple[Real, Real, Flags]:
    return np.empty_like(pool.coast), np.empty_like(pool.coast), np.empty(len(pool.kind), np.int8)


def _gathered(lower: Real, upper: Real, flag: Flags, sums: list[tuple[float, float]]) -> Reach:
    return Reach(lower, upper, flag, sum(s[0] for s in sums), sum(s[1] for s in sums))


@njit(cache=True, nogil=True, error_model="numpy")
def _reach(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    first: int, last: int, per_fill: Floats, per_drain: Floats, fall: Floats, rise: Floats,
    kind: Small, coast: Real, lowest: Real, highest: Real, least: Real, most: Real, before: Real,
    lower: Real, upper: Real, flag: Flags,
) -> tuple[float, float]:  # fmt: skip
    bottom_sum, top_sum = 0.0, 0.0
    for i in range(first, last):
        k = kind[i]
        lack, room = np.float64(lowest[i]) - coast[i], np.float64(highest[i]) - coast[i]
        low = max(np.float64(least[i]), lack * (per_fill[k] if lack >= 0.0 else per_drain[k]))
        high = min(np.float64(most[i]), room * (per_fill[k] if room >= 0.0 else per_drain[k]))
        down, up = np.float64(before[i]) - fall[k], np.float64(before[i]) + rise[k]
        mark = FREE
        if low <= high and down <= high and up >= low:
            low, high = max(low, down), min(high, up)
        elif low <= high:
            mark = RAMP_BROKEN
            low = high = high if down > high else low
        elif low > high:
            mark = LEVEL_BROKEN
            low = high = min(max(0.5 * (low + high), np.float64(least[i])), np.float64(most[i]))
        if np.isnan(lack + room) or not np.isfinite(least[i] + most[i] + before[i]):
            mark = NO_NUMBER
            low = high = np.float64(before[i] if np.isfinite(before[i]) else 0.0)
        lower[i], upper[i], flag[i] = low, high, mark
        bottom_sum += lower[i]
        top_sum += upper[i]
    return bottom_sum, top_sum


@njit(cache=True, nogil=True, error_model="numpy")
def _reach_switching(  # noqa: PLR0917 - as above
    first: int, last: int, gain: Floats, loss: Floats, lock: Small,
    kind: Small, coast: Real, lowest: Real, highest: Real, least: Real, most: Real, before: Real,
    switched: Small, now: int, lower: Real, upper: Real, flag: Flags,
) -> tuple[float, float]:  # fmt: skip
    bottom_sum, top_sum = 0.0, 0.0
    for i in range(first, last):
        k = kind[i]
        off, on = np.float64(least[i]), np.float64(most[i])
        at_off = coast[i] + off * (gain[k] if off > 0.0 else loss[k])
        at_on = coast[i] + on * (gain[k] if on > 0.0 else loss[k])
        # How far each state would leave the bounds; a state that holds them leaves by nothing.
        out_off = max(lowest[i] - at_off, at_off - highest[i], 0.0)
        out_on = max(lowest[i] - at_on, at_on - highest[i], 0.0)
        is_on = before[i] > 0.5 * (off + on)
        low, high, mark = off, on, FREE
        if now - switched[i] < lock[k]:
            low = high = on if is_on else off
            if (out_on if is_on else out_off) > min(out_off, out_on):
                mark = LOCK_BROKEN
        elif out_off > 0.0 or out_on > 0.0:
            low = high = off if out_off < out_on or (out_off == out_on and not is_on) else on
            if min(out_off, out_on) > 0.0:
                mark = LEVEL_BROKEN
        if not np.isfinite(at_off + at_on + before[i]) or np.isnan(lowest[i] - highest[i]):
            mark = NO_NUMBER
            low = high = np.float64(before[i] if np.isfinite(before[i]) else 0.0)
        lower[i], upper[i], flag[i] = low, high, mark
        bottom_sum += lower[i]
        top_sum += upper[i]
    return bottom_sum, top_sum
