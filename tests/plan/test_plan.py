"""Planning end to end on small plants."""

from __future__ import annotations

import numpy as np
import pytest

from tests.plan.small import battery, grid, load, planned, plant, wind
from zeroplant.errors import InputError
from zeroplant.plan import plan
from zeroplant.plant.schema import Time
from zeroplant.units import SizeRange

NIGHT = np.tile([1.0, 0.0], 12)
BASE = {
    "works": load(price=500.0),
    "wind": wind(SizeRange(0, 60), NIGHT, capex=4e6, upkeep=5e4),
    "grid": grid(450.0, SizeRange(0, 20), export_price=50.0, capacity_charge=2e4),
    "store": battery(power=SizeRange(0, 20), capex=6e5),
}


def test_the_size_that_is_worth_it() -> None:
    """*Proves:* wind whose MWh costs 83 (annuity of 4 000 000 over 25 years at 6 % and upkeep of
    50 000, over 4 380 h) beats 450 up to the load, and no further, as exports pay 50.
    *A wrong answer would be:* nothing, or the limit of 60 MW.
    """
    annuity = 4e6 * 0.06 / (1 - 1.06**-25) + 5e4
    assert 50 < annuity / 4380 < 450
    result = planned({k: v for k, v in BASE.items() if k != "store"})
    assert result.sizes["wind.power"][0] == pytest.approx(10.0)
    assert result.sizes["grid.connection"] == (pytest.approx(10.0), "MW")


def test_every_step_is_told_and_timed() -> None:
    """*Proves:* whoever watches hears each step once, in order; the result has their times."""
    heard: list[str] = []
    result = plan(plant(BASE), watch=heard.append)
    assert heard == ["build", "solve", "account", "finance", "findings", "cures"]
    assert list(result.seconds) == heard


def test_a_plan_of_two_days_has_the_sizes_of_a_year_of_them() -> None:
    """*Proves:* annuities, charges and rules scale with the axis: two like days are planned as
    one, and as ten. *A wrong answer would be:* a whole year's annuity against a day of savings.
    """
    sizes = []
    for days in (1, 2, 10):
        assets = {
            **BASE,
            "wind": wind(SizeRange(0, 60), np.tile(NIGHT, days), capex=4e6, upkeep=5e4),
        }
        sizes.append(planned(assets, 24 * days, rules=["cn-direct-connection-650"]).sizes)
    for each in sizes[1:]:
        assert {n: v for n, (v, _) in each.items()} == pytest.approx(
            {n: v for n, (v, _) in sizes[0].items()}, rel=1e-6, abs=1e-6
        )


def test_quarter_hours_plan_like_hours() -> None:
    """*Proves:* the same day in quarter-hours has the same money per year. *A wrong answer would
    be:* MW summed as if they were MWh.
    """
    hourly = planned(BASE)
    fine = {**BASE, "wind": wind(SizeRange(0, 60), np.repeat(NIGHT, 4), capex=4e6, upkeep=5e4)}
    quarter = planned(fine, time=Time(start="2025-01-01", periods=96, step=0.25))
    assert quarter.solution.objective == pytest.approx(hourly.solution.objective, rel=1e-3)


def test_an_asset_that_cannot_be_said_is_named() -> None:
    """*Proves:* a grid that would trade in circles is refused with its place in the file."""
    with pytest.raises(InputError, match=r"assets\.grid.*circles"):
        planned({"works": load(), "grid": grid(100.0, export_price=200.0)})
