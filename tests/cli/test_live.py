"""``zeroplant operate --live``: a plant to look at, that goes on until it is told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.shared import ROOT
from zeroplant.operate.folder import PlantFolder, submit
from zeroplant.operate.replay import replay
from zeroplant.operate.wish import Wish
from zeroplant.store import History, Journal

COUNTY = str(ROOT / "examples" / "county-base")
LONG = 300.0
"""Seconds after which a machine is not slow but something hangs."""


def wait(true: Callable[[], object]) -> None:
    ends = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends at once there")
def test_it_lives_hears_persons_and_ends_when_told(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    command = [sys.executable, "-m", "zeroplant", "operate", COUNTY, "--live", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--speed", "240", "--start", "2025-07-07T10:00"],
        stderr=subprocess.PIPE,
        text=True,
    )

    def live() -> dict[str, Any]:
        assert process.poll() is None, "it ended"
        try:
            return dict(json.loads(folder.live.read_text()))
        except FileNotFoundError:
            return {}

    try:
        wait(lambda: live().get("source") == "schedule")
        seen = live()
        now = datetime.fromisoformat(seen["at"])
        assert (seen["speed"], seen["step"]) == (240.0, 4.0)
        assert seen["links"]["twin"]["writes"] > 0
        submit(folder, Wish("less", "Li", "most export", 3.0, now, now + timedelta(days=1), "", ""))
        wait(lambda: [each["name"] for each in live()["orders"]] == ["less"])
        cycle = live()["cycle"]
        wait(lambda: live()["cycle"] > cycle + 60)
        assert live()["exchange"] < 6.0
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=LONG)
        assert (process.returncode, said) == (0, "")
    finally:
        process.kill()
        process.communicate()
    assert Journal(folder.journal).verify().intact
    history, month = History(folder.history), now - timedelta(days=30)
    before = history.read("factories.load", month, month + timedelta(days=1))
    history.close()
    assert len(before) == 96
    shown = replay(folder, datetime.fromisoformat(json.loads(folder.live.read_text())["at"]))
    assert shown.exact
    assert set(shown.orders) == {"less"}
