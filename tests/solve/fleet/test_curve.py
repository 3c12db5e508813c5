"""Value curves against schedules from many starting levels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.fleet.samples import LENGTHS, nasty
from zeroplant.axis import Floats
from zeroplant.solve.fleet.curve import cost_to_arrive, cost_to_go
from zeroplant.solve.fleet.schedule import schedule


def read(level: Floats, cost: Floats, at: float) -> float:
    """A curve of one device at a level."""
    there = ~np.isnan(level)
    return float(np.interp(at, level[there], cost[there]))


@pytest.mark.parametrize("steps", LENGTHS)
def test_cost_to_go_is_the_cost_from_there(steps: int) -> None:
    """*Proves:* read at any starting level, the curve is the optimal cost (of the hull) from that
    level, and a device without a curve has no schedule from its own.
    """
    fleet = nasty(60, 1, steps)
    curves = cost_to_go(fleet)
    known = np.flatnonzero(~np.isnan(curves.level[:, 0]))
    assert not schedule(fleet).has_schedule[np.isnan(curves.level[:, 0])].any()
    for share in (0.001, 0.3, 0.5, 0.999):
        low, high = curves.level[known, 0], np.nanmax(curves.level[known], axis=1)
        start = low + share * (np.minimum(high, low + 50.0) - low)
        found = schedule(replace(fleet[known], start=start))
        wanted = found.cost - found.gap
        curve = [
            read(curves.level[i], curves.cost[i], at) for i, at in zip(known, start, strict=True)
        ]
        np.testing.assert_allclose(curve, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("steps", LENGTHS)
def test_cost_to_arrive_holds_the_optimum(steps: int) -> None:
    """*Proves:* less what the end pays, the least of the curve is the optimal cost, and pinning the
    end elsewhere costs what the curve says there.
    """
    fleet = nasty(60, 2, steps)
    curves, found = cost_to_arrive(fleet), schedule(fleet)
    known = np.flatnonzero(found.has_schedule)
    np.testing.assert_array_equal(~np.isnan(curves.level[:, 0]), found.has_schedule)
    worth = fleet.final_value[known, None] * curves.level[known]
    least = np.nanmin(curves.cost[known] - worth, axis=1)
    np.testing.assert_allclose(least, (found.cost - found.gap)[known], rtol=1e-9, atol=1e-9)
    middle = 0.5 * (curves.level[known, 0] + np.nanmax(curves.level[known], axis=1))
    part = fleet[known]
    low, high = (np.array(rows.table[rows.row]) for rows in (part.low, part.high))
    low[:, -1] = high[:, -1] = middle
    pinned = replace(
        part, low=replace(part.low, table=low, row=np.arange(len(known))), final_value=0.0,
        high=replace(part.high, table=high, row=np.arange(len(known))),
    )  # fmt: skip
    again = schedule(pinned)
    curve = [read(curves.level[i], curves.cost[i], at) for i, at in zip(known, middle, strict=True)]
    np.testing.assert_allclose(curve, again.cost - again.gap, rtol=1e-8, atol=1e-8)
