"""Roles on the plant's tree, by walking every route there is: who is let in, and what leaks out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from tests.portal.doors import GOOD, cheap, enter
from zeroplant.files import write_atomic
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.server import listening
from zeroplant.portal.service import Service, open_service
from zeroplant.store import Batch, Entry, HistoryWriter, JournalWriter

PLANT = """
zeroplant: 1
name: two places
time: {zone: Asia/Shanghai, periods: 96, step: 15 min}
sites: {eastfold: {climate: qingshuihe}, westfold: {climate: qingshuihe}}
nodes: {bus: {carrier: electricity}}
assets:
  townload: {kind: demand, at: bus, load: 10 MW}
  nearsun: {kind: solar, at: bus, site: eastfold, power: 20 MW, availability: 0.2, capex: 2 CNY/W}
  farwest: {kind: solar, at: bus, site: westfold, power: 20 MW, availability: 0.2, capex: 2 CNY/W}
  deepcell: {kind: battery, at: bus, power: 5 MW, energy: 10 MWh}
  grid: {kind: grid, at: bus, connection: 20 MW, import_price: 0.5 CNY/kWh, region: Inner Mongolia}
"""
NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)
POINTS = {"nearsun.output": 12.345, "farwest.output": 43.217, "deepcell.charge": 2.718,
          "deepcell.discharge": 31.415, "townload.load": 10.0}  # fmt: skip
EVERY, OPEN, SELF = ("see", "any"), None, "self"
ROUTES: dict[str, Any] = {
    **dict.fromkeys(("GET /login", "POST /login", "GET /language/{language}", "GET /healthz",
                     "GET /readyz"), OPEN),
    **dict.fromkeys(("POST /logout", "GET /password", "POST /password"), SELF),
    **dict.fromkeys(("GET /", "GET /plant", "GET /fleet", "GET /health", "GET /alarms",
                     "GET /alarms/history", "GET /alarms/count", "GET /journal",
                     "GET /forecasts", "GET /schedule", "GET /api/v1/schedule", "GET /tokens",
                     "POST /tokens",
                     "POST /tokens/{number}/revoke", "GET /api/v1/points", "GET /api/v1/live",
                     "GET /api/v1/live/stream", "GET /api/v1/journal", "GET /api/v1/forecasts",
                     "GET /api/v1/orders/{name}", "GET /api/v1/tokens", "POST /api/v1/tokens",
                     "DELETE /api/v1/tokens/{number}"), EVERY),
    **dict.fromkeys(("GET /metrics", "GET /today", "GET /api/v1/today", "GET /grid",
                     "GET /api/v1/grid", "GET /journal/replay", "GET /api/v1/replay",
                     "GET /reports", "POST /reports", "GET /api/v1/reports",
                     "POST /api/v1/reports", "GET /api/v1/reports/{report}/{name}"),
                    ("see", "plant")),
    "GET /plant/{asset}": ("see", "asset"),
    **dict.fromkeys(("GET /api/v1/history/{point}", "GET /api/v1/planned/{point}",
                     "GET /api/v1/forecasts/one"), ("see", "point")),
    **dict.fromkeys(("GET /grid/set-point", "POST /grid/set-point", "GET /grid/set-point/{name}",
                     "POST /grid/set-point/{name}/{step}", "GET /grid/orders/{name}/withdraw",
                     "POST /grid/orders/{name}/withdraw", "GET /alarms/shelve",
                     "POST /alarms/acknowledge", "POST /alarms/shelve", "POST /api/v1/alarms",
                     "POST /api/v1/setpoints", "GET /api/v1/setpoints",
                     "GET /api/v1/setpoints/{name}", "POST /api/v1/setpoints/{name}/confirm",
                     "POST /api/v1/setpoints/{name}/approve",
                     "POST /api/v1/setpoints/{name}/refuse",
                     "POST /api/v1/orders/{name}/withdraw"), ("operate", "any")),
    **dict.fromkeys(("GET /plan", "GET /api/v1/plan/knobs", "POST /api/v1/plan",
                     "POST /api/v1/plan/file"), ("plan", "plant")),
    **dict.fromkeys(("GET /people", "POST /people", "POST /people/{number}/grants",
                     "POST /people/{number}/{what}", "GET /api/v1/people", "POST /api/v1/people",
                     "PUT /api/v1/people/{number}/grants", "DELETE /api/v1/people/{number}"),
                    ("manage", "plant")),
}  # fmt: skip
"""Which right each route needs: for the whole plant, anywhere, or for what it is asked about."""
IN_PERSON = re.compile(r"\w+ /tokens.*|POST /api/v1/tokens|\w+ /(api/v1/)?people.*|"
                       r"POST .*/(approve|withdraw|\{step\})")  # fmt: skip
RIGHTS = {"viewer": {"see"}, "operator": {"see", "operate"}, "planner": {"see", "plan"},
          "admin": {"see", "operate", "plan", "manage"}}  # fmt: skip
OWN = {"": ("farwest", "farwest.output"), "site:eastfold": ("nearsun", "nearsun.output"),
       "node:bus": ("deepcell", "deepcell.discharge"), "deepcell": ("deepcell", "deepcell.charge"),
       "deepcell/charge": ("deepcell", "deepcell.charge")}  # fmt: skip
"""An asset and a point that lie at a place."""
FOREIGN = {"site:eastfold": ("deepcell", "deepcell.charge"),
           "node:bus": ("nearsun", "nearsun.output"),
           "deepcell": ("nearsun", "townload.load"),
           "deepcell/charge": ("farwest", "deepcell.discharge")}  # fmt: skip
WITHHELD = {
    "site:eastfold": r"farwest|westfold|deepcell|townload|43\.2|31\.4|2\.71",
    "node:bus": r"farwest|westfold|nearsun|eastfold|43\.2|12\.3",
    "deepcell/charge": r"farwest|westfold|nearsun|townload|deepcell\.discharge|43\.2|31\.4|12\.3",
}
"""What somebody who is let in at a place must never read."""


def furnish(folder: PlantFolder) -> None:
    """A plant that lives: something about each asset in every file there is."""
    iso = NOW.isoformat()
    point = {"unit": "MW", "spread": 0.0, "source": "measured", "quality": 0, "event": iso,
             "setpoint": None, "reason": "none"}  # fmt: skip
    alarm = {"code": "device silent", "severity": "major", "cleared": None, "acknowledged": None,
             "shelved_until": None, "by": "", "raised": iso, "cause_zh": "无应答", "detail": "",
             "remedy": "look", "remedy_zh": "检查"}  # fmt: skip
    alarms = [alarm | {"key": name, "cause": f"{name} is silent"} for name in POINTS]
    order = {"source": "person", "kind": "device", "start": iso,
             "until": (NOW + timedelta(hours=1)).isoformat()}  # fmt: skip
    orders = [order | {"key": name, "value": value} for name, value in POINTS.items()]
    write_atomic(folder.live, json.dumps({
        "at": iso, "wrote": iso, "speed": 0, "target": 43.217, "achievable": 43.217,
        "exchange": 43.217, "source": "schedule", "orders": orders, "alarms": alarms,
        "points": {name: point | {"value": value} for name, value in POINTS.items()},
        "links": {"farwest modbus": {"connected": True, "trouble": "", "reads": 3}},
    }))  # fmt: skip
    one = {"start": iso, "step": 900.0, "method": "trees", "missing": [], "levels": [0.1, 0.9],
           "unit": "MW"}  # fmt: skip
    forecasts = {name: one | {"values": [[value] * 4] * 2, "mean": [value] * 4}
                 for name, value in POINTS.items()}  # fmt: skip
    for path in (folder.forecasts, folder.made_forecasts / f"{NOW:%Y%m%dT%H%M%SZ}.json"):
        write_atomic(path, json.dumps({"made": iso, **forecasts}))
    schedule = Schedule(
        made=NOW, start=NOW, step=timedelta(minutes=15), status="optimal",
        power={name: np.full(8, value) for name, value in POINTS.items()}, level={},
        price={"bus": np.full(8, 300.0)}, worth={}, target=np.full(8, 43.217), reasons=(),
    )  # fmt: skip
    for path in (folder.schedule, folder.schedules / f"{NOW:%Y%m%dT%H%M%SZ}.json"):
        write_atomic(path, schedule.to_json())
    slots = [{"id": "1", "pack": "farwest pack", "soc": 0.4, "state": "idle"}]
    write_atomic(folder.callers, json.dumps({"at": iso, "stations": {
        "farwest": {"connected": True, "since": iso, "slots": slots}}}))  # fmt: skip
    with HistoryWriter(folder.history) as history:
        for name, value in POINTS.items():
            history.append(Batch(name, np.array([NOW.replace(tzinfo=None)], "M8[us]"), [value],
                                 np.array([NOW.replace(tzinfo=None)], "M8[us]")))  # fmt: skip
    with JournalWriter(folder.journal) as journal:
        for name, value in POINTS.items():
            for kind, key, said in (
                ("command", name, {"value": value, "until": iso}),
                ("acknowledgement", name, {"accepted": True}),
                ("alarm", f"device silent: {name}",
                 alarm | {"change": "raised", "key": name, "cause": f"{name} is silent"}),
                ("order", name, order | {"key": name, "value": value}),
                ("decision", "plant", {"target": 43.217, "exchange": 43.217, "source": "person",
                                       "setpoints": {name: [value, "order"]}}),
                ("person", "a1", {"kind": "device", "key": name, "value": value, "person": "wang",
                                  "start": iso, "until": iso, "accepted": True,
                                  "reason": f"for {name}"}),
            ):  # fmt: skip
                journal.append(Entry(kind=kind, key=key, event=NOW, known=NOW, payload=said))


def opened(folder: Path) -> Service:
    """The service of a plant that lives, in which somebody asked for a set-point of each point."""
    write_atomic(folder / "plant.yaml", PLANT)
    service = open_service(folder / "plant.yaml", folder / "data", names=["testserver"])
    cheap(service.accounts)
    furnish(service.folder)
    for name, value in POINTS.items():
        service.note("zhao", "asked for a set-point", "a1", {
            "kind": "device", "flow": name, "value": value, "place": name.replace(".", "/"),
            "reason": f"for {name}"})  # fmt: skip
    return service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return opened(tmp_path_factory.mktemp("rights"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def comer(client: TestClient, service: Service, role: str, place: str) -> TestClient:
    """Somebody with a role at a place, at a browser of their own."""
    own = TestClient(client.app, follow_redirects=False)
    name = f"comer{len(service.accounts.everybody())}"
    own.headers["form-key"] = enter(own, service, name, Grant(Role(role), place))
    return own


def filled(path: str, asset: str, point: str) -> str:
    """A route's address about an asset and a point, and about nothing else that there is."""
    path = path.replace("{asset}", asset).replace("{point}", point)
    path = path.replace("{number}", "99999").replace("{name}", "0" * 16)
    path = re.sub(r"{\w+}", "0" * 16, path)
    if "/journal" in path or path.endswith("/replay"):
        groups = ["people", "alarms", "orders", "commands", "decisions"]
        return str(httpx2.URL(path, params={"group": groups, "at": NOW.isoformat()}))
    span = {"start": NOW.isoformat(), "end": (NOW + timedelta(hours=1)).isoformat()}
    query = {"key": point} if "/forecasts" in path else span if point in path else {}
    return str(httpx2.URL(path, params=query))


