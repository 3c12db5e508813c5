"""What is refused is written down, but not as often as a script likes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.links.fakes import HandClock
from tests.portal.doors import COUNTY, cheap, enter
from zeroplant.portal import refusals
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.problems import LONGEST
from zeroplant.portal.refusals import AGAIN, MOST, Refusals
from zeroplant.portal.service import Service, open_service
from zeroplant.portal.studio.knobs import TOLD


@pytest.fixture
def service(tmp_path: Path) -> Service:
    found = open_service(COUNTY, tmp_path, names=["testserver"], clock=HandClock())
    cheap(found.accounts)
    return found


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def refused(service: Service) -> list[str]:
    """What the diary says of refusals."""
    return [each.key for each in service.diary.read() if each.payload["what"] == "refused"]


def test_the_same_again_within_a_minute_is_written_once(
    client: TestClient, service: Service
) -> None:
    enter(client, service, "wang", Grant(Role.VIEWER))
    assert {client.get("/people").status_code for _ in range(5)} == {403}
    assert refused(service) == ["/people"]
    client.post("/people/1/shut")
    assert refused(service) == ["/people"], "a forged form is none of this"
    service.clock.add(seconds=61)  # type: ignore[attr-defined]
    assert {client.get("/people").status_code for _ in range(5)} == {403}
    assert refused(service) == ["/people"] * 2


def test_a_person_who_tries_everything_does_not_fill_the_disk(service: Service) -> None:
    """Neither by their number nor by their length; a colleague's are written all the same."""
    for number in range(3 * MOST):
        service.refused("wang", f"/{number}/" + "x" * 60_000)
    service.refused("li", "/people")
    *of_wang, last = refused(service)
    assert (len(of_wang), last) == (MOST, "/people")
    assert {len(each) for each in of_wang} == {refusals.LONGEST}
    service.close()


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    lately, now = Refusals(), HandClock().now()
    assert [lately.is_news("wang", "/people", now) for _ in range(2)] == [True, False]
    assert lately.is_news("wang", "/people", now - timedelta(days=1))
    assert lately.is_news("wang", "/people", now - timedelta(days=1) + AGAIN)


def test_a_refusal_repeats_little_of_the_request(client: TestClient, service: Service) -> None:
    """Of a long line its beginning, of many problems the first; in either language."""
    key = enter(client, service, "lin", Grant(Role.ADMIN))
    for language in ("en", "zh-CN"):
        said = {"accept-language": language, "form-key": key}
        long = client.get("/api/v1/journal", params={"group": "1" * 60_000}, headers=said)
        assert (long.status_code, len(long.json()["detail"])) == (422, LONGEST)
        moved = {"moved": {f"nowhere {number}": 1.0 for number in range(400)}}
        many = client.post("/api/v1/plan/file", json=moved, headers=said)
        assert (many.status_code, len(many.json()["detail"])) == (422, TOLD)
