"""Today so far: the plant's own ledger on what was measured, and what is said of gaps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import ROOT
from zeroplant.axis import Floats
from zeroplant.operate.flowed import flowed
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.measured import Means
from zeroplant.operate.recording import Recording
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.today import Today, account
from zeroplant.plant import load_plant
from zeroplant.store import Batch

SMALL = {
    "time.years": "null", "time.periods": "96", "assets.wind.power": "100 MW",
    "assets.sun.power": "50 MW", "assets.battery.power": "20 MW",
    "assets.battery.energy": "40 MWh", "assets.grid.connection": "150 MW",
}  # fmt: skip
MIDNIGHT = datetime(2025, 6, 1, tzinfo=UTC) - timedelta(hours=8)
"""Of the plant's clock, which is Shanghai's."""
POWER = {"factories.load": 100.0, "wind.output": 40.0, "sun.output": 0.0, "grid.import": 60.0,
         "grid.export": 0.0, "battery.charge": 0.0, "battery.discharge": 0.0}  # fmt: skip


@pytest.fixture(scope="module")
def standing() -> Standing:
    plant = load_plant(ROOT / "examples/county-base", SMALL)
    return stand(plant, start=MIDNIGHT, days=1)


def source(**changed: Floats) -> object:
    """Meters that show the same all day, but for those named otherwise."""

    def measured(names: Iterable[str], start: datetime, steps: int, step: timedelta) -> Means:
        held = {name: np.full(steps, POWER.get(name, np.nan)) for name in names}
        for name, values in changed.items():
            held[name.replace("__", ".")] = values[:steps]
        return Means(start, step, held, held)

    return measured


def test_money_is_the_tariff_on_what_was_measured(standing: Standing) -> None:
    """Four hours before six: 60 MW bought at 0.26 + 0.06 and 100 MW sold at 0.42 CNY/kWh."""
    found = account(flowed(standing.network, source(), 16), "CNY")  # type: ignore[arg-type]
    amounts = {line["name"]: line["amount"] for line in found["money"]["lines"]}
    assert amounts["grid: energy bought"] == pytest.approx(4 * 60 * 320)
    assert amounts["factories: energy sold"] == pytest.approx(-4 * 100 * 420)
    assert found["money"]["total"] == pytest.approx(4 * 60 * 320 - 4 * 100 * 420)
    assert found["energy"] == {
        "imported": 240.0, "exported": 0.0, "generated": 160.0, "used": 400.0,
    }  # fmt: skip
    assert found["unknown"] == []
    # Inner Mongolia's factor over what was bought; 60 of 100 MW used were bought
    factor = found["carbon"]["kg"] / 240.0
    assert 500 < factor < 900
    assert found["carbon"]["kg_per_mwh_now"] == pytest.approx(0.6 * factor, rel=1e-5)


def test_what_was_not_measured_is_not_taken_for_nothing(standing: Standing) -> None:
    """Half a morning without the meter of imports: the sum of the rest, and it is said so."""
    gap = np.where(np.arange(16) < 8, 60.0, np.nan)
    found = account(flowed(standing.network, source(grid__import=gap), 16), "CNY")  # type: ignore[arg-type]
    assert found["energy"]["imported"] == 120.0
    assert found["carbon"]["kg_per_mwh_now"] is None
    (said,) = found["unknown"]
    assert said["of"][0] == "imported"
    assert (said["gaps"], said["steps"]) == (8, 16)
    none = np.full(16, np.nan)
    found = account(flowed(standing.network, source(grid__import=none), 16), "CNY")  # type: ignore[arg-type]
    assert found["energy"]["imported"] is None
    assert found["money"]["total"] is None


def test_the_day_is_written_from_the_history(standing: Standing, tmp_path: Path) -> None:
    """Of the plant's clock, from its midnight; values before it are of yesterday."""
    recording = Recording(PlantFolder(tmp_path))
    times = [MIDNIGHT + timedelta(minutes=5 * n) for n in range(-12, 24)]
    for name, value in POWER.items():
        values = [value if at >= MIDNIGHT else 999.0 for at in times]
        stamps = np.array([at.replace(tzinfo=None) for at in times], "M8[us]")
        batch = Batch([name] * len(times), stamps, np.array(values), times[-1])
        recording.history.append(batch)
    today = Today(recording)
    today.stand(standing)
    today.tell(MIDNIGHT + timedelta(hours=2))
    recording.close()
    found = json.loads(PlantFolder(tmp_path).today.read_bytes())
    assert found["date"] == "2025-06-01"
    assert found["energy"]["imported"] == pytest.approx(120.0)
    assert found["unknown"] == []
    assert found["money"]["currency"] == "CNY"


def test_a_day_is_told_to_its_last_quarter_hour(tmp_path: Path, standing: Standing) -> None:
    """At midnight it is whole, and stands until the next day has a quarter-hour of its own."""
    recording = Recording(PlantFolder(tmp_path))
    found: list[dict[str, Any]] = []
    recording.file = lambda _, said: found.append(said)  # type: ignore[method-assign,assignment]
    today = Today(recording, source=source())  # type: ignore[arg-type]
    today.stand(standing)
    for quarters in (96, 97):
        today.tell(MIDNIGHT + quarters * timedelta(minutes=15))
    recording.close()
    assert [(each["date"], each["energy"]["used"]) for each in found] == [
        ("2025-06-01", 2400.0), ("2025-06-02", 25.0),
    ]  # fmt: skip
