"""Batteries: what goes in comes out or is lost; the curve of losses, limits, heat and cycles."""

from __future__ import annotations

from datetime import timedelta
from math import exp, sqrt

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench, tell
from zeroplant.twin.kinds.batteries import BASE, Batteries
from zeroplant.twin.plant import Twin

PLANT = """\
nodes: {yard: {carrier: electricity}}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh}
  slow: {kind: battery, at: yard, power: 20 MW, energy: 100 MWh, round_trip: 87 %}
  quick: {kind: battery, at: yard, power: 100 MW, energy: 100 MWh, round_trip: 80 %,
          cycle_life: 5000}
"""
NAMES = ("slow", "quick")


@pytest.fixture
def twin(bench: Bench) -> Twin:
    """Both begin half full."""
    twin = bench(PLANT, step=10.0)
    for name, energy in zip(NAMES, (45.0, 45.0), strict=True):
        twin.state.level[twin.physics.network.store_named(f"{name}.level").index] = energy
    return twin


def batteries(twin: Twin) -> Batteries:
    (found,) = (kind for kind in twin.kinds if isinstance(kind, Batteries))
    return found


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def level(twin: Twin, name: str) -> float:
    return float(twin.state.level[twin.physics.network.store_named(f"{name}.level").index])


def test_what_goes_in_comes_out_is_lost_or_is_held(twin: Twin) -> None:
    """MWh in − out − rise of the level − what stood and leaked = losses, of each battery."""
    random = np.random.default_rng(1)
    keep = 1.0 - (1.0 - 0.02) ** (10.0 / 3600.0 / 730.0)
    leaves = np.zeros(2)
    begin = np.array([level(twin, name) for name in NAMES])
    for _ in range(60):
        for name, most in zip(NAMES, (20.0, 100.0), strict=True):
            word, other = random.permutation(["charge", "discharge"])
            share = random.uniform(0.0, 1.2)
            tell(twin, {f"{name}.{word}": most * share, f"{name}.{other}": 0.0})
        for _ in range(6):
            before = np.array([level(twin, name) for name in NAMES])
            twin.advance(10.0)
            for n, name in enumerate(NAMES):
                net = flow(twin, f"{name}.charge") - flow(twin, f"{name}.discharge")
                leaves[n] += net * 10.0 / 3600.0 - keep * before[n]
    held = np.array([level(twin, name) for name in NAMES]) - begin
    assert twin.account.lost.sum() == pytest.approx(0.0, abs=1e-9)  # no level was cut off
    np.testing.assert_allclose(leaves - held, batteries(twin).lost, atol=1e-6)
    assert (batteries(twin).lost > 0.01).all()


@pytest.mark.parametrize(("share", "part"), [(1.0, 1.0), (0.5, 0.8), (0.2, 0.8), (0.05, 1.4775)])
def test_losses_follow_the_curve_of_a_converter(twin: Twin, share: float, part: float) -> None:
    """At the rating the plan's, at a fifth 0.16 of them: 0.8 of its share; below, standing loss."""
    tell(twin, {"slow.charge": 20.0 * share})
    batteries(twin).temperature[:] = 20.0  # nothing is cooled
    twin.advance(20.0)
    before, lost = level(twin, "slow"), batteries(twin).lost[0]
    twin.advance(600.0)
    went = 20.0 * share / 6.0
    assert flow(twin, "slow.charge") == pytest.approx(20.0 * share)
    leak = before * (1.0 - 0.98 ** (1.0 / 6.0 / 730.0))
    stored = level(twin, "slow") - before + leak + 100.0 * BASE / 6.0
    assert (went - stored) / went == pytest.approx((1.0 - sqrt(0.87)) * part, rel=2e-3)
    assert batteries(twin).lost[0] - lost == pytest.approx(
        went - stored + 100.0 * BASE / 6.0, rel=1e-3
    )


