"""Measured wind and sun: ours beats what the data sets state of the reference forecasts.

The whole comparison is in benchmarks/forecast_real.py; here learnt once, one farm, one station.
"""

from __future__ import annotations

import pytest

from benchmarks.forecast_real import Trial
from benchmarks.measured import solar, utc, wind
from tests.shared import shared_data
from zeroplant.operate.skill import skill


def test_wind_of_2021_learnt_from_2020() -> None:
    """The data set states nMAE of 18.2 (weather curve), 8.8 (1 h ago), 30.6 (24 h ago) percent."""
    trial = Trial(wind(shared_data("wind_hku_100mw").parent))
    trial.learn(utc(trial.plant.split))
    hour, day = trial.scores(4), trial.scores(96)
    assert hour.references["persistence"].nmae == pytest.approx(8.8, abs=0.1)
    assert day.references["weather curve"].nmae == pytest.approx(18.2, abs=0.2)
    assert day.references["24 h persistence"].nmae == pytest.approx(30.6, abs=0.1)
    assert hour.ours.nmae < 8.7
    assert day.ours.nmae < 16.5
    assert skill(day.ours, day.references["24 h persistence"]) > 0.4
    assert 0.6 < day.ours.coverage[0.8] < 0.9


def test_sun_of_a_station_in_hebei() -> None:
    """The data set states nMAE of 14.5 (weather curve) and 18.5 (24 h ago) percent by day."""
    trial = Trial(solar(shared_data("pv_pvod_hebei").parent, "station04"))
    trial.learn(utc(trial.plant.split))
    hour, day = trial.scores(4), trial.scores(96)
    assert day.references["weather curve"].nmae == pytest.approx(14.5, abs=0.2)
    assert day.references["24 h persistence"].nmae == pytest.approx(18.5, abs=0.1)
    assert day.ours.nmae < 14.0
    assert hour.ours.nmae < 0.95 * hour.references["clear-sky persistence"].nmae
    assert 0.7 < day.ours.coverage[0.8] < 0.95
