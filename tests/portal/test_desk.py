"""Set-points from the first look to the controller's inbox: who may, who must, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter, until
from tests.portal.test_live import seen
from zeroplant.files import write_atomic
from zeroplant.operate.folder import waiting
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.outlook import STAMP
from zeroplant.portal.service import Service

OPERATOR = Grant(Role.OPERATOR)


def asked(**more: object) -> dict[str, object]:
    """A set-point of the battery, for an hour from now."""
    now = datetime.now(UTC)
    return {
        "kind": "device", "key": "battery.charge", "value": 6.0, "reason": "test of the inverter",
        "start": now.isoformat(), "until": (now + timedelta(hours=1)).isoformat(), **more,
    }  # fmt: skip


def big() -> dict[str, object]:
    """One that moves much."""
    return asked(value=90.0)


def image_seen(door: TestClient, power: float = 5.0) -> None:
    """Wait until the service has read the image in which the battery takes a power."""
    watch = door.app._inner.state.watch  # type: ignore[attr-defined]

    def there() -> bool:
        points = (watch.image or {}).get("points")
        return bool(points) and points["battery.charge"]["value"] == power

    until(there)


def fresh(power: float) -> dict[str, Any]:
    """An image of this moment, in which the battery takes a power."""
    now = datetime.now(UTC).isoformat()
    image = seen(5.0) | {"at": now, "wrote": now}
    image["points"]["battery.charge"]["value"] = power
    return image


def planned(image: dict[str, Any]) -> dict[str, Any]:
    """A plan by which all goes on for a day as it is in an image."""
    steps, now = 100, datetime.now(UTC)
    power = {name: [point["value"] or 0.0] * steps for name, point in image["points"].items()}
    return {
        "made": now.isoformat(), "start": (now - timedelta(minutes=15)).isoformat(),
        "step_seconds": 900, "status": "optimal", "power": power, "level": {}, "price": {},
        "worth": {}, "target": [image["exchange"] or 0.0] * steps, "reasons": [],
        "shortfall": {}, "cost": 1.0, "note": "",
    }  # fmt: skip


@pytest.fixture
def door(service: Service, unhurried: None) -> Iterator[TestClient]:
    """A door behind which a plant runs whose battery takes 5 MW, with a connection of 150 MW.

    The plan has it take 5 MW for a day, and the plant's devices do what they do now.
    """
    image = fresh(5.0)
    write_atomic(service.folder.live, json.dumps(image))
    write_atomic(service.folder.schedule, json.dumps(planned(image)))
    with TestClient(application(service), follow_redirects=False) as client:
        image_seen(client)
        yield client


class Visitor:
    """Somebody at a browser of their own, behind the same door."""

    def __init__(self, door: TestClient, service: Service, name: str, *grants: Grant) -> None:
        self.client = TestClient(door.app, follow_redirects=False)
        self.key = enter(self.client, service, name, *grants)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Send something with the form key of the session."""
        headers = {"form-key": self.key if key is None else key}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def ask(self, body: dict[str, Any]) -> str:
        """Ask for a set-point; its id."""
        answer = self.post("/setpoints", body)
        assert answer.status_code == 201, answer.text
        name: str = answer.json()["id"]
        return name


def inbox(service: Service) -> list[tuple[str, str, float]]:
    """What the controller will find: id, person, value."""
    return [(name, wish.person, wish.value) for name, wish, _ in waiting(service.folder) if wish]


def deeds(service: Service) -> list[tuple[str, str]]:
    """Who did what, by the diary."""
    found = [(r.payload["who"], r.payload["what"]) for r in service.diary.read()]
    return [each for each in found if "log" not in each[1] and "password" not in each[1]]


