"""Clocks on the wall change; what the plant does, it does in UTC."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.twin.conftest import EXAMPLES
from tests.twin.test_faults_run import CYCLE, assert_safe
from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image
from zeroplant.plant import load_plant
from zeroplant.twin.prepare import Prepared, prepare
from zeroplant.twin.run import Simulation

HOUR = timedelta(hours=1)


@pytest.mark.skipif(sys.platform == "win32", reason="not a checkout: time.tzset is of POSIX")
def test_the_zone_of_the_machine_may_change_and_nothing_else_does(
    county: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-way somebody sets the machine to another zone; every decision is as without."""
    found = []
    for zone in ("", "America/New_York"):
        run = Simulation(replace(county, days=1 / 24), cycle=CYCLE, forecaster="persistence")  # type: ignore[arg-type]
        after = run.loop.after

        def look(image: Image, decision: Decision) -> None:
            if zone and run.loop.beats.cycles == 150:  # noqa: B023
                monkeypatch.setenv("TZ", zone)  # noqa: B023
                time.tzset()
            after(image, decision)  # noqa: B023

        run.loop.after = look
        run.run()
        found.append(run)
    assert os.environ["TZ"] == "America/New_York"
    monkeypatch.undo()
    time.tzset()
    np.testing.assert_array_equal(found[0].cycles.exported, found[1].cycles.exported)
    assert [each.made for each in found[0].schedules] == [each.made for each in found[1].schedules]


def test_the_night_of_the_summer_time_has_an_hour_less_and_no_gap() -> None:
    """At two in the morning it is three; quarter-hours follow each other all the same."""
    plant = load_plant(EXAMPLES / "county-base")
    plant = plant.model_copy(
        update={"time": plant.time.model_copy(update={"zone": "Europe/Berlin"})}
    )
    sizes = {
        "wind.power": 150.0, "sun.power": 280.0, "battery.power": 90.0, "battery.energy": 500.0,
        "grid.connection": 100.0,
    }  # fmt: skip
    start = datetime(2025, 3, 30)
    prepared = prepare(plant, start=start, days=1, seed=1, folder=None, sizes=sizes)
    axis = prepared.known.network.axis
    assert axis.start.utcoffset() is not None
    assert str(axis.local[7])[11:16] == "01:45"
    assert str(axis.local[8])[11:16] == "03:00"
    run = Simulation(replace(prepared, days=4 / 24), cycle=CYCLE, forecaster="persistence")  # type: ignore[arg-type]
    run.run()
    # A gusty night: within a cycle of this length the wind alone moves by two hundredths.
    assert_safe(run, most_off=0.03)
    made = [each.made for each in run.schedules]
    # The last one is asked for before its quarter-hour, when the run is about to end.
    assert made == [axis.start + n * timedelta(minutes=15) for n in range(17)]
