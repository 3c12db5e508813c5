"""``kill -9`` of a real controller, in mid-cycle and in mid-write.

Ten lives here; ``python benchmarks/killed.py`` lives a hundred.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.operate.killing import kill_often


@pytest.mark.skipif(sys.platform == "win32", reason="not a checkout: POSIX signals")
def test_nothing_acknowledged_is_lost_and_each_start_is_safe(tmp_path: Path) -> None:
    seen = kill_often(tmp_path, times=10, seed=5)
    assert seen.wrong == []
    assert seen.acknowledged > 100
