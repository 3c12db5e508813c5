"""What is told with a probability is there as often: told against held, moment after moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binom

from tests.operate.by_hand import LEVELS, forecast, house, standing
from zeroplant.axis import Floats
from zeroplant.operate.capability import _sure, envelope
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Futures
from zeroplant.operate.scheduler import Scheduler, Settings

MOMENTS = 1000
STEPS = 16
LASTING = 24.0
"""Steps over which errors fall to 1/e."""
START = datetime(2025, 6, 1, tzinfo=UTC)
ODDS = np.array([0.5, 0.9, 0.95])
CHANCE = 1e-4
"""Of a test that fails although all is as it should be."""


def farm(key: str, correlation: float) -> Forecast:
    """One of some neighbours: 5 MW expected, with errors of 1 MW."""
    values = np.repeat(5.0 + ndtri(LEVELS)[:, None], STEPS, axis=1)
    return Forecast(
        key, START, START, timedelta(minutes=15), LEVELS, values,
        group="wind" if correlation else "", correlation=correlation,
    )  # fmt: skip


def errors(draw: np.random.Generator, count: int) -> Floats:
    """Standard normal errors that last, (count, STEPS)."""
    keep = np.exp(-1.0 / LASTING)
    found = draw.standard_normal((count, STEPS))
    for step in range(1, STEPS):
        found[:, step] = keep * found[:, step - 1] + np.sqrt(1 - keep**2) * found[:, step]
    return found


def assert_as_often(held: int, of: int, odds: float, slack: float = 0.0) -> None:
    """That many of so many are what the odds let expect."""
    assert binom.cdf(held, of, odds - slack) > CHANCE, (held / of, odds)
    assert binom.sf(held - 1, of, odds + slack) > CHANCE, (held / of, odds)


@pytest.mark.parametrize("steps", [1, 4, 16])
@pytest.mark.parametrize(("farms", "correlation"), [(1, 0.0), (2, 0.8), (4, 1.0)])
def test_what_is_told_is_held(farms: int, correlation: float, steps: int) -> None:
    """For a quarter-hour, an hour and four; alone, and with neighbours that err together."""
    draw = np.random.default_rng(7)
    forecasts = [farm(f"{n}.output", correlation) for n in range(farms)]
    own = errors(draw, MOMENTS * farms).reshape(MOMENTS, farms, STEPS)
    common = errors(draw, MOMENTS)[:, None]
    came = 5.0 + np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own
    came = came.sum(axis=1)[:, :steps].min(axis=1)
    told = np.zeros((MOMENTS, len(ODDS)))
    for moment in range(MOMENTS):
        futures = Futures(40, STEPS, LASTING, seed=moment)
        power = sum((futures.of(each, 0, STEPS) for each in forecasts), np.zeros((40, STEPS)))
        told[moment] = _sure(power[:, :steps].min(axis=1), ODDS)
    for held, odds in zip((came[:, None] >= told).sum(axis=0), ODDS, strict=True):
        assert_as_often(int(held), MOMENTS, odds, slack=0.01)


def test_the_envelope_tells_what_is_held() -> None:
    """The programme itself: sun of 5 MW and errors of 1 MW, asked in two hundred futures."""
    net = house(load=0.0, sun=5.0, power=0.0)
    plant = standing(net, level=0.0)
    known = {"sun": forecast(net, "sun", 5.0 + ndtri(LEVELS))}
    plan = Scheduler(plant, Settings(futures=1, margin=0.0)).plan(
        net.axis.start, {"level": 0.0}, known
    )
    hours, odds = (0.25, 1.0, 4.0), (0.5, 0.9, 0.95, 0.99)
    found = envelope(
        plant, plan.start, {"level": 0.0}, known, plan, hours=hours, probabilities=odds,
        futures=200,
    )  # fmt: skip
    came = 5.0 + errors(np.random.default_rng(0), 40_000)
    for length, row in zip(hours, found.deliver, strict=True):
        least = came[:, : round(length * 4)].min(axis=1)
        for wanted, told in zip(odds, row, strict=True):
            assert_as_often(round(200 * float((least >= told).mean())), 200, wanted)
