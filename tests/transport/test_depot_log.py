"""A depot's log read from a table: whole days, one row of times, one line for each mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.shared import shared_data
from zeroplant.errors import InputError
from zeroplant.transport.depot_log import read_log, rest_days


def write(file: Path, *, hours: int = 60, first: int = 4, spoil: str = "") -> Path:
    """Two trucks by the hour from 04:00 of Friday, 7 March 2025: on the road from 8 to 10 h."""
    lines = ["truck,time,at_base,drive_power_kw"]
    for truck in ("B 12", "A 7"):
        for hour in range(first, first + hours):
            away = hour % 24 in (8, 9)
            stamp = f"2025-03-{7 + hour // 24:02d} {hour % 24:02d}:00"
            lines.append(f"{truck},{stamp},{int(not away)},{60 * away}")
    text = "\n".join(lines) + "\n"
    file.write_text(text.replace(*spoil.split("|")) if spoil else text, encoding="utf-8")
    return file


def test_whole_days_of_every_truck(tmp_path: Path) -> None:
    """*Proves:* of 60 hours from 4 o'clock the one whole day, Saturday, is kept; each truck drove
    2 h x 60 kW in it. *A wrong answer would be:* days that begin at 4 o'clock, or power for energy.
    """
    log = read_log(write(tmp_path / "log.csv"), "Asia/Shanghai")
    assert (log.first, log.offset) == (date(2025, 3, 8), 8 * 3600)
    assert log.depot.at_base.shape == (2, 24)
    assert (~log.depot.at_base).nonzero()[1].tolist() == [8, 9, 8, 9]
    assert log.depot.use.sum(axis=1) == pytest.approx([0.12, 0.12])
    assert log.rest.tolist() == [True]


def test_days_of_rest() -> None:
    """*Proves:* of the week from Thursday, 1 May 2025 the third and fourth days are a weekend."""
    assert rest_days(date(2025, 5, 1), 7).nonzero()[0].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("truck,|lorry,", "no column 'truck'"),
        ("at_base|home", "no column 'at_base'"),
        (",1,0\n|,2,0\n", "'at_base' is neither 0 nor 1"),
        (",0,60\n|,0,-60\n", "'drive_power_kw' is negative or empty"),
        ("A 7,2025-03-07 04:00,1,0\n|", "do not share one even row of times"),
        ("07 05:00|07 05:10", "do not share one even row of times"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, spoil: str, said: str) -> None:
    """*Proves:* what is wrong with a log is said in a line, with the file's name."""
    with pytest.raises(InputError) as caught:
        read_log(write(tmp_path / "log.csv", spoil=spoil), "Asia/Shanghai")
    assert said in str(caught.value)
    assert "log.csv" in str(caught.value)


def test_less_than_a_day_is_no_log(tmp_path: Path) -> None:
    """*Proves:* twelve hours give one clear line, no empty depot."""
    with pytest.raises(InputError, match="no day is in it"):
        read_log(write(tmp_path / "log.csv", hours=12), "Asia/Shanghai")


def test_the_real_week() -> None:
    """*Proves:* DT-CARGO's week of 18 tractor-trailers, stamps of UTC in Parquet, is read on the
    clock of Berlin: 7 days from Friday, 10 September 2021, all of its energy.
    """
    import polars as pl

    file = shared_data("trucks_dtcargo") / "dtcargo_depot_week_15min.parquet"
    log = read_log(file, "Europe/Berlin")
    driven = pl.read_parquet(file)["drive_power_kw"].sum() / 4e3
    assert log.first == date(2021, 9, 10)
    assert log.depot.at_base.shape == (18, 7 * 96)
    assert np.isclose(log.depot.use.sum(), driven)
    assert log.rest.nonzero()[0].tolist() == [1, 2]
