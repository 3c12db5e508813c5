"""``zeroplant fleet``: try, schedule, measure; and one clear line for each mistake."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zeroplant.cli import main


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An example of 300 devices."""
    assert main(["fleet", "new", str(tmp_path), "--n", "300"]) == 0
    assert capsys.readouterr().out.split() == [
        str(tmp_path / "fleet.parquet"), str(tmp_path / "prices.csv"),
    ]  # fmt: skip
    return tmp_path


def scheduled(folder: Path, *options: str) -> int:
    """Run the command on the example; its exit code."""
    files = [str(folder / "fleet.parquet"), "--prices", str(folder / "prices.csv")]
    return main(["fleet", "schedule", *files, *options])


def test_each_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* costs of the table add up to that of the JSON, its powers to the total, and
    levels of cooled rooms are temperatures. *A wrong answer would be:* rows in another order.
    """
    out = folder / "out" / "schedule.parquet"
    assert scheduled(folder, "--json", "-", "--out", str(out)) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["scheduled"], found["without_schedule"]) == (300, 300, 0)
    assert found["max_certificate_gap"] < 1e-9
    assert found["max_violation"] < 1e-9
    table = pl.read_parquet(out)
    assert table["device"].to_list() == [f"d{i + 1}" for i in range(300)]
    assert set(table["status"]) == {"optimal"}
    assert table["cost"].sum() == pytest.approx(found["cost"])
    power = table["power_kw"].explode().to_numpy().reshape(300, 96)
    np.testing.assert_allclose(power.sum(axis=0), found["total_kw"], atol=1e-9)
    rooms = table.filter(pl.col("kind") == "cooled room")["level"].explode()
    assert rooms.min() >= 22 - 1e-9
    assert rooms.max() <= 27 + 1e-9
    first = json.loads(json.dumps(found))
    assert scheduled(folder, "--json", "-", "--threads", "1") == 0
    again = json.loads(capsys.readouterr().out)
    assert again["cost"] == first["cost"]


def test_under_a_limit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* every feeder keeps its limit, for a cost at least that of each alone and within
    the gap of the least there is. *A wrong answer would be:* the limit on all instead of each.
    """
    assert scheduled(folder, "--json", "-") == 0
    alone = json.loads(capsys.readouterr().out)
    out = folder / "s.parquet"
    assert scheduled(
        folder, "--feeder", "135 kW", "--gap", "0.01", "--json", "-", "--out", str(out)
    ) == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert max(alone["total_kw"]) > 4 * 135
    assert [each["feeder"] for each in found["feeders"]] == [f"feeder {k}" for k in range(1, 5)]
    assert max(each["peak_kw"] for each in found["feeders"]) <= 135
    assert found["excess_kw"] == 0
    assert found["gap"] <= 0.01
    assert found["cost"] >= alone["cost"] * (1 - 1e-9)
    table = pl.read_parquet(out)
    assert table["cost"].sum() == pytest.approx(found["cost"])
    assert set(table["status"]) <= {"scheduled", "possible, optimal within the gap"}
    for each in found["feeders"]:
        own = table.filter(pl.col("feeder") == each["feeder"])["power_kw"].explode().to_numpy()
        assert own.reshape(-1, 96).sum(axis=0).max() == pytest.approx(each["peak_kw"], abs=1e-6)


def test_what_cannot_be_done(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* a limit below what homes need, and devices that cannot do what is asked, end
    with exit code 1 and a line, and the others still have their schedules.
    """
    assert scheduled(folder, "--feeder", "1 kW") == 1
    assert "a limit is exceeded by" in capsys.readouterr().out
    table = pl.read_parquet(folder / "fleet.parquet")
    kind = table["kind"].to_list()
    use = ["90" if each == "tank" else "0" for each in kind]
    table.with_columns(pl.Series("use_kw", use)).write_parquet(folder / "fleet.parquet")
    assert scheduled(folder, "--json", "-") == 1
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert found["without_schedule"] == kind.count("tank")
    assert found["scheduled"] == 300 - kind.count("tank")
    told = found["first_without"][0]["status"]
    assert told == "impossible: cannot hold its least content at 2026-07-01 00:15"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--feeder", "many"], "--feeder: "),
        (["--feeder", "-3 kW"], "--feeder: '-3 kW' is below zero; write a power, such as '400 kW'"),
        (["--out", "s.csv"], "--out: 's.csv' does not end in .parquet; schedules are lists"),
    ],
)
def test_options(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    """*Proves:* an option that cannot be meant has one line."""
    assert scheduled(folder, *options) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert captured.err.startswith(said)


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* a missing, a foreign and a broken file are named in one line each."""
    broken = tmp_path / "broken.parquet"
    broken.write_text("no", encoding="utf-8")
    for file, said in (
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path / "fleet.xlsx", "'.xlsx' files are not read here; write .parquet or .csv"),
        (broken, "it cannot be read as parquet"),
    ):
        assert main(["fleet", "schedule", "x.parquet", "--prices", str(file)]) == 1
        captured = capsys.readouterr()
        assert captured.err.startswith(f"{file}: {said}")
        assert captured.err.count("\n") == 1


def test_without_ray(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Proves:* where Ray is missing the line says how to get it."""
    monkeypatch.setitem(sys.modules, "ray", None)
    assert scheduled(folder, "--on", "ray") == 1
    said = "--on: Ray is not installed; install it with: pip install 'zeroplant[ray]'\n"
    assert capsys.readouterr().err == said


def test_bench(capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* what is promised of the benchmark is in it, proven and as HiGHS has it."""
    assert main(["fleet", "bench", "--n", "500", "--steps", "24", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["steps"], found["threads"]) == (500, 24, 2)
    assert found["max_certificate_gap"] < 1e-9
    assert found["max_violation"] < 1e-9
    assert found["worst_cost_difference"] < 1e-5
    assert found["devices_per_second"] == pytest.approx(500 / found["seconds"])
    assert found["times_highs"] > 1
    assert found["peak_rss_mb"] is None or found["peak_rss_mb"] > 10
