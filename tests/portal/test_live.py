"""The living plant: what the controller writes is what people see, and their wishes reach it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from prometheus_client import Gauge

from tests.portal.doors import COUNTY, GOOD
from zeroplant.files import write_atomic
from zeroplant.operate.controller import Controller
from zeroplant.operate.entries import live
from zeroplant.operate.folder import waiting
from zeroplant.operate.image import Image, micros
from zeroplant.operate.schedule import Reason, Schedule
from zeroplant.plan.report.names import names_of
from zeroplant.plant import build, load_plant
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.routes.live import MOST_OF_ONE, MOST_VIEWERS
from zeroplant.portal.routes.schedule import felt_lines
from zeroplant.portal.scene import scene_of
from zeroplant.portal.service import Service
from zeroplant.portal.watch import Watch

NOW = datetime(2025, 6, 1, 4, tzinfo=UTC)
SMALL = {
    "time.years": "null",
    "time.periods": "96",
    "assets.wind.power": "100 MW",
    "assets.sun.power": "50 MW",
    "assets.battery.power": "20 MW",
    "assets.battery.energy": "40 MWh",
    "assets.grid.connection": "150 MW",
}


def seen(power: float) -> dict[str, Any]:
    """What a controller that sees every point at this value writes down."""
    plant = load_plant(COUNTY, SMALL)
    controller = Controller(build(plant).network, {})
    count = len(controller.points.names)
    image = Image(
        NOW, controller.points, np.full(count, power), np.full(count, micros(NOW)),
        np.zeros(count, dtype=np.uint8),
    )  # fmt: skip
    said = live(image, controller.cycle(NOW, image, None, []), [], {}, [])
    return said | {"wrote": NOW.isoformat()}


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """An operator's browser."""
    password = service.accounts.add("wang", [Grant(Role.OPERATOR)])
    (wang,) = service.accounts.everybody()
    service.accounts.change_password(wang.id, password, GOOD)
    with TestClient(application(service), follow_redirects=False) as client:
        client.post("/login", data={"name": "wang", "password": GOOD})
        session = service.sessions.find(client.cookies["zeroplant"])
        assert session is not None
        client.headers["form-key"] = session.form_key
        yield client


def test_before_the_controller_ever_ran(client: TestClient) -> None:
    """No zeros are shown for a plant of which nothing is known."""
    assert client.get("/api/v1/live").status_code == 404
    page = client.get("/").text
    assert 'data-point="wind.output"' in page
    assert 'data-point="battery.charge"' in page


def test_what_the_controller_wrote_is_what_is_answered(tmp_path: Path) -> None:
    """Everybody who waits gets each image once; half a file is never read."""
    path = tmp_path / "live.json"
    first, second = seen(5.0), seen(7.0)
    write_atomic(path, json.dumps(first))

    async def follow() -> list[dict[str, Any]]:
        watch = Watch(path, Gauge("viewers", "who looks", registry=None), dict)
        async with watch.running():
            streams = [watch.events(lambda: True) for _ in range(3)]
            got = [json.loads((await anext(each)).removeprefix(b"data: ")) for each in streams]
            path.with_name("half").write_text('{"at": ')
            path.with_name("half").replace(path)
            await asyncio.sleep(1.0)
            assert watch.image == first
            write_atomic(path, json.dumps(second))
            got += [json.loads((await anext(each)).removeprefix(b"data: ")) for each in streams]
            for each in streams:
                await each.aclose()
        return got

    assert asyncio.run(asyncio.wait_for(follow(), 20)) == [first] * 3 + [second] * 3


def test_one_person_does_not_take_every_stream(client: TestClient, service: Service) -> None:
    """What they follow already is counted for each; a colleague still gets in."""
    watch = client.app._inner.state.watch  # type: ignore[attr-defined]
    wang = next(each for each in service.accounts.everybody() if each.name == "wang")
    watch.viewers[wang.id] = MOST_OF_ONE
    answer = client.get("/api/v1/live/stream")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert watch.viewers.total() < MOST_VIEWERS
    watch.viewers[wang.id] -= 1

    async def follow() -> None:
        stream = watch.events(lambda: False, wang.id)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        assert watch.viewers[wang.id] == MOST_OF_ONE
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await stream.aclose()
        assert watch.viewers[wang.id] == MOST_OF_ONE - 1

    asyncio.run(follow())


