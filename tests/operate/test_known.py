"""What is said of silent points: exact for one, spread for two, never zero."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.operate.small_plant import Plant, small_plant
from zeroplant.operate.known import Source, fresh, reconcile


def known(plant: Plant, *silent: str) -> Callable[[str], tuple[float, ...]]:
    """The image of a settled plant whose points have fallen silent, reconciled."""
    controller = plant.controller
    plant.silent = set()
    plant.image()
    plant.silent = set(silent)
    image = plant.image()
    good = fresh(image, np.full(len(image.value), 60.0))
    found = reconcile(image, controller.wiring, controller.wiring.at(0), good)
    return lambda name: tuple(
        float(each[controller.points.index[name]])
        for each in (found.value, found.spread, found.source)
    )


def test_one_silent_point_is_what_the_meter_leaves() -> None:
    plant = small_plant()
    plant.image()
    of = known(plant, "works.load")
    plant.load = 43.0
    assert of("works.load") == (pytest.approx(40.0), 0.0, Source.RECONCILED)


def test_a_change_behind_a_silent_point_is_seen_at_the_meter() -> None:
    plant = small_plant()
    plant.image()
    plant.silent = {"works.load"}
    plant.load = 44.0
    plant._settle()
    controller = plant.controller
    image = plant.image()
    found = reconcile(
        image,
        controller.wiring,
        controller.wiring.at(0),
        fresh(image, np.full(len(image.value), 60.0)),
    )
    assert found.value[controller.points.index["works.load"]] == pytest.approx(44.0)


def test_two_silent_points_keep_their_sum_and_say_how_far_they_may_be_off() -> None:
    plant = small_plant(batteries=2)
    plant.told = {"battery 1.discharge": 6.0, "battery 2.discharge": 8.0}
    plant._settle()
    of = known(plant, "battery 1.discharge", "battery 2.discharge")
    one, two = of("battery 1.discharge"), of("battery 2.discharge")
    assert one[0] + two[0] == pytest.approx(14.0)
    assert one[0] > 0.0
    assert two[0] > 0.0
    assert one[1] == two[1] == 30.0  # each by what the other could make up for
    assert one[2] == Source.RECONCILED


def test_a_silent_meter_is_what_the_flows_leave() -> None:
    plant = small_plant(wind=25.0)
    of = known(plant, "grid.import", "grid.export")
    assert of("grid.import")[0] == pytest.approx(15.0)
    assert of("grid.export")[0] == 0.0
    assert of("grid.import")[1] == 0.0


def test_meter_and_a_flow_silent_says_how_unsure_it_is() -> None:
    plant = small_plant(wind=25.0)
    of = known(plant, "grid.import", "grid.export", "battery.discharge")
    assert of("battery.discharge")[2] == Source.HELD
    assert of("grid.import")[0] == pytest.approx(15.0)
    assert of("grid.import")[1] == pytest.approx(30.0)


def test_old_values_do_not_count_as_measured() -> None:
    plant = small_plant()
    image = plant.image()
    aged = type(image)(
        image.at, image.points, image.value.copy(), image.event.copy() - 61_000_000,
        image.quality.copy(),
    )  # fmt: skip
    assert not fresh(aged, np.full(len(aged.value), 60.0)).any()
    assert np.isfinite(aged.value).all()  # and yet they are kept
