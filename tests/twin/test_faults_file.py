"""The file of faults: what is wrong with it is said in one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from zeroplant.errors import InputError
from zeroplant.twin.faults import MEANING, OF_CONTROL, Fault, FaultKind, Trouble, read_trouble
from zeroplant.weather.prediction import WeatherForecast

POINTS = ("battery.charge", "battery.level", "wind.output")


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        "faults:\n  - {kind: silent, device: battery, at: 2 h, lasts: 30 min}\n"
        "orders:\n  - {kind: target, value: -20 MW, at: 1 h, lasts: 2 h}\n",
        encoding="utf-8",
    )
    trouble = read_trouble(file, POINTS, hours=24.0)
    assert trouble.faults[0].lasts == pytest.approx(0.5)
    assert trouble.asked(1.5)[0].value == pytest.approx(-20.0)
    assert trouble.active("silent", 2.2)
    assert not trouble.active("silent", 2.6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faults:\n  - {kind: mute, device: battery, at: 1 h}\n", "mute"),
        ("faults:\n  - {kind: silent, device: bottery, at: 1 h}\n", "did you mean 'battery'?"),
        ("faults:\n  - {kind: silent, at: 1 MW}\n", "MW"),
        ("faults:\n  - {kind: silent, at: 1 h, last: 2 h}\n", "did you mean 'lasts'?"),
        ("faults:\n  - {kind: silent, at: 24 h}\n", "not before the end of a run of 24 h"),
        ("orders:\n  - {kind: target, value: 1 MW, at: 30 h, lasts: 1 h}\n", "orders[0].at"),
        ("faults:\n  - {kind: solver_crash, device: battery, at: 1 h}\n", "'solver_crash' is no"),
        ("faults:\n  - {kind: meter_lost, device: wind, at: 1 h}\n", "'meter_lost' is no"),
        ("faults:\n  - {kind: drift, at: 1 h, share: 0.5}\n", "'drift' has no share"),
        ("faults:\n  - {kind: offline, device: wind, at: 1 h, share: 0.5}\n", "as a whole"),
        ("faults:\n  - {kind: offline, at: 1 h, amount: 3 h}\n", "'offline' has no amount"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_trouble(file, POINTS, hours=24.0)
    assert len(error.value.problems) == 1
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_all_that_would_not_happen_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        "faults:\n"
        "  - {kind: silent, device: battery, at: 30 h}\n"
        "  - {kind: drift, device: wind, at: 40 h, amount: 3 h, share: 0.1}\n"
        "  - {kind: solver_crash, device: bottery, at: 2 h}\n"
        "  - {kind: slow, device: battery.level, at: 2 h, amount: 5 s}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        read_trouble(file, POINTS, hours=24.0)
    places = [(problem.line, problem.where) for problem in error.value.problems]
    assert sorted(places) == [
        (2, "faults[0].at"),
        (3, "faults[1].amount"),
        (3, "faults[1].at"),
        (3, "faults[1].share"),
        (4, "faults[2].device"),
    ]


def test_every_fault_has_a_meaning_in_both_languages() -> None:
    assert set(MEANING) == set(get_args(FaultKind))
    assert set(MEANING) > OF_CONTROL
    assert all(en and zh for en, zh in MEANING.values())


def test_weather_forecasts_are_missing_while_they_are_missing() -> None:
    """What is issued meanwhile comes when the service is back, and all others in their time."""
    start, hour = datetime(2025, 7, 7, tzinfo=UTC), timedelta(hours=1)
    issues = [
        WeatherForecast(start + n * 12 * hour, start + n * 12 * hour, hour, {"ghi": np.zeros(72)})
        for n in range(-3, 6)
    ]
    faults = [Fault(kind="no_weather", at=10.0, lasts=20.0), Fault(kind="silent", at=0.0)]
    heard = Trouble(faults=faults).heard(issues, start)
    hours = [(issue.issued - start) / hour for issue in heard]
    assert hours == [-36, -24, -12, 0, 30, 30, 36, 48, 60]
    assert [issue.start for issue in heard] == [issue.start for issue in issues]
    assert Trouble().heard(issues, start) == tuple(issues)