def test_a_wish_about_an_alarm_reaches_the_controllers_inbox(
    client: TestClient, service: Service
) -> None:
    """Who, what and why stand in the inbox and in the diary; the answer is read back from it."""
    wish = {"code": "device silent", "key": "battery", "reason": "crew is there"}
    handed = client.post("/api/v1/alarms", json=wish).json()["id"]
    ((name, found, problem),) = waiting(service.folder)
    assert (name, problem) == (handed, "")
    assert found is not None
    assert (found.person, found.kind, found.key) == (
        "wang",
        "acknowledge",
        "device silent: battery",
    )
    assert client.get(f"/api/v1/orders/{handed}").json() == {"answered": False, "said": None}
    write_atomic(service.folder.orders / f"{handed}.answer.json", '{"accepted": true}')
    assert client.get(f"/api/v1/orders/{handed}").json()["said"]["accepted"] is True
    shelved = client.post("/api/v1/alarms", json={**wish, "minutes": 30}).json()["id"]
    last = {name: found for name, found, _ in waiting(service.folder)}[shelved]
    assert last is not None
    assert last.kind == "shelve"
    assert last.until - last.start == timedelta(minutes=30)
    assert [r.payload["who"] for r in service.diary.read() if r.key] == ["wang", "wang"]


def test_who_sees_one_asset_sees_nothing_else(client: TestClient, service: Service) -> None:
    """An operator of the battery: its points and alarms, its arrows, and no right at the wind."""
    alarm = {"code": "device silent", "severity": "major", "cause": "", "remedy": "", "by": "",
             "cause_zh": "", "remedy_zh": "", "raised": None, "cleared": None,
             "acknowledged": None, "shelved_until": None}  # fmt: skip
    image = seen(5.0)
    image["alarms"] = [{**alarm, "key": key} for key in ("battery", "wind")]
    write_atomic(service.folder.live, json.dumps(image))
    wang = service.accounts.everybody()[0]
    service.accounts.add("admin", [Grant(Role.ADMIN)])
    service.accounts.grant(wang.id, [Grant(Role.OPERATOR, "battery"), Grant(Role.ADMIN, "sun")])
    for _ in range(600):
        said = client.get("/api/v1/live")
        if said.status_code == 200:
            break
        time.sleep(0.1)
    body = said.json()
    assert {name.partition(".")[0] for name in body["points"]} == {"battery", "sun"}
    assert [each["key"] for each in body["alarms"]] == ["battery"]
    assert body["exchange"] is None
    page = client.get("/").text
    assert 'data-point="battery.charge"' in page
    assert 'data-point="wind.output"' not in page
    wish = {"code": "device silent", "key": "wind"}
    assert client.post("/api/v1/alarms", json=wish).status_code == 403
    assert client.post("/api/v1/alarms", json={**wish, "key": "battery"}).status_code == 202


@pytest.mark.parametrize("name", ["../../access", "x" * 16, "0123456789abcde"])
def test_no_other_file_is_asked_for_as_an_answer(client: TestClient, name: str) -> None:
    assert client.get(f"/api/v1/orders/{name}").status_code in (404, 422)


def test_the_schedule_is_shown_as_it_was_made(client: TestClient, service: Service) -> None:
    """Powers, levels, prices and reasons in the visitor's language; none before there is one."""
    assert client.get("/api/v1/schedule").status_code == 404
    why = Reason(1, 2, "battery.charge", 35.0, "charging is at its limit", "充电达到上限")
    made = Schedule(
        made=NOW, start=NOW, step=timedelta(minutes=15), status="optimal",
        power={"wind.output": np.array([5.0, 6.0, 7.0]), "battery.charge": np.zeros(3)},
        level={"battery.level": np.ones(3)}, price={"park": np.full(3, 300.0)},
        worth={}, target=np.zeros(3), reasons=(why,),
    )  # fmt: skip
    write_atomic(service.folder.schedule, made.to_json())
    said = client.get("/api/v1/schedule", headers={"accept-language": "zh-CN"}).json()
    assert [(line["key"], line["gives"], line["values"]) for line in said["power"]] == [
        ("wind.output", True, [5.0, 6.0, 7.0])
    ]
    assert said["why"][0]["words"] == "充电达到上限"
    assert said["kinds"] == {
        "wind.output": "wind", "battery.charge": "battery", "battery.level": "battery"
    }  # fmt: skip
    assert client.get("/schedule").status_code == 200
    assert said["nodes"] == [
        {"name": "park", "label": "park", "carrier": "电", "unit": "MW", "price_unit": "CNY/MWh"}
    ]


