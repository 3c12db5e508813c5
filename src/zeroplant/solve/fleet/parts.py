"""What one step allows and costs, as convex parts of which a device takes one.

The cost of a step over the change of level u is a continuous curve of linear pieces (see stage).
It need not be convex: prices so negative that wasting energy in the round trip pays make it fall
more steeply after rest than before, and so does a sale that earns more than a purchase costs. Nor
need every u be allowed: a charger rests or takes at least so much, a compressor is off or on. Both
are the same to a dynamic programme: a few convex parts, each over an interval or a single point.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.pieces import FIRST, LAST, SAME, SLOPE, put
from zeroplant.solve.fleet.workspace import SEGMENTS, Work

# Rows of a table for the pieces of a step: those of the stage, cut in two at most, and rest.
ROWS = SEGMENTS + 4
ANY, OFF, ON = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")
def reached(work: Work, t: int) -> float:
    """Most change of level in a step."""
    end: float = work.least[t]
    for j in range(SEGMENTS):
        end += work.length[j, t]
    return end


@njit(cache=True, nogil=True, error_model="numpy")
def _window(work: Work, t: int, low: float, high: float, table: Floats, count: int) -> int:  # noqa: PLR0917
    """Append the cost of a step for low ≤ u ≤ high; the row after it."""
    u, cost = work.least[t], work.base[t]
    first = count
    if low <= u <= high:
        count = put(table, first, count, u, u, cost, 0.0)
    for j in range(SEGMENTS):
        if work.length[j, t] <= 0.0:
            continue
        slope, end = work.slope[j, t], u + work.length[j, t]
        begin = max(u, low)
        if begin <= min(end, high):
            value = cost + slope * (begin - u)
            count = put(table, first, count, begin, min(end, high), value, slope)
        u, cost = end, cost + slope * work.length[j, t]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def step_parts(  # noqa: PLR0917
    work: Work, t: int, out_least: float, in_least: float, which: int, table: Floats, starts: Ints
) -> int:  # fmt: skip
    """The convex parts of a step, as pieces over u in ``table``; how many, perhaps none.

    Part k takes the rows from ``starts[k]`` to ``starts[k + 1]``. The device rests, charges at
    least ``in_least`` or discharges at least ``out_least``, in units of level; ``which`` allows
    ANY of these, only rest (OFF) or only charging (ON).
    """
    count, end = 0, reached(work, t)
    # Where least and most are the same, they must not miss each other by rounding.
    if end < in_least <= end + SAME * (1.0 + abs(end)):
        in_least = end
    if -work.least[t] < out_least <= -work.least[t] + SAME * (1.0 - work.least[t]):
        out_least = -work.least[t]
    # Nor may rest be missed where nothing can be charged and the lengths add up to just below it.
    rest = end if -SAME * (1.0 - work.least[t]) <= end < 0.0 else 0.0
    if which == OFF:
        count = _window(work, t, rest, rest, table, 0)
    elif which == ON:
        count = _window(work, t, in_least, np.inf, table, 0)
    elif out_least <= 0.0 and in_least <= 0.0:
        count = _window(work, t, -np.inf, np.inf, table, 0)
    else:
        count = _window(work, t, -np.inf, min(-out_least, 0.0), table, 0)
        if out_least > 0.0 and in_least > 0.0:
            count = _window(work, t, rest, rest, table, count)
        count = _window(work, t, max(in_least, rest), np.inf, table, count)
    parts, starts[0] = 0, 0
    for row in range(1, count + 1):
        joined = row < count and table[row - 1, LAST] >= table[row, FIRST]
        if not joined or table[row - 1, SLOPE] > table[row, SLOPE]:
            parts += 1
            starts[parts] = row
    return parts