def test_every_route_says_what_it_needs(client: TestClient) -> None:
    """A route that somebody adds is not in the list, and fails here until it is."""
    found = {
        f"{method} {route.path}"
        for route in iter_route_contexts(client.app._inner.routes)  # type: ignore[attr-defined]
        if isinstance(route.original_route, APIRoute)
        for method in route.methods or ()
    }
    assert found == set(ROUTES)


def test_what_strangers_may_read_besides_is_not_of_the_plant(client: TestClient) -> None:
    """The description of the API, and what pages look like: the same for every plant."""
    others = {
        route.path
        for route in iter_route_contexts(client.app._inner.routes)  # type: ignore[attr-defined]
        if not isinstance(route.original_route, APIRoute)
    }
    assert others == {"/api/v1/openapi.json", "/static"}
    described = client.get("/api/v1/openapi.json")
    assert described.status_code == 200
    assert not re.search("|".join(WITHHELD.values()), described.text)


@pytest.mark.parametrize(
    ("role", "place"),
    [*((role, "") for role in RIGHTS), ("viewer", "site:eastfold"), ("operator", "node:bus"),
     ("planner", "deepcell"), ("admin", "deepcell"), ("operator", "deepcell/charge")],
)  # fmt: skip
def test_each_role_gets_through_where_it_may(
    client: TestClient, service: Service, role: str, place: str
) -> None:
    """Every route, with what lies at the place and with what does not: 403 or not, as listed."""
    own = comer(client, service, role, place)
    refused = 0
    for route, needed in ROUTES.items():
        method, path = route.split(" ")
        if needed in (OPEN, SELF) or path.endswith("/stream"):
            continue
        right, where = needed
        for foreign in (False, True) if where in ("asset", "point") and place else (False,):
            asked = filled(path, *(FOREIGN if foreign else OWN)[place])
            may = right in RIGHTS[role] and not foreign and (where != "plant" or not place)
            status = own.request(method, asked).status_code
            assert (status != 403) == may, (route, asked, status)
            refused += not may
    assert refused or (role, place) == ("admin", "")


