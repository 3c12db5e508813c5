"""Files of measured series: what they put into a plant, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.shared import ROOT
from zeroplant.axis import Axis
from zeroplant.errors import InputError
from zeroplant.operate.series_file import read_measured
from zeroplant.plant import read_plant

START = datetime(2025, 3, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)


def table(steps: int = 192) -> pl.DataFrame:
    """Two days: wind rises, its forecast is a tenth of it, issued at the midnight before."""
    times = [START + n * STEP for n in range(steps)]
    issued = [START + timedelta(days=n // 96 - 1) for n in range(steps)]
    return pl.DataFrame(
        {
            "time": times,
            "issued": issued,
            "wind.availability": np.arange(steps) / steps,
            "forecast.wind_speed": np.arange(steps) / 10,
        }
    )


def saved(folder: Path, made: pl.DataFrame, kind: str = "parquet") -> Path:
    path = folder / f"series.{kind}"
    (made.write_parquet if kind == "parquet" else made.write_csv)(path)
    return path


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_plant_follows_the_file(tmp_path: Path, kind: str) -> None:
    measured = read_measured(saved(tmp_path, table(), kind), "Asia/Shanghai")
    plant = measured.put(read_plant(ROOT / "examples" / "county-base").plant)
    axis = Axis(start=START + 4 * STEP, periods=8, hours=0.25, zone="Asia/Shanghai")
    wind = plant.assets["wind"]
    assert wind.output(axis, None) == pytest.approx(np.arange(4, 12) / 192)  # type: ignore[attr-defined]
    assert measured.fields == ("wind.availability",)
    first, second = measured.forecasts
    assert first.issued == START - timedelta(days=1)
    assert second.start == START + timedelta(days=1)
    assert second.values["wind_speed"] == pytest.approx(np.arange(96, 192) / 10)


def test_gaps_in_a_forecast_are_not_filled(tmp_path: Path) -> None:
    made = table().filter(pl.col("time") != START + 3 * STEP)
    first = read_measured(saved(tmp_path, made), "UTC").forecasts[0]
    assert np.isnan(first.values["wind_speed"]).tolist() == [n == 3 for n in range(96)]


def test_days_the_file_does_not_have_are_named(tmp_path: Path) -> None:
    measured = read_measured(saved(tmp_path, table()), "UTC")
    plant = measured.put(read_plant(ROOT / "examples" / "county-base").plant)
    axis = Axis(start=START, periods=500, hours=0.25)
    with pytest.raises(InputError, match=r"series.parquet"):
        plant.assets["wind"].output(axis, None)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.rename({"time": "when"}), "no column 'time'"),
        (lambda t: t.rename({"wind.availability": "wind"}), "what is 'wind'"),
        (lambda t: t.drop("issued"), "without 'issued'"),
        (lambda t: t.with_columns(issued=pl.col("time") + STEP), "issued after it"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, change: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_measured(saved(tmp_path, change(table())), "UTC")  # type: ignore[operator]


@pytest.mark.parametrize("name", ["win.availability", "wind.availabilty"])
def test_a_field_the_plant_does_not_have(tmp_path: Path, name: str) -> None:
    made = table().rename({"wind.availability": name})
    measured = read_measured(saved(tmp_path, made), "UTC")
    with pytest.raises(InputError, match="did you mean"):
        measured.put(read_plant(ROOT / "examples" / "county-base").plant)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.csv", "none.csv: no such file; name a .csv or .parquet file of series"),
        ("serie.parquet", "no such file; did you mean 'series.parquet'?"),
        ("notes.txt", "notes.txt: '.txt' is not a kind of table"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, said: str) -> None:
    saved(tmp_path, table())
    (tmp_path / "notes.txt").write_text("a,b\n")
    with pytest.raises(InputError) as error:
        read_measured(tmp_path / name, "UTC")
    assert said in str(error.value)
    assert str(tmp_path / name) in str(error.value)
