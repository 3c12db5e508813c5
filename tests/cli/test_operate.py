"""``zeroplant operate``: figures, report and records of a simulated day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zeroplant.cli import main
from zeroplant.store import Journal

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "county-base")


def test_a_day_gives_figures_a_report_and_a_journal(tmp_path: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "figures.json"
    options = ["--days", "1", "--start", "2025-07-07", "--cycle", "60", "--no-compare"]
    options += ["--forecaster", "persistence", "--out", str(out), "--json", str(file)]
    assert main(["operate", EXAMPLE, *options]) == 0
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
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Plan and actual" in page
    assert "计划与实际" in page
    assert Journal(out / "journal").verify().intact


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start", "yesterday"], "write it as 2025-07-01"),
        (["--cycle", "7"], "fits into a quarter-hour"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["operate", EXAMPLE, "--no-compare", *options]) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert "\n" not in told
