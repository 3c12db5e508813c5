"""A plant stands before its year is solved: as its devices say it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from tests.operate.county import EXAMPLES, at, county
from zeroplant.errors import SolveError
from zeroplant.operate import year as module
from zeroplant.operate.assumed import assumed
from zeroplant.operate.controller import Controller
from zeroplant.operate.planner_process import UNSOLVED, PlannerProcess, Request
from zeroplant.operate.standing import Standing
from zeroplant.plant import Plant, load_plant

START = datetime(2025, 7, 14)
MOST = {
    "wind.output": 150.0, "sun.output": 280.0, "battery.charge": 90.0, "battery.level": 400.0,
    "grid.import": 100.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def plant() -> Plant:
    return load_plant(EXAMPLES / "county-base")


def stood(plant: Plant, most: dict[str, float], folder: Path) -> Standing:
    return assumed(plant, start=START, days=1, most=most, folder=folder)


def test_sizes_are_those_that_the_devices_tell(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is solved; a battery's energy is told by how full it can be."""
    solved = county()
    monkeypatch.setattr(module, "solve", None)
    found = stood(plant, MOST, tmp_path)
    assert found.year.state == "assumed"
    usable = solved.network.stores[0].cap.constant / solved.sizes["battery.energy"]
    assert found.sizes == pytest.approx({
        "wind.power": 150.0, "sun.power": 280.0, "battery.power": 90.0, "grid.connection": 100.0,
        "battery.energy": 400.0 / float(np.max(usable)),
    })  # fmt: skip
    points = Controller(found.network, found.sizes).points
    assert points.most[points.index["battery.discharge"]] == pytest.approx(90.0)
    assert points.most[points.index["wind.output"]] == pytest.approx(150.0)


def test_what_no_device_tells_is_of_an_earlier_plan_or_as_much_as_may_be(
    plant: Plant, tmp_path: Path
) -> None:
    """An earlier plan, of another version of the plant file, still says what was built."""
    most = {name: value for name, value in MOST.items() if name != "grid.import"}
    guessed = stood(plant, most, tmp_path)
    assert guessed.year.state == "guessed"
    assert guessed.sizes["grid.connection"] == 150.0
    county().year.save(tmp_path / "sizes.json")
    known = stood(plant, most, tmp_path)
    assert known.year.state == "assumed"
    assert known.sizes["grid.connection"] == county().sizes["grid.connection"]
    assert known.sizes["wind.power"] == 150.0


def test_until_the_year_is_there_a_rule_takes_the_place_of_plans(
    plant: Plant, tmp_path: Path
) -> None:
    """No process is started for it; where sizes are guessed there is no schedule at all."""
    for most, state in ((MOST, "assumed"), ({}, "guessed")):
        standing = stood(plant, most, tmp_path)
        request = Request(at(standing, 0), {"battery.level": 100.0}, {})
        process = PlannerProcess(standing)
        try:
            if state == "guessed":
                with pytest.raises(SolveError, match=UNSOLVED):
                    process.plan(request)
            else:
                schedule = process.plan(request)
                assert (schedule.status, schedule.note) == ("rule", UNSOLVED)
                assert np.abs(schedule.target).max() <= 100.0
            assert process.starts == 0
        finally:
            process.close()
