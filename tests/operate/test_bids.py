"""Who is moved within seconds: a process is made to run evenly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.operate.small_plant import STEPS, Plant, plan, small_network
from zeroplant.operate.controller import Controller


def mill_and_battery(price: float) -> tuple[float, float]:
    """What a mill of 10 MW and a battery are told where 5 MW more have to go out than planned.

    The mill, planned at its full load, loses 40 a MWh by what it does not make, the battery 50.
    """
    net = small_network()
    load = net.flow("mill.production", take=net.nodes[0], cap=10.0, role="load", tags={"process"})
    net.store("mill.goods", fill={load: 1.0}, cap=1000.0, start=500.0)
    plant = Plant(Controller(net), load=40.0, wind=40.0)
    plant.power |= {"mill.production": 10.0, "works.load": 30.0}
    flat, made = np.ones(STEPS), plan(5.0, price=price)
    made = replace(
        made, power={**made.power, "mill.production": 10.0 * flat},
        level={**made.level, "mill.goods": 1.0 * flat},
        worth={**made.worth, "mill.goods": 40.0 * flat},
    )  # fmt: skip
    decision = plant.cycles(1, made)
    mill, battery = "mill.production", "battery.discharge"
    return plant.setpoint(decision, mill), plant.setpoint(decision, battery)


def test_a_process_runs_evenly_beside_a_battery_that_is_a_little_dearer() -> None:
    """By its bid it would go first; for half the price of electricity it is left alone."""
    assert mill_and_battery(price=50.0) == pytest.approx((10.0, 5.0), abs=0.1)
    assert mill_and_battery(price=2.0) == pytest.approx((5.0, 0.0), abs=0.1)
