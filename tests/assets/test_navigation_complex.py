"""Navigation complex: pond, floods, ships."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.rivers import axis_of, flow, plan, store, value
from zeroplant.assets.navigation_complex import NavigationComplex
from zeroplant.assets.parts.lock import Lock
from zeroplant.axis import Floats
from zeroplant.synthetic.river import river
from zeroplant.waist.network import Network
from zeroplant.waist.solution import Solution

TAIL = [(0.0, 189.0), (500.0, 189.8), (900.0, 190.6), (2000.0, 192.6), (5000.0, 196.5),
        (10000.0, 201.0)]  # fmt: skip


def lize(**other: object) -> NavigationComplex:
    """Parameters like Lize's on the Jialing: 74 MW at some 10 m of head.

    Only the rating and the yearly 317 GWh are published; curves and pond are plausible guesses.
    """
    words = {
        "kind": "navigation_complex", "at": "park", "power": 74.0, "turbine_flow": 850.0,
        "efficiency": 0.88, "inflow": 500.0, "head_water": 200.0, "tail_water": TAIL,
        "least_head": 3.0, "pond_area": 12e6, "pond_range": 0.5,
    }  # fmt: skip
    return NavigationComplex(**(words | other))


def test_water_of_a_lockage() -> None:
    """Golden: 180 × 23 × 10 m are 41,400 m³, and 1.0 MWh of generation at 0.88 (domain page 2d).

    41,400 m³ · 9,810 N/m³ · 10 m · 0.88 / 3.6e9 J/MWh = 0.9928 MWh.
    """
    lock = Lock(length=180.0, width=23.0, per_day=1.0)
    assert lock.volume(10.0) == pytest.approx(41_400.0)
    complex_ = lize(lock=lock, tail_water=[(0.0, 190.0)])
    axis = axis_of(24)
    assert (lock.water(axis, np.full(24, 10.0)) * 3600).sum() == pytest.approx(41_400.0)
    assert complex_.lost_to_lock(axis).sum() == pytest.approx(0.9928, abs=1e-4)
    _, solution = plan({"lize": complex_}, axis, 300.0)
    lost = next(e for e in solution.ledger if e.what == "generation lost to the lock")
    assert (lost.quantity, lost.amount) == (pytest.approx(0.9928, abs=1e-4), 0.0)


def test_lockages_keep_their_hours() -> None:
    """Proves: 16 lockages between 6 and 22 o'clock are one an hour, and none at night."""
    lock = Lock(length=100.0, width=18.0, per_day=16.0, opens=6, closes=22)
    for hours in (1.0, 0.25, 3.0):
        axis = axis_of(round(24 / hours), hours)
        water = lock.water(axis, np.full(axis.stages, 10.0))
        assert water.sum() * hours * 3600 == pytest.approx(16 * 18_000.0)
        assert water[axis.hour_of_day >= 22].sum() == 0.0
        assert water[axis.hour_of_day == 12] == pytest.approx(18_000.0 / 3600)


