"""Alarms in their groups: each in one, the worst first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from zeroplant.portal.alarm_board import Shelved, board

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


def alarm(code: str, severity: str, minutes: int, **more: Any) -> dict[str, Any]:
    """An alarm that was raised so many minutes ago."""
    return {
        "code": code, "key": "battery", "severity": severity, "cleared": None,
        "raised": (NOW - timedelta(minutes=minutes)).isoformat(), "acknowledged": None,
        "shelved_until": None, **more,
    }  # fmt: skip


def test_each_alarm_is_in_one_group_the_worst_and_newest_first() -> None:
    later, earlier = (NOW + timedelta(minutes=1)).isoformat(), NOW.isoformat()
    alarms = [
        alarm("old minor", "minor", 90),
        alarm("old major", "major", 60),
        alarm("new major", "major", 5, acknowledged=earlier),
        alarm("gone", "critical", 30, cleared=earlier),
        alarm("away", "critical", 20, shelved_until=later),
        alarm("away and gone", "minor", 20, shelved_until=later, cleared=earlier),
        alarm("back", "minor", 20, shelved_until=earlier),
        alarm("worst", "critical", 70),
    ]
    found = board(alarms, NOW, {"away: battery": Shelved("wang", "crew is there")})
    codes = [[line.said["code"] for line in group]
             for group in (found.active, found.cleared, found.shelved)]  # fmt: skip
    assert codes == [
        ["worst", "new major", "old major", "back", "old minor"],
        ["gone"],
        ["away", "away and gone"],
    ]
    assert found.shelved[0].shelved == Shelved("wang", "crew is there")
    assert [line.left for line in found.shelved] == [60.0, 60.0]
    assert found.active[0].left == 0.0
    assert found.counts == {"critical": 1, "major": 2, "minor": 2}
    assert found.unseen == 5
