"""``kill -9`` of the real controller at random moments, against the real twin.

A few lives here; ``python -m benchmarks.killed`` lives a hundred, and waits for set-points to end.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.operate.killing import kill_often


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
    assert set(seen.first) <= {"fail-safe", "schedule", "person"}, "an order that held still holds"
