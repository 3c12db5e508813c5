"""Forecasts beside a running plant: read from its history, never waited for, owned up to."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.operate.small_plant import START, small_network
from tests.shared import ROOT
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.foresight import STEPS, Foresight
from zeroplant.operate.image import Image, micros
from zeroplant.operate.measured import Measured, means
from zeroplant.operate.outside import outside
from zeroplant.operate.planner_process import Request
from zeroplant.operate.planning import Planning
from zeroplant.operate.points import Points
from zeroplant.operate.recording import Recording
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import load_plant
from zeroplant.store import Batch, HistoryWriter, Journal

QUARTER = timedelta(minutes=15)


def keep(history: HistoryWriter, point: str, start: int, values: np.ndarray) -> None:
    """One value in the middle of each quarter-hour, from ``start`` quarters after START on."""
    events = np.datetime64(START.replace(tzinfo=None), "us") + (
        start + np.arange(len(values))
    ) * np.timedelta64(QUARTER)
    events += np.timedelta64(5, "m")
    history.append(Batch([point] * len(values), events, values, events[-1], quality=0, source="t"))


def test_means_have_gaps_where_nothing_was_heard(tmp_path: Path) -> None:
    with HistoryWriter(tmp_path) as history:
        keep(history, "a", 0, np.array([1.0, 2.0]))
        keep(history, "a", 3, np.array([4.0]))
        found = means(history, ["a", "b"], START, 4, QUARTER)
    np.testing.assert_array_equal(found.mean["a"], [1.0, 2.0, np.nan, 4.0])
    assert np.isnan(found.mean["b"]).all()


def test_what_a_river_brings_is_what_the_level_and_the_releases_leave(tmp_path: Path) -> None:
    net = small_network()
    out = net.flow("turbine.output", give=net.nodes[0], cap=5.0)
    hours = np.arange(net.axis.stages) * 0.25
    net.store("lake.level", drain={out: 2.0}, inflow=10 + np.sin(hours), cap=1e3, start=500.0)
    found = {k: v for k, v in outside(net).items() if k == "lake.level"}
    assert found["lake.level"].kind == "inflow"
    measured = Measured(net, found)
    came, power = np.array([9.0, 11.0, 7.0]), np.array([1.0, 2.0, 3.0])
    level = 500.0 + np.concatenate([[0.0], np.cumsum(0.25 * (came - 2.0 * power))])
    with HistoryWriter(tmp_path) as history:
        keep(history, "lake.level", 0, level)
        keep(history, "turbine.output", 1, power)
        values = measured.of(means(history, measured.points, START, 4, QUARTER))
    np.testing.assert_allclose(values["lake.level"], came, rtol=1e-9)


def county() -> Standing:
    """The base plant, on days that begin at START."""
    plant = load_plant(ROOT / "examples" / "county-base")
    return stand(plant, start=START, days=2)


def test_what_was_measured_is_forecast_and_the_rest_is_owned_up_to(tmp_path: Path) -> None:
    recording = Recording(PlantFolder(tmp_path))
    days = np.arange(-3 * 96, 1)  # three days before START
    load = 80 + 10 * np.sin(2 * np.pi * days / 96)
    keep(recording.history, "factories.load", -3 * 96, load)
    keep(recording.history, "wind.output.possible", -20, np.full(20, 30.0))
    foresight = Foresight(recording)
    asked: list[Request] = []

    class Asked:
        def ask(self, request: Request) -> bool:
            asked.append(request)
            return True

        def answer(self) -> None:
            return None

    planning = Planning(Asked(), recording, lambda _: foresight.newest)  # type: ignore[arg-type]
    points = Points(("battery.level",), ("MWh",), np.zeros(1, bool), np.zeros(1),
                    np.full(1, 9.0), 0, 1)  # fmt: skip

    def look(after: timedelta) -> None:
        at = START + after
        foresight.look(at)
        planning.look(Image(at, points, np.ones(1), np.full(1, micros(at)), np.zeros(1, np.uint8)))

    look(timedelta())  # before anything stands: a plan on what the file lets expect
    assert [dict(each.forecasts) for each in asked] == [{}]
    foresight.stand(county())
    foresight.look(START + QUARTER)
    deadline = time.monotonic() + 60.0
    while not foresight.newest and time.monotonic() < deadline:
        time.sleep(0.02)
    look(timedelta(seconds=4))
    look(timedelta(seconds=8))
    assert len(asked) == 2  # once more in the same quarter-hour, for the forecasts are new
    made = asked[-1].forecasts
    assert made.keys() == {"factories.load"}
    mean = made["factories.load"].mean()
    assert mean.shape == (STEPS,)
    assert mean[:4] == pytest.approx(80.0, abs=6.0)
    foresight.close()
    recording.close()
    said = json.loads((tmp_path / "forecasts.json").read_text())
    assert said["factories.load"]["mean"][0] == pytest.approx(mean[0], rel=1e-4)
    records = list(Journal(tmp_path / "journal").read())
    assert {"forecast", "note"} <= {each.kind for each in records}
    (note,) = [each for each in records if each.kind == "note"]
    assert "less than two days" in note.payload["wind.output"]
    assert "sun.output" in note.payload


def test_nothing_that_became_known_later_is_in_a_forecast(tmp_path: Path) -> None:
    """The history holds the future already (a folder that was copied): it is not looked at."""
    standing, made = county(), []
    for future in (0.0, 500.0):
        folder = tmp_path / f"{future:g}"
        recording = Recording(PlantFolder(folder))
        keep(recording.history, "factories.load", -3 * 96, 80 + np.arange(3 * 96) % 96 / 10)
        keep(recording.history, "factories.load", 0, np.full(8, future))
        foresight = Foresight(recording)
        foresight.close()  # its work is done here, not beside
        foresight._stand(standing)
        foresight.forecast(START)
        made.append(foresight.newest["factories.load"].values)
        recording.close()
    np.testing.assert_array_equal(made[0], made[1])
