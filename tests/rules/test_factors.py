"""Emission factors against a public table, and against the changes printed with them."""

from __future__ import annotations

import csv

import pytest

from tests.shared import shared_data
from zeroplant import rules
from zeroplant.errors import InputError


def test_against_the_public_table() -> None:
    """Proves: all 30 provinces and 7 grids of 2021 and 2022 are those of the announcements."""
    path = shared_data("carbon_factors_china") / "grid_average_factors_2021_2022.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 37
    for row in rows:
        for year in (2021, 2022):
            found = rules.factor(row["area"], year)
            assert found.value == float(row[f"kgco2_per_kwh_{year}"]), (row["area"], year)
            assert found.level == row["level"]


# Changes from 2022 to 2023 in per cent, as printed with the announcement of 2023.
CHANGES = {
    "North": -6.1, "Northeast": -8.0, "East": -2.1, "Central": -2.3, "Northwest": -5.4,
    "South": 4.5, "Southwest": 9.0, "China": -1.1,
}  # fmt: skip


@pytest.mark.parametrize(("region", "change"), CHANGES.items())
def test_printed_changes_lead_from_2022_to_2023(region: str, change: float) -> None:
    """Proves: both years' factors are right; a typing error in either breaks the change.

    The printed change may come of factors that were not rounded to four places.
    """
    before, after = rules.factor(region, 2022).value, rules.factor(region, 2023).value
    assert 100 * (after / before - 1) == pytest.approx(change, abs=0.06)


def test_traded_green_energy_taken_out_raises_the_factor() -> None:
    """Proves: 2023 is 4.1 % above 2022, as printed, and above the average of every year."""
    plain = [rules.factor("China", year).value for year in (2021, 2022, 2023)]
    without = [
        rules.factor("China", year, kind="without_traded_green").value
        for year in (2021, 2022, 2023)
    ]
    assert round(100 * (without[2] / without[1] - 1), 1) == pytest.approx(4.1)
    assert all(high > low for high, low in zip(without, plain, strict=True))


@pytest.mark.parametrize("name", ["Inner Mongolia", "InnerMongolia", "inner mongolia", "内蒙古"])
def test_regions_by_any_name(name: str) -> None:
    found = rules.factor(name, 2022)
    assert (found.value, found.region, found.region_zh) == (0.6849, "Inner Mongolia", "内蒙古")


def test_the_latest_year_is_the_default() -> None:
    assert rules.factor("全国").year == 2023
    assert rules.factor("Chongqing").year == 2022


@pytest.mark.parametrize(
    ("region", "year", "kind", "message"),
    [
        ("Tibet", 2022, "average", "no emission factor of 'Tibet'.*write one of: China, North"),
        ("Chongqing", 2023, "average", "of Chongqing for 2023.*there are: 2021, 2022"),
        ("China", 2022, "residual", "kind 'residual'.*average, fossil, without_traded_green"),
    ],
)
def test_errors_name_what_there_is(region: str, year: int, kind: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rules.factor(region, year, kind=kind)
