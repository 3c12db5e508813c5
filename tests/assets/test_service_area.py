"""The service area: buildings, cars that charge, holidays, and what lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.assets.small import answer, axis, grid, near, of, paid, stand
from zeroplant.assets.service_area import ServiceArea
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Scope


def area(**words: Any) -> ServiceArea:
    """0.5 MW of buildings; 1 000 cars an hour, of which 1 % charge 0.04 MWh in 20 minutes."""
    usual = {
        "traffic": {"per_hour": 1000.0, "electric": 0.1, "stop": 0.1},
        "chargers": {"power": 4.0, "energy": 0.04, "hours": 1 / 3, "efficiency": 0.8},
    }
    return ServiceArea(**{"kind": "service_area", "at": "park", "buildings": 0.5, **usual, **words})


def test_cars_that_pass_charge() -> None:
    """*Proves:* 1 000 · 10 % · 10 % = 10 cars an hour take 0.4 MWh, from the node 0.5 MW, beside
    0.5 MW of buildings. *A wrong answer would be:* every electric car stopping, or losses paid by
    nobody.
    """
    time = axis(24, start="2025-03-03")
    plan = answer({"area": area(), "grid": grid()}, time)
    assert near(of(plan, "area.charge"), 0.5)
    assert near(of(plan, "grid.import"), 1.0)


def test_holidays_bring_five_times_as_many() -> None:
    """*Proves:* on 1 October 50 cars come in an hour. *A wrong answer would be:* a usual day."""
    time = axis(48, start="2025-09-30")
    assert near(area().cars(time), np.repeat([10.0, 50.0], 24))
    calm = {"per_hour": 1000.0, "electric": 0.1, "stop": 0.1, "holidays": 1.0}
    assert near(area(traffic=calm).cars(time), 10.0)


def test_chargers_are_sized_for_the_holiday() -> None:
    """*Proves:* 50 cars an hour of 20 minutes are 16.7 plugs busy, 20.8 at 80 %: 2.5 MW of chargers
    of 0.12 MW, from nothing. *A wrong answer would be:* chargers for the usual day.
    """
    said = {"power": SizeRange(0, 9), "energy": 0.01, "hours": 1 / 3, "capex": 1e7}
    plan = answer({"area": area(chargers=said), "grid": grid()}, axis(48, start="2025-09-30"))
    assert near(plan.number(plan.network.capacities["area.power"][0]), 50 / 3 / 0.8 * 0.12)


def test_without_power_buildings_and_cars_lack_it() -> None:
    """*Proves:* a dark area has an answer, and both lacks have their price. *A wrong answer would
    be:* no answer.
    """
    plan = answer({"area": area()}, axis(24, start="2025-03-03"))
    assert near(paid(plan, "area", "unserved energy"), 12 * 20_000)
    assert near(paid(plan, "area", "uncharged energy"), 24 * 0.4 * 5_000)


def test_without_chargers_it_is_a_load() -> None:
    """*Proves:* without cars and chargers only the buildings draw."""
    plan = answer({"area": area(chargers=None, traffic=None), "grid": grid()}, axis(24))
    assert near(of(plan, "grid.import"), 0.5)


@pytest.mark.parametrize(
    ("words", "message"),
    [({"traffic": None}, "no cars: give 'traffic'"),
     ({"chargers": None}, "nothing to charge at: give 'chargers'")],
)  # fmt: skip
def test_chargers_need_cars_and_cars_chargers(words: dict[str, Any], message: str) -> None:
    """*Proves:* half of a charging place is refused in the user's own words. *A wrong answer would
    be:* chargers that are dropped in silence, and a plan without their cost and load.
    """
    with pytest.raises(ValueError, match=message):
        area(**words)


def test_a_holiday_with_too_few_plugs_turns_cars_away() -> None:
    """*Proves:* 50 cars of 20 minutes in a holiday's hour would be 16.7 at 10 plugs, so 30 charge
    in it; on a usual day all 10 do. *A wrong answer would be:* 50 cars at 10 plugs.
    """
    some = area(chargers={"power": 1.2, "energy": 0.02, "hours": 1 / 3, "efficiency": 1.0})
    plan = answer({"area": some, "grid": grid()}, axis(48, start="2025-09-30"))
    assert near(of(plan, "area.charge")[[12, 36]], [10 * 0.02, 30 * 0.02])
    assert near(paid(plan, "area", "turned away"), 24 * 20 * 0.02 * 5000)


def test_findings_tell_the_wait() -> None:
    """*Proves:* with plugs for half of the holiday's cars, waits are long; energy is of a year.
    *A wrong answer would be:* waits of the mean day.
    """
    some = area(chargers={"power": 1.2, "energy": 0.03, "hours": 1 / 3})
    net = stand({"area": some, "grid": grid()}, axis(14 * 24, start="2025-09-24"))
    found = {f.key: f.value for f in some.findings(Scope(net, "area"), solve(net))}
    assert found["plugs"] == 10
    assert found["wait_p95"] > 10
    assert found["wait_p50"] < found["wait_p95"]
    assert found["charged"] > 0
    assert "mean_price_at_once" not in found


def test_a_share_above_one_is_refused() -> None:
    """*Proves:* shares are shares."""
    with pytest.raises(ValueError, match="above 1"):
        area(traffic={"per_hour": 10.0, "stop": 3.0})