def test_a_converter_is_felt_at_each_node_in_its_own_unit() -> None:
    """A megawatt of electrolysis is 17.5 kg of hydrogen an hour; a tonne of ammonia eats 178 kg."""
    plant = load_plant(COUNTY.parent / "zero-carbon-park")
    network = build(plant).network
    scene = scene_of(network, names_of(plant.assets), {})
    found = {
        (bar.name, arrow.point): (arrow.factor, bar.unit)
        for bar in scene.bars
        for arrow in bar.arrows
    }
    assert found["park", "electrolyser.electrolysis"] == (1.0, "MW")
    factor, unit = found["hydrogen", "electrolyser.electrolysis"]
    assert (factor, unit) == (pytest.approx(17.47, abs=0.01), "kg/h")
    assert found["hydrogen", "ammonia plant.made"] == (pytest.approx(178.0), "kg/h")
    (made,) = (flow for flow in network.flows if flow.name == "ammonia plant.made")
    lines = {line.node: line for line in felt_lines(made, str.title, np.array([0.0, 2.0]))}
    assert {node: (line.values[1], line.unit, line.gives) for node, line in lines.items()} == {
        "ammonia": (pytest.approx(2.0), "t/h", True),
        "park": (pytest.approx(1.4), "MW", False),
        "hydrogen": (pytest.approx(356.0), "kg/h", False),
    }
    assert lines["ammonia"].name == "Ammonia"  # what it is called depends on the node


def test_an_arrow_is_called_by_its_asset_where_that_has_no_other_flow_at_the_node() -> None:
    """What a heat pump takes from the park's electricity is not its "heat output"."""
    plant = load_plant(COUNTY.parent / "zero-carbon-park")
    names = names_of(plant.assets)
    scene = scene_of(build(plant).network, names, {})
    called = {(bar.name, arrow.point): arrow.label
              for bar in scene.bars for arrow in bar.arrows}  # fmt: skip
    assert called["park", "steam heat pump.heat output"].en == "steam heat pump"
    assert called["park", "works.load"].zh == "works"  # what is unserved is not in the picture
    assert called["park", "battery.charge"] == names.part("battery.charge")
    assert called["park", "battery.discharge"] == names.part("battery.discharge")
    assert called["steam", "salt store.loading"] == names.part("salt store.loading")


def test_what_is_stored_is_told_apart_by_carrier() -> None:
    """Hydrogen is not added to electricity, and sacks of cement are neither."""
    plant = load_plant(COUNTY.parent / "zero-carbon-park")
    scene = scene_of(build(plant).network, names_of(plant.assets), {})
    stocks = {(stock.label.en, stock.unit): stock.parts for stock in scene.stocks}
    assert [part.point for part in stocks["electricity", "MWh"]] == ["battery.level"]
    assert [part.point for part in stocks["hydrogen", "kg"]] == ["hydrogen tank.level"]
    assert ("cement mill finished goods", "t") in stocks
    (open_size,) = stocks["electricity", "MWh"]
    assert open_size.capacity is None
    chosen = scene_of(build(plant).network, names_of(plant.assets), {"battery.energy": 100.0})
    (known,) = next(stock.parts for stock in chosen.stocks if stock.label.en == "electricity")
    assert known.capacity == pytest.approx(100.0, rel=0.3)
    small = load_plant(COUNTY, SMALL)
    ((settled,),) = (
        stock.parts for stock in scene_of(build(small).network, names_of({}), {}).stocks
    )
    assert settled.capacity == pytest.approx(40.0, rel=0.3)


def test_the_picture_shows_every_flow_once_at_each_of_its_nodes() -> None:
    """No arrow lies on another, and what gives stands left of what takes."""
    plant = load_plant(COUNTY, SMALL)
    network = build(plant).network
    scene = scene_of(network, names_of(plant.assets), {})
    (park,) = scene.bars
    sides = {arrow.point: arrow.into for arrow in park.arrows}
    assert sides["wind.output"]
    assert sides["battery.discharge"]
    assert not sides["battery.charge"]
    assert not sides["factories.load"]
    places = [(arrow.into, arrow.y) for arrow in park.arrows]
    assert len(set(places)) == len(places)
    assert all(park.top <= arrow.y <= park.height for arrow in park.arrows)
