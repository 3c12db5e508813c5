"""Fleet files: what rows mean as stores, and one clear line for each mistake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zeroplant.bench.fleet import by_highs
from zeroplant.errors import InputError
from zeroplant.homes.fleet_answer import Answers, in_words, levels
from zeroplant.homes.fleet_columns import COLUMNS, SERIES
from zeroplant.homes.fleet_example import day_of_prices, write_example
from zeroplant.homes.fleet_file import SHOWN, Devices, read_devices
from zeroplant.homes.fleet_prices import Prices, read_prices
from zeroplant.homes.room import temperatures
from zeroplant.solve.fleet.schedule import schedule

DOCS = Path(__file__).parents[2] / "docs/how-to/fleet.md"


@pytest.fixture
def prices(tmp_path: Path) -> Prices:
    """The day of the example."""
    day_of_prices().write_csv(tmp_path / "prices.csv")
    return read_prices(tmp_path / "prices.csv")


def read(tmp_path: Path, prices: Prices, **columns: object) -> Devices:
    """Devices of these columns, by way of a file."""
    pl.DataFrame(columns).write_parquet(tmp_path / "fleet.parquet")
    return read_devices(tmp_path / "fleet.parquet", prices)


def problems(tmp_path: Path, prices: Prices, **columns: object) -> list[str]:
    """Lines that the file earns, without its folder."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, prices, **columns)
    return [str(each).replace(f"{tmp_path}/", "") for each in caught.value.problems]


def test_the_example_is_solved_as_by_highs(tmp_path: Path) -> None:
    """*Proves:* every kind of the example has its optimum: HiGHS finds the same costs. *A wrong
    answer would be:* a kind that is infeasible, or costs something else.
    """
    fleet, file = write_example(tmp_path, 60)
    devices = read_devices(fleet, read_prices(file))
    found = schedule(devices.fleet)
    assert set(devices.kind) == {"battery", "car", "tank", "cooled room", "heated room"}
    np.testing.assert_allclose(found.cost, by_highs(devices.fleet), rtol=1e-6, atol=1e-6)


