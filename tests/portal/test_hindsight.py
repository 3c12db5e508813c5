"""What was known then: the last of each, and nothing that came later, in whatever zone one asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.files import write_atomic
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.replay import Replayed
from zeroplant.portal import hindsight as module
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service
from zeroplant.store import Entry, JournalWriter

SIX = datetime(2026, 6, 30, 10, tzinfo=UTC)
"""18:00 at the plant, eight hours east."""
BEFORE, AFTER = SIX - timedelta(seconds=30), SIX + timedelta(seconds=30)


def stamp(moment: datetime) -> str:
    """A moment in the name of a file."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def cycle(at: datetime, target: float) -> list[Entry]:
    """What a cycle leaves that aims at a target, with the schedule it goes by."""
    seen = {"values": [], "age": [], "quality": [], "taken": {}}
    decision = {"target": target, "exchange": 1.0, "source": "schedule",
                "setpoints": {"battery.charge": [3.0, "merit", "none"]}}  # fmt: skip
    plan = {"status": "optimal", "note": "", "file": f"{stamp(at)}.json"}
    told = (("observation", seen), ("decision", decision), ("plan", plan))
    return [Entry(kind=k, key="plant", event=at, known=at, payload=said) for k, said in told]


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A viewer of a plant that was told something just before and just after six."""
    folder = service.folder
    with JournalWriter(folder.journal) as journal:
        for at, target in ((BEFORE, 7.0), (AFTER, 99.0)):
            journal.append(cycle(at, target))
            schedule: dict[str, Any] = {
                "made": at.isoformat(), "start": at.isoformat(), "step_seconds": 900,
                "status": "optimal", "power": {}, "level": {}, "price": {}, "worth": {},
                "target": [target], "reasons": [], "shortfall": {}, "cost": 1.0, "note": "",
            }  # fmt: skip
            write_atomic(folder.schedules / f"{stamp(at)}.json", json.dumps(schedule))
            made = {"made": at.isoformat(), "wind.output": {
                "unit": "MW", "start": at.isoformat(), "step": 900.0, "levels": [0.05, 0.95],
                "values": [[target - 1] * 96, [target + 1] * 96], "mean": [target] * 96,
            }}  # fmt: skip
            write_atomic(folder.made_forecasts / f"{stamp(at)}.json", json.dumps(made))
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "zhao", Grant(Role.VIEWER))
        yield client


def test_nothing_is_known_that_came_later(client: TestClient) -> None:
    for at in ("2026-06-30T10:00:00Z", "2026-06-30T18:00:00+08:00", "2026-06-30T05:00:00-05:00"):
        said = client.get("/api/v1/replay", params={"at": at}).json()
        assert (said["target"], said["plan"]["target"]) == (7.0, [7.0])
        assert datetime.fromisoformat(said["forecasts_made"]) == BEFORE
        assert said["journal"] == "intact"
    later = client.get("/api/v1/replay", params={"at": "2026-06-30T10:01:00Z"}).json()
    assert (later["target"], later["plan"]["target"]) == (99.0, [99.0])
    page = client.get("/journal/replay?at=2026-06-30T18:00").text
    assert "7 MW" in page
    assert "99" not in page.partition("<main")[2]


def test_an_order_whose_end_nobody_wrote_is_shown(client: TestClient, service: Service) -> None:
    """It may have stood; the page and the API show it rather than fail."""
    said = {"kind": "target", "key": "", "person": "zhang", "value": 5.0, "accepted": True,
            "reason": "by hand"}  # fmt: skip
    with JournalWriter(service.folder.journal) as journal:
        journal.append(Entry(kind="person", key="a1", event=AFTER, known=AFTER, payload=said))
        journal.append(Entry(kind="command", key="battery.charge", event=AFTER, known=AFTER,
                             payload={"value": 1.0}))  # fmt: skip
    answer = client.get("/api/v1/replay", params={"at": "2026-06-30T10:02:00Z"})
    assert answer.status_code == 200
    (order,) = answer.json()["orders"]
    assert (order["person"], order["until"]) == ("zhang", None)
    page = client.get("/journal/replay?at=2026-06-30T18:02")
    assert page.status_code == 200
    assert "by hand" in page.text


@pytest.mark.parametrize("at", ["2026-06-30T09:00:00Z", "0001-01-01T00:00:00Z"])
def test_before_anything_was_known(client: TestClient, at: str) -> None:
    assert client.get("/api/v1/replay", params={"at": at}).status_code == 404
    assert client.get("/journal/replay", params={"at": at}).status_code == 200


def test_what_is_no_moment_is_asked_again(client: TestClient) -> None:
    for at in ("2026-06-30T18:00:00", "yesterday", "9999-12-31T23:59:59-12:00"):
        assert client.get("/api/v1/replay", params={"at": at}).status_code in (404, 422), at
        assert client.get("/journal/replay", params={"at": at}).status_code == 200, at
        assert client.get("/journal", params={"since": at, "until": at}).status_code == 200, at
        answer = client.get("/api/v1/journal", params={"since": at, "until": at})
        assert answer.status_code in (200, 422), at


def test_few_wait_for_a_replay_and_the_others_are_told(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests share their threads: whoever asks while some wait comes again, and others go on."""
    begun, go_on = threading.Semaphore(0), threading.Event()
    whole = module.replay

    def slow(folder: PlantFolder, at: datetime) -> Replayed:
        begun.release()
        assert go_on.wait(20)
        return whole(folder, at)

    monkeypatch.setattr(module, "replay", slow)

    def asked(second: int) -> int:
        at = SIX + timedelta(seconds=second)
        answer = client.get("/api/v1/replay", params={"at": at.isoformat()})
        assert (answer.status_code != 503) or answer.headers["retry-after"]
        return answer.status_code

    with ThreadPoolExecutor(module.PENDING) as pool:
        waiting = [pool.submit(asked, n) for n in range(module.PENDING)]
        assert begun.acquire(timeout=20)
        while service.replays._room._value:  # type: ignore[attr-defined]
            time.sleep(0.01)
        assert asked(50) == 503
        page = client.get("/journal/replay?at=2026-06-30T18:00:50", headers={"accept": "text/html"})
        assert page.status_code == 503
        assert client.get("/healthz").status_code == 200
        go_on.set()
        assert [each.result() for each in waiting] == [200] * module.PENDING
    assert asked(50) == 200


def test_who_sees_one_asset_replays_nothing(client: TestClient, service: Service) -> None:
    """A replay is of the whole plant."""
    client.cookies.clear()
    enter(client, service, "sun", Grant(Role.OPERATOR, "sun"))
    answer = client.get("/api/v1/replay", params={"at": SIX.isoformat()})
    assert answer.status_code == 403