def test_a_small_one_is_shown_confirmed_and_sent(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    shown = wang.post("/setpoints", asked()).json()
    assert shown["effect"]["present"] == 5.0
    assert (shown["moves"], shown["second"], shown["state"]) == (1.0, False, "shown")
    assert inbox(service) == []
    assert wang.post(f"/setpoints/{shown['id']}/confirm").json()["state"] == "handed"
    assert inbox(service) == [(shown["id"], "wang", 6.0)]
    assert wang.post(f"/setpoints/{shown['id']}/confirm").status_code == 409
    assert deeds(service) == [("wang", "asked for a set-point")]


def test_a_large_one_needs_somebody_else(door: TestClient, service: Service) -> None:
    """Its maker cannot approve it, nor a token of anybody; a colleague can, once."""
    wang = Visitor(door, service, "wang", OPERATOR)
    li = Visitor(door, service, "li", OPERATOR)
    name = wang.ask(big())
    assert li.post(f"/setpoints/{name}/approve").status_code == 409, "not confirmed yet"
    assert wang.post(f"/setpoints/{name}/confirm").json()["state"] == "waiting"
    assert wang.post(f"/setpoints/{name}/approve").status_code == 403
    person = next(p for p in service.accounts.everybody() if p.name == "li")
    token = service.tokens.make(person, "script", OPERATOR, 1)
    bare = TestClient(door.app, headers={"authorization": f"Bearer {token}"})
    assert bare.post(f"/api/v1/setpoints/{name}/approve").status_code == 403
    assert inbox(service) == []
    assert li.post(f"/setpoints/{name}/approve").json()["decider"] == "li"
    assert inbox(service) == [(name, "wang (approved by li)", 90.0)]
    assert li.post(f"/setpoints/{name}/approve").status_code == 409
    assert ("wang", "refused") in deeds(service)
    assert deeds(service)[-1] == ("li", "approved a set-point")


def test_a_colleague_says_no_or_its_maker_takes_it_back(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    li = Visitor(door, service, "li", OPERATOR)
    for who, what in ((li, "turned a set-point down"), (wang, "took a set-point back")):
        name = wang.ask(big())
        wang.post(f"/setpoints/{name}/confirm")
        assert who.post(f"/setpoints/{name}/refuse").json()["state"] == "refused"
        assert li.post(f"/setpoints/{name}/approve").status_code == 409
        assert deeds(service)[-1][1] == what
    assert inbox(service) == []


def test_who_was_shut_out_meanwhile_gets_nothing(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    li = Visitor(door, service, "li", Grant(Role.ADMIN))
    name = wang.ask(big())
    wang.post(f"/setpoints/{name}/confirm")
    service.accounts.disable(next(p.id for p in service.accounts.everybody() if p.name == "wang"))
    assert li.post(f"/setpoints/{name}/approve").status_code == 409
    assert inbox(service) == []


def test_viewers_and_operators_of_other_assets_are_refused(
    door: TestClient, service: Service
) -> None:
    """They neither send nor approve, nor read what others are about to send."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(big())
    wang.post(f"/setpoints/{name}/confirm")
    viewer = Visitor(door, service, "zhao", Grant(Role.VIEWER))
    assert viewer.post("/setpoints", asked()).status_code == 403
    assert viewer.post(f"/setpoints/{name}/approve").status_code == 403
    page = viewer.client.get("/grid/set-point", headers={"accept": "text/html"})
    assert page.status_code == 403
    assert "You may not do this" in page.text
    sun = Visitor(door, service, "sun", Grant(Role.OPERATOR, "sun"))
    assert sun.post("/setpoints", asked()).status_code == 403
    assert sun.post("/setpoints", asked(kind="target", key="")).status_code == 403
    assert sun.post(f"/setpoints/{name}/approve").status_code == 404
    assert sun.client.get(f"/api/v1/setpoints/{name}").status_code == 404
    assert sun.client.get("/api/v1/setpoints").json() == []
    assert "wind" not in sun.client.get("/grid/set-point").text
    assert sun.post("/setpoints", asked(key="sun.output")).status_code == 201
    assert inbox(service) == []


def test_forged_ids_are_refused(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    for name in ("0" * 16, "../../access", "x" * 16, "%00" * 5):
        for step in ("confirm", "approve", "refuse"):
            assert wang.post(f"/setpoints/{name}/{step}").status_code in (404, 405, 422)
        assert wang.post(f"/orders/{name}/withdraw").status_code in (404, 405, 422)


def test_a_form_key_of_another_session_is_refused(door: TestClient, service: Service) -> None:
    """Also the one that was right before logging in anew."""
    wang = Visitor(door, service, "wang", OPERATOR)
    li = Visitor(door, service, "li", OPERATOR)
    name = wang.ask(asked())
    old = wang.key
    assert wang.post(f"/setpoints/{name}/confirm", key=li.key).status_code == 403
    wang.client.post("/logout", headers={"form-key": old})
    wang.client.post("/login", data={"name": "wang", "password": "four plain words suffice"})
    assert wang.post(f"/setpoints/{name}/confirm", key=old).status_code == 403
    assert inbox(service) == []


def test_what_grew_large_meanwhile_is_not_sent_by_one(door: TestClient, service: Service) -> None:
    """Shown as 1 MW away from what is; by now the battery takes 60 MW."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked())
    write_atomic(service.folder.live, json.dumps(fresh(60.0)))
    image_seen(door, 60.0)
    assert wang.post(f"/setpoints/{name}/confirm").status_code == 409
    assert inbox(service) == []


def test_an_order_is_withdrawn_by_who_may_operate_there(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    sun = Visitor(door, service, "sun", Grant(Role.OPERATOR, "sun"))
    name = wang.ask(asked())
    wang.post(f"/setpoints/{name}/confirm")
    assert wang.post(f"/orders/{name}/withdraw").status_code == 404, "not accepted yet"
    write_atomic(service.folder.answer(name), json.dumps({"accepted": True}))
    (order,) = wang.client.get("/api/v1/grid").json()["orders"]
    assert (order["name"], order["person"], order["priority"]) == (name, "wang", 4)
    assert sun.post(f"/orders/{name}/withdraw").status_code == 404
    own = wang.post(f"/orders/{name}/withdraw").json()["id"]
    assert {wish.kind: wish.key for _, wish, _ in waiting(service.folder) if wish} == {
        "withdraw": name
    }
    assert wang.client.get(f"/api/v1/orders/{own}").json()["answered"] is False


def test_the_limit_is_for_all_that_one_person_moves(door: TestClient, service: Service) -> None:
    """Under a limit of 15 MW: twice 9 MW need a second person, also if both were looked at first.

    What was withdrawn or refused does not count, nor what a colleague has agreed to.
    """
    wang = Visitor(door, service, "wang", OPERATOR)
    away = asked(value=14.0)
    assert service.needs_second_above(service.limits) == pytest.approx(15.0)
    first, second = wang.ask(away), wang.ask(away | {"key": "battery.discharge"})
    assert wang.post(f"/setpoints/{first}/confirm").json()["state"] == "handed"
    assert wang.post(f"/setpoints/{second}/confirm").status_code == 409
    again = wang.post("/setpoints", away | {"key": "battery.discharge"}).json()
    assert (again["moves"], again["second"]) == (9.0, True)
    assert "9 MW" in again["effect"]["notes"][0]
    other = Visitor(door, service, "li", OPERATOR)
    assert not other.post("/setpoints", away).json()["second"]
    later = {name: (datetime.fromisoformat(str(away[name])) + timedelta(hours=2)).isoformat()
             for name in ("start", "until")}  # fmt: skip
    assert not wang.post("/setpoints", away | later).json()["second"]
    write_atomic(service.folder.answer(first), json.dumps({"accepted": False, "reason": "no"}))
    assert not wang.post("/setpoints", away).json()["second"]
    assert inbox(service) == []


def test_an_old_proposal_of_ones_own_tells_nothing_new(door: TestClient, service: Service) -> None:
    """Who has lost the plant reads neither its power nor its plan by what they once asked for."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked(kind="target", key="", value=1.0))
    Visitor(door, service, "li", Grant(Role.ADMIN))
    person = next(each for each in service.accounts.everybody() if each.name == "wang")
    assert wang.client.get(f"/api/v1/setpoints/{name}").json()["effect"] is not None
    assert "Planned for then" in wang.client.get(f"/grid/set-point/{name}").text
    service.accounts.grant(person.id, [Grant(Role.OPERATOR, "sun")])
    assert wang.client.get(f"/api/v1/setpoints/{name}").json()["effect"] is None
    page = wang.client.get(f"/grid/set-point/{name}")
    assert page.status_code == 200
    assert "Planned for then" not in page.text


def test_answers_are_for_who_asked_or_may_see_the_place(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    sun = Visitor(door, service, "sun", Grant(Role.OPERATOR, "sun"))
    name = wang.ask(asked())
    wang.post(f"/setpoints/{name}/confirm")
    told = {"accepted": False, "reason": "the battery is 3 MW too small"}
    write_atomic(service.folder.answer(name), json.dumps(told))
    assert wang.client.get(f"/api/v1/orders/{name}").json()["answered"] is True
    assert sun.client.get(f"/api/v1/orders/{name}").json() == {"answered": False, "said": None}
    assert "too small" not in sun.client.get(f"/alarms?asked={name}").text
    mine = sun.post("/alarms", {"code": "silent", "key": "sun.output"}).json()["id"]
    write_atomic(service.folder.answer(mine), json.dumps(told))
    said = sun.client.get(f"/api/v1/orders/{mine}").json()["said"]
    assert (said["accepted"], said["reason"]["en"]) == (False, told["reason"])


def test_withdrawing_is_asked_once_and_in_person(door: TestClient, service: Service) -> None:
    """From the 6 MW of the order and 5 MW now to the 5 MW of the plan; a token may not."""
    wang = Visitor(door, service, "wang", OPERATOR)
    name = wang.ask(asked())
    wang.post(f"/setpoints/{name}/confirm")
    assert wang.client.get(f"/grid/orders/{name}/withdraw").status_code == 404
    write_atomic(service.folder.answer(name), json.dumps({"accepted": True}))
    page = wang.client.get(f"/grid/orders/{name}/withdraw").text
    for words in ("test of the inverter", "6 MW", "5 MW", "5 to 5 MW", "Keep it"):
        assert words in page, words
    assert len(inbox(service)) == 0
    assert f'href="/grid/orders/{name}/withdraw"' in wang.client.get("/grid").text
    person = next(p for p in service.accounts.everybody() if p.name == "wang")
    token = service.tokens.make(person, "script", OPERATOR, 1)
    bare = TestClient(door.app, headers={"authorization": f"Bearer {token}"})
    assert bare.post(f"/api/v1/orders/{name}/withdraw").status_code == 403
    assert len(inbox(service)) == 0
    sent = wang.client.post(f"/grid/orders/{name}/withdraw", data={"form_key": wang.key})
    assert sent.status_code == 303
    assert [wish.kind for _, wish, _ in waiting(service.folder) if wish] == ["withdraw"]


def test_a_withdrawal_that_lets_power_rise_waits_for_a_colleague(
    door: TestClient, service: Service
) -> None:
    """A limit that two people gave is not taken away by one; a token of theirs does not count."""
    wang, li = Visitor(door, service, "wang", OPERATOR), Visitor(door, service, "li", OPERATOR)
    image = fresh(5.0) | {"exchange": 2.0}
    write_atomic(service.folder.live, json.dumps(image))
    write_atomic(service.folder.schedule, json.dumps(planned(image | {"exchange": 60.0})))
    watch = door.app._inner.state.watch  # type: ignore[attr-defined]
    until(lambda: watch.image["exchange"] == 2.0)
    name = wang.ask(asked(kind="most export", key="", value=2.0))
    assert wang.post(f"/setpoints/{name}/confirm").json()["state"] == "waiting"
    assert li.post(f"/setpoints/{name}/approve").json()["state"] == "handed"
    write_atomic(service.folder.answer(name), json.dumps({"accepted": True}))
    assert "A second person has to approve it" in wang.client.get(
        f"/grid/orders/{name}/withdraw").text  # fmt: skip
    answer = wang.post(f"/orders/{name}/withdraw").json()
    assert answer["waits"]
    assert [wish.kind for _, wish, _ in waiting(service.folder) if wish] == []
    path = f"/setpoints/{answer['id']}"
    found = wang.client.get(f"/api/v1{path}").json()
    assert (found["kind"], found["state"], found["moves"]) == ("withdraw", "waiting", 58.0)
    assert wang.post(f"{path}/approve").status_code == 403
    page = li.client.get(f"/grid/set-point/{answer['id']}")
    assert "up to 58 MW" in page.text
    assert f"/grid/set-point/{answer['id']}" in li.client.get("/grid").text
    assert li.post(f"{path}/approve").json()["state"] == "handed"
    ((_, wish, _),) = waiting(service.folder)
    assert wish is not None
    assert (wish.kind, wish.key, wish.person) == ("withdraw", name, "wang (approved by li)")
    assert [each for each in deeds(service) if each[1] != "refused"][-2:] == [
        ("wang", "asked for a withdrawal"), ("li", "approved a withdrawal")
    ]  # fmt: skip


def test_a_plan_made_for_an_order_says_nothing_of_what_is_without_it(
    door: TestClient, service: Service
) -> None:
    """Once planned anew the plan keeps the order: that of before it is what the plant goes to."""
    wang = Visitor(door, service, "wang", OPERATOR)
    image = fresh(5.0) | {"exchange": 2.0}
    write_atomic(service.folder.live, json.dumps(image))
    watch = door.app._inner.state.watch  # type: ignore[attr-defined]
    until(lambda: watch.image["exchange"] == 2.0)
    before = planned(image | {"exchange": 60.0})
    write_atomic(service.folder.schedule, json.dumps(before))
    name = wang.ask(asked(kind="most export", key="", value=2.0))
    wang.post(f"/setpoints/{name}/confirm")
    li = Visitor(door, service, "li", OPERATOR)
    assert li.post(f"/setpoints/{name}/approve").json()["state"] == "handed"
    taken = {"accepted": True, "at": datetime.now(UTC).isoformat()}
    write_atomic(service.folder.answer(name), json.dumps(taken))
    page = f"/grid/orders/{name}/withdraw"
    write_atomic(service.folder.schedule, json.dumps(planned(image)))  # it keeps to 2 MW
    assert "A second person has to approve it" in wang.client.get(page).text  # nobody knows
    made = datetime.fromisoformat(before["made"])
    write_atomic(service.folder.schedules / f"{made:{STAMP}}.json", json.dumps(before))
    answer = wang.post(f"/orders/{name}/withdraw").json()
    assert answer["waits"]
    assert wang.client.get(f"/api/v1/setpoints/{answer['id']}").json()["moves"] == 58.0


def test_what_is_no_number_is_refused(door: TestClient, service: Service) -> None:
    wang = Visitor(door, service, "wang", OPERATOR)
    for value in ("NaN", "1e999", "-1e400", '"12"x'):
        body = json.dumps(asked()).replace('"value": 6.0', f'"value": {value}')
        headers = {"form-key": wang.key, "content-type": "application/json"}
        answer = wang.client.post("/api/v1/setpoints", content=body, headers=headers)
        assert answer.status_code == 422
        form = {"what": "target", "value": value, "reason": "x", "form_key": wang.key}
        assert wang.client.post("/grid/set-point", data=form).status_code == 422
