"""How good forecasts turned out: by hand, beside what anybody could have said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from zeroplant.operate.forecast import Forecast
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.operate.track import HOURS, LEAST, Track

START = datetime(2025, 6, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LOAD = Outside("load", "load", "MW", 50.0, known=False)


def followed(quarters: int, low: float = -1.0) -> Track:
    """A load that climbs 0.1 MW each quarter-hour, forecast 1 MW too high, from -1 to +3 MW."""
    past = Past(QUARTER, ["load"])
    track = Track([LOAD], past, "UTC")
    for n in range(quarters):
        now = START + n * QUARTER
        if n:
            past.tell("load", now - QUARTER, 0.1 * (n - 1), now)
        came = 0.1 * (n + np.arange(100))
        levels = np.array([0.1, 0.5, 0.9])
        values = np.stack([came + low, came + 1.0, came + 3.0])
        track.look(now, {"load": Forecast("load", now, now, QUARTER, levels, values)})
    return track


def test_errors_are_shares_of_the_rating() -> None:
    """1 of 50 MW at any horizon; what stays as it was is off by 0.1 MW for each quarter-hour."""
    said = followed(5 * 96).plain()["keys"]["load"]
    assert (said["unit"], said["rating"], tuple(said["hours"])) == ("MW", 50.0, HOURS)
    assert said["error"] == pytest.approx([0.02] * 4)
    assert said["persistence"] == pytest.approx([0.1 * k / 50 for k in (1, 4, 16, 96)])
    assert said["coverage"] == pytest.approx([1.0] * 4)
    # the mean of up to seven days before is further back than yesterday, which is 9.6 MW lower
    assert all(each > 9.6 / 50 - 1e-9 for each in said["climatology"])


def test_what_lies_outside_of_the_band_is_not_covered() -> None:
    """The band begins above what came."""
    said = followed(97 + LEAST, low=0.5).plain()["keys"]["load"]
    assert said["coverage"][0] == 0.0


def test_too_little_says_nothing() -> None:
    """All are compared over the same steps: climatology begins with the second day."""
    assert followed(96 + LEAST).plain()["keys"]["load"]["error"] == [None] * 4
    assert followed(97 + LEAST).plain()["keys"]["load"]["error"] == pytest.approx([0.02] * 4)


def test_said_again_for_the_same_moment_the_later_counts() -> None:
    """And what nobody measures is left out."""
    past = Past(QUARTER, ["load"])
    track = Track([LOAD], past, "UTC")
    forecast = Forecast("load", START, START, QUARTER, np.array([0.5]), np.zeros((1, 100)))
    track.look(START, {"load": forecast, "price": forecast})
    track.look(START, {"load": forecast})
    assert list(track.plain()["keys"]) == ["load"]
    assert (track._made["load"] >= 0).sum() == 1
