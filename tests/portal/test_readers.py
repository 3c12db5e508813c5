"""Who searches the journal without end keeps nobody else from it, nor from anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient

from tests.portal.doors import enter, until
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.logbook import Leaf, Logbook
from zeroplant.portal.readers import Readers
from zeroplant.portal.service import Service

SEARCHES = ("/api/v1/journal?person=nobody", "/journal?person=nobody", "/alarms/history",
            "/plant/battery")  # fmt: skip
ONE = 4
"""Searches of one person at once."""


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def test_one_who_searches_without_end_leaves_room_for_others(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a few searches at once they are told to come again; a colleague still gets in."""
    go_on, searching = threading.Event(), []

    def leaf(*_: object, **__: object) -> Leaf:
        searching.append(1)
        assert go_on.wait(60)
        return Leaf((), 0)

    monkeypatch.setattr(Logbook, "leaf", leaf)
    enter(client, service, "lin", Grant(Role.VIEWER))
    lin = {"cookie": f"zeroplant={client.cookies['zeroplant']}"}
    client.cookies.clear()
    enter(client, service, "wang", Grant(Role.VIEWER))
    with ThreadPoolExecutor(24) as many, ExitStack() as ending:
        ending.callback(go_on.set)
        theirs = [many.submit(client.get, path) for path in SEARCHES * 5]
        until(lambda: sum(each.done() for each in theirs) == len(theirs) - ONE)
        refused = [each.result() for each in theirs if each.done()]
        assert {(each.status_code, each.headers["retry-after"]) for each in refused} == {(503, "1")}
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/points").status_code == 200
        before = len(searching)
        colleague = many.submit(client.get, SEARCHES[0], headers=lin)
        until(lambda: len(searching) > before)
        go_on.set()
        assert colleague.result().status_code == 200
        assert [each.result().status_code for each in theirs].count(200) == ONE
        assert client.get(SEARCHES[0]).status_code == 200


def test_places_are_few_and_given_back() -> None:
    readers = Readers(most=3, of_one=2)
    with ExitStack() as taken:
        for person in (1, 1, 2):
            taken.enter_context(readers.place(person))
        for person in (1, 2, 3):
            with pytest.raises(HTTPException), readers.place(person):
                pass
    with ExitStack() as taken:
        for person in (3, 3, 1):
            taken.enter_context(readers.place(person))


@pytest.mark.parametrize(("asked", "every"), [("", 5), ("group=alarms", 5), ("person=li", 30)])
def test_what_is_rare_is_looked_for_less_often(
    client: TestClient, service: Service, asked: str, every: int
) -> None:
    enter(client, service, "lin", Grant(Role.VIEWER))
    assert f'data-every="{every}"' in client.get(f"/journal?{asked}").text.partition("stream")[2]