def test_near_full_the_power_falls_with_the_room_that_is_left(bench: Bench) -> None:
    """At constant voltage the room decays by e in a tenth of an hour of what is stored."""
    plant = PLANT.replace("cycle_life: 5000", "soc_max: 100 %, cycle_life: 5000")
    twin = bench(plant, step=10.0)
    tell(twin, {"quick.charge": 100.0})
    while flow(twin, "quick.charge") > 60.0 or level(twin, "quick") < 70.0:
        twin.advance(10.0)
    room = 95.0 - level(twin, "quick")
    assert flow(twin, "quick.charge") == pytest.approx(room / 0.1, rel=0.05)
    twin.advance(360.0)
    # In six minutes η of the power's hours went in, at an efficiency of 0.93…0.95 and less than
    # 0.2 MW of auxiliaries.
    assert 95.0 - level(twin, "quick") == pytest.approx(room * exp(-0.94), rel=0.06)


def test_a_slow_battery_within_its_window_is_never_held_back(twin: Twin) -> None:
    tell(twin, {"slow.charge": 20.0})
    for _ in range(90):
        if level(twin, "slow") > 89.0:
            break
        assert flow(twin, "slow.charge") in (0.0, pytest.approx(20.0))
        twin.advance(120.0)
    assert level(twin, "slow") > 89.0


def test_a_battery_at_rest_pays_its_auxiliaries(twin: Twin) -> None:
    """2 % of its energy and its self-discharge in a day, in a mild room."""
    before = level(twin, "slow")
    tell(twin, {"slow.charge": 0.0, "slow.discharge": 0.0})
    twin.advance(6 * 3600.0)
    leak = before * (1.0 - 0.98 ** (6.0 / 730.0))
    assert before - level(twin, "slow") == pytest.approx(100.0 * BASE * 6.0 + leak, rel=0.01)


def test_an_empty_battery_feeds_no_auxiliaries(twin: Twin) -> None:
    twin.state.level[twin.physics.network.store_named("slow.level").index] = 0.0
    twin.advance(600.0)
    assert level(twin, "slow") == 0.0
    assert twin.account.lost.sum() == pytest.approx(0.0, abs=1e-12)


def test_hot_cells_give_less_and_cold_ones_are_not_charged(twin: Twin) -> None:
    warmth = batteries(twin).temperature
    for degrees, share in ((50.0, 0.5), (56.0, 0.0), (5.0, 0.5), (-1.0, 0.0)):
        warmth[:] = degrees
        tell(twin, {"slow.charge": 20.0, "slow.discharge": 0.0})
        twin.advance(10.0)
        assert flow(twin, "slow.charge") == pytest.approx(20.0 * share, abs=0.1)
    warmth[:] = -1.0
    tell(twin, {"slow.charge": 0.0, "slow.discharge": 20.0})
    twin.advance(20.0)
    assert flow(twin, "slow.discharge") == pytest.approx(20.0)


def test_hard_work_warms_the_cells_and_cooling_holds_them(twin: Twin) -> None:
    """A battery of an hour is some kelvins warmer after a cycle; one of five hours is not."""
    for _ in range(2):
        for word, other in (("charge", "discharge"), ("discharge", "charge")):
            tell(twin, {f"{name}.{word}": 100.0 for name in NAMES})
            tell(twin, {f"{name}.{other}": 0.0 for name in NAMES})
            twin.advance(2700.0)
    figures = batteries(twin).figures()
    assert 28.0 < figures["quick: cells at most °C"] < 31.0
    assert 25.0 < figures["slow: cells at most °C"] < 28.0
    assert figures["quick: full cycles"] > 1.0
    wear = 0.2 * figures["quick: full cycles"] / 5000.0 + 0.018 * 3.0 / 8760.0
    assert figures["quick: health lost"] == pytest.approx(wear, rel=1e-6)
    assert twin.clock.now() - twin.clock.start == timedelta(hours=3)
