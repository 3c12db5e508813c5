"""The history API: what was measured, as it was known, and never more than can be drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.past import Past
from zeroplant.portal.service import Service
from zeroplant.store import Batch, HistoryWriter

START = datetime(2025, 1, 1, tzinfo=UTC)
QUARTER = np.timedelta64(900, "s")


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A viewer's browser."""
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "lin", Grant(Role.VIEWER))
        yield client


def write(service: Service, values: np.ndarray, *, late: int = 0, first: int = 0) -> None:
    """Quarter-hours of wind from ``first`` on, known ``late`` seconds after they held."""
    event = (
        np.datetime64(START.replace(tzinfo=None), "us") + (first + np.arange(len(values))) * QUARTER
    )
    writer = HistoryWriter(service.folder.history)
    writer.append(Batch("wind.output", event, values, event + np.timedelta64(late, "s")))
    writer.close()


def asked(client: TestClient, point: str = "wind.output", **span: object) -> dict:
    """An answer of the API."""
    answer = client.get(f"/api/v1/history/{point}", params={k: str(v) for k, v in span.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_values_as_they_are(client: TestClient, service: Service) -> None:
    write(service, np.array([1.0, 2.0, 3.0]))
    end = (START + timedelta(minutes=30)).isoformat()
    found = asked(client, start=START.isoformat(), end=end)
    first = int(1000 * START.timestamp())
    assert found["time"] == [first, first + 900_000]  # the end is not in it
    assert found["value"] == [1.0, 2.0]
    assert (found["form"], found["unit"], found["known"]) == ("all", "MW", None)


def test_no_peak_is_lost(client: TestClient, service: Service) -> None:
    """A single quarter-hour of 99 MW and one of -7 in a month are both in what is drawn."""
    values = np.full(2976, 5.0)
    values[1234], values[2345] = 99.0, -7.0
    write(service, values)
    found = asked(client, start=START.isoformat(), end="2025-02-01T00:00:00Z", most=100)
    assert found["form"] == "ends"
    assert len(found["value"]) <= 100
    assert (max(found["value"]), min(found["value"])) == (99.0, -7.0)
    at = datetime.fromtimestamp(found["time"][found["value"].index(99.0)] / 1000, UTC)
    assert at == START + 1234 * timedelta(minutes=15)
    assert found["time"] == sorted(found["time"])


def test_steps(client: TestClient, service: Service) -> None:
    write(service, np.arange(8.0))
    end = (START + timedelta(hours=2)).isoformat()
    found = asked(client, start=START.isoformat(), end=end, step=3600)
    assert found["value"] == [1.5, 5.5]
    assert (found["least"], found["most"], found["last"]) == ([0, 4], [3, 7], [3, 7])
    assert (found["count"], found["quality"], found["step"]) == ([4, 4], [0, 0], 3600.0)


def test_as_it_was_known_then(client: TestClient, service: Service) -> None:
    """What was corrected an hour later is seen as it stood before, and not at all before that."""
    write(service, np.array([1.0]))
    write(service, np.array([8.0]), late=3600)
    span = {"start": START.isoformat(), "end": "2025-01-02T00:00:00Z"}
    assert asked(client, **span)["value"] == [8.0]
    assert asked(client, **span, known="2025-01-01T00:30:00Z")["value"] == [1.0]
    assert asked(client, **span, known="2024-12-31T23:00:00Z")["value"] == []


def test_the_last_day_of_the_plant(client: TestClient, service: Service) -> None:
    """Without a span: the day before the plant's own now, which its image tells."""
    write(service, np.array([4.0]))
    assert asked(client)["value"] == []  # by the wall's clock, long ago
    now = START + timedelta(hours=1)
    client.app._inner.state.watch.image = {  # type: ignore[attr-defined]
        "at": now.isoformat(), "wrote": service.clock.now().isoformat(), "speed": 60,
    }  # fmt: skip
    assert asked(client)["value"] == [4.0]


@pytest.mark.parametrize(
    ("point", "span", "status"),
    [
        ("wind.output", {"start": "2025-01-02T00:00:00Z", "end": "2025-01-01T00:00:00Z"}, 422),
        ("wind.output", {"start": "2025-01-01T00:00:00"}, 422),  # whose midnight?
        ("wind.output", {"most": "50001"}, 422),
        ("wind.output", {"step": "1", "start": "2025-01-01T00:00:00Z"}, 422),
        ("wind.output", {"end": "0001-01-01T00:00:00Z"}, 422),
        ("wind.output", {"step": "nan"}, 422),
        ("wind.nothing", {}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_answered(
    client: TestClient, point: str, span: dict[str, str], status: int
) -> None:
    assert client.get(f"/api/v1/history/{point}", params=span).status_code == status


def test_only_what_is_theirs_to_see(service: Service) -> None:
    write(service, np.array([4.0]))
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "wang", Grant(Role.VIEWER, "battery"))
        names = [each["name"] for each in client.get("/api/v1/points").json()["points"]]
        assert "battery.level" in names
        assert all(name.startswith("battery.") for name in names)
        assert client.get("/api/v1/history/wind.output").status_code == 403
        assert client.get("/api/v1/history/battery.level").status_code == 200


def test_points_say_what_they_are(client: TestClient) -> None:
    found = {each["name"]: each for each in client.get("/api/v1/points").json()["points"]}
    level = found["battery.level"]
    assert (level["unit"], level["stored"], level["writable"]) == ("MWh", True, False)
    assert found["battery.charge"]["writable"]
    client.get("/language/zh")
    found = {each["name"]: each for each in client.get("/api/v1/points").json()["points"]}
    assert found["battery.charge"]["label"] == "充电"
    assert found["wind.output.possible"]["label"] == "出力：当前可用"


def test_a_year_of_quarter_hours_is_answered_whole(client: TestClient, service: Service) -> None:
    write(service, np.random.default_rng(1).normal(50.0, 20.0, 35_040))
    found = asked(client, start=START.isoformat(), end="2026-01-01T00:00:00Z")
    assert (len(found["value"]), found["form"]) == (35_040, "all")


def test_the_log_is_read_before_anybody_asks(service: Service) -> None:
    """What the controller wrote since the last night is in memory when the first chart is drawn."""
    write(service, np.arange(8.0))
    past = Past(service.folder.history)

    async def followed() -> None:
        async with past.followed():
            while past.__dict__["_history"] is None:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(followed(), 30))
    past.close()


def test_before_anything_was_measured(client: TestClient) -> None:
    assert asked(client)["value"] == []
    assert asked(client, step=3600)["count"] == []
