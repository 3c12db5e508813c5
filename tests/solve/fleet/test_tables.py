"""Tables and rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.tables import Rows


def test_three_ways_to_say_a_series() -> None:
    """*Proves:* shared, own and constant series are what they say, and constants share rows."""
    assert Rows.shared([1.0, 2.0], 3).table.shape == (1, 2)
    assert Rows.each(np.eye(3))[[2, 0]].row.tolist() == [2, 0]
    flat = Rows.flat([5.0, 7.0, 5.0], 4)
    assert flat.table.shape == (2, 4)
    assert flat.table[flat.row, 0].tolist() == [5.0, 7.0, 5.0]


def test_wrong_shapes_are_refused() -> None:
    """*Proves:* rows outside a table, series of another length and lists of constants of another
    length are refused before compiled code could read past an end.
    """
    with pytest.raises(ValueError, match="outside a table of 1 rows"):
        Rows(np.zeros((1, 4)), np.array([1], dtype=np.int32))
    with pytest.raises(ValueError, match="rows of steps"):
        Rows(np.zeros(4), np.array([0], dtype=np.int32))
    with pytest.raises(ValueError, match="whole numbers"):
        Rows(np.zeros((1, 4)), np.array([2**32]))
    with pytest.raises(ValueError, match="one number per step"):
        Rows.shared(np.zeros((2, 4)), 3)
    fleet = mixed_fleet(3, steps=4)
    with pytest.raises(ValueError, match="buy has 3 devices and 5 steps"):
        replace(fleet, buy=Rows.shared(np.zeros(5), 3))
    with pytest.raises(ValueError, match="keep has shape"):
        replace(fleet, keep=np.ones(2))
    with pytest.raises(ValueError, match="positive length"):
        replace(fleet, hours=0.0)


def test_parts_and_types() -> None:
    """*Proves:* a part of a fleet shares its tables; float32 stays, a single float64 table makes
    all of them float64.
    """
    fleet = mixed_fleet(5, steps=4)
    part = fleet[np.array([True, False, False, True, False])]
    assert len(part) == 2
    assert part.net.table is fleet.net.table
    assert len(fleet[1]) == 1
    assert {table.dtype for table in fleet.arrays.tables} == {np.dtype(np.float32)}
    mixed = replace(fleet, low=replace(fleet.low, table=fleet.low.table.astype(float)))
    assert {table.dtype for table in mixed.arrays.tables} == {np.dtype(np.float64)}
