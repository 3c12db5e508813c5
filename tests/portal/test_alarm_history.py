"""What became of alarms: what is asked for, of one's own, leaf by leaf."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.entries import alarmed
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.routes.alarm_history import MOST
from zeroplant.portal.service import Service
from zeroplant.store import JournalWriter

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


@pytest.fixture
def began(service: Service) -> datetime:
    """Five hours ago: battery silent, an hour later wind frozen, then both gone; one is shelved."""
    start = datetime.now(UTC).replace(microsecond=0) - 5 * HOUR
    alarms, found = Alarms(), []
    for hours, conditions in enumerate((
        [("silent", "battery.level")],
        [("silent", "battery.level"), ("frozen", "wind.output")],
        [("frozen", "wind.output")],
        [],
    )):  # fmt: skip
        found += alarms.update(start + hours * HOUR, conditions)
    shelf = alarms.shelve(start + 4 * HOUR, "frozen", "wind.output", "wang", start + 9 * HOUR)
    assert shelf is not None
    with JournalWriter(service.folder.journal) as journal:
        journal.append(alarmed([*found, shelf]))
    return start


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def listed(client: TestClient, language: str = "en", **asked: str) -> list[str]:
    """The last column of the page's table, as text."""
    page = client.get("/alarms/history", params=asked, headers={"accept-language": language}).text
    rows = re.findall(r"<tr><td>.*?</tr>", page, re.DOTALL)
    return [html.unescape(re.sub("<[^>]+>", "", row.rpartition("<td")[2])).partition(">")[2]
            for row in rows]  # fmt: skip


def test_it_is_sifted_by_kind_asset_state_and_time(
    client: TestClient, service: Service, began: datetime
) -> None:
    """Times are of the clock on the plant's wall."""
    enter(client, service, "zhao", Grant(Role.VIEWER))
    assert len(listed(client)) == 5
    assert [("silent" in said or "heard" in said) for said in listed(client, kind="silent")] == [
        True, True,
    ]  # fmt: skip
    assert len(listed(client, asset="wind")) == 3
    assert [said.partition(":")[0] for said in listed(client, asset="wind", change="cleared")] == [
        "alarm cleared"
    ]
    half = timedelta(minutes=30)
    since, until = ((began + hours * HOUR + half).astimezone(ZONE) for hours in (0, 1))
    wall = "%Y-%m-%dT%H:%M:%S"
    only = listed(client, since=since.strftime(wall), until=until.strftime(wall))
    assert [said.partition(":")[0] for said in only] == ["alarm raised"]
    assert "wind output" in only[0]
    assert listed(client, kind="disk") == []
    assert client.get("/alarms/history", params={"change": "gone"}).status_code == 422


def test_what_is_shelved_says_for_how_long_still(
    client: TestClient, service: Service, began: datetime
) -> None:
    enter(client, service, "zhao", Grant(Role.VIEWER))
    (said,) = listed(client, change="shelved")
    assert re.search(r"until \d{4}-.* · shelved for \d+ (h|min) more", said)
    (told,) = listed(client, "zh", change="shelved")
    assert re.search(r"搁置剩余 \d+ (小时|分钟)", told)


def test_everybody_finds_what_is_theirs(
    client: TestClient, service: Service, began: datetime
) -> None:
    enter(client, service, "wang", Grant(Role.OPERATOR, "battery"))
    assert len(listed(client)) == 2
    assert listed(client, asset="wind") == []


def test_leaves_keep_what_was_asked_for(client: TestClient, service: Service) -> None:
    """The way to older ones, and back, and no record twice."""
    alarms, at = Alarms(), datetime.now(UTC) - 9 * HOUR
    with JournalWriter(service.folder.journal) as journal:
        for minute in range(2 * MOST):
            on = [] if minute % 2 else [("silent", "battery.level"), ("frozen", "wind.output")]
            journal.append(alarmed(alarms.update(at + timedelta(minutes=minute), on)))
    enter(client, service, "zhao", Grant(Role.VIEWER))
    page = client.get("/alarms/history", params={"asset": "battery"}).text
    seen, count = [], 0
    while way := re.search(r'href="([^"]+)" rel="next"', page):
        seen += re.findall(r'<td><time datetime="([^"]+)"', page)
        page, count = client.get(html.unescape(way[1])).text, count + 1
        assert "back to the newest" in page
        assert "frozen" not in page.partition("<tbody")[2]
    seen += re.findall(r'<td><time datetime="([^"]+)"', page)
    assert count >= 1
    assert len(seen) == len(set(seen)) == 2 * MOST
