"""A small plant that has lived for four hours: what a controller left in its folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.portal.doors import cheap
from zeroplant.files import write_atomic
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.service import Service, open_service
from zeroplant.store import Batch, Entry

SMALL = """
zeroplant: 1
name: small
time: {zone: Asia/Shanghai, periods: 96, step: 15 min}
nodes: {bus: {carrier: electricity}}
assets:
  town: {kind: demand, at: bus, load: 10 MW}
  sun: {kind: solar, at: bus, power: 20 MW, availability: 0.2, capex: 2800 CNY/kW}
  grid:
    {kind: grid, at: bus, connection: 20 MW, import_price: 0.5 CNY/kWh, export_price: 0.2 CNY/kWh,
     region: Inner Mongolia}
"""
MIDNIGHT = datetime(2025, 6, 1, tzinfo=UTC) - timedelta(hours=8)
POWER = {"town.load": 10.0, "sun.output": 4.0, "sun.output.possible": 4.5, "grid.import": 6.0,
         "grid.export": 0.0}  # fmt: skip
HOURS = 4


def lived(folder: PlantFolder) -> None:
    """Four hours in which all meters showed the same, two schedules, an alarm that came twice."""
    recording = Recording(folder)
    times = [MIDNIGHT + timedelta(minutes=5 * n) for n in range(12 * HOURS)]
    stamps = np.array([at.replace(tzinfo=None) for at in times], "M8[us]")
    for name, value in POWER.items():
        recording.history.append(
            Batch([name] * len(times), stamps, np.full(len(times), value), times[-1])
        )
    for at in (times[3], times[20]):
        said = {"change": "raised", "severity": "major", "cause": "silent", "cause_zh": "无应答"}
        recording.journal.append(
            Entry(kind="alarm", key="device silent: sun", event=at, known=at, payload=said)
        )
    recording.close()
    for hour, power in ((0, 5.0), (2, 7.0)):
        made = MIDNIGHT + timedelta(hours=hour)
        schedule = Schedule(
            made=made, start=made, step=timedelta(minutes=15), status="optimal",
            power={"grid.import": np.full(96, power)}, level={}, price={"bus": np.full(96, 300.0)},
            worth={}, target=np.full(96, -power), reasons=(),
        )  # fmt: skip
        write_atomic(folder.schedules / f"{made:%Y%m%dT%H%M%SZ}.json", schedule.to_json())
    image = {
        "at": (MIDNIGHT + timedelta(hours=HOURS)).isoformat(),
        "wrote": datetime.now(UTC).isoformat(),
        "speed": 0,
        **dict.fromkeys(("target", "achievable", "exchange")),
        "source": "schedule", "points": {}, "alarms": [], "links": {}, "orders": [],
    }  # fmt: skip
    write_atomic(folder.live, json.dumps(image))


def small(folder: Path) -> Service:
    """Its service; its application closes it."""
    write_atomic(folder / "plant.yaml", SMALL)
    service = open_service(folder / "plant.yaml", folder / "data", names=["testserver"])
    cheap(service.accounts)
    lived(service.folder)
    return service
