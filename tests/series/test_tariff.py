"""Time-of-use tables cover each hour exactly once, and say where they do not."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.errors import InputError
from zeroplant.series import Row, TimeOfUse

YEAR = Axis(datetime.fromisoformat("2025-01-01T00:00+08:00"), 8760, 1.0, "Asia/Shanghai")


def complaints(*rows: Row) -> list[str]:
    with pytest.raises(InputError) as caught:
        TimeOfUse(rows)
    return [str(problem) for problem in caught.value.problems]


def test_a_table_of_peaks_flats_and_valleys() -> None:
    """Proves hours and months against a loop over the calendar; a table read on the UTC clock
    would have its peak at 16 to 19 hours."""
    tariff = TimeOfUse(
        (
            Row(900, "8-11, 18-21"),
            Row(300, "22-6", months="1-6,9-12"),
            Row(250, "22-6", months="7-8"),
            Row(600, "6-8, 11-18, 21-22"),
        )
    )
    values = tariff.on(YEAR)
    for stage in range(0, 8760, 7):
        month, hour = YEAR.month_of_year[stage], YEAR.hour_of_day[stage]
        night = 250 if month in (7, 8) else 300
        peak = 8 <= hour < 11 or 18 <= hour < 21
        wanted = 900 if peak else night if hour >= 22 or hour < 6 else 600
        assert values[stage] == wanted


def test_weekends_and_wrapping_months() -> None:
    tariff = TimeOfUse((Row(1, days="weekend"), Row(2, months="11-2", days="workday"),
                        Row(3, months="3-10", days="workday")))  # fmt: skip
    values = tariff.on(YEAR)
    weekend, month = YEAR.weekday >= 5, YEAR.month_of_year
    wanted = np.where(weekend, 1, np.where((month <= 2) | (month >= 11), 2, 3))
    np.testing.assert_array_equal(values, wanted)


def test_half_hours_and_other_periods() -> None:
    """A period in which the price changes has the mean; 3-hour periods 3 hours' mean."""
    tariff = TimeOfUse((Row(10, "10:30-12"), Row(2, "12-10:30")))
    assert tariff.on(YEAR)[9:13].tolist() == [2, 6, 10, 2]
    three = Axis(YEAR.start, 8, 3.0, YEAR.zone)
    assert tariff.on(three).tolist() == [2, 2, 2, 6, 2, 2, 2, 2]
    quarter = Axis(YEAR.start, 96, 0.25, YEAR.zone)
    assert np.flatnonzero(tariff.on(quarter) == 10).tolist() == list(range(42, 48))


def test_one_price_is_exact_at_every_step() -> None:
    """A mean of equal numbers must not bring rounding in."""
    for hours in (0.25, 1.0, 2.0, 24.0):
        axis = Axis(YEAR.start, 5, hours, YEAR.zone)
        assert set(TimeOfUse((Row(0.1),)).on(axis).tolist()) == {0.1}


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            [Row(1, "8-11"), Row(2, "11-8", months="1-11")],
            ["no row covers hours 0-8, 11-24 in months 12; every hour needs exactly one row"],
        ),
        (
            [Row(1, "0-24", days="workday"), Row(2, "0-8, 8:30-24", days="weekend")],
            ["no row covers hours 8-8:30 at weekends; every hour needs exactly one row"],
        ),
        (
            [Row(1), Row(2, "8-11", months="6-8", days="workday")],
            [
                "rows 1 and 2 both cover hours 8-11 on workdays in months 6-8; "
                "every hour needs exactly one row"
            ],
        ),
        (
            [Row(1, "8-25"), Row(2, months="0-3"), Row(3, "8-11, 10-12"), Row(4, "8:20-9")],
            [
                "row 1: '8-25' is not a range of hours; write hours such as '8-11, 18:30-21'",
                "row 2: '0-3' is not a range of months; write months such as '1-3, 12'",
                "row 3: the hours '8-11, 10-12' overlap themselves; name each once",
                "row 4: '8:20-9' is not a range of hours; write hours such as '8-11, 18:30-21'",
            ],
        ),
        ([Row(1, " ")], ["row 1: no hours; write them as '8-11, 18-21'"]),
        ([Row(1, "8-8")], ["row 1: '8-8' is not a range of hours; "
                           "write hours such as '8-11, 18:30-21'"]),
    ],
)  # fmt: skip
def test_refusals(rows: list[Row], lines: list[str]) -> None:
    assert complaints(*rows) == lines
