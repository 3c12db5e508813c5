"""Generated inflow: level, monsoon months, recession and memory like a measured river's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.shared import shared_data
from tests.weather.axes import beijing_year
from zeroplant.axis import Floats
from zeroplant.errors import InputError
from zeroplant.synthetic.river import MONSOON, river

YEARS = 60


def daily(hours: float = 1.0) -> Floats:
    """Daily means (years, days) of a river of 500 m3/s."""
    return river(beijing_year(YEARS, hours), 1).reshape(YEARS, 365, -1).mean(axis=2)


def recession(flow: Floats) -> float:
    """Median ratio of a day to the day before while flow falls for three days or more."""
    ratio = flow[..., 1:] / flow[..., :-1]
    falls = (ratio[..., 2:] < 1) & (ratio[..., 1:-1] < 1) & (ratio[..., :-2] < 1)
    return float(np.median(ratio[..., 1:-1][falls]))


def correlation(flow: Floats, lag: int) -> float:
    """Correlation of (years, days) with itself some days later."""
    off = flow - np.nanmean(flow)
    return float(np.nanmean(off[..., lag:] * off[..., :-lag]) / np.nanmean(off**2))


@pytest.mark.parametrize("hours", [1.0, 3.0])
def test_level_and_months(hours: float) -> None:
    """Proves: the long-term mean (6 %: years of rivers differ by a fifth) and the monsoon.

    Storage delays water by weeks; without setting the rain early, June would have October's flow.
    """
    axis = beijing_year(YEARS, hours)
    flow = river(axis, 1)
    assert flow.min() > 0
    assert flow.mean() == pytest.approx(500, rel=0.06)
    months = np.array([flow[axis.month_of_year == m].mean() for m in range(1, 13)]) / 500
    assert np.corrcoef(months, MONSOON)[0, 1] > 0.95
    assert months[5:9].sum() / months.sum() == pytest.approx(0.6, abs=0.08)
    yearly = flow.reshape(YEARS, -1).mean(axis=1)
    assert 0.1 < yearly.std() / yearly.mean() < 0.3


def test_memory_against_a_measured_river() -> None:
    """Proves: memory, recession, floods and low flow are those of a river of that size.

    Kootenai above Libby Dam, 1974-2020 (snow-melt, 23,000 km2; storm floods rise and fall faster).
    Bounds: lag 1 day 0.04, 5 days within 0.25 below it, fall of flow per day 0.04; the highest
    percent 3.5 to 7 times the mean (5.4 there), the lowest twentieth 0.1 to 0.35 (0.21 there).
    """
    folder = shared_data("hydro_reservoir_resops")
    table = pd.read_parquet(folder / "resops_grand297_daily_1974_2020.parquet")
    real = table["inflow_m3s"].to_numpy(dtype=float)
    real = np.where(real > 5, real, np.nan)
    mine = daily()
    assert correlation(mine, 1) == pytest.approx(correlation(real, 1), abs=0.04)
    assert correlation(real, 5) - 0.25 < correlation(mine, 5) < correlation(real, 5)
    assert recession(mine) == pytest.approx(recession(real), abs=0.04)
    high = np.quantile(mine, 0.99) / mine.mean()
    low = np.quantile(mine, 0.05) / mine.mean()
    assert 3.5 < high < 7
    assert 0.1 < low < 0.35


def test_flood_recession_is_the_one_given() -> None:
    """Proves: with floods alone, flow falls by exp(-24 h / time) a day between storms.

    Times in steps instead of hours would fall by 0.98 or by 0.4 a day.
    """
    flow = river(beijing_year(20), 1, flood_share=1.0, flood_hours=48, storm_days=30.0)
    flow = flow.reshape(20, 365, 24).mean(axis=2)
    ratio = flow[:, 8:] / flow[:, 7:-1]
    dry = np.stack([ratio[:, n : n - 8] < 0.9 for n in range(1, 8)]).all(axis=0)
    assert np.median(ratio[:, 8:][dry]) == pytest.approx(np.exp(-0.5), abs=0.03)


def test_seed_and_step() -> None:
    """Proves: the same seed is the same river, a chain does not depend on the others."""
    one, three = beijing_year(), beijing_year(3)
    assert np.array_equal(river(one, 4), river(three, 4)[:8760])
    assert not np.array_equal(river(one, 4), river(one, 5))


def test_bad_rivers_are_named_together() -> None:
    """Proves: every impossible parameter is named."""
    with pytest.raises(InputError) as caught:
        river(beijing_year(), 1, mean=-1, months=[1.0] * 11, flood_share=2)
    assert len(caught.value.problems) == 3
