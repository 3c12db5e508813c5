"""Forecasts beside a running plant: read from its history, never waited for, owned up to."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.operate.small_plant import START, small_network
from tests.shared import ROOT
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.forecaster import PersistenceForecaster
from zeroplant.operate.foresight import STEPS, Foresight
from zeroplant.operate.measured import Means, Measured, means
from zeroplant.operate.outside import outside
from zeroplant.operate.past import Past
from zeroplant.operate.recording import Recording
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.worker import Worker
from zeroplant.plant import load_plant
from zeroplant.store import Batch, HistoryWriter, Journal

QUARTER = timedelta(minutes=15)


def keep(history: HistoryWriter, point: str, start: int, values: np.ndarray) -> None:
    """One value in the middle of each quarter-hour, from ``start`` quarters after START on."""
    events = np.datetime64(START.replace(tzinfo=None), "us") + (
        start + np.arange(len(values))
    ) * np.timedelta64(QUARTER)
    history.append(Batch([point] * len(values), events, values, events[-1], quality=0, source="t"))


def test_means_have_gaps_where_nothing_was_heard(tmp_path: Path) -> None:
    with HistoryWriter(tmp_path) as history:
        keep(history, "a", 0, np.array([1.0, 2.0]))
        keep(history, "a", 3, np.array([4.0]))
        found = means(history, ["a", "b"], START, 4, QUARTER)
    np.testing.assert_array_equal(found.mean["a"], [1.0, 2.0, np.nan, 4.0])
    assert np.isnan(found.mean["b"]).all()


def test_a_mean_is_one_of_time_and_not_of_readings(tmp_path: Path) -> None:
    """A device that says only what changes: nothing for 14 minutes, 10 MW in the last, in three
    readings; then a revision that it is lost, after 6 minutes of the next quarter."""
    at = np.datetime64(START.replace(tzinfo=None), "us")
    minutes = np.array([0.0, 14.0, 14.25, 14.5, 15.0, 21.0, 31.0])
    events = at + (minutes * 60e6).astype(np.int64).astype("m8[us]")
    value = np.array([0.0, 10.0, 10.0, 10.0, 4.0, 4.0, 2.0])
    quality = np.array([0, 0, 0, 0, 0, 3, 0], np.uint8)
    with HistoryWriter(tmp_path) as history:
        history.append(Batch(["p"] * 7, events, value, events, quality=quality, source="t"))
        found = means(history, ["p"], START, 5, QUARTER)
        minute = means(history, ["p"], START, 30, timedelta(minutes=1)).mean["p"]
    expected = [10.0 / 15.0, np.nan, 2.0, np.nan, np.nan]  # 6 of 15 minutes, 14, 1, none
    np.testing.assert_allclose(found.mean["p"], expected)
    np.testing.assert_allclose(found.last["p"], [10.0, 4.0, 2.0, 2.0, np.nan])
    np.testing.assert_array_equal(minute, [*[0.0] * 14, 10.0, *[4.0] * 6, *[np.nan] * 9])


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
    worker = Worker("beside")
    foresight = Foresight(recording, do=worker.do)
    foresight.look(START)  # before anything stands there is nothing to forecast
    assert foresight.newest == {}
    foresight.stand(county())
    foresight.look(START + QUARTER)
    deadline = time.monotonic() + 60.0
    while not foresight.newest and time.monotonic() < deadline:
        time.sleep(0.02)
    made = foresight.newest
    foresight.look(START + QUARTER + timedelta(seconds=4))
    foresight.look(START + 2 * QUARTER - timedelta(seconds=50))
    assert foresight.newest is made  # once a quarter-hour
    assert made.keys() == {"factories.load"}
    mean = made["factories.load"].mean()
    assert mean.shape == (STEPS,)
    assert mean[:4] == pytest.approx(80.0, abs=6.0)
    assert foresight.ahead(START + QUARTER, 150)["factories.load"].mean().shape == (150,)
    worker.close()
    recording.close()
    said = json.loads((tmp_path / "forecasts.json").read_text())
    assert said["factories.load"]["mean"][0] == pytest.approx(mean[0], rel=1e-4)
    assert said["factories.load"]["unit"] == "MW"
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
        foresight.stand(standing)
        foresight.forecast(START, START)
        made.append(foresight.newest["factories.load"].values)
        recording.close()
    np.testing.assert_array_equal(made[0], made[1])


def test_a_weather_file_that_is_replaced_is_read_again(tmp_path: Path) -> None:
    """The newest forecast alone takes the place of those before; one told before is not told."""
    recording, told = Recording(PlantFolder(tmp_path / "data")), []
    file = tmp_path / "weather.csv"
    head = "time,issued,forecast.wind_speed\n"
    foresight = Foresight(recording, file)
    foresight.stand(county())
    assert foresight._past is not None
    foresight._past.tell_weather = told.append  # type: ignore[method-assign,assignment]
    for hour in (0, 6, 6):
        issued = f"2025-06-01T{hour:02}:00Z"
        rows = [f"2025-06-01T{hour + 1:02}:{15 * k:02}Z,{issued},5.0" for k in range(4)]
        file.write_text(head + "\n".join(rows) + "\n")
        os.utime(file, (hour + len(told), hour + len(told) + 1))
        foresight._tell_weather(START)
    recording.close()
    assert [each.issued.hour for each in told] == [0, 6]


def test_a_weather_file_that_was_read_half_is_read_whole(tmp_path: Path) -> None:
    """Rows that were not there yet are taken when they are, though the issue is known."""
    file = tmp_path / "weather.csv"
    foresight = Foresight(None, file)
    foresight.stand(county())
    past = foresight._past
    assert past is not None
    index = int(START.timestamp()) // 900 + np.arange(96)
    for count in (40, 96):
        times = (START + n * QUARTER for n in range(count))
        rows = [f"{each.isoformat()},{START.isoformat()},{5 + n}" for n, each in enumerate(times)]
        file.write_text("time,issued,forecast.wind_speed\n" + "\n".join(rows) + "\n")
        os.utime(file, (count, count))
        foresight._tell_weather(START)
        known = past.issues["wind_speed"].at(index, np.full(96, int(START.timestamp() * 1e6)))
        assert np.isfinite(known).sum() == count
        assert known[:count].tolist() == (5.0 + np.arange(count)).tolist()


def test_what_a_meter_brings_later_becomes_known_then(tmp_path: Path) -> None:
    """Two hours without it, then all of them at once: known within the hour, and not before."""
    recording, begin = Recording(PlantFolder(tmp_path)), START
    foresight = Foresight(recording)
    foresight.stand(county())
    past, first = foresight._past, int(begin.timestamp()) // 900
    assert past is not None

    def seen(upto: datetime) -> list[float]:
        moment = int(upto.timestamp() * 1e6)
        return np.nan_to_num(past.observed["factories.load"].seen(first, 16, moment)).tolist()

    gap = 0
    for quarter in range(1, 21):
        if quarter <= 4 or quarter > 12:
            keep(recording.history, "factories.load", quarter - 1, np.full(1, 80.0))
        if quarter == 13:
            keep(recording.history, "factories.load", 4, np.full(8, 70.0))
        foresight._tell(begin + quarter * QUARTER)
        gap = max(gap, quarter if not any(seen(begin + quarter * QUARTER)[4:12]) else 0)
    recording.close()
    assert gap < 13 + 4
    whole = [80.0] * 4 + [70.0] * 8 + [80.0] * 4
    assert seen(begin + 20 * QUARTER) == whole
    assert seen(begin + 12 * QUARTER)[4:] == [0.0] * 12  # what was known then stays as it was
    assert foresight._count["factories.load"] == 20


def test_a_forecaster_that_is_given_is_told_only_what_comes(tmp_path: Path) -> None:
    """With a past of its own it need not measure for two days, nor hear of that past again."""
    standing = county()
    past = Past(QUARTER, ["factories.load"])
    moments = np.datetime64(START.replace(tzinfo=None), "us") + np.arange(-96, 0) * np.timedelta64(
        QUARTER
    )
    past.tell("factories.load", moments, np.full(96, 80.0), moments + np.timedelta64(QUARTER))
    listed = [outside(standing.network)["factories.load"]]
    asked: list[tuple[datetime, int]] = []

    def source(names: Iterable[str], start: datetime, steps: int, step: timedelta) -> Means:
        asked.append((start, steps))
        values = dict.fromkeys(names, np.full(steps, 90.0))
        return Means(start, step, values, values)

    given = PersistenceForecaster(listed, past), past
    foresight = Foresight(None, source=source, given=given)
    foresight.stand(standing)
    foresight.look(START)
    assert foresight.newest["factories.load"].values[0, :2].tolist() == [80.0, 80.0]
    foresight.look(START + QUARTER - timedelta(seconds=44))  # the next is forecast ahead of it,
    assert foresight.newest["factories.load"].start == START + QUARTER
    assert asked == []  # from quarter-hours that are over
    foresight.look(START + 2 * QUARTER - timedelta(seconds=44))
    assert asked == [(START - QUARTER, 2)]
    assert past.observed["factories.load"].seen(int(START.timestamp()) // 900, 1, 2**62)[0] == 90.0