def test_the_pond_lends_water_to_the_dear_hours() -> None:
    """Proves: 12 km² · 1 m hold 12 hm³; with 400 m³/s, 4 of 24 hours being dear, the turbines are
    full in those. They take (850 − 400)·4 h = 6.48 hm³, which the pond has. A pond counted in
    thousands of m³, or a level limit in m/s, would leave the turbines at the river's flow."""
    price = np.where(np.arange(24) // 4 == 4, 600.0, 300.0)
    network, solution = plan({"lize": lize(inflow=400.0)}, axis_of(24), price)
    turbined = value(solution, flow(network, "lize.turbined"))
    assert turbined[price > 500] == pytest.approx(np.full(4, 850.0))
    pond = value(solution, store(network, "lize.pond"))
    assert 0 <= pond.min() <= pond.max() <= 12.0 + 1e-9


def test_the_pond_moves_no_faster_than_ships_allow() -> None:
    """Proves: 0.02 m/h on 12 km² are 66.7 m³/s: of 400 coming in, the turbines take at most 466.7
    and at least 333.3. Without the wish they take 850 in dear hours (the test above)."""
    price = np.where(np.arange(24) // 4 == 4, 600.0, 300.0)
    network, solution = plan({"lize": lize(inflow=400.0, level_rate=0.02)}, axis_of(24), price)
    turbined = value(solution, flow(network, "lize.turbined"))[1:]
    assert turbined.max() == pytest.approx(400 + 0.02 * 12e6 / 3600)
    assert turbined.min() >= 400 - 0.02 * 12e6 / 3600 - 1e-6


def test_the_pond_is_held_in_the_first_hour_as_in_any() -> None:
    """Proves: with a level known before the first hour the limit holds in it, dear as it is: 466.7
    m³/s again. A change counted from one level of the plan to the next knows none before the first,
    and the turbines took 850."""
    price = np.where(np.arange(24) < 4, 600.0, 300.0)
    held = lize(inflow=400.0, level_rate=0.02, start=0.5)
    network, solution = plan({"lize": held}, axis_of(24), price)
    turbined = value(solution, flow(network, "lize.turbined"))
    assert turbined[:4] == pytest.approx(np.full(4, 400 + 0.02 * 12e6 / 3600))


def test_power_falls_to_nothing_in_floods() -> None:
    """Proves: at 5,000 m³/s 3.5 m of head are left, at 10,000 none; then all water is spilled."""
    inflow = np.repeat([800.0, 5000.0, 10_000.0], 24)
    network, solution = plan({"lize": lize(inflow=inflow, start=0.5)}, axis_of(72), 300.0)
    power = value(solution, flow(network, "lize.output")).reshape(3, 24).mean(axis=1)
    assert power[0] > 60.0
    assert 9.0 < power[1] < 20.0
    assert power[2] == pytest.approx(0.0)


def test_a_drought_breaks_wishes_and_not_the_plan() -> None:
    """Proves: with no water at all lockages and the least flow fall out, named and priced."""
    lock = Lock(length=120.0, width=16.0, per_day=24.0)
    dry = lize(inflow=0.0, min_flow=100.0, lock=lock, start=0.0)
    _, solution = plan({"lize": dry}, axis_of(24), 300.0)
    broken = {e.what: e.quantity for e in solution.ledger if e.kind == "penalty" and e.quantity > 1}
    assert broken["breach of lize.minimum flow"] == pytest.approx(2400.0)
    assert broken["breach of lize.lockages"] == pytest.approx(24 * 120 * 16 * 11.0 / 3600)


def _true_power(asset: NavigationComplex, network: Network, solution: Solution) -> Floats:
    """9.81e-3·η·Q·(level − tail water of all that passes), by arithmetic of this test."""
    read = {name: value(solution, flow(network, f"lize.{name}"))
            for name in ("turbined", "spilled", "locked")}  # fmt: skip
    pond = value(solution, store(network, "lize.pond"))
    level = (
        asset.head_water - asset.pond_range + (pond + np.roll(pond, 1)) / 2 * 1e6 / asset.pond_area
    )
    tail = np.interp(sum(read.values()), *np.array(asset.tail_water).T)
    head = np.maximum(level - tail, 0.0)
    return np.minimum(9.81e-3 * asset.efficiency * read["turbined"] * head, asset.power)


def test_a_year_like_lizes() -> None:
    """Golden: 74 MW make 317 GWh a year; ours 270…360 on a generated river of 874 m³/s.

    And proves: energy is that of the true product along the schedule within 1.5 % and never more,
    power by the hour within 2 % of the rating (root mean square), and no water is lost. Power
    without the tail water's rise would be 387 GWh.
    """
    axis = axis_of(8760)
    inflow = river(axis, 1, mean=870.0, flood_share=0.65, flood_hours=60.0, storm_days=6.0)
    lock = Lock(length=120.0, width=16.0, per_day=12.0)
    asset = lize(inflow=inflow, lock=lock, min_flow=150.0)
    hour = axis.hour_of_day
    price = np.where(((hour >= 8) & (hour < 11)) | ((hour >= 17) & (hour < 22)), 580.0, 300.0)
    network, solution = plan({"lize": asset}, axis, price)
    power = value(solution, flow(network, "lize.output"))
    true = _true_power(asset, network, solution)
    assert 270e3 < power.sum() < 360e3
    assert power.sum() < true.sum() < 1.015 * power.sum()
    assert np.sqrt(np.mean((true - power) ** 2)) < 0.02 * 74.0
    out = sum(value(solution, flow(network, f"lize.{name}")).sum()
              for name in ("turbined", "spilled", "locked"))  # fmt: skip
    assert out == pytest.approx(inflow.sum())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pond_range": 12.0}, "must be above the lowest 'tail_water'"),
        (
            {"lock": {"length": 100.0, "width": 18.0, "per_day": 1.0, "opens": 22, "closes": 6}},
            "opens",
        ),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        lize(**change)
