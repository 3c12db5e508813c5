"""The table of people can only be read, as on a full disk: who is in stays in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, update

from tests.portal.doors import enter
from tests.portal.test_desk import OPERATOR, Visitor, asked, door, inbox
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.access.database import sessions
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

__all__ = ["door"]
PAGE = {"accept": "text/html"}


def full(service: Service) -> None:
    """From now on nothing can be written of people, sessions and set-points."""
    engine = service.sessions._engine

    def read_only(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA query_only=1")

    event.listen(engine, "engine_connect", read_only)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """The browser of somebody whose last click is longer ago than is noted."""
    with TestClient(
        application(service), follow_redirects=False, raise_server_exceptions=False
    ) as client:
        enter(client, service, "wang", Grant(Role.VIEWER))
        with service.sessions._engine.begin() as connection:
            connection.execute(update(sessions).values(seen=sessions.c.seen - 600))
        yield client


def test_who_is_in_can_go_on_looking(client: TestClient, service: Service) -> None:
    full(service)
    for path in ("/", "/alarms", "/schedule"):
        assert client.get(path, headers=PAGE).status_code == 200


def test_a_failure_has_its_page_where_nobody_can_be_recognised(
    client: TestClient, service: Service
) -> None:
    """The very table that says who it is cannot be read."""
    with service.sessions._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO lost")
    answer = client.get("/alarms", headers=PAGE)
    assert answer.status_code == 500
    assert "Number of this request" in answer.text


def test_a_set_point_in_the_inbox_is_handed_over(door: TestClient, service: Service) -> None:
    """Also where the table of set-points could not be told; it counts as what one person moves."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked())
    told: list[str] = []
    service.proposals.handed = told.append  # type: ignore[assignment, method-assign]
    assert wang.post(f"/setpoints/{name}/confirm").json()["state"] == "handed"
    assert told == [name]
    assert inbox(service) == [(name, "wang", 6.0)]
    assert "Handed to the controller" in wang.client.get(f"/grid/set-point/{name}").text
    again = wang.client.get(f"/grid/set-point/{wang.ask(asked(value=7.0))}").text
    assert "alone" in again


def test_a_set_point_that_never_left_moves_nothing(
    door: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox's disk is full: to ask anew is what the page says, and one person may."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked())

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("zeroplant.portal.desk.submit", no_space)
        assert wang.post(f"/setpoints/{name}/confirm").status_code == 500
    assert "Agreed, but not handed over" in wang.client.get(f"/grid/set-point/{name}").text
    shown = wang.post("/setpoints", asked()).json()
    assert not shown["effect"]["notes"]
    assert wang.post(f"/setpoints/{shown['id']}/confirm").json()["state"] == "handed"


def test_a_watchdog_is_told_when_people_cannot_be_known(
    client: TestClient, service: Service
) -> None:
    assert client.get("/readyz").status_code == 200

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    event.listen(service.engine, "engine_connect", broken)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
