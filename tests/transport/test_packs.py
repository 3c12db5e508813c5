"""Packs by class of charge: shares keep energy."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.transport.packs import PackClasses


def test_levels_of_a_usable_window() -> None:
    """*Proves:* four classes from 15 to 95 % are 26.7 points apart, the last is full. *A wrong
    answer would be:* steps of 20 points (five classes).
    """
    packs = PackClasses(4, 0.15, 0.95)
    assert np.allclose(packs.levels, [0.15, 0.41666667, 0.68333333, 0.95])
    assert packs.step == pytest.approx(0.8 / 3)


def test_shares_keep_number_and_energy() -> None:
    """*Proves:* a pack between two levels counts in parts for both, so that their mean charge is
    its own. *A wrong answer would be:* the nearest level alone.
    """
    packs = PackClasses(5, 0.1, 0.9)
    charge = np.random.default_rng(1).uniform(0.1, 0.9, (7, 11))
    shares = packs.shares(charge)
    assert np.allclose(shares.sum(axis=-1), 1.0)
    assert np.allclose(shares @ packs.levels, charge)
    assert ((shares > 0).sum(axis=-1) <= 2).all()


def test_beyond_the_window_counts_as_its_end() -> None:
    """*Proves:* a pack at 5 % is an empty one, one at 99 % a full one."""
    assert np.allclose(PackClasses(3, 0.2, 0.8).shares([0.05, 0.99]), [[1, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize("words", [(1, 0.1, 0.9), (4, 0.9, 0.1), (4, 0.1, 1.2)])
def test_no_classes_between_nothing(words: tuple[int, float, float]) -> None:
    """*Proves:* fewer than two levels, or levels that do not rise, are refused."""
    with pytest.raises(ValueError, match="two or more levels"):
        PackClasses(*words)
