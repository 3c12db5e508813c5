"""Water is let through as planned, and what a level is off its course is taken back."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.test_rows import PLANT, wired
from zeroplant.axis import Floats
from zeroplant.operate.catch_up import CATCH_UP, SURE, CatchUp
from zeroplant.operate.guidance import Moment
from zeroplant.operate.wiring import Wiring

QUARTER = 0.25


@pytest.fixture(scope="module")
def dam(tmp_path_factory: pytest.TempPathFactory) -> Wiring:
    """A reservoir of 20 hm³ with turbines for 100 m³/s."""
    return wired(tmp_path_factory.mktemp("dam"), PLANT)


class Case:
    """The reservoir as it is planned to fall from 10 hm³ by what 50 m³/s more than come take."""

    def __init__(self, dam: Wiring, *, first: bool) -> None:
        points = dam.points
        self.catch_up, self.count, self.stores = CatchUp(dam), points.flows, points.stores
        self.store = points.index["dam.reservoir"] - points.flows
        self.turbined = points.index["dam.turbined"]
        self.fill = next(
            float(dam.fill[e])
            for e in range(dam.store_first[self.turbined], dam.store_first[self.turbined + 1])
            if dam.store_of[e] == self.store
        )
        self.end = 10.0 + QUARTER * 50.0 * self.fill
        before = np.full(self.stores, np.nan)
        if not first:
            before[self.store] = 10.0
        nothing = np.zeros(0)
        self.moment = Moment(
            np.zeros(self.count), before, self.levels(self.end), nothing, nothing, 0.0, nothing
        )

    def levels(self, level: float) -> Floats:
        """All levels unknown but the reservoir's."""
        found = np.full(self.stores, np.nan)
        found[self.store] = level
        return found

    def wish(self, level: float, left: float) -> float:
        """What the turbines are to let through, planned at 100 m³/s."""
        wish = np.zeros(self.count)
        wish[self.turbined] = 100.0
        self.catch_up(wish, self.levels(level), self.moment, left)
        return float(wish[self.turbined])


@pytest.mark.parametrize("first", [True, False])
def test_a_level_on_its_way_is_no_deviation(dam: Wiring, first: bool) -> None:
    """At its beginning, in the middle and at the end of the quarter-hour."""
    case = Case(dam, first=first)
    for part in (0.0, 0.5, 1.0):
        level = 10.0 + part * (case.end - 10.0)
        assert case.wish(level, QUARTER * (1.0 - part)) == pytest.approx(100.0)


def test_what_a_meter_cannot_know_moves_nothing(dam: Wiring) -> None:
    case = Case(dam, first=False)
    for off in (-0.9, 0.9):
        assert case.wish(10.0 + off * SURE * 20.0, QUARTER) == pytest.approx(100.0)


@pytest.mark.parametrize("off", [-0.5, 0.5])
def test_what_is_off_goes_within_the_hour(dam: Wiring, off: float) -> None:
    """In the middle of the step: too much water, too little."""
    case = Case(dam, first=False)
    middle = 0.5 * (10.0 + case.end)
    beyond = off - np.copysign(SURE * 20.0, off)
    assert case.wish(middle + off, QUARTER / 2.0) == pytest.approx(
        100.0 - beyond / (case.fill * CATCH_UP)
    )


def test_a_schedule_begins_where_the_level_stood(dam: Wiring) -> None:
    """Made anew in the quarter-hour it starts from what is there: nothing is off yet."""
    case = Case(dam, first=True)
    assert case.wish(12.0, QUARTER / 2.0) == pytest.approx(100.0)
    assert case.wish(0.5 * (12.0 + case.end), QUARTER / 4.0) == pytest.approx(100.0)
    assert case.wish(12.0, QUARTER / 4.0) > 110.0
