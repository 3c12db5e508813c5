"""The service from outside: every route behind the gate, forged forms, floods, strict headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.testclient import TestClient

from tests.portal.doors import GOOD, enter
from zeroplant.links.tasks import beside
from zeroplant.portal.access import Grant, Right, Role
from zeroplant.portal.app import application
from zeroplant.portal.gate import Needs, known
from zeroplant.portal.service import Service
from zeroplant.portal.shell import LARGEST
from zeroplant.portal.watch import Watch
from zeroplant.store import JournalWriter

OPEN = {"/login", "/language/{language}", "/healthz", "/readyz"}
"""Routes for strangers: nothing of the plant is said there."""


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A browser that nobody has logged in with."""
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def routes(client: TestClient) -> list[RouteContext]:
    """All routes that answer something of their own."""
    found = iter_route_contexts(client.app._inner.routes)  # type: ignore[attr-defined]
    return [route for route in found if isinstance(route.original_route, APIRoute)]


def test_every_route_is_behind_the_gate(client: TestClient) -> None:
    """A route that somebody adds without saying who may use it fails here."""
    assert len(routes(client)) > 15
    for route in routes(client):
        guards = [each.call for each in route.dependant.dependencies]
        guarded = any(isinstance(guard, Needs) or guard is known for guard in guards)
        assert guarded != (route.path in OPEN), route.path


def test_a_stranger_gets_nowhere(client: TestClient) -> None:
    """Every route but the open ones refuses somebody without session or token, whatever is sent."""
    for route in routes(client):
        if route.path in OPEN:
            continue
        path = re.sub(r"{\w+}", "1", route.path)
        for method in route.methods or ():
            answer = client.request(method, path, headers={"accept": "text/html"})
            sent_away = answer.headers.get("location") == "/login"
            assert answer.status_code == 401 or sent_away, (method, path)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.PLANNER])
def test_only_an_admin_manages_people(client: TestClient, service: Service, role: Role) -> None:
    """Each route says the right it needs; those that need MANAGE refuse everybody else."""
    key = enter(client, service, "somebody", Grant(role), Grant(Role.ADMIN, "battery"))
    refused: list[str] = []
    for route in routes(client):
        needed = {
            each.call.right for each in route.dependant.dependencies if isinstance(each.call, Needs)
        }
        if Right.MANAGE not in needed:
            continue
        path = re.sub(r"{\w+}", "1", route.path)
        for method in route.methods or ():
            answer = client.request(method, path, headers={"form-key": key})
            assert answer.status_code == 403, (method, path)
            refused.append(path)
    assert len(refused) > 5
    noted = [each.key for each in service.diary.read() if each.payload["what"] == "refused"]
    assert noted == list(dict.fromkeys(refused)), "each path once"


def test_who_comes_first_must_change_the_password(client: TestClient, service: Service) -> None:
    password = service.accounts.first_admin()
    answer = client.post("/login", data={"name": "admin", "password": password})
    assert answer.headers["location"] == "/password"
    answer = client.get("/people")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    session = service.sessions.find(client.cookies["zeroplant"])
    assert session is not None
    form = {"old": password, "new": GOOD, "form_key": session.form_key}
    assert client.post("/password", data=form).headers["location"] == "/login"
    client.post("/login", data={"name": "admin", "password": GOOD})
    assert client.get("/people").status_code == 200


def test_a_forged_form_changes_nothing(client: TestClient, service: Service) -> None:
    """Another site can make a browser send a form with its cookie, but not with its key."""
    key = enter(client, service, "lin", Grant(Role.ADMIN))
    form = {"name": "mallory", "role": "admin"}
    forged = [
        client.post("/people", data=form),
        client.post("/people", data={**form, "form_key": "x" * 43}),
        client.post("/people", data={**form, "form_key": key},
                    headers={"sec-fetch-site": "cross-site"}),
        client.post("/people", data={**form, "form_key": key},
                    headers={"origin": "https://elsewhere.example"}),
        client.post("/api/v1/people", json={"name": "mallory", "grants": []}),
    ]  # fmt: skip
    assert [answer.status_code for answer in forged] == [403] * 5
    assert [each.name for each in service.accounts.everybody()] == ["lin"]
    assert client.post("/people", data={**form, "form_key": key}).status_code == 200


