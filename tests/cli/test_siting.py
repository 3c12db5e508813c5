"""``zeroplant siting``: the table, the data, and one clear line for each mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zeroplant.cli import main

PLANT = """
zeroplant: 1
name: Small corridor
time: {start: 2025-03-10, zone: Asia/Shanghai, step: 1 h, periods: 168}
nodes: {yard: {carrier: electricity}}
assets:
  lights: {kind: demand, at: yard, load: 10 kW}
  corridor:
    kind: road
    places:
      port: {}
      one: {candidate: true}
      two: {candidate: true}
      three: {candidate: true, site_cost: 9000000 CNY}
      city: {}
    segments:
      - {from: port, to: one, length: 60 km}
      - {from: one, to: two, length: 60 km}
      - {from: two, to: three, length: 60 km}
      - {from: three, to: city, length: 60 km}
    trucks:
      tractor: {pack: qiji, energy: 423 kWh}
    trips:
      - {from: port, to: city, truck: tractor, trucks: 120}
      - {from: port, to: two, truck: tractor, trucks: 40}
"""


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """A plant with a road and no station."""
    file = tmp_path / "plant.yaml"
    file.write_text(PLANT, encoding="utf-8")
    return file


def test_the_table(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* of the candidates 'two', half-way, serves every truck alone: 340 kWh take it
    from there to the city loaded … and back empty 170 + 101 = 271 kWh. *A wrong answer would
    be:* two stations.
    """
    assert main(["siting", str(plant)]) == 0
    out = capsys.readouterr().out
    assert "swap stations on 'corridor'" in out
    rows = [line.split() for line in out.splitlines() if "qiji" in line]
    assert [row[0] for row in rows] == ["two"]
    assert "160 of 160 electric trucks a day can drive (100 %)." in out
    assert "million CNY" in out
    assert "assumed where no option gives them: 1,500,000 a lane, 300,000 a pack," in out
    assert "112,000 a charger, 500 a kVA" in out


def test_the_data(plant: Path, tmp_path: Path) -> None:
    """*Proves:* the same as JSON, with every number of the table."""
    file = tmp_path / "siting.json"
    assert main(["siting", str(plant), "--json", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["places"] == ["two"]
    assert found["not_drivable"] == []
    (row,) = found["stations"]
    assert row["packs"] >= row["chargers"] >= 1
    assert row["service"] >= 0.95
    assert row["charge_kwh"] <= 0.8 * 423
    assert found["investment"] == pytest.approx(row["equipment_cost"] + row["site_cost"])


def test_other_money_has_other_prices(plant: Path, tmp_path: Path) -> None:
    """*Proves:* in another currency all prices are asked for and used: three lanes, packs and so
    on at 1 each are worth their number. *A wrong answer would be:* CNY that are called EUR.
    """
    eur = PLANT.replace("9000000 CNY", "9 EUR").replace("{candidate: true}", "{candidate: true, "
                        "site_cost: 7 EUR}").replace("name:", "currency: EUR\nname:")  # fmt: skip
    plant.write_text(eur, encoding="utf-8")
    file = tmp_path / "siting.json"
    prices = ["--lane-price", "1 EUR", "--pack-price", "1 EUR", "--charger-price", "1 EUR"]
    words = ["siting", str(plant), *prices, "--kva-price", "1 EUR/kVA", "--json", str(file)]
    assert main(words) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    (row,) = found["stations"]
    built = row["lanes"] + row["packs"] + row["chargers"] + row["kva"]
    assert found["currency"] == "EUR"
    assert found["prices"]["kva"] == pytest.approx(1.0)
    assert found["investment"] == pytest.approx(built + 7)


def test_a_site_without_a_cost_in_other_money(
    plant: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Proves:* the 4 million of a site are CNY too, and prices that are left out are asked for.
    *A wrong answer would be:* EUR.
    """
    plant.write_text(PLANT.replace("9000000 CNY", "9 EUR").replace("name:", "currency: EUR\nname:"))
    assert main(["siting", str(plant), "--pack-price", "1 EUR"]) == 1
    said = capsys.readouterr().err
    assert "in EUR, and a 'site_cost' is assumed in CNY only; write it for the places: one" in said
    asked = "--lane-price, --charger-price, --kva-price"
    assert f"the plant counts in EUR, and prices are assumed in CNY only; give {asked}" in said


def test_fewer_stations_than_needed(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* with one station and small packs the longer way is left out, and said to be. *A
    wrong answer would be:* a failure, or silence.
    """
    small = ["--set", "assets.corridor.trucks.tractor.energy=282 kWh", "--stations", "1"]
    assert main(["siting", str(plant), *small]) == 0
    out = capsys.readouterr().out
    assert "40 of 160 electric trucks a day can drive (25 %)." in out
    assert "not for all loads: the round trip of 'tractor' between 'port' and 'city'" in out


def test_more_power_and_patience_need_fewer_packs(plant: Path, tmp_path: Path) -> None:
    """*Proves:* the options reach the sizes."""
    packs = []
    for words in ([], ["--charger", "500 kW", "--patience", "30 min", "--service", "90 %"]):
        file = tmp_path / "siting.json"
        assert main(["siting", str(plant), *words, "--json", str(file)]) == 0
        packs.append(json.loads(file.read_text(encoding="utf-8"))["stations"][0]["packs"])
    assert packs[1] < packs[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--road", "corrido"], "--road: there is no road 'corrido'; did you mean 'corridor'?"),
        (["--set", "assets.corridor=null"], "the plant has no road; add an asset of kind: road"),
        (
            ["--charger", "280"],
            "--charger: 280 has no unit; write one of 1…10000 kW, such as '280 kW'",
        ),
        (["--charger", "280 MW"], "'280 MW' is out of range; write one of 1…10000 kW"),
        (["--patience", "10"], "--patience: 10 has no unit; write one of 0…1440 min"),
        (["--patience", "400 h"], "--patience: '400 h' is out of range; write one of 0…1440 min"),
        (["--pack-price", "1 EUR"], "--pack-price: '1 EUR' is not an amount of money; write one"),
        (["--kva-price", "500 CNY"], "'500 CNY' is not a price per kVA; write one such as '500 C"),
        (["--service", "100 %"], "--service: '100 %' is out of range"),
        (
            ["--set", "assets.corridor.trucks.tractor.energy=141 kWh"],
            "the round trip of 'tractor' between 'port' and 'city' cannot be driven, whatever is "
            "built: from 'one' and back to it: the pack is at its reserve between 'port' and 'one'"
            "; add a candidate there",
        ),
    ],
)
def test_one_line_for_each_mistake(
    plant: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """*Proves:* exit code 1 and lines that say what to write instead, without a traceback."""
    assert main(["siting", str(plant), *words]) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert not printed.out


def test_help_reads_well(capsys: pytest.CaptureFixture[str]) -> None:
    """*Proves:* the command has a sentence and its options a meaning."""
    assert main(["siting", "--help"]) == 0
    text = capsys.readouterr().out
    assert "Find where swap stations must stand on a road." in text
    assert "--stations" in text
