"""The plant as it stands: sizes and worths from its own plan, other weather by another seed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.operate.county import EXAMPLES, at, county, forecasts, half_full
from zeroplant.axis import Axis
from zeroplant.errors import InputError
from zeroplant.operate import year as module
from zeroplant.operate.outside import series
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.seeds import shifted
from zeroplant.operate.sound import faults
from zeroplant.operate.standing import stand
from zeroplant.plant import build, load_plant
from zeroplant.solve import solve

START = datetime(2025, 7, 14)
START_OF_YEAR = datetime(2025, 1, 1)
PLANT = load_plant(EXAMPLES / "county-base")


def test_sizes_and_worth_are_those_of_the_year() -> None:
    """What a stored MWh is worth lies between the cheapest and the dearest energy of the year."""
    standing = county()
    year = solve(build(PLANT).network)
    for name, value in standing.sizes.items():
        assert value == pytest.approx(year.number(year.network.size_named(name)), rel=1e-6)
    worth = standing.worth["battery.level"]
    assert worth.shape == (standing.network.axis.stages,)
    assert np.all((worth > 100.0) & (worth < 700.0))
    assert not standing.network.sizes


def test_the_price_of_the_export_rule_is_on_the_flow() -> None:
    """With sizes chosen to the rule, exported energy is worth its price less what the rule asks."""
    standing = county()
    rule = next(n for n in standing.rule_prices if n.endswith("export"))
    (line,) = [line for line in standing.network.lines if line.what == f"price of {rule}"]
    assert float(np.min(-standing.rule_prices[rule])) > 50.0
    assert [term.variable.name for term in line.quantity.terms] == ["grid.export"]  # type: ignore[attr-defined]


def test_another_draw_is_the_same_plant_in_other_weather() -> None:
    """Sizes stay; wind, sun and load differ, prices do not."""
    other = stand(PLANT, start=START, days=1, seed_shift=1)
    assert other.sizes == county().sizes
    for key in ("wind.output", "factories.load"):
        mine = series(county().network, key)
        theirs = series(other.network, key)
        assert abs(np.corrcoef(mine, theirs)[0, 1]) < 0.99
        assert not np.array_equal(mine, theirs)
    same = "grid: energy bought"
    assert np.array_equal(series(county().network, same), series(other.network, same))


def test_seeds_move_where_chance_is_and_nowhere_else() -> None:
    """A shift of nothing changes nothing; series keep all but their seed."""
    assert shifted(PLANT, 0) is PLANT
    moved = shifted(PLANT, 3)
    assert moved.sites["qingshuihe"].seed == PLANT.sites["qingshuihe"].seed + 3
    before, after = (plant.assets["factories"].load.plain() for plant in (PLANT, moved))  # type: ignore[attr-defined]
    assert after == {**before, "seed": before["seed"] + 3}
    assert moved.assets["battery"] is PLANT.assets["battery"]


def test_the_year_is_kept_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run solves nothing; another plant does not read this one's file."""
    monkeypatch.setattr(module, "_known", {})
    first = stand(PLANT, start=START, days=1, folder=tmp_path)
    assert json.loads((tmp_path / "sizes.json").read_text())["sizes"] == first.sizes
    monkeypatch.setattr(module, "_known", {})
    monkeypatch.setattr(module, "solve", None)
    again = stand(PLANT, start=START, days=1, folder=tmp_path)
    assert again.sizes == first.sizes
    assert again.worth["battery.level"] == pytest.approx(first.worth["battery.level"])
    with pytest.raises(TypeError):  # it would have to solve
        stand(PLANT, start=START, days=1, folder=tmp_path, sizes={"wind.power": 100.0})


def test_sizes_can_be_given_and_must_exist() -> None:
    """A plant that was built otherwise stands as it was built."""
    plant = load_plant(EXAMPLES / "county-base")
    with pytest.raises(InputError, match="no size is called 'wind'"):
        stand(plant, start=START, days=1, sizes={"wind": 100.0})


def test_a_month_s_peak_is_free_up_to_the_plan_s_and_then_dear() -> None:
    """The peak of July in the year's plan is the floor; a MW beyond costs July's whole charge."""
    changes = {
        "assets.grid.demand_charge": "38 CNY/kW/month",
        "assets.grid.capacity_charge": "null",
    }
    standing = stand(load_plant(EXAMPLES / "county-base", changes), start=START, days=1)
    (peak,) = standing.network.sizes
    assert peak.lower == pytest.approx(standing.year.peaks["grid.monthly peak"][6])
    (line,) = [line for line in standing.network.lines if line.what == "demand charge"]
    assert np.ravel(line.quantity.terms[0].coefficient * np.asarray(line.price)) == pytest.approx(
        [38_000.0]
    )


def test_a_plant_with_whole_numbers_stands_and_is_planned() -> None:
    """A battery in one direction at a time: the window is a mixed-integer programme."""
    changes = {"assets.battery.one_direction": "true", "assets.battery.power": "80 MW"}
    standing = stand(load_plant(EXAMPLES / "county-base", changes), start=START, days=1)
    assert any(flow.integer for flow in standing.network.flows)
    plan = Scheduler(standing, Settings(futures=1)).plan(
        at(standing, 40), half_full(standing), forecasts(standing, 40), deadline=20.0
    )
    assert plan.status == "optimal"
    both = np.minimum(plan.power["battery.charge"], plan.power["battery.discharge"])
    assert both.max() <= 1e-5
    assert faults(plan, standing, at(standing, 40), half_full(standing)) == []


def test_a_plant_planned_in_long_periods_stands_in_short_ones() -> None:
    """Cars at home are a store in quarter-hours, and load in periods of three hours."""
    changes = {"time.step": "3 h", "time.years": "0.05"}
    standing = stand(load_plant(EXAMPLES / "home-fleet", changes), start=START_OF_YEAR, days=1)
    cars = standing.network.store_named("homes.cars 1")
    assert cars.name not in standing.year.levels
    assert standing.levels[cars.name] == pytest.approx(0.5 * float(np.max(cars.cap.constant)))
    assert cars.name not in standing.worth


def test_a_period_counts_for_every_hour_that_it_covers() -> None:
    """Not the hour alone in which it begins: the others would have the median of all."""
    axis = Axis(datetime(2025, 1, 1, tzinfo=UTC), 8 * 31, 3.0)
    table = np.array(module._table(axis.hour_of_day.astype(float), axis))
    assert table[0].tolist() == [3.0 * (hour // 3) for hour in range(24)]
    assert np.array_equal(table[0], table[6])
