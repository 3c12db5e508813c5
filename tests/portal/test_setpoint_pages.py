"""The pages of set-points: what is read there is what is sent, and every deed has its answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.test_desk import OPERATOR, Visitor, asked, door, fresh, inbox, planned
from zeroplant.files import write_atomic
from zeroplant.operate.folder import waiting
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.service import Service

__all__ = ["door"]
BATTERY = Grant(Role.OPERATOR, "battery")


def wide(service: Service, name: str) -> None:
    """Let a flow be set as far as anybody can write."""
    limits = service.limits
    flows = {**limits.flows, name: replace(limits.flows[name], most=1e5)}
    service.sized.__dict__["limits"] = replace(limits, flows=flows)


def read(visitor: Visitor, path: str) -> str:
    """What somebody reads on a page, in plain letters and single spaces."""
    return " ".join(unescape(visitor.client.get(path).text).split())


def test_a_small_one_is_confirmed_across_a_new_plan(door: TestClient, service: Service) -> None:
    """Meanwhile a plan came into force that begins after what was shown."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked())
    plan = planned(fresh(5.0)) | {"start": datetime.now(UTC).isoformat()}
    write_atomic(service.folder.schedule, json.dumps(plan))
    assert wang.post(f"/setpoints/{name}/confirm").json()["state"] == "handed"


def test_what_is_confirmed_is_what_was_read(door: TestClient, service: Service) -> None:
    """1234.56 MW are not said to be 1235, neither to who asks nor to who approves."""
    wide(service, "battery.charge")
    wang, li = Visitor(door, service, "wang", OPERATOR), Visitor(door, service, "li", OPERATOR)
    name = wang.ask(asked(value=1234.56))
    page = read(wang, f"/grid/set-point/{name}")
    for words in (">1,234.56 MW<", "up to 1,229.56 MW", "0 to 100,000 MW"):
        assert words in page, words
    assert wang.post(f"/setpoints/{name}/confirm").json()["state"] == "waiting"
    for path in ("/grid", "/grid/set-point"):
        assert "→ 1,234.56 MW<" in read(li, path)
    assert ">1,234.56 MW<" in read(li, f"/grid/set-point/{name}")
    li.post(f"/setpoints/{name}/approve")
    assert inbox(service) == [(name, "wang (approved by li)", 1234.56)]
    write_atomic(service.folder.answer(name), json.dumps({"accepted": True}))
    assert ">1,234.56 MW<" in read(wang, f"/grid/orders/{name}/withdraw")
    other = wang.post("/setpoints", asked(value=123456.0))
    assert "allows 0 to 100,000 only" in other.json()["detail"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "The controller has not answered yet."),
        ({"accepted": True}, "The controller has done it."),
        ({"accepted": False, "reason": ""}, "The controller refused it"),
    ],
)
def test_who_operates_one_place_reads_what_became_of_a_withdrawal(
    door: TestClient, service: Service, answer: dict[str, Any] | None, words: str
) -> None:
    """The grid's page is not theirs; a colleague of the same place is not told of it."""
    wang, li = Visitor(door, service, "wang", BATTERY), Visitor(door, service, "li", BATTERY)
    name = wang.ask(asked())
    wang.post(f"/setpoints/{name}/confirm")
    write_atomic(service.folder.answer(name), json.dumps({"accepted": True}))
    sent = wang.client.post(f"/grid/orders/{name}/withdraw", data={"form_key": wang.key})
    (own,) = (each for each, wish, _ in waiting(service.folder) if wish)
    if answer is not None:
        write_atomic(service.folder.answer(own), json.dumps(answer))
    assert words in read(wang, sent.headers["location"])
    if answer is not None:
        assert words not in read(li, sent.headers["location"])
    assert "The controller" not in read(wang, "/grid/set-point")


def test_where_two_people_are_always_asked_it_says_so(door: TestClient, service: Service) -> None:
    """Even to hold the 5 MW that flow and are planned."""
    service.__dict__["second_above"] = 0.0
    wang = Visitor(door, service, "wang", OPERATOR)
    shown = wang.post("/setpoints", asked(value=5.0)).json()
    assert (shown["moves"], shown["second"]) == (0.0, True)
    for path in ("/grid/set-point", f"/grid/set-point/{shown['id']}"):
        assert "Every set-point needs a second person here." in read(wang, path)
    assert wang.post(f"/setpoints/{shown['id']}/confirm").json()["state"] == "waiting"
    assert inbox(service) == []
