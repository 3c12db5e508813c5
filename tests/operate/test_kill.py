"""``kill -9`` of the real controller at random moments, against the real twin.

A few lives here; ``python -m benchmarks.killed`` lives a hundred, and waits for set-points to end.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.operate.killing import START, Seen, kill_often, look_at_history, told_rows
from zeroplant.operate.folder import PlantFolder
from zeroplant.store import Batch, HistoryWriter


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="not a checkout: /proc tells of processes")
def test_nothing_acknowledged_is_lost_and_each_start_is_safe(tmp_path: Path) -> None:
    seen = kill_often(tmp_path, times=4, seed=5)
    assert seen.wrong == []
    assert len(seen.starts) + seen.early == 4
    assert seen.early > 0
    assert seen.planning > 0
    assert seen.confirmed
    assert seen.records > 50
    assert seen.rows > 100
    assert 0.0 < max(seen.cpu) <= START
    assert set(seen.first) <= {"fail-safe", "schedule", "person"}, "an order that held still holds"


def test_a_history_that_lost_something_is_found(tmp_path: Path) -> None:
    """Values that are gone, bytes that changed, and a folder that is not there any more."""
    folder, seen = PlantFolder(tmp_path), Seen()
    look_at_history(folder, 0, 1, seen)
    with HistoryWriter(folder.history) as history:
        events = np.datetime64("2025-07-07", "us") + np.arange(200) * np.timedelta64(4, "s")
        level = np.sin(np.arange(200.0))
        history.append(
            Batch(["battery.level"] * 200, events, level, events, quality=0, source="test")
        )
        history.compact()
    assert told_rows(folder) == 200
    look_at_history(folder, 200, 2, seen)
    assert seen.wrong == []
    look_at_history(folder, 201, 3, seen)
    assert seen.wrong == ["life 3: 1 of 201 values are lost"]
    (part,) = folder.history.glob("days/*/*.parquet")
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 255
    part.write_bytes(content)
    look_at_history(folder, 0, 4, seen)
    assert any(each.startswith("life 4: history: ") for each in seen.wrong)
    look_at_history(PlantFolder(tmp_path / "none"), 200, 5, seen)
    assert seen.wrong[-1] == "life 5: the history is gone"
