"""Overloads are seen, and kept off, whatever the meters say; what is none is not called one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operate.small_plant import START, plan, small_plant
from zeroplant.operate.orders import Order

TARGET = Order("dispatch centre", "target", 40.0, START, START + timedelta(hours=1))


def test_a_target_out_of_reach_is_no_overload() -> None:
    """40 MW are asked for and 10 given: nothing is over at a connection of 60."""
    plant = small_plant(level=0.0)
    plant.cycles(30, plan(0.0), [TARGET])
    assert "target missed" in plant.alarms()
    assert "connection over" not in plant.alarms()


@pytest.mark.parametrize(
    ("load", "then", "wind", "target"), [(50, 0, 100, 40), (45, 25, 100, 58), (20, 90, 0, -50)]
)
def test_an_overload_is_seen_while_a_load_is_silent(
    load: float, then: float, wind: float, target: float
) -> None:
    """What it last said would hide it; the connection's meter says more than it may carry."""
    plant = small_plant(load=load, wind=wind)
    plant.cycles(10, plan(target))
    plant.silent = {"works.load"}
    plant.load = then
    plant.cycles(90, plan(target))
    assert abs(plant.export) <= 60.5


def test_a_meter_that_freezes_at_nothing_is_found() -> None:
    """The usual place of a plant that uses what it makes: neither taken nor given."""
    plant = small_plant(load=50.0, wind=50.0)
    plant.noise = 0.05
    plant.cycles(10, plan(0.0))
    plant.power |= {"grid.export": 0.0, "grid.import": 0.0}
    plant.frozen = {"grid.export", "grid.import"}
    plant._said |= {name: (0.0, *plant._said[name][1:]) for name in plant.frozen}
    plant.load, plant.wind = 90.0, 0.0
    plant.cycles(150, plan(0.0))
    assert "frozen" in plant.alarms()
    assert abs(plant.export) <= 60.5


@pytest.mark.parametrize(("export", "off"), [(50.0, -20.0), (-50.0, -20.0)])
def test_where_a_balance_does_not_close_the_worse_of_both_is_kept_within_limits(
    export: float, off: float
) -> None:
    """The meter says 20 MW less than flows, or a device lies: nobody knows which."""
    plant = small_plant(load=30.0 if export > 0 else 90.0, wind=80.0 if export > 0 else 10.0)
    plant.off = {"grid.export" if export > 0 else "grid.import": off}
    plant.noise = 0.05
    plant.cycles(60, plan(export))
    assert abs(plant.export) <= 60.5


def test_what_may_be_in_an_empty_battery_is_not_counted_on() -> None:
    """Its level is within its meter's error of nothing, and it gives nothing: nor is it told to
    give what the level would allow, in whose stead load would be served."""
    plant = small_plant(load=58.5, wind=0.0, level=0.15)
    plant.deaf = {"battery.discharge"}
    decision = plant.cycles(20, plan(-50.0))
    assert plant.setpoint(decision, "battery.discharge") <= 0.1
