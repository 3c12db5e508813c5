"""Neighbours err together: how much is learnt from the errors that were recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.operate.county import county
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Futures
from zeroplant.operate.headroom import lacking
from zeroplant.operate.likeness import ENOUGH, USUAL, Group, Likeness, correlation, groups_of
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.operate.track import Track

START = datetime(2025, 6, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
KEYS = ("north.output", "south.output")
WIND = Group("wind", "possible")


def told(key: str, now: datetime = START, middle: float = 5.0) -> Forecast:
    """The same for each of five quarter-hours."""
    values = np.array([[middle - 1.0], [middle], [middle + 1.0]])
    levels = np.array([0.1, 0.5, 0.9])
    return Forecast(key, now, now, QUARTER, levels, np.repeat(values, 5, axis=1))


def followed(shared: float, quarters: int) -> Track:
    """Two series, forecast as 5 MW, that came with errors of that correlation."""
    past = Past(QUARTER, KEYS)
    track = Track([Outside(key, "possible", "MW", 10.0, known=False) for key in KEYS], past, "UTC")
    draw = np.random.default_rng(3)
    common, own = draw.standard_normal(quarters), draw.standard_normal((2, quarters))
    for n in range(quarters):
        now = START + n * QUARTER
        for key, each in zip(KEYS, own, strict=True):
            if n:
                off = np.sqrt(shared) * common[n - 1] + np.sqrt(1 - shared) * each[n - 1]
                past.tell(key, now - QUARTER, 5.0 + off, now)
        track.look(now, {key: told(key, now) for key in KEYS})
    return track


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
def test_the_correlation_is_that_of_recorded_errors(shared: float) -> None:
    """Told to each of a group; whoever is in none stays alone."""
    likeness = Likeness(dict.fromkeys(KEYS, WIND))
    likeness.learn(followed(shared, ENOUGH + 10))
    found = likeness.told({key: told(key) for key in (*KEYS, "load")})
    for key in KEYS:
        assert found[key].group == "wind"
        assert found[key].correlation == pytest.approx(shared, abs=0.1)
    assert (found["load"].group, found["load"].correlation) == ("", 0.0)


def test_until_enough_is_recorded_neighbours_are_taken_to_err_together() -> None:
    likeness = Likeness(dict.fromkeys(KEYS, WIND))
    likeness.learn(followed(0.0, ENOUGH - 10))
    assert likeness.told({KEYS[0]: told(KEYS[0])})[KEYS[0]].correlation == USUAL["possible"]


def test_gaps_are_left_out() -> None:
    """What one of them did not measure says nothing of both; a series that never errs nothing."""
    draw = np.random.default_rng(1)
    errors = np.repeat(draw.standard_normal((1, 3 * ENOUGH)), 2, axis=0)
    errors[0, ::3] = np.nan
    assert correlation(errors) == pytest.approx(1.0, abs=0.01)
    assert correlation(np.vstack([errors[1], -errors[1]])) == 0.0
    assert correlation(np.zeros((2, 3 * ENOUGH))) is None
    errors[1] = np.nan
    assert correlation(errors) is None


def test_futures_of_a_group_are_as_alike_as_told() -> None:
    """And as wide as ever."""
    futures = Futures(4000, 2, 24.0)
    likeness = Likeness(dict.fromkeys(KEYS, WIND))
    drawn = [futures.of(each, 0, 2) for each in likeness.told({k: told(k) for k in KEYS}).values()]
    assert np.corrcoef(drawn[0][:, 1], drawn[1][:, 1])[0, 1] == pytest.approx(
        USUAL["possible"], abs=0.03
    )
    assert [each.std() for each in drawn] == pytest.approx([1.0 / 1.2816] * 2, abs=0.03)


def test_futures_stay_within_what_can_be() -> None:
    """However far the tail would go on."""
    forecast = Forecast(
        "wind", START, START, QUARTER, np.array([0.05, 0.1]), np.array([[1.0], [2.0]]),
        within=(0.0, 8.0),
    )  # fmt: skip
    values = Futures(1000, 1, 24.0).of(forecast, 0, 1)
    assert (values.min(), values.max()) == (0.0, 8.0)


def test_what_may_be_lacking_counts_neighbours_together() -> None:
    """3 and 4 MW: 7 where they err as one, 5 where each errs for itself."""
    network = county().network
    flows = ("wind.output", "sun.output")
    wide = dict(zip(flows, (3.0, 4.0), strict=True))

    def short(shared: float) -> float:
        made = {
            key: Forecast(
                key, START, START, QUARTER, np.array([0.05, 0.95]),
                np.array([[-each], [each]]), group="together", correlation=shared,
            )
            for key, each in wide.items()
        }  # fmt: skip
        return lacking(network, made)

    assert [short(0.0), short(1.0)] == pytest.approx([5.0, 7.0])


def test_groups_are_of_one_kind_name_and_site() -> None:
    """The county has one of each: nobody errs together."""
    standing = county()
    outside = [
        Outside(key, "possible", "MW", 1.0, known=False) for key in ("wind.output", "sun.output")
    ]
    assert groups_of(standing.plant, outside) == {}
    twice = standing.plant.model_copy(
        update={"assets": {**standing.plant.assets, "east": standing.plant.assets["wind"]}}
    )
    east = Outside("east.output", "possible", "MW", 1.0, known=False)
    (site,) = standing.plant.sites
    group = Group(f"Wind output at {site}", "possible")
    assert groups_of(twice, [*outside, east]) == {"wind.output": group, "east.output": group}
