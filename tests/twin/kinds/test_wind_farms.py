"""Storms: what has cut out stays out until the wind has fallen well below."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.kinds.conftest import Bench
from zeroplant.twin.kinds.wind_farms import BACK, WindFarms, stopped

PLANT = """\
sites: {hill: {climate: qingshuihe, seed: 1}}
nodes: {yard: {carrier: electricity}}
assets:
  grid: {kind: grid, at: yard, connection: 500 MW, import_price: 0.5 CNY/kWh,
         export_price: 0.3 CNY/kWh, emission_factor: 0.5 tCO2/MWh}
  wind: {kind: wind, at: yard, power: 50 MW, turbine: CURVE}
"""


def test_turbines_come_back_below_the_cut_out_speed() -> None:
    """20, 26 (out), 24, 22.5 (still out), 21.9 (back), 24 (runs on), 26 (out)."""
    speed = np.array([20.0, 26.0, 24.0, 25.0 - BACK + 0.5, 25.0 - BACK - 0.1, 24.0, 26.0])
    expected = [False, True, True, True, False, False, True]
    np.testing.assert_array_equal(stopped(speed, 25.0), expected)
    assert not stopped(np.full(5, 24.9), 25.0).any()


def test_a_farm_that_stands_still_gives_nothing(bench: Bench) -> None:
    """With turbines that cut out at a breeze, the wind of a day is storm enough."""
    twin = bench(PLANT.replace("CURVE", "[[1, 0.1], [3, 1], [9, 1]]"))
    (farms,) = (kind for kind in twin.kinds if isinstance(kind, WindFarms))
    output = twin.physics.network.flow_named("wind.output").index
    hours, curve = 0.0, 0.0
    for _ in range(96):
        twin.advance(900.0)
        stands = bool(farms._stands[twin.state.stage, 0])
        hours += 0.25 * stands
        curve += 0.25 * (twin.physics.most[twin.state.stage, output] == 0.0)
        if stands:
            assert twin.state.x[output] == twin.state.most[output] == 0.0
    assert 24.0 > hours > curve > 0.0
    assert farms.figures() == {"wind: hours stopped by storm": pytest.approx(hours)}
