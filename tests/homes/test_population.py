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
        ("home,pv_kw\n1,-3\n", "row 1 is negative"),
        ("home,pv_kw\n1,many\n", "which is not a number"),
        ("home,pv_kw\n", "has no row"),
    ],
)
def test_a_wrong_table_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    """*Proves:* misspelt columns, negative or written figures and an empty table are named.
    *A wrong answer would be:* homes without batteries, in silence.
    """
    table = tmp_path / "homes.csv"
    table.write_text(text)
    with pytest.raises(InputError, match=said):
        read_homes(table, mix(), 1)
