"""The list of slopes against sorting."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.solve.fleet.slopes import cut_high, cut_low, insert, rescale

pieces = st.lists(
    st.tuples(st.integers(-4, 4).map(float), st.integers(1, 8).map(float)), min_size=1, max_size=30
)


@given(pieces, st.integers(0, 100), st.integers(0, 100))
def test_it_is_a_sorted_list_that_can_be_cut(
    given_pieces: list[tuple[float, float]], low: int, high: int
) -> None:
    """*Proves:* whatever is put in, in whatever order, the list is sorted and complete; joining
    equal slopes keeps lengths; a cut takes off what it should, and tells the slope at the cut.
    """
    room = 2 * len(given_pieces) + 2
    slopes, lengths = np.zeros(room), np.zeros(room)
    begin = end = np.uint64(room // 2)
    for slope, length in given_pieces:
        begin, end = insert(slopes, lengths, begin, end, slope, length)
    wanted = sorted(slope for slope, _ in given_pieces)
    assert slopes[begin:end].tolist() == wanted
    end = rescale(slopes, lengths, begin, end, 1.0, 0.0)
    assert slopes[begin:end].tolist() == sorted(set(wanted))
    line = np.repeat(slopes[begin:end], lengths[begin:end].astype(int))
    low, high = low % len(line), high % len(line)
    if low + high >= len(line):
        return
    begin, at_low = cut_low(slopes, lengths, np.uint64(begin), np.uint64(end), float(low))
    end, at_high = cut_high(slopes, lengths, np.uint64(begin), np.uint64(end), float(high))
    left = line[low : len(line) - high]
    assert np.repeat(slopes[begin:end], lengths[begin:end].astype(int)).tolist() == left.tolist()
    assert (at_low, at_high) == (left[0], left[-1])


def test_a_cut_to_a_point_remembers_the_last_slope() -> None:
    """*Proves:* a list cut to nothing still tells the slope that touches the remaining point."""
    slopes, lengths = np.array([0.0, 1.0, 2.0]), np.array([0.0, 3.0, 4.0])
    begin, slope = cut_low(slopes, lengths, np.uint64(1), np.uint64(3), 7.0)
    assert (int(begin), slope) == (3, 2.0)
    assert cut_low(slopes, lengths, np.uint64(3), np.uint64(3), 1.0)[1] == -np.inf
