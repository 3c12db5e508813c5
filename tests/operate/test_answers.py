"""Devices that need several cycles are made up for by those that do not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.small_plant import plan, small_network, small_plant
from zeroplant.operate.answers import Answers
from zeroplant.operate.controller import Controller

EACH = slice(0, 3)


def answers() -> Answers:
    """Those of the small plant's wind (70 MW) and two batteries (30 MW)."""
    wiring = Controller(small_network(batteries=2)).wiring
    return Answers(wiring, wiring.at(0))


def test_a_slow_device_is_expected_where_it_will_be() -> None:
    found = answers()
    before, told = np.zeros(3), np.array([10.0, 10.0, 10.0])
    found.told(before, told)
    found.learn(np.array([2.0, 10.0, 9.5]))
    slow, then = found.late(EACH, np.array([2.0, 10.0, 9.5]), np.array([12.0, 0.0, 0.0]))
    assert slow.tolist() == [True, False, False]
    assert then[0] == pytest.approx(2.0 + 0.2 * 10.0)


def test_a_small_move_says_nothing_of_how_fast_a_device_is() -> None:
    found = answers()
    found.told(np.zeros(3), np.full(3, 0.3))
    found.learn(np.zeros(3))
    slow, _ = found.late(EACH, np.zeros(3), np.full(3, 20.0))
    assert not slow.any()


def test_the_export_stands_while_a_battery_crawls() -> None:
    """One of two makes 1 MW a cycle: after two cycles the other has what it lacks."""
    plant = small_plant(batteries=2)
    plant.cycles(5, plan(10.0))
    plant.load = 64.0
    for cycle in range(12):
        plant.stops["battery 1.discharge"] = plant.power["battery 1.discharge"] + 1.0
        plant.cycles(1, plan(10.0))
        if cycle >= 3:
            assert plant.export == pytest.approx(10.0, abs=1.1)
    assert plant.power["battery 1.discharge"] > 5.0  # it goes on all the same
