"""``zeroplant operate``: figures, report and records of a simulated day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zeroplant.cli import main
from zeroplant.store import Journal

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "county-base")


def test_a_day_gives_figures_a_report_and_a_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, file = tmp_path / "out", tmp_path / "figures.json"
    options = ["--days", "1", "--start", "2025-07-07", "--cycle", "60", "--no-compare"]
    options += ["--forecaster", "persistence", "--out", str(out), "--json", str(file)]
    faults = tmp_path / "faults.yaml"
    faults.write_text(
        "faults:\n"
        "  - {kind: silent, device: battery, at: 1 h, lasts: 30 min}\n"
        "  - {kind: noisy, device: wind, at: 1 h, lasts: 30 min}\n",
        encoding="utf-8",
    )
    assert main(["operate", EXAMPLE, *options, "--faults", str(faults)]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures["cycles"] == 1440
    assert figures["solver"]["plans"] == 96
    assert figures["open_balance"] < 1e-6
    energy = {name: each["energy"] for name, each in figures["energy_mwh"].items()}
    given = sum(energy.get(name, 0.0) for name in
                ("wind.output", "sun.output", "battery.discharge", "grid.import",
                 "factories.unserved"))  # fmt: skip
    taken = sum(energy.get(name, 0.0) for name in
                ("factories.load", "battery.charge", "grid.export"))  # fmt: skip
    assert given == pytest.approx(taken, rel=1e-9)
    silent, noisy = figures["faults"]
    assert (silent["kind"], silent["device"]) == ("silent", "battery")
    assert (silent["from_hours"], silent["to_hours"]) == (1.0, 1.5)
    assert "silent: battery.level" in silent["alarms"]
    assert 0.0 < silent["answered_seconds"] <= 180.0
    assert not [each for each in noisy["alarms"] if "battery" in each], "that is the other's"
    told = " ".join(capsys.readouterr().out.split())
    assert "silent │ battery │ 1 to 1.5 │ silent: battery" in told
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Plan and actual" in page
    assert "计划与实际" in page
    assert '<section id="faults">' in page
    assert "silent: battery.level" in page[page.index('<section id="faults">') :]
    assert Journal(out / "journal").verify().intact


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start", "yesterday"], "write it as 2025-07-01"),
        (["--start", "9999-12-31"], "begin between 1901 and 2198"),
        (["--start", "0001-01-01"], "begin between 1901 and 2198"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["operate", EXAMPLE, "--no-compare", *options]) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert "\n" not in told


def test_a_cycle_that_does_not_fit_is_said_before_anything_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for more in ([], ["--live", "nowhere"]):
        assert main(["operate", "no-such-plant", "--cycle", "7", *more]) == 1
        told = capsys.readouterr().err.strip()
        assert "a cycle of 7 s" in told
        assert "fits into a quarter-hour" in told
        assert "\n" not in told


def test_what_is_wrong_with_faults_is_said_before_the_year_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is a table of measured series that is not there; the plan of a year takes a minute."""
    monkeypatch.setattr("zeroplant.operate.standing.year_of", None)  # whoever calls it fails
    file = tmp_path / "faults.yaml"
    file.write_text(
        "faults:\n"
        "  - {kind: silent, device: batery, at: 1 h}\n"
        "  - {kind: silent, device: battery.level, at: 30 h}\n",
        encoding="utf-8",
    )
    assert main(["operate", EXAMPLE, "--no-compare", "--faults", str(file)]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 2
    assert "did you mean 'battery'?" in said[0]
    assert "not before the end of a run of 24 h" in said[1]
    assert main(["operate", EXAMPLE, "--live", str(tmp_path), "--faults", str(file)]) == 1
    assert "a run with --live has no faults" in capsys.readouterr().err
    none = str(tmp_path / "none.csv")
    assert main(["operate", EXAMPLE, "--no-compare", "--series", none]) == 1
    assert f"{none}: no such file" in capsys.readouterr().err
