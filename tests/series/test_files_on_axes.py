"""Series in files: whatever can be wrong with stamps and values is named, the rest is exact."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.shared import shared_data
from zeroplant.axis import Axis, Chain
from zeroplant.series import FileSeries

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


def plan(
    days: int = 2, hours: float = 1.0, zone: str = SHANGHAI, start: str = "2025-01-01"
) -> Axis:
    """Days on the clock of a zone."""
    first = datetime.fromisoformat(f"{start}T00:00:00{'+08:00' if zone == SHANGHAI else '+00:00'}")
    return Axis(first, round(days * 24 / hours), hours, zone)


def hourly(start: str, count: int, minutes: int = 60) -> list[str]:
    first = np.datetime64(start, "m")
    return [str(first + n * np.timedelta64(minutes, "m")).replace("T", " ") for n in range(count)]


def table(folder: Path, stamps: list[str], values: list[object] | None = None) -> Path:
    numbers = list(range(len(stamps))) if values is None else values
    lines = [f"{a},{'' if b is None else b}" for a, b in zip(stamps, numbers, strict=True)]
    path = folder / "load.csv"
    path.write_text("\n".join(["time,load", *lines]) + "\n", encoding="utf-8")
    return path


def complaints(folder: Path, axis: Axis, **said: object) -> list[str]:
    said = {"zone": SHANGHAI, **said}
    series = FileSeries("load.csv", folder=folder, **said)  # type: ignore[arg-type]
    return [str(problem) for problem in series.problems(axis)]


def test_values_stamps_and_units(tmp_path: Path) -> None:
    """Local stamps of a +8 h zone and kW; a wrong sign of the zone would be 16 hours off."""
    table(tmp_path, hourly("2024-12-31", 96))
    series = FileSeries("load.csv", unit="kW", inside="MW", zone=SHANGHAI, folder=tmp_path)
    np.testing.assert_array_equal(series.on(plan()), np.arange(24, 72) / 1000)


@pytest.mark.parametrize("form", ["offset", "utc", "parquet", "naive parquet", "slashes"])
def test_every_way_to_write_a_stamp_means_the_same(tmp_path: Path, form: str) -> None:
    local = hourly("2025-01-01", 48)
    name, zone = "load.csv", None
    if form == "offset":
        table(tmp_path, [f"{stamp}+08:00" for stamp in local])
    elif form == "utc":
        table(tmp_path, [s.replace(" ", "T") + ":00Z" for s in hourly("2024-12-31T16:00", 48)])
    elif form == "slashes":
        zone = "+08:00"
        table(tmp_path, [f"2025/1/{1 + n // 24} {n % 24}:00" for n in range(48)])
    else:
        name = "load.parquet"
        times = pl.Series("when", local).str.to_datetime("%Y-%m-%d %H:%M")
        if form == "parquet":
            times = times.dt.replace_time_zone(SHANGHAI).dt.convert_time_zone("UTC")
        else:
            zone = SHANGHAI
        pl.DataFrame({"when": times, "load": np.arange(48)}).write_parquet(tmp_path / name)
    values = FileSeries(name, zone=zone, folder=tmp_path).on(plan())
    np.testing.assert_array_equal(values, np.arange(48.0))


def test_gaps_duplicates_and_disorder_are_all_named(tmp_path: Path) -> None:
    stamps = hourly("2025-01-01", 48)
    broken = stamps[:4] + stamps[7:20] + [stamps[19]] + stamps[20:30] + stamps[31:40]
    broken += [stamps[41], stamps[40], *stamps[42:]]
    table(tmp_path, broken)
    assert complaints(tmp_path, plan()) == [
        "load.csv: 2025-01-01 19:00 stands twice; keep one row of each time",
        "load.csv: 2025-01-02 16:00 comes too late; sort the rows by time",
        "load.csv: 3 hours missing from 2025-01-01 04:00 to 2025-01-01 06:00, the first of 2; "
        "add the rows",
    ]


def test_empty_values(tmp_path: Path) -> None:
    values: list[object] = [1.0] * 48
    values[5], values[9] = None, "NaN"
    table(tmp_path, hourly("2025-01-01", 48), values)
    assert complaints(tmp_path, plan()) == [
        "load.csv: 2 values are empty or not a number, the first at 2025-01-01 05:00; "
        "write a number in each row"
    ]


def test_too_short_and_elsewhere(tmp_path: Path) -> None:
    table(tmp_path, hourly("2025-01-01", 30))
    assert complaints(tmp_path, plan()) == [
        "load.csv: 18 hours missing after the last row at 2025-01-02 05:00; "
        "add them, or 'year: any'"
    ]
    assert complaints(tmp_path, plan(1), zone="UTC") == [
        "load.csv: 8 hours missing before the first row at 2025-01-01 00:00; "
        "check 'zone', or add them"
    ]
    assert complaints(tmp_path, plan(start="2030-01-01")) == [
        "load.csv: the series runs from 2025-01-01 00:00 to 2025-01-02 06:00, "
        "the plan from 2030-01-01 00:00 to 2030-01-03 00:00; "
        "add 'year: any' to use it for another year"
    ]


def test_hours_of_the_clock_change(tmp_path: Path) -> None:
    """Proves that neither the skipped nor the doubled hour is silently moved or merged."""
    axis = plan(zone=BERLIN, start="2025-03-30")
    table(tmp_path, hourly("2025-03-29", 96))
    assert complaints(tmp_path, axis, zone=BERLIN) == [
        "load.csv: 2025-03-30 02:00 does not exist in Europe/Berlin; "
        "give stamps in UTC or with offsets"
    ]
    table(tmp_path, hourly("2025-10-25", 96))
    assert complaints(tmp_path, axis, zone=BERLIN) == [
        "load.csv: 2025-10-26 02:00 happens twice in Europe/Berlin; "
        "give stamps in UTC or with offsets"
    ]
    stamps = [stamp for stamp in hourly("2025-03-29", 96) if stamp != "2025-03-30 02:00"]
    table(tmp_path, stamps)
    values = FileSeries("load.csv", zone=BERLIN, folder=tmp_path).on(axis)
    np.testing.assert_array_equal(values, np.arange(25.0, 73.0))  # 00:00 UTC is 01:00


def test_zones_that_are_wrong(tmp_path: Path) -> None:
    table(tmp_path, hourly("2025-01-01", 48))
    assert complaints(tmp_path, plan(), zone=None) == [
        "load.csv: the stamps carry no zone; add one such as 'zone: Asia/Shanghai'"
    ]
    assert complaints(tmp_path, plan(), zone="Asia/Shangai") == [
        "load.csv: unknown zone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?"
    ]
    table(tmp_path, [f"{stamp}Z" for stamp in hourly("2025-01-01", 48)])
    assert complaints(tmp_path, plan()) == [
        "load.csv: the stamps carry offsets that are not those of Asia/Shanghai; "
        "leave out 'zone', or correct it"
    ]
    table(tmp_path, [f"{stamp}+08:00" for stamp in hourly("2025-01-01", 48)])
    assert complaints(tmp_path, plan()) == []
    times = pl.Series("time", hourly("2025-01-01", 48)).str.to_datetime("%Y-%m-%d %H:%M")
    frame = pl.DataFrame({"time": times.dt.replace_time_zone("UTC"), "load": np.arange(48)})
    frame.write_parquet(tmp_path / "load.parquet")
    (problem,) = FileSeries("load.parquet", zone=SHANGHAI, folder=tmp_path).problems(plan())
    assert "offsets that are not those of Asia/Shanghai" in problem.what
    table(tmp_path, ["2025-01-01 00:00Z", "2025-01-01 01:00"])
    assert complaints(tmp_path, plan(), zone=None) == [
        "load.csv: some stamps carry an offset and some do not; give stamps in UTC or with offsets"
    ]


def test_stamps_that_cannot_be_read(tmp_path: Path) -> None:
    table(tmp_path, ["2025-01-01 00:00", "2025-02-30 00:00"])
    assert complaints(tmp_path, plan()) == [
        "load.csv: '2025-02-30 00:00' is not a time; write it as 2025-01-01 00:00"
    ]
    table(tmp_path, ["2025-01-01 00:00", "", "2025-01-01 02:00"])
    assert complaints(tmp_path, plan()) == [
        "load.csv: 1 row without a time, the first is row 2; "
        "write the start of a period in every row"
    ]


def test_steps(tmp_path: Path) -> None:
    """Proves the mean of finer steps, and that coarser ones are not stretched."""
    table(tmp_path, hourly("2025-01-01", 192, 15))
    assert complaints(tmp_path, plan()) == [
        "load.csv: steps of 15 min are finer than the plan's 1 h; add 'resample: mean' to average"
    ]
    series = FileSeries("load.csv", zone=SHANGHAI, mean=True, folder=tmp_path)
    np.testing.assert_array_equal(series.on(plan()), np.arange(48) * 4 + 1.5)
    table(tmp_path, hourly("2025-01-01", 16, 180))
    assert complaints(tmp_path, plan())[0] == (
        "load.csv: steps of 3 h are coarser than the plan's 1 h, and what lies between them is "
        "not known; give a series in steps of 1 h"
    )
    table(tmp_path, hourly("2025-01-01T00:30", 48))
    assert complaints(tmp_path, plan())[0] == (
        "load.csv: the stamps lie 30 min off the plan's periods; "
        "shift them, or the start of the plan"
    )


def test_columns_and_files(tmp_path: Path) -> None:
    assert complaints(tmp_path, plan()) == [
        "load.csv: no such file; paths start at the plant file's folder"
    ]
    path = table(tmp_path, hourly("2025-01-01", 48))
    assert complaints(tmp_path, plan(), column="lod") == [
        "load.csv: no column 'lod'; did you mean 'load'?"
    ]
    assert complaints(tmp_path, plan(), column="zzz") == [
        "load.csv: no column 'zzz'; there are: load"
    ]
    path.write_text("time,load\n2025-01-01 00:00,many\n")
    assert complaints(tmp_path, plan()) == [
        "load.csv: the column 'load' holds 'many', which is not a number; "
        "write plain numbers such as 1234.5"
    ]
    path.write_text("a,b\n1,2\n")
    assert complaints(tmp_path, plan()) == ["load.csv: no time column; name one with 'time': a, b"]
    path.write_text("time,b,c\n1,2,3\n")
    assert complaints(tmp_path, plan()) == [
        "load.csv: the time column 'time' holds no times; write them as 2025-01-01 00:00"
    ]
    path.write_text("time,b,c\n2025-01-01 00:00,2,3\n2025-01-01 01:00,2,3\n")
    assert complaints(tmp_path, plan()) == [
        "load.csv: the file has 2 columns besides 'time'; name one with 'column': b, c"
    ]
    path.write_bytes(b"time,b\n2025-01-01 00:00,2,3,4\n")
    (line,) = complaints(tmp_path, plan())
    assert line.startswith("load.csv: cannot be read as a table")
    assert len(line.splitlines()) == 1
    path.write_bytes(b"")
    (line,) = complaints(tmp_path, plan())
    assert line.startswith("load.csv: cannot be read as a table")


def test_a_column_for_each_chain(tmp_path: Path) -> None:
    stamps = hourly("2025-01-01", 48)
    lines = [f"{stamp},{n},{-n}" for n, stamp in enumerate(stamps)]
    (tmp_path / "load.csv").write_text("\n".join(["time,a,b", *lines]))
    axis = Axis(plan().start, 48, 1.0, SHANGHAI, (Chain("wet"), Chain("dry")))
    series = FileSeries("load.csv", ("a", "b"), zone=SHANGHAI, folder=tmp_path)
    np.testing.assert_array_equal(series.on(axis), [*range(48), *range(0, -48, -1)])
    both = FileSeries("load.csv", "a", zone=SHANGHAI, folder=tmp_path)
    np.testing.assert_array_equal(both.on(axis), [*range(48), *range(48)])
    assert complaints(tmp_path, axis, column=("a", "b", "a")) == [
        "load.csv: 3 columns for 2 chains; name one column, or one for each chain"
    ]


def test_another_year_is_matched_by_month_day_and_hour(tmp_path: Path) -> None:
    """From the common year 2019 to the leap year 2024: 29 February copies the 28th, and March
    does not slip by a day, as it would if hours were counted from New Year."""
    stamps = hourly("2019-01-01", 8760)
    table(tmp_path, stamps)
    axis = plan(366, start="2024-01-01")
    series = FileSeries("load.csv", zone=SHANGHAI, any_year=True, folder=tmp_path)
    values = series.on(axis)
    where = {str(t)[5:16]: n for n, t in enumerate(axis.local)}
    source = {stamp[5:].replace(" ", "T"): n for n, stamp in enumerate(stamps)}
    for moment in ("01-01T00:00", "02-28T07:00", "03-01T00:00", "12-31T23:00"):
        assert values[where[moment]] == source[moment]
    assert values[where["02-29T07:00"]] == source["02-28T07:00"]


def test_another_year_must_be_whole(tmp_path: Path) -> None:
    table(tmp_path, hourly("2019-01-01", 8000))
    assert complaints(tmp_path, plan(), any_year=True) == [
        "load.csv: 760 hours of the year are missing, the first is 11-30 08:00; "
        "give each of the year's 365 days once"
    ]
    table(tmp_path, hourly("2019-01-01", 8762))
    assert complaints(tmp_path, plan(), any_year=True) == [
        "load.csv: 2 hours of the year stand more than once, the first is 01-01 00:00; "
        "give each of the year's 365 days once"
    ]


def test_a_leap_year_serves_a_common_one(tmp_path: Path) -> None:
    table(tmp_path, hourly("2020-01-01", 8784))
    series = FileSeries("load.csv", zone=SHANGHAI, any_year=True, folder=tmp_path)
    values = series.on(plan(365))
    assert values[58 * 24 + 23] == 59 * 24 - 1
    assert values[59 * 24] == 60 * 24  # 1 March is the 61st day of 2020
    assert values[-1] == 8783


def test_values_out_of_bounds(tmp_path: Path) -> None:
    table(tmp_path, hourly("2025-01-01", 48))
    assert complaints(tmp_path, plan(), highest=10.0, lowest=1.0) == [
        "a value is below 1.0, the first is 0 at 2025-01-01 00:00; correct the series",
        "37 values are above 10.0, the first is 11 at 2025-01-01 11:00; correct the series",
    ]


def test_files_are_read_again_when_they_change(tmp_path: Path) -> None:
    table(tmp_path, hourly("2025-01-01", 48))
    assert FileSeries("load.csv", zone=SHANGHAI, folder=tmp_path).on(plan())[1] == 1
    table(tmp_path, hourly("2025-01-01", 48), [9.25] * 48)
    assert FileSeries("load.csv", zone=SHANGHAI, folder=tmp_path).on(plan())[1] == 9.25


def test_real_capacity_factors() -> None:
    """Province factors of 2020 in Parquet: the same as polars reads, and moved to 2023 by date.

    Solar power at 03:00 local would show stamps taken for UTC.
    """
    folder = shared_data("cn_province_2020")
    name, column = "capacity_factors_2020_hourly.parquet", "InnerMongolia__solar_cf"
    raw = pl.read_parquet(folder / name)[column].to_numpy().astype(float)
    leap = plan(366, start="2020-01-01")
    series = FileSeries(name, column, zone=SHANGHAI, folder=folder)
    np.testing.assert_array_equal(series.on(leap), raw)
    assert series.on(leap)[leap.hour_of_day == 3].max() == 0
    moved = FileSeries(name, column, any_year=True, folder=folder)
    values = moved.on(plan(365, start="2023-01-01"))
    expected = np.delete(raw, np.arange(59 * 24, 60 * 24))
    np.testing.assert_array_equal(values, expected)
