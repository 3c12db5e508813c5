"""Around the loop: an order of the centre, or of a person, makes the plan anew at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operate.by_hand import standing
from tests.operate.small_plant import START, small_network, small_plant
from zeroplant.operate.around import Around
from zeroplant.operate.orders import Order
from zeroplant.operate.planner_process import PlannerHere
from zeroplant.operate.scheduler import Settings


def test_the_plan_follows_an_order_and_lets_go_of_it() -> None:
    """Export earns nothing, so none is planned; for an hour at least 5 MW have to be exported."""
    plant = small_plant()
    plant.now = START + timedelta(hours=3)
    plant.wind = 30.0
    plant.cycles(1)
    network = standing(small_network())
    around = Around(None, "UTC", planner=PlannerHere(network, Settings(futures=1, margin=0.0)))
    around.stand(network)
    orders: list[Order] = []
    around.ordered = lambda: orders

    def look() -> list[float]:
        image = plant.image()
        around.look(image, plant.controller.cycle(plant.now, image))
        plant.now += timedelta(seconds=4)
        schedule = around.schedule()
        assert schedule is not None
        return [round(float(each), 3) for each in schedule.target[:6]]

    before = look()
    assert max(before) <= 0.0
    now = plant.now
    orders.append(Order("person", "least export", 5.0, now, now + timedelta(hours=1)))
    during = look()
    assert min(during[:5]) >= 5.0 - 1e-6  # by whole quarter-hours: it ends within the fifth
    assert during[5] <= 0.0
    orders.clear()
    assert look() == pytest.approx(before, abs=0.5)
    around.close()
