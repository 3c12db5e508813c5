"""The report of a simulated run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zeroplant.operate.alarms import MEANINGS, Alarm, AlarmChange
from zeroplant.twin.report import _alarms

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize("code", MEANINGS)
def test_every_kind_of_alarm_can_be_told(code: str) -> None:
    """Whatever was raised, with a detail or without, stands in the report in both languages."""
    alarm = Alarm(code, "battery", NOON, detail="too late")
    (row,) = _alarms([AlarmChange("raised", alarm, NOON)])
    assert row["text"].en
    assert not any("{" in words for words in row["text"])
