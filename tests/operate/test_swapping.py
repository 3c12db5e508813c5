"""A swap station that runs: whole packs, chargers kept for surprises, and what nobody commands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from tests.yards import yard
from zeroplant.operate.points import points_of
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import Plant, load_plant

ASSETS = """\
  swap:
    kind: swap_station
    at: yard
    classes: 2
    packs: {qiji: {energy: 350 kWh, count: {max: 30}, trucks: 8, charge_on_arrival: 50 %,
                   capex: 1 CNY/Wh}}
    chargers: 8
    charger_power: 360 kW
    lanes: 2
"""
PLANT = yard("one swap station", "10 MW", ASSETS)
CHARGERS = 8 * 0.36
KEPT_FREE = 0.25 * CHARGERS
CHARGING = "swap.charging 0 to 1"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """One station with more than enough chargers for the trucks that are expected."""
    file: Path = tmp_path_factory.mktemp("swapping") / "plant.yaml"
    file.write_text(PLANT, encoding="utf-8")
    return load_plant(file)


@pytest.fixture(scope="module")
def standing(plant: Plant) -> Standing:
    """It, as it stands."""
    return stand(plant, start=plant.axis.start, days=1)


def planned(standing: Standing, full: float, waiting: float) -> tuple[Schedule, np.ndarray]:
    """A plan from so many full packs and waiting trucks, and the MW of its charging."""
    levels = {"swap.full": full, "swap.waiting": waiting}
    now: datetime = standing.network.axis.start
    plan = Scheduler(standing, Settings(futures=1)).plan(now, levels, {}, deadline=60.0)
    takes = next(iter(standing.network.flow_named(CHARGING).take.values()))
    return plan, plan.power[CHARGING] * float(np.mean(takes))


def test_packs_are_counted_whole(standing: Standing) -> None:
    """A plan chooses parts of a pack; what stands, and is counted, has whole ones."""
    chosen, held = standing.year.sizes["swap.packs"], standing.sizes["swap.packs"]
    assert chosen % 1.0 > 1e-3
    assert held == np.ceil(chosen)


def test_trucks_are_no_set_points(standing: Standing) -> None:
    """Nobody commands who swaps and who is turned away; how packs are charged is commanded."""
    points = points_of(standing.network, standing.sizes)
    settable = {points.names[place] for place in points.set_points}
    assert CHARGING in settable
    assert not settable & {"swap.swaps", "swap.turned away"}


def test_a_surprise_is_made_up_for_with_the_chargers_that_were_kept_for_it(
    standing: Standing,
) -> None:
    """With an empty rack and trucks that wait all chargers run; without, a quarter stays free."""
    plan, charging = planned(standing, 0.0, 4.0)
    assert charging[0] == pytest.approx(CHARGERS, rel=1e-3)
    assert plan.note == ""
    _, quiet = planned(standing, standing.sizes["swap.packs"] - 6.0, 0.0)
    assert quiet.max() <= CHARGERS - KEPT_FREE + 1e-6


def test_more_full_packs_than_trucks_allow_are_no_contradiction(standing: Standing) -> None:
    """Where no truck came for an hour all packs are full: there is a plan, with all limits kept."""
    plan, charging = planned(standing, standing.sizes["swap.packs"], 0.0)
    assert plan.status == "optimal"
    assert plan.note == ""
    assert plan.shortfall == {}
    assert charging[0] == pytest.approx(0.0, abs=1e-3)
