"""``zeroplant export``: what it writes is the plant that was planned."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import COUNTY, run
from tests.plant.small import write_plant
from tests.shared import ROOT
from zeroplant.cli import main


def test_export_writes_a_programme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """HiGHS reads back what was written; without a target there is nothing to do."""
    path = write_plant(tmp_path)
    assert main(["export", str(path), "--mps", str(tmp_path / "p.mps"), "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == [str(tmp_path / "p.mps")]
    assert "ROWS" in (tmp_path / "p.mps").read_text(encoding="utf-8")
    assert main(["export", str(path)]) == 1
    assert capsys.readouterr().err == "nothing to write; give --mps FILE or --pypsa DIR\n"
    assert main(["export", str(path), "--mps", str(tmp_path / "p.txt")]) == 1
    assert "let it end in .mps, .mps.gz or .lp" in capsys.readouterr().err


@pytest.mark.oracle
def test_an_exported_folder_solves_to_the_plans_objective(tmp_path: Path) -> None:
    """*Proves:* optimize.py beside the CSV files gives PyPSA the whole plant, with the changes of
    the export: its objective is the plan's. *A wrong answer would be:* that of the CSV files
    alone, in which rules and shared sizes are missing.
    """
    pytest.importorskip("pypsa")
    short = ["--set", "time.years=null", "--set", "time.periods=48"]
    out = tmp_path / "deep" / "net"
    done = run("export", str(COUNTY.relative_to(ROOT)), "--pypsa", str(out), *short, folder=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "leave out shared sizes and rules" in done.stdout
    assert "optimize.py" in done.stdout
    assert "Qingshuihe county base" in (out / "network.csv").read_text(encoding="utf-8")
    command = [sys.executable, "-W", "ignore", str(out / "optimize.py")]
    solved = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    last = solved.stdout.splitlines()[-1]
    planned = run("plan", str(COUNTY), "--json", "-", *short)
    ours = json.loads(planned.stdout)["objective"]
    assert last.endswith(" CNY")
    assert float(last.split()[1]) == pytest.approx(ours, rel=1e-6)
