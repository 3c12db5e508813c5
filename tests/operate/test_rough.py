"""A turbine is told no load inside a rough zone, and the rest of the plant takes the difference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.operate.small_plant import plan
from tests.operate.test_rows import PLANT, wired
from zeroplant.links.link import Quality
from zeroplant.operate.controller import Controller
from zeroplant.operate.image import Image, micros
from zeroplant.operate.rough import BEYOND, Rough
from zeroplant.operate.standing import stand
from zeroplant.operate.wiring import Wiring
from zeroplant.plant import load_plant

ROUGH = PLANT.replace("efficiency: 0.9,", "efficiency: 0.9, units: 1, rough_zones: [[0.4, 0.6]],")
LOW, HIGH = 40.0, 60.0 + 100.0 * BEYOND


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory) -> Wiring:
    """A reservoir with one unit for 100 m³/s that vibrates between 40 and 60."""
    return wired(tmp_path_factory.mktemp("rough"), ROUGH)


class Told:
    """What the turbines are told for one wish after the other."""

    def __init__(self, wiring: Wiring) -> None:
        self._rough, self._count = Rough(wiring), wiring.points.flows
        self._at = wiring.points.index["dam.turbined"]

    def __call__(self, wish: float, bottom: float = 0.0, top: float = 100.0) -> float:
        """One wish."""
        wishes, least, most = (np.full(self._count, value) for value in (wish, bottom, top))
        self._rough(wishes, least, most)
        return float(wishes[self._at])


def test_a_zone_reaches_dispatch_through_the_window(wiring: Wiring) -> None:
    at = wiring.points.index["dam.turbined"]
    assert list(wiring.rough) == [(at, 0.4, 0.6)]


def test_a_load_inside_goes_to_the_nearer_edge(wiring: Wiring) -> None:
    assert Told(wiring)(45.0) == LOW
    assert Told(wiring)(58.0) == pytest.approx(HIGH)
    for outside in (0.0, 39.0, 40.0, HIGH, 100.0):
        assert Told(wiring)(outside) == outside


def test_it_changes_sides_only_when_clearly_nearer_to_the_other(wiring: Wiring) -> None:
    told, middle = Told(wiring), 0.5 * (LOW + HIGH)
    sides = [told(wish) for wish in (middle - 1.0, middle + 1.0, middle - 1.0)]
    assert sides == [LOW] * 3
    assert told(middle + 8.0) == pytest.approx(HIGH)
    assert told(middle - 1.0) == pytest.approx(HIGH)
    assert told(middle - 8.0) == LOW


def test_an_edge_out_of_reach_is_not_told(wiring: Wiring) -> None:
    """Too little water for the upper edge; a least flow above the lower one; both."""
    assert Told(wiring)(58.0, top=58.0) == LOW
    assert Told(wiring)(42.0, bottom=42.0) == pytest.approx(HIGH)
    assert Told(wiring)(50.0, bottom=45.0, top=55.0) == 50.0


def test_the_controller_tells_the_edge_where_the_plan_means_a_load_inside(
    tmp_path: Path,
) -> None:
    (tmp_path / "plant.yaml").write_text(ROUGH, encoding="utf-8")
    plant = load_plant(tmp_path / "plant.yaml")
    standing = stand(plant, start=plant.axis.start, days=1, horizon=0)
    controller = Controller(standing.network, standing.sizes)
    points, now = controller.points, standing.network.axis.start
    value = np.zeros(len(points))
    value[points.index["dam.reservoir"]] = 10.0
    event = np.full(len(points), micros(now))
    image = Image(now, points, value, event, np.full(len(points), Quality.GOOD, np.uint8))
    flat = np.ones(96)
    schedule = replace(
        plan(start=now), power={"dam.turbined": 48.0 * flat}, level={"dam.reservoir": 10.0 * flat},
        price={}, worth={}, target=0.0 * flat,
    )  # fmt: skip
    told = controller.cycle(now, image, schedule).setpoints[points.index["dam.turbined"]]
    assert told == LOW
