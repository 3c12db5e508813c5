"""Real data kept beside the project, not in it: tests that need it skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_data(name: str) -> Path:
    """Folder of one shared data set, or skip the test with the reason."""
    base = Path(os.environ.get("ZEROPLANT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    folder = base / name
    if not folder.is_dir():
        pytest.skip(f"shared data set '{name}' is not at {base}")
    return folder
