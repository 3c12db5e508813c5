"""The grid's side, as the controller's folder tells of it; what cannot be read is left out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from tests.portal.test_live import seen
from zeroplant.files import write_atomic
from zeroplant.operate.wish import Wish
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

CAPABILITY = {
    "hours": [0.25, 1.0],
    "probabilities": [0.5, 0.9], "up": [[30.0, 20.0], [25.0, None]],
    "down": [[10.0, 9.0], [8.0, 7.0]],
    "capacities": {"peak": {"value": -8.0, "unit": "MW", "words": {"en": "peak", "zh": "顶峰"}}},
}  # fmt: skip


def callers(now: str, later: str) -> dict[str, Any]:
    """A dispatch centre that has gone, its command, and an event of demand response."""
    return {
        "at": now,
        "centre": {"configured": True, "connected": False, "since": now,
                   "peers": ["10.0.0.7"], "last_heard": now, "points": 3},
        "commands": [{"at": now, "point": "plant.target", "value": 25.0, "until": later,
                      "source": "dispatch centre", "state": {"en": "in force", "zh": "执行中"}}],
        "events": [{"id": "7", "name": "evening peak", "start": now, "until": later,
                    "kind": "import limit", "value": 40.0,
                    "state": {"en": "ahead", "zh": "未开始"}}],
    }  # fmt: skip


def responses(now: str, later: str) -> dict[str, Any]:
    """What an event has come to."""
    return {"responses": [
        {"source": "contract", "key": "evening: 6", "kind": "least export", "start": now,
         "end": later, "method": "like days", "direction": "reduce", "awarded_energy": 12.0,
         "measured_energy": 11.0, "paid_energy": 11.0, "valid_share": 0.92, "steps": {}},
    ]}  # fmt: skip


def promises(now: str, later: str) -> dict[str, Any]:
    """A reserve that was not delivered, and a curve."""
    return {"made": now, "list": [
        {"name": "spinning", "kind": "reserve up", "source": "file", "start": now,
         "until": later, "value": 5.0, "price": 300.0, "state": "broken", "delivered": 3.0},
        {"name": "curve", "kind": "schedule", "start": now, "until": later,
         "value": [1.0, 2.0, 3.0], "price": 1.0, "state": "ahead"},
    ]}  # fmt: skip


@pytest.fixture
def client(service: Service, unhurried: None) -> Iterator[TestClient]:
    """A viewer of a plant on which a dispatch centre and a contract have called."""
    folder, at = service.folder, datetime.now(UTC)
    now, later = at.isoformat(), (at + timedelta(hours=1)).isoformat()
    order = {"source": "dispatch centre", "kind": "most export", "value": 15.0, "key": "",
             "start": now, "until": later}  # fmt: skip
    over = order | {"value": 99.0, "until": now}
    image = seen(5.0) | {"at": now, "wrote": now, "orders": [order, over, {"source": "x"}]}
    write_atomic(folder.live, json.dumps(image))
    write_atomic(folder.callers, json.dumps(callers(now, later)))
    write_atomic(folder.responses, json.dumps(responses(now, later)))
    write_atomic(folder.commitments, json.dumps(promises(now, later)))
    write_atomic(folder.capability, json.dumps(CAPABILITY | {"made": now, "start": now}))
    wish = Wish("a1", "wang", "target", 20.0, at, at + timedelta(hours=1), "", "feeder test")
    write_atomic(folder.orders / "a1.json", json.dumps(wish.plain()))
    write_atomic(folder.answer("a1"), json.dumps({"accepted": True}))
    with TestClient(application(service), follow_redirects=False) as client:
        watch = client.app._inner.state.watch  # type: ignore[attr-defined]
        while watch.image is None:
            time.sleep(0.05)
        enter(client, service, "zhao", Grant(Role.VIEWER))
        yield client


def test_what_could_be_given_hours_ago_is_told_as_that(
    client: TestClient, service: Service
) -> None:
    """The controller may have died since: an hour later nobody may count on it."""
    for hours, said in ((0, "hint"), (2, "problem")):
        made = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
        told = json.dumps(CAPABILITY | {"made": made, "start": made})
        write_atomic(service.folder.capability, told)
        assert f'<p class="{said}">As of' in client.get("/grid").text


def test_everything_others_want_and_were_promised(client: TestClient) -> None:
    """By priority, with who and why; lapsed orders are none."""
    said = client.get("/api/v1/grid").json()
    assert [(o["priority"], o["source"], o["value"], o["person"], o["reason"])
            for o in said["orders"]] == [
        (2, "dispatch centre", 15.0, "", ""), (4, "person", 20.0, "wang", "feeder test"),
    ]  # fmt: skip
    assert said["centre"]["connected"] is False
    assert said["commands"][0]["value"] == 25.0
    assert [each["name"] for each in said["promises"]] == ["curve", "spinning"]
    assert said["capability"]["up"] == CAPABILITY["up"]
    assert said["responses"][0]["valid_share"] == 0.92


def test_the_page_tells_it_in_both_languages(client: TestClient) -> None:
    english = client.get("/grid", headers={"accept-language": "en"}).text
    for words in ("not connected", "evening peak", "92 %", "feeder test", "a course of 3 values",
                  "target of net export", "25 MW", "reserve up"):  # fmt: skip
        assert words in english, words
    assert "Withdraw" not in english, "a viewer withdraws nothing"
    chinese = client.get("/grid", headers={"accept-language": "zh-CN"}).text
    for words in ("未连接", "上备用", "未履约", "净上网功率上限", "顶峰", "调度中心"):
        assert words in chinese, words


def test_a_span_of_another_day_has_its_year_and_offset(
    client: TestClient, service: Service
) -> None:
    """A night's event must not be taken for one of today; the zone is named once, at the end."""
    later = datetime.now(UTC) + timedelta(days=3)
    event = callers("", "")["events"][0] | {"start": later.isoformat(), "until": None}
    write_atomic(service.folder.callers, json.dumps({"events": [event]}))
    page = client.get("/grid").text
    there = later.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{there:%Y-%m-%d %H:%M} UTC+08:00 to …" in page
    assert page.count("(Asia/Shanghai).</footer>") == 1


