"""Schedules that a device can carry out, each exact or with its gap stated, for a whole fleet.

A linear programme lets a store charge and discharge at once when prices pay for wasted energy,
and lets a charger run below its least power. Here no schedule does. Three paths, the cheapest
that suffices for each device:

* HULL: the convex programme (see device) closes its own gap; nothing more is needed.
* NETTED: its gap is positive and within the tolerance; the schedule keeps its levels, charges or
  discharges, never both, and the gap remains as stated.
* EXACT: the programme over parts (see exclusive, switched), which also serves least powers and
  least times on and off.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.device import physical, solve_device
from zeroplant.solve.fleet.exclusive import GIVEN_UP, Space, exclusive, space
from zeroplant.solve.fleet.recover import NEAREST
from zeroplant.solve.fleet.stage import BADDATA, BOUND, SOLVED, load
from zeroplant.solve.fleet.switched import switched
from zeroplant.solve.fleet.tables import Arrays, Fleet, Rows
from zeroplant.solve.fleet.workspace import Work, workspace

HULL, NETTED, EXACT = 0, 1, 2
FEW, MANY = 512, 4096
"""Pieces of a function before its bound is loosened: at first, and for devices left with a gap."""
PORTION = 64
"""Devices that a thread takes at a time."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What a fleet's devices must choose between, besides charging and discharging.

    Attributes:
        in_least: least charging power when charging (N, T); equal to the most for fixed speed.
        out_least: least discharging power when discharging.
        up: least number of steps on (N,); 0 for devices without least times.
        down: least number of steps off (N,), read where ``up`` is positive.
        since: steps on (positive) or off (negative) before the start (N,), read likewise.
    """

    in_least: Rows
    out_least: Rows
    up: Ints
    down: Ints
    since: Ints

    @classmethod
    def free(cls, fleet: Fleet) -> Choice:
        """No least powers and no least times."""
        none = Rows.shared(np.zeros(fleet.steps), len(fleet))
        zero = np.zeros(len(fleet), dtype=np.int64)
        return cls(none, none, zero, zero, zero - 1)


@dataclass(frozen=True, eq=False)
class Exact:
    """What :func:`schedule_exact` found, by device (N,) and by device and step (N, T).

    Attributes:
        status: SOLVED, BOUND (a gap above the tolerance remains), INFEASIBLE, BADDATA or
            GIVEN_UP (too many pieces).
        when: step at which a device is infeasible, −1 for none.
        side: +1 if the level cannot get up to its lower bound, −1 if it cannot stay below its
            upper one, 0 if neither is to blame alone.
        path: HULL, NETTED or EXACT.
        cost: of the schedule; ``nan`` without one.
        gap: cost less a proven lower bound on it.
        hull_gap: gap of the convex programme before anything else; ``nan`` where it was not run.
        pieces: most pieces of a function on the exact path.
        change: change of level caused by the device.
        power: net power at the meter.
        level: level at the end of each step.
        on: 1 while a device with least times is on.
    """

    status: NDArray[np.int8]
    when: NDArray[np.int32]
    side: NDArray[np.int8]
    path: NDArray[np.int8]
    cost: Floats
    gap: Floats
    hull_gap: Floats
    pieces: Ints
    change: Floats
    power: Floats
    level: Floats
    on: Floats

    @property
    def has_schedule(self) -> NDArray[np.bool_]:
        """Which devices have a schedule."""
        return np.isin(self.status, (SOLVED, BOUND))


@njit(cache=True, nogil=True, error_model="numpy")
def _sizes(
    arrays: Arrays, device: int, powers_in: Floats, powers_out: Floats, levels: Floats
) -> bool:
    """Least powers as changes of level, in and out (2, T); whether they make sense."""
    gain, give = arrays.tables[6][arrays.rows[device, 6]], arrays.constants[device, 1]
    for t in range(len(powers_in)):
        levels[0, t] = arrays.hours * gain[t] * powers_in[t]
        levels[1, t] = arrays.hours / give * powers_out[t]
        if not (0.0 <= levels[0, t] < np.inf and 0.0 <= levels[1, t] < np.inf):
            return False
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def solve_exact(  # noqa: PLR0917
    arrays: Arrays, device: int, adder: Floats, powers_in: Floats, powers_out: Floats, times: Ints,
    tolerance: float, work: Work, room: Space, levels: Floats, on: Floats,
) -> tuple[int, int, float]:  # fmt: skip
    """One device; status, path and the gap of the convex programme. The rest is in ``work``.

    ``result`` holds cost, gap, pieces, step and side. ``times`` is (up, down, since), ``levels``
    (2, T) is to work in, ``on`` (T,) is filled.
    """
    on[:] = 0.0
    if not _sizes(arrays, device, powers_in, powers_out, levels):
        work.result[3], work.result[4] = -1.0, 0.0
        return BADDATA, EXACT, np.nan
    free = times[0] <= 0 and not np.any(levels > 0.0)
    hull_gap, bound = np.nan, -np.inf
    if free:
        status = solve_device(arrays, device, adder, NEAREST, work)
        hull_gap = work.result[1]
        if status != BOUND:
            work.result[2] = 0.0
            return status, HULL, hull_gap if status == SOLVED else np.nan
        if hull_gap <= tolerance * (1.0 + abs(work.result[0])):
            work.result[2] = 0.0
            return SOLVED, NETTED, hull_gap
        bound = work.result[0] - hull_gap
    status = load(arrays, device, adder, False, work)
    if status != SOLVED:
        return status, EXACT, hull_gap
    keep, start, final = (
        arrays.constants[device, 0], arrays.constants[device, 4], arrays.constants[device, 5]
    )  # fmt: skip
    if times[0] > 0:
        if times[1] < 1 or times[2] == 0 or times[0] + times[1] > room.span.shape[1]:
            return BADDATA, EXACT, hull_gap
        status = switched(
            work, keep, start, final, levels[0], times[0], times[1], times[2], room, on
        )
    else:
        status = exclusive(work, keep, start, final, levels[1], levels[0], room)
    if status == GIVEN_UP and free:
        solve_device(arrays, device, adder, NEAREST, work)
        work.result[2] = 0.0
        return BOUND, NETTED, hull_gap
    if status == SOLVED:
        bound = max(bound, work.result[0])
        cost = physical(arrays, device, adder, work.change, work.power)
        work.result[2] = work.result[1]
        work.result[0], work.result[1] = cost, cost - bound
        if not abs(cost) < np.inf:
            return BADDATA, EXACT, hull_gap
        if not cost - bound <= tolerance * (1.0 + abs(cost)):
            status = BOUND
    return status, EXACT, hull_gap


def schedule_exact(
    fleet: Fleet,
    choice: Choice | None = None,
    *,
    adder: ArrayLike | None = None,
    tolerance: float = 1e-7,
    threads: int = 2,
) -> Exact:
    """Solve every device so that it can carry its schedule out.

    Args:
        fleet: the devices.
        choice: least powers and least times, if any.
        adder: extra price (T,) on the net power of everyone.
        tolerance: gap, relative to 1 + the cost, above which the exact path is taken.
        threads: how many threads; the answer does not depend on it.
    """
    choice = Choice.free(fleet) if choice is None else choice
    devices, steps = len(fleet), fleet.steps
    extra = np.zeros(steps) if adder is None else np.array(adder, dtype=np.float64)
    if extra.shape != (steps,):
        message = f"an extra price has one number per step, ({steps},), not {extra.shape}"
        raise ValueError(message)
    codes, numbers = np.zeros((5, devices), dtype=np.int64), np.full((3, devices), np.nan)
    series = np.full((4, devices, steps), np.nan)
    modes = max(1, int(np.max(np.where(choice.up > 0, choice.up + choice.down, 1), initial=1)))
    times = np.stack([choice.up, choice.down, choice.since], axis=1).astype(np.int64)
    arrays = fleet.arrays

    def solve(which: Ints, most_pieces: int) -> None:
        def portion(first: int, work: Work, room: Space, levels: Floats, on: Floats) -> None:
            for i in which[first : first + PORTION]:
                status, path, hull_gap = solve_exact(
                    arrays, i, extra, choice.in_least.table[choice.in_least.row[i]],
                    choice.out_least.table[choice.out_least.row[i]], times[i], tolerance, work,
                    room, levels, on,
                )  # fmt: skip
                codes[:, i] = status, work.result[3], work.result[4], path, 0
                if status <= BOUND:
                    codes[4, i] = work.result[2]
                    numbers[:, i] = work.result[0], work.result[1], hull_gap
                    series[:, i] = work.change, work.power, work.level, on

        _shared_out(len(which), threads, steps, most_pieces, modes, portion)

    solve(np.arange(devices), FEW)
    left = (codes[0] == GIVEN_UP) | ((codes[0] == BOUND) & (codes[3] == EXACT))
    if left.any():
        solve(np.flatnonzero(left), MANY)
    status, when, side, path, pieces = codes
    cost, gap, hull_gap = numbers
    change, power, level, on = series
    return Exact(
        status.astype(np.int8), when.astype(np.int32), side.astype(np.int8),
        path.astype(np.int8), cost, gap, hull_gap, pieces, change, power, level, on,
    )  # fmt: skip


def _shared_out(  # noqa: PLR0917
    many: int, threads: int, steps: int, most_pieces: int, modes: int,
    portion: Callable[[int, Work, Space, Floats, Floats], None],
) -> None:  # fmt: skip
    """Call ``portion`` for every first device of a portion, each thread with tables of its own."""
    todo = iter(range(0, many, PORTION))  # each `next` of a range is atomic

    def work_off() -> None:
        own = (
            workspace(steps),
            space(steps, most_pieces, modes),
            np.empty((2, steps)),
            np.empty(steps),
        )
        for first in todo:
            portion(first, *own)

    if threads <= 1 or many <= PORTION:
        work_off()
        return
    with ThreadPoolExecutor(threads) as pool:
        for each in [pool.submit(work_off) for _ in range(threads)]:
            each.result()
