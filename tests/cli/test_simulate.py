"""``zeroplant simulate``: the table, the data, and one clear line where there is nothing to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zeroplant.cli import main

PLANT = """
zeroplant: 1
name: Small corridor
time: {start: 2025-03-10, zone: Asia/Shanghai, step: 1 h, periods: 96}
nodes: {yard: {carrier: electricity}}
assets:
  grid:
    kind: grid
    at: yard
    connection: 10 MW
    import_price: 0.5 CNY/kWh
    emission_factor: 0.5 tCO2/MWh
  corridor:
    kind: road
    places: {port: {}, one: {}, two: {}, city: {}}
    segments:
      - {from: port, to: one, length: 60 km}
      - {from: one, to: two, length: 60 km}
      - {from: two, to: city, length: 60 km}
    trucks: {tractor: {pack: qiji, energy: 423 kWh}}
    trips: [{from: port, to: city, truck: tractor, trucks: 60}]
    stations: {west: one, east: two}
  west: &station
    kind: swap_station
    at: yard
    packs: {qiji: {energy: 423 kWh, count: 20}}
    chargers: 12
    charger_power: 360 kW
    lanes: 2
  east: *station
"""


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """A road of 180 km with two stations."""
    file = tmp_path / "plant.yaml"
    file.write_text(PLANT, encoding="utf-8")
    return file


def test_the_table_and_the_data(
    plant: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Proves:* a row for each station and one for both, which adds them up; as many swaps as
    trucks need: what the stations charge carries them, 0.3 … 3 packs a truck and day; packs work as
    the energy says. *A wrong answer would be:* stations in turn, or trucks counted twice.
    """
    out = tmp_path / "found.json"
    assert main(["simulate", str(plant), "--days", "3", "--seed", "2", "--json", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "Small corridor: 3 days of swap stations from 2025-03-10" in shown
    assert [line.split()[0] for line in shown.splitlines()[4:7]] == ["west", "east", "all"]
    data = json.loads(out.read_text(encoding="utf-8"))
    assert (data["days"], data["seed"], data["charging"]) == (3.0, 2, "as planned")
    both, stations = data["corridor"], data["stations"]
    assert [each["name"] for each in stations] == ["west", "east"]
    for key in ("visits", "swaps_per_day", "energy_mwh", "planned_mwh"):
        assert both[key] == pytest.approx(sum(each[key] for each in stations))
    assert 18 <= both["swaps_per_day"] <= 180
    packs = 0.95 * both["energy_mwh"] / 0.423 / 40 / 3
    assert both["pack_cycles_per_day"] == pytest.approx(packs, rel=1e-6)
    assert 0.0 <= both["wait_p50_minutes"] <= both["wait_p95_minutes"]
    assert both["full_pack_at_once"] > 0.9


def test_a_seed_decides_and_charging_at_once_serves_best(
    plant: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Proves:* the same seed gives the same trucks; 40 packs charged as they come leave nobody
    without one. *A wrong answer would be:* other trucks where only the charging differs.
    """
    found = []
    for more in ([], [], ["--at-once"]):
        assert main(["simulate", str(plant), "--json", "-", *more]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    assert found[2]["charging"] == "at once"
    assert found[2]["corridor"]["full_pack_at_once"] == 1.0
    came = [each["corridor"]["visits"] for each in found]
    assert came[2] == pytest.approx(came[0], abs=5)


def test_every_scenario_is_told_by_name(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* a table for each scenario with its trucks, in any order, or for the one that
    is asked for; an unknown one is named. *A wrong answer would be:* the first, and not a word.
    """
    text = plant.read_text(encoding="utf-8")
    more = "  {}: {{probability: 50 %, changes: {{assets.corridor.traffic: {}}}}}\n"
    came = []
    for order in ((("low", 0.5), ("high", 1.5)), (("high", 1.5), ("low", 0.5))):
        said = "\nscenarios:\n" + "".join(more.format(*each) for each in order)
        plant.write_text(text + said, encoding="utf-8")
        assert main(["simulate", str(plant), "--days", "2"]) == 0
        shown = capsys.readouterr().out
        assert "scenario 'low' (50 %)" in " ".join(shown.split())
        assert main(["simulate", str(plant), "--days", "2", "--json", "-"]) == 0
        data = json.loads(capsys.readouterr().out)
        came.append({each["scenario"]: each["corridor"]["visits"] for each in data["scenarios"]})
    assert came[0] == came[1]
    assert came[0]["high"] > 2 * came[0]["low"] > 0
    assert main(["simulate", str(plant), "--days", "2", "--scenario", "high", "--json", "-"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert (one["scenario"], one["corridor"]["visits"]) == ("high", came[0]["high"])
    assert main(["simulate", str(plant), "--scenario", "hihg"]) == 1
    assert "no scenario 'hihg'; did you mean 'high'" in capsys.readouterr().err


def test_endless_days_are_refused(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* one line says what to write, before anything is planned."""
    assert main(["simulate", str(plant), "--days", "inf"]) == 1
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.startswith("inf is no number of days to simulate; write a number")


def test_a_plant_without_stations(
    plant: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Proves:* one line says that there is no station, before anything is planned."""
    text = "\n".join(line for line in PLANT.splitlines()[:5])
    other = tmp_path / "other.yaml"
    other.write_text(text + "\nassets: {lights: {kind: demand, at: yard, load: 1 kW}}\n")
    assert main(["simulate", str(other)]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "no asset of kind 'swap_station'" in said[0]
