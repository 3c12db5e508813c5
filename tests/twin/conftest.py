"""A plant prepared once for the tests of the twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from zeroplant.plant import load_plant
from zeroplant.twin.prepare import Prepared, prepare

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def county() -> Prepared:
    """The county base from nine in the morning of a summer day, three hours of it."""
    plant = load_plant(EXAMPLES / "county-base")
    sizes = {
        "wind.power": 150.0, "sun.power": 280.0, "battery.power": 90.0, "battery.energy": 500.0,
        "grid.connection": 100.0,
    }  # fmt: skip
    prepared = prepare(
        plant, start=datetime(2025, 7, 7, 9), days=1, seed=1, folder=None, sizes=sizes
    )
    return replace(prepared, days=0.125)  # type: ignore[arg-type]