def test_what_was_delivered_is_energy(client: TestClient) -> None:
    """As operate/delivery.py measures it: MWh, also of a reserve that is promised in MW."""
    page = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", client.get("/grid").text))
    assert "5 MW broken: 3 MWh" in page


def test_nobody_knows_of_a_connection_while_nothing_is_told(
    client: TestClient, service: Service
) -> None:
    """Neither by a silent controller, nor by one that tells no more of its callers."""
    centre = {**callers("", "")["centre"], "connected": True}
    page = '<span class="good">connected</span>'

    def told(at: datetime) -> Any:
        write_atomic(service.folder.callers, json.dumps({"at": at.isoformat(), "centre": centre}))
        return client.get("/api/v1/grid").json()["centre"]["connected"]

    assert told(datetime.now(UTC)) is True
    assert page in client.get("/grid").text
    assert told(datetime.now(UTC) - timedelta(minutes=5)) is None
    text = client.get("/grid").text
    assert page not in text
    assert "nothing is heard of the line" in text
    written = (datetime.now(UTC) - timedelta(days=60)).isoformat()
    write_atomic(service.folder.live, json.dumps(seen(5.0) | {"at": written, "wrote": written}))
    watch = client.app._inner.state.watch  # type: ignore[attr-defined]
    while watch.image["wrote"] != written:
        time.sleep(0.05)
    assert told(datetime.now(UTC)) is None
    assert page not in client.get("/grid").text


ODD = '{"centre": 1, "commands": {"a": 1}, "list": [1, {"start": []}], "responses": 3, "up": 2}'


@pytest.mark.parametrize("content", ["{", "[]", "null", ODD])
def test_what_cannot_be_read_is_left_out(
    client: TestClient, service: Service, content: str
) -> None:
    folder = service.folder
    for path in (folder.callers, folder.responses, folder.commitments, folder.capability):
        write_atomic(path, content)
    said = client.get("/api/v1/grid").json()
    assert (said["commands"], said["promises"], said["capability"]) == ([], [], None)
    assert client.get("/grid").status_code == 200
