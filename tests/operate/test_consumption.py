"""The days before an event are those of the plant's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.operate.small_plant import small_network
from zeroplant.operate.consumption import BEFORE, DAYS, Consumption
from zeroplant.store import Batch, HistoryWriter

QUARTER = timedelta(minutes=15)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25)])
@pytest.mark.parametrize("hour", [8, 17])
def test_a_baseline_across_a_change_of_the_clock(
    tmp_path: Path, change: datetime, hour: int
) -> None:
    """Works of 40 MW from eight to six o'clock, asked on the Monday after for their first hour."""
    start = change.replace(tzinfo=UTC) - timedelta(days=DAYS + 3)
    times = [start + n * QUARTER for n in range((DAYS + 6) * 96)]
    here = [each.astimezone(BERLIN) for each in times]
    load = [40.0 if 8 <= each.hour < 18 and each.weekday() < 5 else 4.0 for each in here]
    events = [np.datetime64(each.replace(tzinfo=None), "us") for each in times]
    known = [each + np.timedelta64(QUARTER) for each in events]
    with HistoryWriter(tmp_path / "history") as history:
        for name, values in (("grid.import", load), ("grid.export", [0.0] * len(load))):
            history.append(Batch(name, events, values, known))
        consumption = Consumption(history, "Europe/Berlin")
        consumption.stand(small_network())
        local = (change + timedelta(days=1)).replace(hour=hour, tzinfo=BERLIN)
        first = local.astimezone(UTC)
        days = consumption.of_days(first, QUARTER)
        assert days.shape == (DAYS + 1, 96)
        found, method = consumption.baseline(days, first, QUARTER, [], np.full(4, np.nan))
    place = BEFORE // QUARTER
    assert method == "like days"
    assert found.values[place : place + 4] == pytest.approx([40.0] * 4)
    assert found.factor == pytest.approx(1.0)
