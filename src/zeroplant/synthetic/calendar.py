"""Days on which China works, travels and rests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats

NEW_YEAR = np.array(
    [
        "2010-02-14", "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19",
        "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12",
        "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06",
        "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31",
        "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04", "2039-01-24",
        "2040-02-12",
    ],
    dtype="M8[D]",
)  # fmt: skip
"""First days of the Chinese lunar year (public calendar)."""
USUAL_NEW_YEAR = 35
"""Days from 1 January to a usual lunar new year (5 February), for years out of the table."""


def days_from_new_year(axis: Axis) -> Floats:
    """Days (with fraction) from the nearest lunar new year to each stage, negative before it."""
    first = axis.local[0].astype("M8[Y]") - 1
    years = np.arange(first, axis.local[-1].astype("M8[Y]") + 2)
    usual = years.astype("M8[D]") + USUAL_NEW_YEAR
    known = np.isin(years, NEW_YEAR.astype("M8[Y]"))
    index = np.searchsorted(NEW_YEAR.astype("M8[Y]"), years[known])
    usual[known] = NEW_YEAR[index]
    at = usual.astype("M8[s]").astype(float) / 86400
    now = axis.local.astype("M8[s]").astype(float) / 86400
    after = np.clip(np.searchsorted(at, now), 1, len(at) - 1)
    since, until = now - at[after - 1], now - at[after]
    return axis.tile(np.where(since < -until, since, until))


def holiday(axis: Axis) -> NDArray[np.bool_]:
    """Stages in the Spring Festival week, 1-3 May or 1-7 October."""
    spring = days_from_new_year(axis)
    day = axis.tile((axis.local.astype("M8[D]") - axis.local.astype("M8[M]")).astype(float) + 1)
    month = axis.month_of_year
    labour = (month == 5) & (day <= 3)
    national = (month == 10) & (day <= 7)
    return np.asarray(((spring >= -1) & (spring < 7)) | labour | national)


def weekend(axis: Axis) -> NDArray[np.bool_]:
    """Saturdays and Sundays (days moved for long holidays are not looked up)."""
    return np.asarray(axis.weekday >= 5)
