"""Homes drawn from ranges, or read from a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.homes.few import RANGES, mix
from zeroplant.errors import InputError
from zeroplant.homes.population import draw, read_homes


def test_shares_and_ranges_are_kept() -> None:
    """*Proves:* 30 % of 1,000 homes are 300, 70 % of all join, and figures lie within their ranges,
    spread over them. *A wrong answer would be:* about 300 by chance, or all at the mean.
    """
    drawn = draw(1000, mix(share=0.3, joining=0.7), 1)
    assert len(drawn.rooms) == len(drawn.batteries) == len(drawn.cars) == 300
    assert np.count_nonzero(drawn.roofs) == 300
    low, high = RANGES["resistance"]
    r = drawn.rooms.resistance
    assert low <= r.min() < low + 0.05 * (high - low)
    assert high >= r.max() > high - 0.05 * (high - low)
    assert 0.6 < drawn.rooms.joins.mean() < 0.8
    full = draw(1000, mix(joining=0.7), 1)
    assert np.count_nonzero(full.rooms.joins) == 700


def test_a_seed_is_a_village() -> None:
    """*Proves:* the same seed gives the same homes, another one others, and more batteries leave
    the rooms as they are. *A wrong answer would be:* all figures from one stream.
    """
    one, same, other = draw(50, mix(), 1), draw(50, mix(), 1), draw(50, mix(), 2)
    assert np.array_equal(one.rooms.capacity, same.rooms.capacity)
    assert not np.array_equal(one.rooms.capacity, other.rooms.capacity)
    fewer = mix()
    fewer = type(fewer)({**fewer.share, "battery": 0.5}, fewer.joining, fewer.ranges)
    assert np.array_equal(one.rooms.capacity, draw(50, fewer, 1).rooms.capacity)


def test_a_table_says_what_it_knows(tmp_path: Path) -> None:
    """*Proves:* kW and kWh of a table arrive as MW and MWh, a home with 0 kWh has no battery, empty
    cells are drawn, and ``joins`` holds for every device. *A wrong answer would be:* kW taken as
    MW, or a battery of nothing.
    """
    table = tmp_path / "homes.csv"
    table.write_text(
        "home,battery_energy_kwh,battery_power_kw,pv_kw,joins\n1,10,5,6,1\n2,0,0,0,1\n3,8,,4,0\n"
    )
    homes = read_homes(table, mix(), 1)
    assert homes.count == 3
    assert np.allclose(homes.batteries.energy, [10e-3, 8e-3])
    assert homes.batteries.power[0] == pytest.approx(5e-3)
    assert 3e-3 <= homes.batteries.power[1] <= 6e-3
    assert list(homes.batteries.joins) == [True, False]
    assert np.allclose(homes.roofs, [6e-3, 0, 4e-3])
    assert len(homes.rooms) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("home,batery_energy_kwh\n1,10\n", "no column 'batery_energy_kwh' is known"),
        ("home,pv_kw\n1,-3\n", "column 'pv_kw', row 1: -3 is not above 0; write more than 0"),
        ("pv_kw,ac_cop\n0,0\n1,3\n", "column 'ac_cop', row 1: 0 is below 1; write 1 or more"),
        ("ac_cop,ac_heating_cop\n3,3\n,400\n", "'ac_heating_cop', row 2: 400 is above 10"),
        ("room_resistance_k_per_kw\n9\n0\n0\n", "row 2: 0 is not above 0, the first of 2; write"),
        ("room_capacity_kwh_per_k\n0\n", "'room_capacity_kwh_per_k', row 1: 0 is not above 0"),
        ("band_k\n0\n", "'band_k', row 1: 0 is not above 0"),
        ("leaves_h\n30\n", "'leaves_h', row 1: 30 is above 24; write 24 or less"),
        ("winter_c\n60\n", "'winter_c', row 1: 60 is above 40"),
        ("battery_energy_kwh,battery_power_kw\n8,0\n", "'battery_power_kw', row 1: 0 is not"),
        ("gains_kw\n-1\n", "'gains_kw', row 1: -1 is below 0"),
        ("car_power_kw\ninf\n", "'car_power_kw', row 1: inf is above"),
        ("joins\n1\n2\n", "'joins', row 2: 2 is above 1"),
        ("home,pv_kw\n1,many\n", "which is not a number"),
        ("home,pv_kw\n", "has no row"),
    ],
)
def test_a_wrong_table_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    """*Proves:* misspelt columns, figures that no home has or that are none, and an empty table are
    named, by the row. *A wrong answer would be:* homes without batteries, in silence, or a
    division by zero.
    """
    table = tmp_path / "homes.csv"
    table.write_text(text)
    with pytest.raises(InputError, match=said):
        read_homes(table, mix(), 1)


def test_all_that_is_wrong_with_a_table_is_told_at_once(tmp_path: Path) -> None:
    """*Proves:* a line for each column and bound; a home without an air-conditioner may have 0 in
    all its columns. *A wrong answer would be:* the first line only."""
    table = tmp_path / "homes.csv"
    table.write_text("ac_power_kw,ac_cop,pvkw,leaves_h,gains_kw\n0,0,5,30,x\n1,0.5,5,-1,1\n")
    with pytest.raises(InputError) as caught:
        read_homes(table, mix(), 1)
    assert [str(problem).partition("; ")[0] for problem in caught.value.problems] == [
        "no column 'pvkw' is known",
        "the column 'gains_kw' holds 'x', which is not a number",
        "column 'ac_cop', row 2: 0.5 is below 1",
        "column 'leaves_h', row 2: -1 is below 0",
        "column 'leaves_h', row 1: 30 is above 24",
    ]
