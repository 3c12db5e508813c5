"""Who is counted on, and what is to be written."""

from __future__ import annotations

import numpy as np

from zeroplant.operate.counted import counted_on, due, said_possible, told_and_measured
from zeroplant.operate.known import Source


def flags(*values: int) -> np.ndarray:
    """Marks of some flows."""
    return np.array(values, bool)


def test_one_that_never_spoke_counts_where_the_balance_leaves_one_value() -> None:
    source = np.full(4, Source.RECONCILED, np.uint8)
    spread, untold = np.array([0.0, 3.0, 0.0, 0.0]), np.zeros(4)
    measured, judged = flags(0, 0, 0, 0), flags(0, 0, 0, 0)
    told_and_measured(
        4.0, flags(0, 0, 0, 1), source, spread, flags(0, 0, 1, 1), flags(0, 0, 0, 1),
        flags(1, 0, 0, 0), untold, measured, judged,
    )  # fmt: skip
    assert measured.tolist() == [True, False, False, True]
    assert not judged.any()  # the first waits for its write interval, the last took no set-point
    assert untold.tolist() == [0.0, 0.0, 0.0, 4.0]


def test_who_is_away_untold_or_unmeasured_is_not_counted_on() -> None:
    value, good = np.array([1.0, 0.0, 0.0, 1.0, 1.0]), flags(1, 1, 0, 1, 1)
    followed, active = np.ones(5, bool), np.zeros(5, bool)
    able = np.ones(5, bool)
    given = flags(1, 1, 1, 0, 1), np.array([0.0, 0.0, 0.0, 0.0, 60.0]), 30.0
    counted = able, *given, np.array([0, 1, 2, -1, -1]), good, value, followed, active
    changed = counted_on(*counted)
    # Of the third nobody has heard whether it is there; the last has taken nothing for a minute.
    assert active.tolist() == [True, False, True, False, False]
    assert changed
    assert followed.tolist() == [True, True, True, True, False]
    able[0] = False
    assert counted_on(*counted)
    assert not counted_on(*counted)
    assert active[0]  # for as much as it reaches


def test_only_what_was_measured_says_what_is_possible() -> None:
    source = np.array([Source.MEASURED, Source.HELD, Source.MEASURED], np.uint8)
    possible = np.zeros(3)
    said_possible(np.array([7.0, 8.0, 9.0]), source, np.array([2, 1, -1]), possible)
    np.testing.assert_array_equal(possible, [9.0, np.nan, np.nan])


def test_what_changed_lapses_or_failed_is_due() -> None:
    setpoints, last = np.array([1.0, 2.0, 2.0, 2.0, 2.0]), np.array([2.0, 2.0, 2.0, 2.0, 2.0])
    written = np.array([90.0, 40.0, 90.0, 90.0, 90.0])
    write = np.zeros(5, bool)
    settable, lost, deferred = flags(1, 1, 1, 1, 0), flags(0, 0, 1, 0, 1), flags(0, 0, 0, 0, 0)
    due(100.0, 30.0, setpoints, last, settable, lost, deferred, False, written, write)
    assert write.tolist() == [True, True, True, False, False]
    assert written.tolist() == [100.0, 100.0, 100.0, 90.0, 90.0]
    due(100.0, 30.0, setpoints, last, settable, lost, deferred, True, written, write)
    assert write.tolist() == [True, True, True, True, False]
