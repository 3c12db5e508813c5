"""Today on the overview: what is no word of now is not shown as one, nor what nobody knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.files import write_atomic
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A viewer of the plant."""
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "zhao", Grant(Role.VIEWER))
        yield client


def shown(client: TestClient, service: Service, minutes: int, total: float | None = None) -> str:
    """The part of the overview for what was measured until so many minutes ago, as text."""
    now = datetime.now(UTC)
    lines = [("energy bought", 120.0), ("energy sold", -80.0), ("levies", None)]
    told = {
        "date": str(now.astimezone(ZoneInfo("Asia/Shanghai")).date()),
        "until": (now - timedelta(minutes=minutes)).isoformat(),
        "energy": dict.fromkeys(("imported", "exported", "generated", "used"), 7.0),
        "money": {"currency": "CNY", "total": total, "lines": [
            {"name": f"grid: {what}", "who": "grid", "what": what, "amount": amount}
            for what, amount in lines
        ]},
        "carbon": {"kg": 14.0, "kg_per_mwh_now": 432.0, "source": {"en": "f", "zh": "f"}},
        "unknown": [{"gaps": 2, "of": ["imported", "energy bought"], "steps": 48}],
    }  # fmt: skip
    write_atomic(service.folder.today, json.dumps(told))
    return client.get("/today").text


def test_what_was_measured_hours_ago_is_no_word_of_now(
    client: TestClient, service: Service
) -> None:
    """Also on the same day: the tiles are greyed, and the carbon of now is unknown."""
    fresh = shown(client, service, 20)
    assert "432 kgCO₂/MWh" in fresh
    assert "Nothing was measured since" not in fresh
    assert "tiles stale" not in fresh
    late = shown(client, service, 150)
    assert "432 kgCO₂/MWh" not in late
    assert "Nothing was measured since" in late
    assert "tiles stale" in late


def test_an_unknown_amount_is_neither_earned_nor_paid(client: TestClient, service: Service) -> None:
    page = shown(client, service, 20)
    rows = [re.sub("<[^>]+>", "|", row) for row in re.findall("<tr>(.*?)</tr>", page, re.S)]
    assert [next(word for word in ("paid", "earned", "–") if f"|{word}|" in row)
            for row in rows] == ["paid", "earned", "–"]  # fmt: skip
    assert "Money today" in page
    assert "Earned today" not in page
    assert "Earned today" in shown(client, service, 20, total=-5.0)


def test_what_was_not_measured_is_called_as_elsewhere(client: TestClient, service: Service) -> None:
    shown(client, service, 20)
    chinese = client.get("/today", headers={"accept-language": "zh"}).text
    assert "购电量、购电：48 个一刻钟中有 2 个缺测" in chinese
    assert "imported" not in chinese
