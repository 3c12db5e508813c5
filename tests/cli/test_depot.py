"""``zeroplant depot``: sessions that a charger hub reads, and one clear line for each mistake."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.transport.test_depot_log import write
from zeroplant.cli import main
from zeroplant.plant import build, load_plant

HUB = """
zeroplant: 1
name: Depot
time: {start: 2025-03-08, zone: Asia/Shanghai, step: 1 h, periods: 48}
nodes: {yard: {carrier: electricity}}
assets:
  grid: {kind: grid, at: yard, connection: 1 MW, import_price: 0.5 CNY/kWh, region: Chongqing}
  hub:
    kind: charger_hub
    at: yard
    power: 750 kW
    sessions: {file: sessions.csv, power: power_kw}
"""


def test_the_sessions_of_the_log(tmp_path: Path) -> None:
    """*Proves:* both trucks come back at 10 o'clock in China and want the 120 kWh they drove; the
    stay before wants nothing. *A wrong answer would be:* stamps eight hours off.
    """
    out = tmp_path / "sessions.csv"
    log = str(write(tmp_path / "log.csv"))
    assert main(["depot", log, "--out", str(out), "--zone", "Asia/Shanghai"]) == 0
    table = pl.read_csv(out)
    assert table.columns == ["arrival", "departure", "energy_kwh", "power_kw"]
    assert table["arrival"].to_list() == ["2025-03-07T16:00:00Z"] * 2 + ["2025-03-08T02:00:00Z"] * 2
    assert table["energy_kwh"].to_list() == [0.0, 0.0, 120.0, 120.0]
    assert table["power_kw"].to_list() == [150.0] * 4


def test_drawn_days_go_into_a_hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* five trucks drawn for a weekend want 5 x 2 x 120 kWh less what the last stays are
    cut by (nothing), and a plant file with a hub reads them. *A wrong answer would be:* a table
    that the hub does not take.
    """
    out, log = tmp_path / "sessions.csv", str(write(tmp_path / "log.csv"))
    options = ["--trucks", "5", "--start", "2025-03-08", "--days", "2", "--zone", "Asia/Shanghai"]
    assert main(["depot", log, "--out", str(out), *options]) == 0
    assert "15 stays of 5 trucks want 1.2 MWh; 1.2 MWh were driven." in capsys.readouterr().out
    plant = tmp_path / "plant.yaml"
    plant.write_text(HUB, encoding="utf-8")
    assert build(load_plant(plant)).network.axis.periods == 48


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start", "2025-03-10", "--days", "1"], "the log has no workday to draw from"),
        (["--trucks", "3"], "--trucks: trucks are drawn for days; add --start"),
        (["--power", "0 kW"], "--power: '0 kW' is no power"),
        (["--zone", "Asia/Chonqing"], "Asia/Chonqing"),
        ([], "the stamps carry no zone; give one, such as --zone Asia/Shanghai"),
    ],
)
def test_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    """*Proves:* each mistake is one line, and nothing is written."""
    out, log = tmp_path / "sessions.csv", str(write(tmp_path / "log.csv"))
    clock = ["--zone", "Asia/Shanghai"] if options and "--zone" not in options else []
    assert main(["depot", log, "--out", str(out), *clock, *options]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()
