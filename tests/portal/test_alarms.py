"""Alarms on their page: for whom they are, when they are unknown, and what a form may say."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from tests.portal.doors import enter, until
from tests.portal.test_live import seen
from zeroplant.files import write_atomic
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.entries import alarmed
from zeroplant.operate.folder import waiting
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.access.database import sessions
from zeroplant.portal.app import application
from zeroplant.portal.service import Service
from zeroplant.store import JournalWriter


def image(written: datetime) -> dict[str, Any]:
    """A plant whose battery and wind are silent, as it was written at a moment."""
    alarms = Alarms()
    alarms.update(written, [("silent", "battery.level"), ("silent", "wind.output")])
    told = [each.said() for each in alarms.held()]
    return seen(5.0) | {"at": written.isoformat(), "wrote": written.isoformat(), "alarms": told}


@pytest.fixture
def client(service: Service, unhurried: None) -> Iterator[TestClient]:
    """A door behind which the plant lives."""
    write_atomic(service.folder.live, json.dumps(image(datetime.now(UTC))))
    with TestClient(application(service), follow_redirects=False) as client:
        watch = client.app._inner.state.watch  # type: ignore[attr-defined]
        while watch.image is None:
            time.sleep(0.05)
        yield client


def heads(client: TestClient) -> str:
    """What the head of a page says of alarms."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", client.get("/alarms/count").text)).strip()


def test_everybody_sees_and_counts_what_is_theirs(client: TestClient, service: Service) -> None:
    """A viewer sees all and may do nothing; an operator of the battery acts on the battery."""
    enter(client, service, "zhao", Grant(Role.VIEWER))
    page = client.get("/alarms").text
    assert "wind output has not been heard of" in page
    assert 'action="/alarms/acknowledge"' not in page
    assert heads(client) == "2 major 2 not seen"
    client.cookies.clear()
    key = enter(client, service, "wang", Grant(Role.OPERATOR, "battery"))
    page = client.get("/alarms").text
    assert "wind output" not in page
    assert page.count('action="/alarms/acknowledge"') == 1
    assert heads(client) == "1 major 1 not seen"
    wind = {"code": "silent", "key": "wind.output", "form_key": key}
    assert client.post("/alarms/acknowledge", data=wind).status_code == 403
    assert client.get("/alarms/shelve", params=wind).status_code == 404
    assert list(waiting(service.folder)) == []


def test_a_shelf_has_a_time_and_a_reason(client: TestClient, service: Service) -> None:
    key = enter(client, service, "wang", Grant(Role.OPERATOR))
    form = {"code": "silent", "key": "wind.output", "minutes": "60", "reason": "crew is there",
            "form_key": key}  # fmt: skip
    for change in ({"reason": " "}, {"reason": ""}, {"minutes": "0"}, {"minutes": "1441"},
                   {"minutes": "NaN"}):  # fmt: skip
        assert client.post("/alarms/shelve", data=form | change).status_code == 422, change
    assert client.post("/alarms/shelve", data=form | {"form_key": "other"}).status_code == 403
    assert client.post("/alarms/shelve", data=form).status_code == 303
    ((_, wish, _),) = waiting(service.folder)
    assert wish is not None
    assert (wish.kind, wish.key, wish.reason) == ("shelve", "silent: wind.output", "crew is there")
    assert wish.until - wish.start == timedelta(hours=1)


def test_nobody_shelves_by_the_api_without_a_reason(client: TestClient, service: Service) -> None:
    key = enter(client, service, "wang", Grant(Role.OPERATOR))
    wish = {"code": "silent", "key": "wind.output", "minutes": 30}
    for reason in ({}, {"reason": ""}, {"reason": " \t"}):
        answer = client.post("/api/v1/alarms", json=wish | reason, headers={"form-key": key})
        assert answer.status_code == 422, reason
        assert "reason" in answer.text
    assert list(waiting(service.folder)) == []
    seen = client.post("/api/v1/alarms", json=wish | {"minutes": 0}, headers={"form-key": key})
    assert seen.status_code == 202, "to acknowledge needs none"


def test_what_happened_has_an_address_of_its_own(client: TestClient, service: Service) -> None:
    """The list of what holds is renewed every other second, and does not read the journal."""
    enter(client, service, "zhao", Grant(Role.VIEWER))
    at = datetime.now(UTC)
    alarms = Alarms()
    changes = alarms.update(at, [("silent", "battery.level")])
    with JournalWriter(service.folder.journal) as journal:
        journal.append(alarmed(changes))
    page = client.get("/alarms").text
    assert 'href="/alarms/history"' in page
    assert "alarm raised" not in page
    history = client.get("/alarms/history").text
    assert "alarm raised" in history
    assert 'data-fresh=""' not in history.partition("<main")[2]


def test_of_a_silent_controller_no_alarm_is_counted(client: TestClient, service: Service) -> None:
    """An old image says what was, and "no alarms" is never concluded from it."""
    enter(client, service, "zhao", Grant(Role.VIEWER))
    old = image(datetime.now(UTC) - timedelta(minutes=5))
    write_atomic(service.folder.live, json.dumps(old | {"alarms": []}))
    until(lambda: heads(client) == "Alarms unknown")
    page = client.get("/alarms").text
    assert "The controller is silent" in page
    assert "No active alarms" not in page


def test_a_page_that_renews_itself_keeps_nobody_logged_in(
    client: TestClient, service: Service
) -> None:
    enter(client, service, "zhao", Grant(Role.VIEWER))

    def seen_at(moment: float | None = None) -> float:
        with service.engine.begin() as connection:
            if moment is not None:
                connection.execute(update(sessions).values(seen=moment))
            return float(connection.execute(select(sessions.c.seen)).scalar_one())

    left = seen_at(time.time() - 600.0)
    assert client.get("/alarms", headers={"x-refresh": "1"}).status_code == 200
    assert seen_at() == left
    assert client.get("/alarms").status_code == 200
    assert seen_at() > left
