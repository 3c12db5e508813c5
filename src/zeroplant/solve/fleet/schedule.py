"""Every device of a fleet to its exact optimum, over a few threads."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.solve.fleet.device import solve_device
from zeroplant.solve.fleet.recover import HIGH, LOW, MIDDLE, NEAREST
from zeroplant.solve.fleet.stage import BOUND, SOLVED
from zeroplant.solve.fleet.tables import Arrays, Fleet, Table
from zeroplant.solve.fleet.workspace import Work, workspace

Preference = Literal["nearest", "high", "low", "middle"]
Output = Literal["change", "power", "value", "level"]

PREFERENCES = {"nearest": NEAREST, "high": HIGH, "low": LOW, "middle": MIDDLE}
OUTPUTS: tuple[Output, ...] = ("change", "power", "value", "level")
PORTION = 2048
"""Devices that a thread takes at a time."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """What :func:`schedule` found, by device (N,) and by device and step (N, T).

    Attributes:
        status: SOLVED, BOUND, INFEASIBLE or BADDATA (int8). BOUND: some step is not convex (very
            negative prices), the schedule is physical and its cost is proven to ``gap`` only.
        when: step at which a device is infeasible or its data are garbage, −1 for none.
        side: +1 if the level cannot get up to its lower bound, −1 if it cannot stay below its
            upper one, 0 if bounds or power limits cross.
        cost: of the physical schedule, the extra price included; ``nan`` without a schedule.
        gap: cost less a proven lower bound on it.
        violation: most by which any bound on level, power or connection is missed when the
            schedule is simulated from the start.
        total: (T,) net power of all devices that have a schedule.
        change: change of level caused by the device, or None if not asked for.
        power: net power at the meter, likewise.
        value: marginal value of level at the end of each step (money per level), likewise.
        level: level at the end of each step, likewise.
    """

    status: NDArray[np.int8]
    when: NDArray[np.int32]
    side: NDArray[np.int8]
    cost: Floats
    gap: Floats
    violation: Floats
    total: Floats
    change: Table | None = None
    power: Table | None = None
    value: Table | None = None
    level: Table | None = None

    @property
    def has_schedule(self) -> NDArray[np.bool_]:
        """Which devices have a schedule."""
        return np.isin(self.status, (SOLVED, BOUND))


@njit(cache=True, nogil=True, error_model="numpy")
def _keep(series: Table, device: int, values: Floats, solved: bool) -> None:
    """Store a series of a device, if it was asked for."""
    if len(series):
        for t in range(len(values)):
            series[device, t] = values[t] if solved else np.nan


@njit(cache=True, nogil=True, error_model="numpy")
def _solve_portion(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    arrays: Arrays, first: int, last: int, adder: Floats, preference: int, work: Work,
    codes: NDArray[np.int32], numbers: Floats, series: tuple[Table, ...], total: Floats,
) -> None:  # fmt: skip
    """Solve devices ``first`` to ``last``; a series without rows is not stored."""
    for i in range(first, last):
        status = solve_device(arrays, i, adder, preference, work)
        solved = status <= BOUND
        codes[0, i], codes[1, i], codes[2, i] = status, int(work.result[3]), int(work.result[4])
        for k in range(3):
            numbers[k, i] = work.result[k] if solved else np.nan
        if solved:
            for t in range(len(total)):
                total[t] += work.power[t]
        _keep(series[0], i, work.change, solved)
        _keep(series[1], i, work.power, solved)
        _keep(series[2], i, work.value, solved)
        _keep(series[3], i, work.level, solved)


def extra_price(fleet: Fleet, adder: ArrayLike | None) -> Floats:
    """An extra price as compiled code takes it: (T,), zero if there is none."""
    extra = np.zeros(fleet.steps) if adder is None else np.array(adder, dtype=np.float64)
    if extra.shape != (fleet.steps,):
        message = f"an extra price has one number per step, ({fleet.steps},), not {extra.shape}"
        raise ValueError(message)
    if not np.isfinite(extra).all():
        step = int(np.argmin(np.isfinite(extra)))
        message = f"an extra price is a finite number in every step; step {step} has {extra[step]}"
        raise ValueError(message)
    return extra


def schedule(
    fleet: Fleet,
    *,
    adder: ArrayLike | None = None,
    threads: int = 2,
    preference: Preference = "nearest",
    outputs: Collection[Output] = (),
) -> Schedule:
    """Solve every device to its optimum.

    Args:
        fleet: the devices.
        adder: extra price (T,) on the net power of everyone, whether bought or sold.
        threads: how many threads; the answer is the same, to the last bit, for any number.
        preference: which of equally good schedules: the changes nearest to rest, the highest or
            the lowest levels, or the middle.
        outputs: series to store, (N, T) each, of the type of the fleet's tables.

    Raises ValueError for an unknown preference or output, and an extra price that is no number.
    """
    if preference not in PREFERENCES:
        message = f"preference {preference!r} is none of {', '.join(PREFERENCES)}"
        raise ValueError(message)
    if isinstance(outputs, str) or not set(outputs) <= set(OUTPUTS):
        message = f"outputs are a list of some of {', '.join(OUTPUTS)}, not {outputs!r}"
        raise ValueError(message)
    devices, steps, arrays = len(fleet), fleet.steps, fleet.arrays
    extra = extra_price(fleet, adder)
    kind = arrays.tables[0].dtype
    stored = {
        name: np.empty((devices if name in outputs else 0, steps), dtype=kind) for name in OUTPUTS
    }
    codes = np.empty((3, devices), dtype=np.int32)
    numbers = np.empty((3, devices))
    firsts = range(0, devices, PORTION)
    totals = np.zeros((len(firsts), steps))
    todo = iter(range(len(firsts)))  # each `next` of a range is atomic

    def work_off() -> None:
        work = workspace(steps)
        for portion in todo:
            first = firsts[portion]
            _solve_portion(
                arrays, first, min(first + PORTION, devices), extra, PREFERENCES[preference], work,
                codes, numbers, tuple(stored.values()), totals[portion],
            )  # fmt: skip

    if threads <= 1 or len(firsts) <= 1:
        work_off()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for each in [pool.submit(work_off) for _ in range(threads)]:
                each.result()
    return Schedule(
        codes[0].astype(np.int8), codes[1], codes[2].astype(np.int8),
        numbers[0], numbers[1], numbers[2], totals.sum(axis=0),
        *(stored[name] if name in outputs else None for name in OUTPUTS),
    )  # fmt: skip
