"""Everything a person does is in the journal, and is found there by their name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import GOOD, enter, until
from tests.portal.lived import HOURS, MIDNIGHT, small
from zeroplant.cli import main
from zeroplant.portal.access import Grant, Person, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service
from zeroplant.portal.stream import Place, Question, Stream

LATER = "another four plain words"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return small(tmp_path)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        for _ in range(1200):  # the image has been read
            if client.app._inner.state.watch.image:  # type: ignore[attr-defined]
                break
            time.sleep(0.05)
        yield client


def log_in(client: TestClient, service: Service, password: str) -> None:
    """Lin comes in."""
    client.post("/login", data={"name": "lin", "password": password})
    session = service.sessions.find(client.cookies["zeroplant"])
    assert session is not None
    client.headers["form-key"] = session.form_key


def set_point(client: TestClient) -> str:
    """One that waits for a colleague, at the moment to which the plant has lived."""
    now = MIDNIGHT + timedelta(hours=HOURS)
    asked = {
        "kind": "target", "value": -5.0, "reason": "test of the feeder", "start": now.isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    name: str = client.post("/api/v1/setpoints", json=asked).json()["id"]
    assert client.post(f"/api/v1/setpoints/{name}/confirm").json()["state"] == "waiting"
    return name


def reported(client: TestClient) -> None:
    """Ask for a report, wait for it and take it away."""
    form = {"kind": "operation", "first": "2025-06-01", "last": "2025-06-01"}
    name = client.post("/api/v1/reports", json=form).json()["id"]
    for _ in range(1200):
        (found,) = (r for r in client.get("/api/v1/reports").json() if r["id"] == name)
        if found["state"] != "making":
            break
        time.sleep(0.1)
    assert found["problems"] == []
    assert client.get(f"/api/v1/reports/{name}/report.xlsx").status_code == 200


def test_everything_a_person_does_is_found_by_their_name(
    client: TestClient, service: Service
) -> None:
    """Each deed of lin's, once done, is on the page Journal and in its API; wang's are not."""
    enter(client, service, "lin", Grant(Role.ADMIN))
    lin = service.accounts.everybody()[0].id
    log_in(client, service, GOOD)
    client.post("/login", data={"name": "lin", "password": "wrong wrong wrong"})
    client.post("/password", data={"old": GOOD, "new": LATER})
    log_in(client, service, LATER)
    client.post("/people", data={"name": "wang", "role": "viewer"})
    wang = next(each for each in service.accounts.everybody() if each.id != lin).id
    client.post(f"/people/{wang}/grants", data={"role": "viewer", "place": "sun"})
    client.post(f"/people/{wang}/shut")
    client.post(f"/people/{wang}/let-in")
    client.post("/tokens", data={"name": "scada", "role": "viewer", "days": "3"})
    client.post(f"/tokens/{service.tokens.of()[0].id}/revoke")
    client.post("/api/v1/plan/file", json={"moved": {}})
    client.post("/api/v1/alarms", json={"code": "silent", "key": "sun"})
    shelf = {"code": "silent", "key": "sun", "minutes": 30, "reason": "being mended"}
    client.post("/api/v1/alarms", json=shelf)
    client.post(f"/api/v1/setpoints/{set_point(client)}/refuse")
    client.post(f"/api/v1/setpoints/{set_point(client)}/approve")  # their own: refused
    reported(client)
    client.post("/logout")
    service.note("wang", "logged in")
    log_in(client, service, LATER)
    query = {"person": "lin", "group": "people", "limit": 200}
    found = client.get("/api/v1/journal", params=query).json()["records"]
    assert {each["who"] for each in found} == {"lin"}
    said = " | ".join(each["what"]["en"] for each in found)
    done = (
        "logged in", "logged out", "log-in refused", "changed the password", "let in wang",
        "changed the rights of wang", "shut out wang", "let in again wang",
        "made the token scada", "revoked token", "saved changes to the plant's file",
        "acknowledged the alarm silent: sun", "shelved the alarm silent: sun",
        "asked for a set-point", "took a set-point back", "was refused: /api/v1/setpoints",
        "asked for a report: operation", "took a report",
    )  # fmt: skip
    assert [each for each in done if each not in said] == []
    client.cookies.set("language", "zh")
    page = client.get("/journal", params={"person": "lin", "group": "people"}).text
    for words in ("登录", "退出登录", "添加用户 wang", "创建令牌 scada", "下载报告", "申请设定值"):
        assert words in page
    assert page.count("<td>wang</td>") == 0


def test_what_is_done_from_the_machine_is_in_the_diary_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the service runs, and once only, also after it was started anew."""

    def told(service: Service) -> list[tuple[str, str]]:
        admin = Person(1, "wang", must_change=False, disabled=False, grants=(Grant(Role.ADMIN),))
        stream = Stream(service.logbook, service.deeds, service.teller, admin)
        found = stream.read(Question(("people",)), Place(), 50).entries
        return [(each.told.who, each.told.what.en) for each in found]

    line = "the machine's own command line"
    reset, unlocked = (line, "reset the password of lin"), (line, "let lin try to log in again")
    service, data = small(tmp_path), tmp_path / "data"
    service.accounts.add("lin", [Grant(Role.VIEWER)])
    with TestClient(application(service)):
        assert main(["people", "reset", "lin", "--data", str(data)]) == 0
        assert "within seconds" in capsys.readouterr().err
        until(lambda: told(service) == [reset])
        assert main(["people", "unlock", "lin", "--data", str(data)]) == 0
        until(lambda: told(service) == [unlocked, reset])
    again = small(tmp_path)
    assert main(["people", "reset", "lin", "--data", str(data)]) == 0
    with TestClient(application(again)):
        until(lambda: len(told(again)) > 2)
        assert told(again) == [reset, unlocked, reset]
