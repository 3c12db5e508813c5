"""A convex piecewise-linear function as the sorted list of its slopes.

Two such functions are added as functions of a shared change of level (infimal convolution) by
merging their lists; an end of the domain is cut by dropping pieces there. The list stands in the
middle of two long arrays, slopes and lengths, at places ``begin`` to ``end``, so that it can grow
at both ends. Indices are unsigned: signed ones cost a test for each access.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit

Place = np.uint64
ONE = Place(1)


@njit(cache=True, nogil=True, error_model="numpy")
def insert(  # noqa: PLR0917 - a list and a piece, as compiled code takes them
    slopes: Floats, lengths: Floats, begin: Place, end: Place, slope: float, length: float
) -> tuple[Place, Place]:
    """Put a piece in its place; the shorter side of the list moves. The new ends."""
    if begin < end and slopes[(begin + end) >> ONE] < slope:
        at = end
        while slopes[at - ONE] > slope:
            slopes[at], lengths[at] = slopes[at - ONE], lengths[at - ONE]
            at -= ONE
        slopes[at], lengths[at] = slope, length
        return begin, end + ONE
    at = begin
    while at < end and slopes[at] < slope:
        slopes[at - ONE], lengths[at - ONE] = slopes[at], lengths[at]
        at += ONE
    slopes[at - ONE], lengths[at - ONE] = slope, length
    return begin - ONE, end


@njit(cache=True, nogil=True, error_model="numpy")
def cut_low(
    slopes: Floats, lengths: Floats, begin: Place, end: Place, cut: float
) -> tuple[Place, float]:
    """Drop a length at the low end; the new beginning, and the slope that now stands there.

    If nothing remains, the slope is the last that was dropped: it touches the remaining point.
    """
    slope = -np.inf
    while begin < end:
        slope = slopes[begin]
        if lengths[begin] > cut:
            lengths[begin] -= cut
            break
        cut -= lengths[begin]
        begin += ONE
    return begin, slope


@njit(cache=True, nogil=True, error_model="numpy")
def cut_high(
    slopes: Floats, lengths: Floats, begin: Place, end: Place, cut: float
) -> tuple[Place, float]:
    """Drop a length at the high end; the new end, and the slope that now stands there."""
    slope = np.inf
    while begin < end:
        slope = slopes[end - ONE]
        if lengths[end - ONE] > cut:
            lengths[end - ONE] -= cut
            break
        cut -= lengths[end - ONE]
        end -= ONE
    return end, slope


@njit(cache=True, nogil=True, error_model="numpy")
def rescale(  # noqa: PLR0917
    slopes: Floats, lengths: Floats, begin: Place, end: Place, factor: float, least: float
) -> Place:
    """Multiply slopes and divide lengths by a power of two; the new end.

    Neighbours of the same slope become one piece, and pieces shorter than ``least`` go.
    """
    kept = at = begin
    while at < end:
        slope, length = slopes[at] * factor, lengths[at] / factor
        if kept > begin and slopes[kept - ONE] == slope:
            lengths[kept - ONE] += length
        elif length > least:
            slopes[kept], lengths[kept] = slope, length
            kept += ONE
        at += ONE
    return kept