def test_two_hundred_wrong_logins(client: TestClient, service: Service) -> None:
    """All refused, all in the diary, the service up; a name that exists reads like one that not."""
    service.accounts.first_admin()
    codes = set()
    for number in range(200):
        name = "admin" if number % 2 else "nobody"
        answer = client.post("/login", data={"name": name, "password": f"guess {number}"})
        codes.add(answer.status_code)
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) > 0
    assert codes == {401, 429}
    noted = [record.payload["who"] for record in service.diary.read()]
    assert set(noted) == {"admin", "unknown"}  # what is no name may be a password
    assert 10 <= len(noted) <= 40
    assert client.get("/healthz").json() == {"status": "ok"}


def test_tokens_forged_expired_and_foreign(client: TestClient, service: Service) -> None:
    enter(client, service, "lin", Grant(Role.ADMIN))
    lin = service.accounts.everybody()[0]
    good = service.tokens.make(lin, "grafana", Grant(Role.ADMIN), 1)
    client.cookies.clear()

    def asked(token: str) -> int:
        headers = {"authorization": f"Bearer {token}"}
        return client.get("/api/v1/people", headers=headers).status_code

    assert asked(good) == 403  # a token makes no people, whatever its owner may
    assert client.get("/api/v1/tokens", headers={"authorization": f"Bearer {good}"}).is_success
    more = {"name": "more", "grant": {"role": "admin"}, "days": 366}
    answer = client.post("/api/v1/tokens", json=more, headers={"authorization": f"Bearer {good}"})
    assert answer.status_code == 403
    for number in range(50):
        assert asked(good[: -1 - number] + "A" * number) == 401
    viewer = service.tokens.make(lin, "screen", Grant(Role.VIEWER), 1)
    assert asked(viewer) == 403
    service.tokens.revoke(service.tokens.of()[1].id)
    assert asked(good) == 401


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/service.py", "/..%2f..%2f"]
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_request_that_is_too_large(client: TestClient) -> None:
    """Refused by its header, and also where the header says nothing of it."""
    assert client.post("/login", content=b"x" * (LARGEST + 1)).status_code == 413
    parts = (b"x" * 65536 for _ in range(LARGEST // 65536 + 1))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=parts, headers=kind).status_code == 413


@pytest.mark.parametrize("path", ["/login", "/healthz", "/static/style.css", "/nowhere"])
def test_strict_headers_on_every_answer(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


def test_both_languages(client: TestClient) -> None:
    page = client.get("/login", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert "密码" in page.text
    client.get("/language/en")
    page = client.get("/login", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert "Password" in page.text
    assert "密码" not in page.text


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/x", "https://evil.example//testserver//evil.example/x", "http://[",
     "http://testserver//evil.example", "http://testserver/\\evil.example"],
)  # fmt: skip
def test_no_way_leads_to_another_site(client: TestClient, referer: str) -> None:
    assert client.get("/language/zh", headers={"referer": referer}).headers["location"] == "/"


@pytest.mark.parametrize(
    "body",
    ['{"code": "\\ud800", "key": ""}', '{"code": "a", "key": "", "minutes": NaN}', "[", "1e999"],
)
def test_what_cannot_be_said_back_is_still_refused(
    client: TestClient, service: Service, body: str
) -> None:
    """Half a character, a number that is none: 422, never a fault of the service."""
    key = enter(client, service, "lin", Grant(Role.ADMIN))
    headers = {"form-key": key, "content-type": "application/json"}
    assert client.post("/api/v1/alarms", content=body, headers=headers).status_code == 422


def test_what_people_write_is_shown_as_text(client: TestClient, service: Service) -> None:
    """A place with markup in it must not become markup on the admin's page."""
    key = enter(client, service, "lin", Grant(Role.ADMIN))
    service.accounts.add("wang", [Grant(Role.VIEWER, "<b>east</b>")])
    page = client.get("/people")
    assert "&lt;b&gt;east" in page.text
    assert "<b>east" not in page.text
    form = {"name": "zhao", "role": "viewer", "place": "batery", "form_key": key}
    refused = client.post("/people", data=form)
    assert refused.status_code == 422
    assert "did you mean 'battery'?" in refused.text


def test_all_is_closed_whatever_has_died(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What died beside the requests is told at the end, and the next service gets in."""

    async def dying() -> None:
        raise RuntimeError

    monkeypatch.setattr(Watch, "running", lambda _: beside(dying()))
    with (
        pytest.raises(RuntimeError),
        TestClient(application(service), follow_redirects=False) as client,
    ):
        enter(client, service, "lin", Grant(Role.VIEWER))
    JournalWriter(service.diary.folder).close()