def test_no_token_does_what_a_person_must(client: TestClient, service: Service) -> None:
    """A token of all rights gets through everywhere but where somebody has to be there."""
    password = service.accounts.add("scada", [Grant(Role.ADMIN)])
    (owner,) = (each for each in service.accounts.everybody() if each.name == "scada")
    service.accounts.change_password(owner.id, password, GOOD)
    token = service.tokens.make(owner, "all", Grant(Role.ADMIN), 1)
    other = TestClient(client.app, follow_redirects=False)
    other.headers["authorization"] = f"Bearer {token}"
    for route, needed in ROUTES.items():
        method, path = route.split(" ")
        if needed in (OPEN, SELF) or path.endswith("/stream"):
            continue
        status = other.request(method, filled(path, *OWN[""])).status_code
        assert (status == 403) == bool(IN_PERSON.fullmatch(route)), route


@pytest.mark.parametrize("place", WITHHELD)
def test_nothing_of_others_leaks(client: TestClient, service: Service, place: str) -> None:
    """Every page and answer, in both languages, asked about one's own and about others' things."""
    own = comer(client, service, "operator", place)
    withheld, read = re.compile(WITHHELD[place]), 0
    for route in ROUTES:
        method, path = route.split(" ")
        if method != "GET" or path.endswith("/stream") or path.startswith("/language"):
            continue
        for about in (OWN[place], FOREIGN[place]):
            answer = own.get(filled(path, *about), headers={"accept-language": "zh"})
            if answer.status_code == 200:
                read += 1
                found = withheld.search(answer.text)
                assert found is None, (path, answer.text[max(0, found.start() - 200) :][:400])
    assert read > 25


