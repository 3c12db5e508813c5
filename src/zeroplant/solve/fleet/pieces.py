"""Piecewise-linear functions that need be neither convex, nor continuous, nor defined everywhere.

A function is a table with one row per piece, in ascending order: first argument, last argument,
value at the first, slope. Pieces may leave gaps, may jump, and may be single points; where two
meet, the lower value counts. That is what the cost of the best schedule looks like, seen from a
level, when a device has to choose: charge or discharge, off or at least so much, on or off.

Three operations are all that a dynamic programme needs: the lower of two functions, the best
sum of a function and a convex one (infimal convolution), and the argument moved and cut. The
second splits the function into convex runs; for a run the answer is the merge of the two lists
of slopes (R. T. Rockafellar, Convex Analysis (1970), §16), and the lower of all of them remains.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit

FIRST, LAST, VALUE, SLOPE = 0, 1, 2, 3
# Two values, or two arguments, this near to each other are the same but for rounding.
SAME = 1e-13
# Relative room in which a level still counts as within a bound or a piece.
ROOM = 1e-10


@njit(cache=True, nogil=True, error_model="numpy")
def put(out: Floats, first: int, count: int, start: float, end: float, value: float, slope: float) -> int:  # fmt: skip # noqa: E501, PLR0917
    """Append a piece to the function that begins at row ``first``; the new number of rows.

    A piece that carries on in the last one's line lengthens it; a point that lies no lower than
    its neighbour adds nothing. A full table takes no more: whoever fills it to the last row has
    to give up.
    """
    if count > first:
        last = out[count - 1]
        reached = last[VALUE] + last[SLOPE] * (last[LAST] - last[FIRST])
        if abs(start - last[LAST]) <= SAME * (1.0 + abs(start)):
            same = SAME * (1.0 + abs(value))
            if end <= start and reached <= value + same:
                return count
            if last[FIRST] >= last[LAST] and value <= reached + same:
                count -= 1
            elif abs(reached - value) <= same and abs(slope - last[SLOPE]) <= 1e-14 * (
                abs(slope) + abs(last[SLOPE])
            ):
                last[LAST] = end
                return count
    if count == len(out):
        return count
    out[count, FIRST] = start
    out[count, LAST] = end
    out[count, VALUE] = value
    out[count, SLOPE] = slope
    return count + 1


@njit(cache=True, nogil=True, error_model="numpy")
def lower(one: Floats, two: Floats, out: Floats, first: int) -> int:
    """The lower of two functions, appended to ``out`` from row ``first``; the row after it.

    A sweep over both: where only one is defined it is taken, where both are, the lower, and
    where they cross, one after the other.
    """
    i, j, count = 0, 0, first
    at = -np.inf
    while i < len(one) or j < len(two):
        a_from = max(one[i, FIRST], at) if i < len(one) else np.inf
        b_from = max(two[j, FIRST], at) if j < len(two) else np.inf
        a_to = one[i, LAST] if i < len(one) else np.inf
        b_to = two[j, LAST] if j < len(two) else np.inf
        if i < len(one) and (j >= len(two) or a_to <= b_from):
            value = one[i, VALUE] + one[i, SLOPE] * (a_from - one[i, FIRST])
            count = put(out, first, count, a_from, a_to, value, one[i, SLOPE])
            i += 1
            continue
        if j < len(two) and (i >= len(one) or b_to <= a_from):
            value = two[j, VALUE] + two[j, SLOPE] * (b_from - two[j, FIRST])
            count = put(out, first, count, b_from, b_to, value, two[j, SLOPE])
            j += 1
            continue
        if a_from < b_from:
            value = one[i, VALUE] + one[i, SLOPE] * (a_from - one[i, FIRST])
            count = put(out, first, count, a_from, b_from, value, one[i, SLOPE])
            at = b_from
            continue
        if b_from < a_from:
            value = two[j, VALUE] + two[j, SLOPE] * (b_from - two[j, FIRST])
            count = put(out, first, count, b_from, a_from, value, two[j, SLOPE])
            at = a_from
            continue
        at = min(a_to, b_to)
        count = _lower_line(one[i], two[j], a_from, at, out, first, count)
        if a_to <= at:
            i += 1
        if b_to <= at:
            j += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _lower_line(  # noqa: PLR0917
    a: Floats, b: Floats, start: float, end: float, out: Floats, first: int, count: int
) -> int:
    """The lower of two lines from ``start`` to ``end``. Where they are the same, the first."""
    a_start = a[VALUE] + a[SLOPE] * (start - a[FIRST])
    b_start = b[VALUE] + b[SLOPE] * (start - b[FIRST])
    a_end = a[VALUE] + a[SLOPE] * (end - a[FIRST])
    b_end = b[VALUE] + b[SLOPE] * (end - b[FIRST])
    room = SAME * (1.0 + abs(a_start))
    if a_start <= b_start + room and a_end <= b_end + room:
        return put(out, first, count, start, end, a_start, a[SLOPE])
    if b_start <= a_start + room and b_end <= a_end + room:
        return put(out, first, count, start, end, b_start, b[SLOPE])
    cross = start + (b_start - a_start) / (a[SLOPE] - b[SLOPE])
    cross = min(max(cross, start), end)
    if a_start < b_start:
        count = put(out, first, count, start, cross, a_start, a[SLOPE])
        value = b_end - b[SLOPE] * (end - cross)
        return put(out, first, count, cross, end, value, b[SLOPE])
    count = put(out, first, count, start, cross, b_start, b[SLOPE])
    value = a_end - a[SLOPE] * (end - cross)
    return put(out, first, count, cross, end, value, a[SLOPE])


@njit(cache=True, nogil=True, error_model="numpy")
def run_end(function: Floats, start: int) -> int:
    """Row after the convex run that begins at row ``start``."""
    row = start + 1
    while row < len(function):
        before, here = function[row - 1], function[row]
        reached = before[VALUE] + before[SLOPE] * (before[LAST] - before[FIRST])
        if (
            here[SLOPE] < before[SLOPE]
            or abs(here[FIRST] - before[LAST]) > SAME * (1.0 + abs(here[FIRST]))
            or abs(here[VALUE] - reached) > SAME * (1.0 + abs(reached))
        ):
            break
        row += 1
    return row


@njit(cache=True, nogil=True, error_model="numpy")
def best_sum(run: Floats, part: Floats, out: Floats, first: int) -> int:
    """Least of run(x + u) + part(u) over u, for each x: both convex; the row after it.

    ``part`` is a table of pieces as well. x = y − u: its pieces enter from its end, slopes turned.
    """
    place, value = part[-1, LAST], part[-1, VALUE]
    value += part[-1, SLOPE] * (place - part[-1, FIRST])
    at, cost = run[0, FIRST] - place, run[0, VALUE] + value
    i, j, count = 0, len(part) - 1, first
    count = put(out, first, count, at, at, cost, 0.0)
    while i < len(run) or j >= 0:
        if j < 0 or (i < len(run) and run[i, SLOPE] <= -part[j, SLOPE]):
            slope, length = run[i, SLOPE], run[i, LAST] - run[i, FIRST]
            i += 1
        else:
            slope, length = -part[j, SLOPE], part[j, LAST] - part[j, FIRST]
            j -= 1
        if length > 0.0:
            count = put(out, first, count, at, at + length, cost, slope)
            at += length
            cost += slope * length
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def lowest(work: Floats, spare: Floats, starts: Ints, chains: int) -> tuple[Floats, Floats, int]:
    """The lower of many functions laid one after the other: pairs, pairs of pairs, and so on.

    ``starts`` holds the first row of each and the row after the last. Answers the table in which
    the result begins at row 0, the other table, and the number of rows; −1 if it does not fit.
    """
    while chains > 1:
        count, kept = 0, 0
        for pair in range(0, chains, 2):
            begin, middle = starts[pair], starts[pair + 1]
            end = starts[pair + 2] if pair + 1 < chains else middle
            starts[kept] = count
            count = lower(work[begin:middle], work[middle:end], spare, count)
            kept += 1
        if count == len(spare):
            return work, spare, -1
        starts[kept] = count
        work, spare, chains = spare, work, kept
    return work, spare, starts[1]


@njit(cache=True, nogil=True, error_model="numpy")
def moved(  # noqa: PLR0917
    function: Floats, keep: float, shift: float, low: float, high: float, out: Floats, first: int
) -> int:
    """function(keep·s + shift) for low ≤ s ≤ high, appended to ``out``; the row after it.

    A piece that misses a bound by rounding only is kept as a point.
    """
    count = first
    room_low, room_high = ROOM * (1.0 + abs(low)), ROOM * (1.0 + abs(high))
    for row in range(len(function)):
        start = (function[row, FIRST] - shift) / keep
        end = (function[row, LAST] - shift) / keep
        if end < low - room_low or start > high + room_high:
            continue
        slope = function[row, SLOPE] * keep
        begin = min(max(start, low), end)
        end = max(min(end, high), begin)
        value = function[row, VALUE] + slope * (begin - start)
        count = put(out, first, count, begin, end, value, slope)
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def coarser(function: Floats, most: int, out: Floats) -> int:
    """A function nowhere higher, defined in the same places, in ``out``; its number of pieces.

    Parallel neighbours take the value of the lowest among them if their jumps are small: small
    enough to be rounding at first, larger until no more than ``most`` pieces are left or jumps
    are not what makes them many.
    """
    jump, count = 1e-10, len(function)
    out[:count] = function
    while count > most and jump < 1e3:
        first, before = 0, count
        count = 0
        while first < before:
            low = high = here = out[first, VALUE]
            row = first + 1
            slope, start = out[first, SLOPE], out[first, FIRST]
            while row < before:
                here = out[row, VALUE] - slope * (out[row, FIRST] - start)
                close = abs(out[row, FIRST] - out[row - 1, LAST]) <= SAME * (1.0 + abs(start))
                parallel = abs(out[row, SLOPE] - slope) <= SAME * (1.0 + abs(slope))
                if not (close and parallel):
                    break
                if max(high, here) - min(low, here) > jump * (1.0 + abs(low)):
                    break
                low, high = min(low, here), max(high, here)
                row += 1
            last = out[row - 1, LAST]
            out[count, FIRST], out[count, LAST] = start, last
            out[count, VALUE], out[count, SLOPE] = low, slope
            count += 1
            first = row
        jump *= 4.0
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def value_at(function: Floats, argument: float) -> float:
    """The function's value; infinite where it is not defined. Rounding is forgiven downwards."""
    low, high = 0, len(function)
    room = ROOM * (1.0 + abs(argument))
    while low < high:
        middle = (low + high) // 2
        if function[middle, LAST] < argument - room:
            low = middle + 1
        else:
            high = middle
    best = np.inf
    while low < len(function) and function[low, FIRST] <= argument + room:
        inside = min(max(argument, function[low, FIRST]), function[low, LAST])
        value = function[low, VALUE] + function[low, SLOPE] * (inside - function[low, FIRST])
        best = min(best, value)
        low += 1
    return best
