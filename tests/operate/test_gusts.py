"""What long cycles keep free of a connection."""

from __future__ import annotations

import numpy as np

from zeroplant.operate.gusts import MEMORY, MOST, SHORT, Gusts

CONNECTION = np.array([[-60.0, 100.0]])


def after(seconds: float, changes: np.ndarray) -> np.ndarray:
    """What is kept free after an exchange has left its aim of 50 MW by these."""
    gusts = Gusts(CONNECTION)
    kept = np.zeros((1, 2))
    for change in changes:
        gusts.told(np.array([50.0]))
        kept = gusts.kept(np.array([50.0 + change]), seconds)
    return kept[0]


def test_short_cycles_keep_nothing() -> None:
    np.testing.assert_array_equal(after(SHORT, np.full(1000, 5.0)), 0.0)


def test_a_minute_keeps_what_minutes_brought() -> None:
    """*Proves:* of normal changes of 1 MW, fewer than one in a hundred exceed what is kept."""
    changes = np.random.default_rng(1).normal(size=2000)
    least, most = after(60.0, changes)
    assert (changes > most).mean() < 0.01
    assert (changes < least).mean() < 0.01
    assert 2.0 < most < 4.0
    assert -4.0 < least < -2.0


def test_it_is_bounded_and_forgotten() -> None:
    assert after(60.0, np.full(1000, 50.0))[1] == MOST * 100.0
    calm = np.zeros(round(10 * MEMORY / 60.0))
    assert after(60.0, np.append(np.full(100, 5.0), calm))[1] < 0.2


def test_before_anything_was_told_nothing_came() -> None:
    np.testing.assert_array_equal(Gusts(CONNECTION).kept(np.array([70.0]), 60.0), 0.0)


def test_a_connection_without_limit_keeps_what_came() -> None:
    gusts = Gusts(np.array([[-np.inf, np.inf]]))
    gusts.told(np.zeros(1))
    assert np.isfinite(gusts.kept(np.ones(1), 60.0)).all()
