"""The page *Health*: every point and link, the worst first, sifted and on leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from tests.portal.test_live import seen
from zeroplant.plan.report.text import same
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.catalogue import PointOf
from zeroplant.portal.checkup import PAGE, UNHEARD, Sifted, sifted
from zeroplant.portal.present import Present
from zeroplant.portal.service import Service

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def point(name: str) -> PointOf:
    asset = name.partition(".")[0]
    return PointOf(name, asset, same(name), "MW", 0.0, 1.0, writable=False, stored=False)


def reading(quality: int, age: float) -> dict[str, Any]:
    event = (NOON - timedelta(seconds=age)).isoformat()
    return {"value": 1.0, "unit": "MW", "quality": quality, "source": "measured", "event": event}


THREE = {"a.x": reading(0, 900.0), "b.x": reading(3, 4.0), "c.x": reading(1, 60.0)}


def sift(image: dict[str, Any], names: list[str], **wish: Any) -> Sifted:
    asked = {"text": "", "quality": "", "order": "worst", "leaf": 1, **wish}
    now = Present({"at": NOON.isoformat(), "points": image}, NOON, 0.0)
    return sifted(map(point, names), now, **asked)


def names(found: Sifted) -> list[str]:
    return [row.point.name for row in found.rows]


def test_the_worst_first() -> None:
    """A point the controller says nothing of is worse than one that it says is lost."""
    found = sift(THREE, ["a.x", "b.x", "c.x", "d.x"])
    assert names(found) == ["d.x", "b.x", "c.x", "a.x"]
    assert found.rows[0].quality == UNHEARD
    assert found.rows[0].reading.value is None
    assert dict(found.counts) == {0: 1, 1: 1, 2: 0, 3: 1, 4: 1}
    assert names(sift(THREE, ["c.x", "a.x", "b.x"], order="oldest")) == ["a.x", "c.x", "b.x"]
    assert names(sift(THREE, ["c.x", "a.x", "b.x"], order="name")) == ["a.x", "b.x", "c.x"]


def test_sifted_by_name_and_quality() -> None:
    found = sift(THREE, ["a.x", "b.x", "c.x"], quality="weak")
    assert names(found) == ["b.x", "c.x"]
    assert sum(found.counts.values()) == 3  # of all, whatever is sifted
    assert names(sift(THREE, ["a.x", "b.x", "c.x"], quality="0")) == ["a.x"]
    assert names(sift(THREE, ["a.x", "b.x", "c.x"], text="B.")) == ["b.x"]


def test_a_plant_of_a_thousand_points_comes_in_leaves() -> None:
    many = [f"a.{n:04}" for n in range(1005)]
    found = sift({}, many, leaf=11)
    assert (len(found.rows), found.leaves, found.found) == (5, 11, 1005)
    assert len(sift({}, many, leaf=1).rows) == PAGE
    assert sift({}, many, leaf=99).leaf == 11  # beyond the last is the last


def test_ages_go_on_when_nothing_is_written() -> None:
    """While the image is fresh, ages are of its moment; later they grow with the plant's clock."""
    image = {"at": NOON.isoformat(), "points": {"a.x": reading(0, 4.0)}}
    later = NOON + timedelta(minutes=5)
    assert Present(image, later, 3.0).of("a.x").age == 4.0
    assert Present(image, later, 300.0).of("a.x").age == 304.0


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A browser, and an image with a link in trouble."""
    with TestClient(application(service), follow_redirects=False) as client:
        now = service.clock.now().isoformat()
        image = {**seen(5.0), "at": now, "wrote": now}
        image["links"] = {
            "meter": {"connected": True, "trouble": "", "reads": 120},
            "storage": {"connected": False, "trouble": "no answer in 2 s", "reads": 7},
        }
        client.app._inner.state.watch.image = image  # type: ignore[attr-defined]
        yield client


def test_links_with_their_trouble(client: TestClient, service: Service) -> None:
    enter(client, service, "lin", Grant(Role.VIEWER))
    text = client.get("/health").text
    assert "not connected: no answer in 2 s" in text
    assert text.index("storage") < text.index(">meter")  # what is in trouble comes first
    assert "120" in text
    assert client.get("/health?quality=9").status_code == 422
    assert client.get("/health?leaf=0").status_code == 422


def test_links_are_of_the_whole_plant(client: TestClient, service: Service) -> None:
    enter(client, service, "wang", Grant(Role.VIEWER, "battery"))
    text = client.get("/health").text
    assert "no answer in 2 s" not in text
    assert "wind" not in text
    assert "battery" in text


def test_what_is_sought_is_text(client: TestClient, service: Service) -> None:
    enter(client, service, "lin", Grant(Role.VIEWER))
    text = client.get("/health", params={"text": '"><script>'}).text
    assert "<script>" not in text.partition("<main")[2]
