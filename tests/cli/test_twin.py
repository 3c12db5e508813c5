"""``zeroplant twin`` and ``zeroplant control`` as two processes that meet on real sockets."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import ROOT
from zeroplant.cli import INTERRUPTED, main

COUNTY = str(ROOT / "examples" / "county-base")
COMMAND = [sys.executable, "-m", "zeroplant"]
LONG = 300.0
"""Seconds after which a machine is not slow but something hangs."""


@pytest.mark.slow
def test_control_runs_the_twin(tmp_path: Path) -> None:
    """Every device is found by the twin's file, every point is read, set-points are taken."""
    devices, data = tmp_path / "twin", tmp_path / "control"
    twin = subprocess.Popen(
        [*COMMAND, "twin", COUNTY, "--out", str(devices), "--days", "1"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert twin.stdout is not None
        said = next((line for line in twin.stdout if "devices.yaml" in line), "")
        assert said, "it ended before it served anything"
        done = subprocess.run(
            [*COMMAND, "control", COUNTY, "--devices", str(devices / "devices.yaml"),
             "--data", str(data), "--no-planner", "--beat", "1.5", "--cycles", "5"],
            capture_output=True, text=True, timeout=LONG, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        twin.send_signal(signal.SIGINT)
        assert twin.wait(LONG) == INTERRUPTED
    finally:
        twin.kill()
        twin.communicate()
    live = json.loads((data / "live.json").read_text())
    assert live["links"]
    assert all(each["connected"] for each in live["links"].values())
    points = live["points"]
    read = {name for name, each in points.items() if each["quality"] == 0}
    assert {"wind.output", "sun.output", "battery.charge", "battery.level"} <= read
    assert points["wind.output"]["setpoint"] is not None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends at once there")
def test_the_twin_ends_cleanly_when_it_is_told_to(tmp_path: Path) -> None:
    """As systemd and containers tell it: by SIGTERM."""
    twin = subprocess.Popen(
        [*COMMAND, "twin", COUNTY, "--out", str(tmp_path), "--days", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert twin.stdout is not None
        assert any("devices.yaml" in line for line in twin.stdout)
        twin.send_signal(signal.SIGTERM)
        _, said = twin.communicate(timeout=LONG)
        assert (twin.returncode, said) == (0, "")
    finally:
        twin.kill()
        twin.communicate()


def test_what_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = ["--out", str(tmp_path), "--set", "assets.wind.pwer=1 MW"]
    assert main(["twin", COUNTY, *options]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "did you mean" in lines[0]
