"""Run-of-river hydro: the river decides, and takes the head away in floods."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.assets.rivers import axis_of, flow, plan, value
from zeroplant.assets.run_of_river import RunOfRiver
from zeroplant.synthetic.river import river

TAIL = [(0.0, 90.0), (100.0, 91.0), (300.0, 94.0), (900.0, 99.5)]


def _weir(**other: object) -> RunOfRiver:
    words = {
        "kind": "run_of_river", "at": "park", "power": 8.0, "turbine_flow": 100.0,
        "efficiency": 0.9, "inflow": 50.0, "head_water": 100.0, "tail_water": TAIL,
    }  # fmt: skip
    return RunOfRiver(**(words | other))


def test_power_follows_the_river_and_falls_in_floods() -> None:
    """Proves, by hand: with a tail water of 90 m and 1 m more per 100 m³/s, 9.81e-3·0.9·Q·H is

    0 at 0, 4.19 MW at 50 (H 9.5), 7.95 at 100 (H 9); in a flood of 300 (H 6, turbines take
    100·√(6/9.06) = 81.4) 4.31; at 900 (H 0.5, below the least head) nothing. A head of still
    water would give 8 MW in every flood.
    """
    inflow = np.array([0.0, 50.0, 100.0, 300.0, 900.0])
    network, solution = plan({"weir": _weir(inflow=inflow, least_head=2.0)}, axis_of(5), 300.0)
    rated = 8.0 / (9.81e-3 * 0.9 * 100)
    k = 9.81e-3 * 0.9
    right = [0.0, k * 50 * 9.5, k * 100 * 9.0, k * 6.0 * 100 * np.sqrt(6.0 / rated), 0.0]
    power = value(solution, flow(network, "weir.output"))
    assert power == pytest.approx(right, abs=0.013)
    spilled = value(solution, flow(network, "weir.spilled"))
    turbined = value(solution, flow(network, "weir.turbined"))
    assert turbined + spilled == pytest.approx(inflow)


def test_lines_err_by_little_to_either_side() -> None:
    """Proves: over the whole range three lines are within 0.25 % of the rating of the true curve,
    and within 0.4 % of its energy in a generated year. A single line would be
    2.5 % too low in between."""
    weir = _weir()
    inflow = np.linspace(0.0, 100.0, 500)
    production = _weir(inflow=inflow).production(axis_of(500), weir.head_water)
    left, lines = inflow.copy(), np.zeros(500)
    for slope, width in production.pieces(production.cap):
        part = np.minimum(left, width)
        left, lines = left - part, lines + slope * part
    assert left == pytest.approx(np.zeros(500))
    wrong = lines - production.true_power(inflow, weir.head_water)
    assert np.max(np.abs(wrong)) < 0.0025 * 8.0
    assert wrong.min() < 0 < wrong.max()
    axis = axis_of(8760)
    weir = _weir(inflow=river(axis, 1, mean=60.0))
    network, solution = plan({"weir": weir}, axis, 300.0)
    production = weir.production(axis, weir.head_water)
    true = production.true_power(value(solution, flow(network, "weir.turbined")), 100.0)
    got = value(solution, flow(network, "weir.output")).sum()
    assert got == pytest.approx(np.minimum(true, 8.0).sum(), rel=4e-3)


def test_who_wants_no_power_spills() -> None:
    """Proves: at a negative price nothing is generated, calm or flood, and all water passes by the
    weir. If what is turbined had to be all that comes, it would sell at a loss."""
    inflow = np.array([50.0, 100.0, 300.0])
    network, solution = plan({"weir": _weir(inflow=inflow, least_head=2.0)}, axis_of(3), -50.0)
    assert value(solution, flow(network, "weir.output")) == pytest.approx(np.zeros(3))
    assert value(solution, flow(network, "weir.spilled")) == pytest.approx(inflow)


def test_a_given_head_needs_no_tail_water() -> None:
    """Proves: a diversion plant of 120 m makes 9.81e-3·0.9·120 = 1.05948 MW per m³/s."""
    weir = _weir(head_water=120.0, tail_water=[(0.0, 0.0)], turbine_flow=5.0, inflow=2.0)
    network, solution = plan({"weir": weir}, axis_of(3), 300.0)
    assert value(solution, flow(network, "weir.output")) == pytest.approx(np.full(3, 2.11896))


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), mean=st.floats(1.0, 500.0))
def test_no_river_leaves_the_plan_without_an_answer(seed: int, mean: float) -> None:
    """Proves: whatever the river brings, water in is water out and power is within its bounds."""
    axis = axis_of(72)
    inflow = river(axis, seed, mean=mean)
    weir = _weir(inflow=inflow, min_flow=200.0, ramp=1.0)
    network, solution = plan({"weir": weir}, axis, 300.0)
    out = [value(solution, flow(network, f"weir.{name}")) for name in ("turbined", "spilled")]
    assert sum(out) == pytest.approx(inflow)
    power = value(solution, flow(network, "weir.output"))
    assert power.max() <= 8.0 + 1e-6
    assert np.all(power <= 9.81e-3 * 0.9 * 10.0 * out[0] + 1e-2)


def test_a_weir_below_its_tail_water_is_refused() -> None:
    with pytest.raises(ValidationError, match="above the lowest level"):
        _weir(head_water=89.0)
