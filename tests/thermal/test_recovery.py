"""The cascade of few cells against the problem table with all its intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.thermal.pinch import Streams, cascade
from zeroplant.thermal.recovery import Band, cells, moved, spread


def least_heating(streams: Streams) -> float:
    """Hot utility by the few cells: what the running sum lacks where cells end."""
    bands = [
        moved(start, end, streams.approach, gives=start > end)
        for start, end in zip(streams.start, streams.end, strict=True)
    ]
    edges = cells(bands)
    shares = np.array([spread(band, edges) for band in bands])
    passed = np.cumsum((streams.duty * streams.hot) @ shares)
    return max(0.0, float(-passed.min()))


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_few_cells_suffice(seed: int, count: int) -> None:
    """*Proves:* cells that end only where heat begins or need ends have the target of the whole
    problem table. *A wrong answer would be:* a lower one, for a pinch inside of a cell.
    """
    chance = np.random.default_rng(seed)
    start = chance.choice(np.arange(20.0, 400.0, 10.0), count)
    end = start + chance.choice([-1, 1], count) * chance.choice(np.arange(5.0, 200.0, 5.0), count)
    streams = Streams(start, end, chance.uniform(10.0, 500.0, count))
    assert least_heating(streams) == pytest.approx(float(cascade(streams).hot_utility), abs=1e-6)


def test_one_temperature_only() -> None:
    """*Proves:* condensing steam gives to the cell below its temperature, a node kept at one
    temperature takes from the cell above it.
    """
    gives, takes = Band(115.0, 115.0, gives=True), Band(40.0, 40.0, gives=False)
    edges = cells([gives, takes])
    assert list(edges) == [115.0, 40.0]
    assert list(spread(gives, edges)) == [1.0]
    assert list(spread(takes, edges)) == [1.0]
    assert list(spread(Band(115.0, 115.0, gives=False), edges)) == [0.0]
    assert len(cells([gives])) == 2
