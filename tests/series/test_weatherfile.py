"""Weather files give each period the weather of its own hour, in whatever year it was."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.errors import InputError
from zeroplant.series import read_weather

YEAR = Axis(datetime.fromisoformat("2025-01-01T00:00+08:00"), 8760, 1.0, "Asia/Shanghai")
MONTHS = np.repeat(np.arange(1, 13), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
DAYS = np.concatenate([np.arange(1, n + 1) for n in np.bincount(MONTHS)[1:]])
NUMBER = np.arange(8760)
TEMPERATURE = np.round(NUMBER / 8760 * 40 - 10, 2)  # rises all year: each hour is known by it
SUN = NUMBER % 24 * 10
YEARS = {month: 2000 + month for month in range(1, 13)}  # February is from 2002


def hours() -> list[tuple[int, int, int, int]]:
    """Month, day, hour and number of each hour of a common year."""
    return [(int(MONTHS[n // 24]), int(DAYS[n // 24]), n % 24, n) for n in range(8760)]


def epw(path: Path, zone: float = 8.0) -> Path:
    """An EPW file; its hour 1 is the hour that ends at 01:00."""
    head = [f"LOCATION,Site,NM,CHN,Test,0,39.9,111.6,{zone},1100.0", *(["X"] * 7)]
    rows = []
    for month, day, hour, n in hours():
        cells: list[object] = [YEARS[month], month, day, hour + 1, 60, "?"] + [0] * 29
        cells[6], cells[9], cells[21] = TEMPERATURE[n], 89_000, 5.5
        cells[13], cells[14], cells[15] = SUN[n], 2 * SUN[n], 3 * SUN[n]
        rows.append(",".join(str(cell) for cell in cells))
    path.write_text("\n".join([*head, *rows]) + "\n")
    return path


def tmy3(path: Path) -> Path:
    """A TMY3 file: the same hours, the last of a day stamped 24:00; pressure in mbar."""
    names = "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2)"
    names += ",Dry-bulb (C),Wspd (m/s),Pressure (mbar)"
    rows = [
        f"{month:02d}/{day:02d}/{YEARS[month]},{hour + 1:02d}:00,{SUN[n]},{2 * SUN[n]},"
        f"{3 * SUN[n]},{TEMPERATURE[n]},5.5,890"
        for month, day, hour, n in hours()
    ]
    path.write_text("\n".join(['1,"Site",NM,8.0,39.9,111.6,1100', names, *rows]) + "\n")
    return path


def pvgis(path: Path) -> Path:
    """A PVGIS typical year in JSON; its stamps are in UTC."""
    rows = [
        {"time(UTC)": f"{YEARS[month]}{month:02d}{day:02d}:{hour:02d}00", "T2m": TEMPERATURE[n]}
        | {"G(h)": int(SUN[n]), "Gb(n)": int(2 * SUN[n]), "Gd(h)": int(3 * SUN[n])}
        | {"WS10m": 5.5, "SP": 89_000.0, "RH": 50.0}
        for month, day, hour, n in hours()
    ]
    said = {"meta": {"inputs": {}}, "inputs": {}}
    path.write_text(json.dumps(said | {"outputs": {"tmy_hourly": rows, "months_selected": []}}))
    return path


@pytest.mark.parametrize("source", ["epw", "tmy3"])
def test_hours_that_end_at_their_stamp(tmp_path: Path, source: str) -> None:
    """The file's clock is the plant's: hour n of the file is hour n of the year.

    Stamps taken for starts would put everything an hour late.
    """
    path = (epw if source == "epw" else tmy3)(tmp_path / f"w.{source}")
    weather = read_weather(path, YEAR, source)  # type: ignore[arg-type]
    np.testing.assert_array_equal(weather["temp_air"], TEMPERATURE)
    np.testing.assert_array_equal(weather["ghi"], SUN)
    np.testing.assert_array_equal(weather["dni"], 2 * SUN)
    np.testing.assert_array_equal(weather["dhi"], 3 * SUN)
    assert set(weather["wind_speed"]) == {5.5}
    assert set(weather["pressure"]) == {89_000.0}


def test_pvgis_is_in_utc(tmp_path: Path) -> None:
    weather = read_weather(pvgis(tmp_path / "w.json"), YEAR, "pvgis")
    np.testing.assert_array_equal(weather["temp_air"], np.roll(TEMPERATURE, 8))
    np.testing.assert_array_equal(weather["dni"], np.roll(2 * SUN, 8))


def test_the_file_keeps_its_own_clock(tmp_path: Path) -> None:
    """A file of UTC+6 on a plant's clock of UTC+8: its midnight is the plant's 02:00."""
    weather = read_weather(epw(tmp_path / "w.epw", 6.0), YEAR)
    np.testing.assert_array_equal(weather["ghi"], np.roll(SUN, 2))


def test_other_periods_and_leap_years(tmp_path: Path) -> None:
    path = epw(tmp_path / "w.epw")
    quarter = Axis(YEAR.start, 8, 0.25, YEAR.zone)
    np.testing.assert_array_equal(read_weather(path, quarter)["ghi"], [0, 0, 0, 0, 10, 10, 10, 10])
    three = Axis(YEAR.start, 2, 3.0, YEAR.zone)
    np.testing.assert_allclose(read_weather(path, three)["ghi"], [10, 40])
    start = datetime.fromisoformat("2024-02-28T00:00+08:00")
    leap = read_weather(path, Axis(start, 72, 1.0, YEAR.zone))["temp_air"]
    day = TEMPERATURE.reshape(365, 24)
    np.testing.assert_array_equal(leap, np.concatenate([day[58], day[58], day[59]]))


def test_files_of_another_kind_or_with_holes(tmp_path: Path) -> None:
    path = epw(tmp_path / "w.epw")
    with pytest.raises(InputError, match="cannot be read as TMY3"):
        read_weather(path, YEAR, "tmy3")
    with pytest.raises(InputError, match="no such file"):
        read_weather(tmp_path / "x.epw", YEAR)
    lines = path.read_text().splitlines()
    cells = lines[20].split(",")
    cells[6] = "99.9"
    lines[20] = ",".join(cells)
    path.write_text("\n".join(lines[:100] + lines[101:]))
    with pytest.raises(InputError) as caught:
        read_weather(path, YEAR)
    assert [str(problem).split(": ", 1)[1] for problem in caught.value.problems] == [
        "of the year's 8,760 hours 1 are missing and 0 double",
        "1 values of temp_air are missing or impossible; the first is 99.9 in row 13",
    ]


def test_a_plain_table(tmp_path: Path) -> None:
    axis = Axis(YEAR.start, 24, 1.0, YEAR.zone)
    rows = [f"2025-01-01 {h:02d}:00,{h},{h},{h},{h},{h}" for h in range(24)]
    path = tmp_path / "w.csv"
    path.write_text("\n".join(["time,ghi,dni,dhi,temp_air,wind_speed", *rows]))
    weather = read_weather(path, axis, "table", zone="Asia/Shanghai")
    assert sorted(weather) == ["dhi", "dni", "ghi", "temp_air", "wind_speed"]
    np.testing.assert_array_equal(weather["ghi"], np.arange(24))
    path.write_text("\n".join(["time,ghi,dnl,dhi,temp_air,wind_speed", *rows]))
    with pytest.raises(InputError, match=r"no column 'dni'; did you mean 'dnl'\?"):
        read_weather(path, axis, "table", zone="Asia/Shanghai")