def test_a_battery_by_hand(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* 10 kWh, empty at first and in the end, 90 % each way: with 10/0.9 kWh bought at
    0.32 before 7:00 and 9 kWh of load met at 1.05 instead. *A wrong answer would be:* other
    units, or losses counted once.
    """
    devices = read(
        tmp_path, prices, kind=["battery"], power_kw=[10.0], energy_kwh=[10.0], start_kwh=[0.0],
        efficiency=[0.9], load_kw=["3"],
    )  # fmt: skip
    found = schedule(devices.fleet)
    flat = 3.0 * 0.25 * prices.series["buy"].sum()
    assert found.cost[0] == pytest.approx(flat + 10 / 0.9 * 0.32 - 9.0 * 1.05)
    assert devices.name[0] == "1"


def test_a_car_leaves_with_what_it_needs(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* a car that leaves at 8:00 has 40 kWh then, is not charged until 18:00, and is
    back with 10 less. *A wrong answer would be:* a step late or early.
    """
    devices = read(
        tmp_path, prices, kind=["car"], power_kw=[7.0], energy_kwh=[50.0], start_kwh=[20.0],
        leave_kwh=[40.0], trip_kwh=[10.0], leave_hour=[8.0], return_hour=[18.0],
    )  # fmt: skip
    found = schedule(devices.fleet, outputs=("level", "power", "change"))
    assert found.level is not None
    assert found.power is not None
    assert found.change is not None
    assert found.level[0, 31] == pytest.approx(40.0)
    assert found.level[0, 71] == pytest.approx(30.0)
    assert not found.power[0, 32:72].any()
    np.testing.assert_allclose(levels(devices.fleet, found.change), found.level, atol=1e-9)


@pytest.mark.parametrize(("kind", "sign"), [("cooled room", -1.0), ("heated room", 1.0)])
def test_a_room_is_the_room_of_the_plant(
    tmp_path: Path, prices: Prices, kind: str, sign: float
) -> None:
    """*Proves:* levels are the temperatures that `homes.room` simulates of the same power, inside
    the band. *A wrong answer would be:* cooling that warms.
    """
    devices = read(
        tmp_path, prices, kind=[kind], power_kw=[3.0], resistance_k_per_kw=[6.0], cop=[2.5],
        capacity_kwh_per_k=[0.5], gains_kw=["0.2"],
        outdoor_c=["outdoor_c" if sign < 0 else "cold_store_c"],
    )  # fmt: skip
    found = schedule(devices.fleet, outputs=("level", "power"))
    assert found.level is not None
    assert found.power is not None
    outdoor = prices.series["outdoor_c" if sign < 0 else "cold_store_c"]
    simulated = temperatures(
        [24.5 if sign < 0 else 20.5], outdoor, 0.2 + sign * 2.5 * found.power,
        resistance=6.0, capacity=0.5, hours=0.25,
    )  # fmt: skip
    np.testing.assert_allclose(sign * found.level, simulated, atol=1e-9)
    assert simulated.max() <= (27.0 if sign < 0 else 23.0) + 1e-9


def test_lists_and_parts(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* a list is a series of its own, and every second row is every second device."""
    loads = np.arange(5 * 96).reshape(5, 96) / 100.0
    given = {"kind": ["tank"] * 5, "power_kw": [2.0] * 5, "energy_kwh": [5.0] * 5}
    devices = read(tmp_path, prices, **given, load_kw=loads.tolist())
    net = devices.fleet.net
    np.testing.assert_allclose(net.table[net.row], loads)
    part = read_devices(tmp_path / "fleet.parquet", prices, part=(1, 2))
    np.testing.assert_allclose(part.fleet.net.table[part.fleet.net.row], loads[1::2])
    assert part.name.tolist() == ["2", "4"]


def test_every_mistake_has_its_line(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* all mistakes at once, each with row and column and what to write instead."""
    lines = problems(
        tmp_path, prices, kind=["battery", "boat", "car", None], power_kw=[-1.0, 1.0, 7.0, 2.0],
        energy_kwh=[None, 5.0, 50.0, 5.0], efficiency=["0.9", "95 %", "1.2", None],
        trip_kwh=[None, None, 45.0, None], load_kw=["lode", "1", "-1", None],
    )  # fmt: skip
    assert lines == [
        "fleet.parquet: row 2, kind: 'boat' is not allowed; "
        "write one of: battery, car, tank, cooled room, heated room",
        "fleet.parquet: row 4, kind: nothing is given; "
        "write one of: battery, car, tank, cooled room, heated room",
        "fleet.parquet: row 1, power_kw: -1 is not allowed; "
        "write kW (most electric power that it draws), above 0, at most 1,000,000",
        "fleet.parquet: row 1, energy_kwh: nothing is given; "
        "write kWh (what it holds when full), above 0, at most 1,000,000",
        "fleet.parquet: row 2, efficiency: '95 %' is not allowed; write a number",
        "fleet.parquet: row 3, efficiency: 1.2 is not allowed; "
        "write a number (share kept when charging, and again when discharging), from 0.01 to 1",
        "fleet.parquet: row 1, load_kw: 'lode' is not allowed; write a number in kW or a column of "
        "the price file: buy, sell, load, load_large, roof, hot_water, outdoor_c, cold_store_c",
        "fleet.parquet: row 3, load_kw: '-1' is not allowed; "
        "write kW (other load behind its meter), never below 0",
        "fleet.parquet: row 3, trip_kwh: 45 is not allowed; "
        "write at most leave_kwh of the device (80 % of energy_kwh if left out)",
    ]


def test_wrong_columns_and_lengths(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* an unknown column is named with the nearest known, and lists say their length."""
    lines = problems(tmp_path, prices, kind=["tank"], powr_kw=[1.0])
    assert lines == ["fleet.parquet: powr_kw: there is no such column; did you mean 'power_kw'?"]
    given = {"kind": ["tank"], "power_kw": [2.0], "energy_kwh": [5.0]}
    lines = problems(tmp_path, prices, **given, load_kw=[[1.0, 2.0]])
    assert lines == [
        "fleet.parquet: row 1, load_kw: '2 numbers' is not allowed; "
        "write one number for each of the 96 steps of the price file"
    ]


def test_many_mistakes_are_counted(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* of 1,000 mistakes 20 are told and the others counted."""
    lines = problems(tmp_path, prices, kind=["boat"] * 1000)
    assert len(lines) == SHOWN + 1
    assert lines[-1].startswith("fleet.parquet: ")
    assert "more problems are not shown" in lines[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("buy\n1\n2\n", "there is no column 'time'; write the beginning of each step"),
        ("time,buy\n2026-07-01 00:00,1\n2026-07-01 01:00,x\n",
         "buy: row 2 is not a number ('x')"),
        ("time,buy\n2026-07-01 00:00,1\n2026-07-01 01:00,2\n2026-07-01 03:00,2\n",
         "time: row 3 follows after 2 h, the others after 1; write steps of equal length"),
        ("time,buy\nsoon,1\nlater,2\n", "time: not every time can be read"),
    ],
)  # fmt: skip
def test_price_files(tmp_path: Path, text: str, said: str) -> None:
    """*Proves:* a price file that cannot be meant so is refused in one line."""
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"p\.csv") as caught:
        read_prices(tmp_path / "p.csv")
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


def test_failures_in_words(tmp_path: Path, prices: Prices) -> None:
    """*Proves:* what cannot be done says what fails and when."""
    devices = read(
        tmp_path, prices, kind=["tank", "cooled room", "heated room", "tank"],
        power_kw=[1.0, 0.1, 9.0, 2.0], energy_kwh=[5.0, None, None, 9.0],
        use_kw=["4", "0", "0", "0"], outdoor_c=["0", "45", "45", "0"],
    )  # fmt: skip
    found = schedule(devices.fleet)
    answers = Answers(found.status, found.when, found.side, found.cost, found.gap, None, None)
    assert in_words(devices, answers, prices).tolist() == [
        "impossible: cannot hold its least content at 2026-07-01 01:00",
        "impossible: cannot be kept as cool as highest_c at 2026-07-01 00:30",
        "impossible: cannot be kept as cool as highest_c at 2026-07-01 00:15",
        "optimal",
    ]


def test_every_column_is_documented() -> None:
    """*Proves:* the page names every column with its unit."""
    page = DOCS.read_text(encoding="utf-8")
    for column in (*COLUMNS, *SERIES):
        assert f"| `{column.name}` | {column.unit} |" in page