def test_whoever_may_see_all_finds_it_there(client: TestClient, service: Service) -> None:
    """What must not leak does stand on those pages: else the test above could not fail."""
    own = comer(client, service, "viewer", "")
    withheld, found = re.compile(WITHHELD["deepcell/charge"]), set()
    for route in ROUTES:
        method, path = route.split(" ")
        if method == "GET" and not path.endswith("/stream"):
            answer = own.get(filled(path, *OWN[""]))
            if answer.status_code == 200 and withheld.search(answer.text):
                found.add(path)
    assert found >= {
        "/", "/plant", "/fleet", "/health", "/alarms", "/alarms/history", "/journal", "/forecasts",
        "/plant/{asset}", "/api/v1/points", "/api/v1/live", "/api/v1/journal", "/api/v1/forecasts",
        "/api/v1/history/{point}", "/api/v1/planned/{point}", "/api/v1/forecasts/one",
        "/api/v1/schedule", "/api/v1/grid",
    }  # fmt: skip


def test_of_the_schedule_ones_own_rows_are_left(client: TestClient, service: Service) -> None:
    """With the price where they connect, and without what the plant does as a whole."""
    said = comer(client, service, "viewer", "deepcell").get("/api/v1/schedule").json()
    assert {line["key"] for line in said["power"]} == {"deepcell.charge", "deepcell.discharge"}
    assert (list(said["price"]), said["steps"], said["target"]) == (["bus"], 8, [])
    whole = comer(client, service, "viewer", "").get("/api/v1/schedule").json()
    assert len(whole["power"]) > len(said["power"])
    assert len(whole["target"]) == whole["steps"] == 8


def test_the_live_stream_tells_of_ones_own(tmp_path: Path) -> None:
    """And of nothing else, over a real connection."""
    service = opened(tmp_path)
    password = service.accounts.add("li", [Grant(Role.VIEWER, "deepcell/charge")])
    service.accounts.change_password(1, password, GOOD)
    cookie = {"cookie": f"{service.cookie}={service.sessions.begin(1)}"}
    with (
        listening(application(service)) as address,
        httpx2.stream("GET", f"{address}/api/v1/live/stream", headers=cookie, timeout=60) as answer,
    ):
        said = next(line for line in answer.iter_lines() if line.startswith("data: "))
    assert list(json.loads(said.removeprefix("data: "))["points"]) == ["deepcell.charge"]
    assert not re.search(WITHHELD["deepcell/charge"], said)
