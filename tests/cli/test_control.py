"""``zeroplant control`` stands alone, and says what is wrong with its files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from zeroplant.cli import main

ROOT = Path(__file__).parents[2]
OTHERS = ("plan", "trade", "prove", "share", "portal", "twin")


def test_control_loads_nothing_of_market_or_portal() -> None:
    program = (
        "import sys, zeroplant.operate.service\n"
        "print(*sorted(n for n in sys.modules if n.startswith('zeroplant.')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = said.stdout.split()
    assert "zeroplant.operate.controller" in loaded
    rooms = {name.split(".")[1] for name in loaded}
    assert rooms.isdisjoint(OTHERS)


def test_a_devices_file_that_is_missing_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plant = str(ROOT / "examples" / "county-base")
    told = ["control", plant, "--devices", str(tmp_path / "none.yaml"), "--data", str(tmp_path)]
    assert main(told) == 1
    said = capsys.readouterr().err.strip()
    assert "none.yaml" in said
    assert "\n" not in said


def test_replay_of_a_folder_without_records_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["replay", str(tmp_path)]) == 1
    assert main(["replay", str(tmp_path), "--at", "yesterday"]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "no journal" in lines[0]
    assert "zone" in lines[1]


def test_a_beat_in_which_set_points_would_lapse_is_refused_as_it_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = ["control", "no-such-plant", "--devices", "none.yaml", "--data", "nowhere"]
    assert main([*told, "--beat", "60"]) == 2
    assert "'--beat': it should be less than or equal to 15" in capsys.readouterr().err
