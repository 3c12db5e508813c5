"""How much and how little each device can draw, beside the definition written out slowly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.split.pools import pool
from zeroplant.solve.fleet.split import (
    Kinds,
    Offer,
    Pool,
    reach,
    reach_switching,
    rebound,
    split_by_merit,
    split_in_proportion,
)
from zeroplant.solve.fleet.split.reach import (
    FREE,
    LEVEL_BROKEN,
    LOCK_BROKEN,
    NO_NUMBER,
    RAMP_BROKEN,
)  # fmt: skip


def level(now: Pool, i: int, power: float) -> float:
    """Level of a device at the end of the step."""
    kind = now.kind[i]
    slope = now.kinds.fill[kind] if power > 0 else now.kinds.drain[kind]
    return float(now.coast[i] + now.hours * slope * power)


def test_ends_of_a_range_are_where_something_stands_in_the_way() -> None:
    """Both ends keep power limits, ramp and level; a little beyond, one of them is broken.

    A wrong answer would be an end short of the first bound, or beyond it.
    """
    now = pool(3000, 1)
    within = reach(now, threads=1)
    free = np.flatnonzero(within.flag == FREE)
    assert 1000 < len(free) < 3000
    for i in free:
        kind = now.kind[i]
        fall, rise = now.kinds.fall[kind], now.kinds.rise[kind]

        def sound(power: float, i: int = i, fall: float = fall, rise: float = rise) -> bool:
            return bool(
                now.least[i] - 1e-9 <= power <= now.most[i] + 1e-9
                and now.before[i] - fall - 1e-9 <= power <= now.before[i] + rise + 1e-9
                and now.lowest[i] - 1e-9 <= level(now, i, power) <= now.highest[i] + 1e-9
            )

        assert sound(within.lower[i])
        assert sound(within.upper[i])
        assert not sound(within.lower[i] - 1e-3)
        assert not sound(within.upper[i] + 1e-3)
    assert within.least == pytest.approx(within.lower.sum())
    assert within.most == pytest.approx(within.upper.sum())


def test_level_beats_ramp_and_power_limit_beats_level() -> None:
    """A full battery stops charging at once; one that is too low charges as fast as it can."""
    one = pool(3, 0)
    now = replace(
        one, kind=np.zeros(3, dtype=np.int32), coast=np.array([10.0, 0.0, np.nan]),
        lowest=np.array([0.0, 5.0, 0.0]), highest=np.full(3, 10.0), least=np.full(3, -3.0),
        most=np.full(3, 3.0), before=np.array([2.0, 2.8, 1.0]),
    )  # fmt: skip
    within = reach(now)
    assert within.flag.tolist() == [RAMP_BROKEN, LEVEL_BROKEN, NO_NUMBER]
    assert within.lower.tolist() == within.upper.tolist() == [0.0, 3.0, 1.0]


def test_lock_outs_hold_a_switching_device() -> None:
    """Off or on only; held while locked, even where the level asks for the other, with a flag."""
    one = pool(4, 0)
    now = replace(
        one, kind=np.full(4, 3, dtype=np.int32), coast=np.array([5.0, 5.0, 9.9, 9.9]),
        lowest=np.zeros(4), highest=np.full(4, 10.0), least=np.zeros(4), most=np.full(4, 2.0),
        before=np.array([2.0, 2.0, 2.0, 2.0]),
    )  # fmt: skip
    within = reach_switching(now, np.array([0, 7, 0, 7], dtype=np.int32), 10)
    assert within.lower.tolist() == [0.0, 2.0, 0.0, 2.0]
    assert within.upper.tolist() == [2.0, 2.0, 0.0, 2.0]
    assert within.flag.tolist() == [FREE, FREE, FREE, LOCK_BROKEN]


def test_a_store_without_drain_is_not_overfilled() -> None:
    """*Proves:* a heater (nothing can be drawn back out) that is full may not be heated, and its
    return to plan is worked out without dividing by the drain it does not have.
    """
    ones, zeros = np.ones(2), np.zeros(2)
    kinds = Kinds(np.array([3.0]), zeros[:1], ones[:1] * 9, ones[:1] * 9, np.zeros(1, np.int32))
    full = Pool(kinds, 1.0, np.zeros(2, np.int32), np.array([1.0, 0.0]), zeros, ones, zeros, ones,
                zeros)  # fmt: skip
    assert reach(full).upper.tolist() == pytest.approx([0.0, 1.0 / 3.0])
    back = rebound(full, np.array([1.0, 0.0]), zeros, np.array([0.5]), 2)
    assert back.energy.tolist() == [0.0, 0.0]
    assert back.left.tolist() == [0.75, 0.0]


def test_what_would_be_read_past_an_end_is_refused() -> None:
    """*Proves:* kinds that are none, short columns and set-points that are no number are told in
    words. *A wrong answer would be:* whatever stands in memory behind the table of kinds.
    """
    good = pool(5, 1)
    with pytest.raises(ValueError, match="none of the 4"):
        replace(good, kind=good.kind + np.int32(4))
    with pytest.raises(ValueError, match="every column"):
        replace(good, before=good.before[:3])
    within = reach(good)
    with pytest.raises(ValueError, match="every column"):
        Offer(within, np.zeros(5), np.zeros(4), np.zeros(5))
    with pytest.raises(ValueError, match="not nan"):
        split_in_proportion(np.nan, within)
    with pytest.raises(ValueError, match="not nan"):
        split_by_merit(np.nan, Offer(within, np.zeros(5), np.zeros(5), np.zeros(5)))
