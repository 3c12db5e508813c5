"""The plant's own pages: its tree and diagram, what was planned of a point, one asset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.doors import enter
from tests.portal.test_live import seen
from tests.portal.test_logbook import slow
from zeroplant.files import write_atomic
from zeroplant.operate.schedule import Schedule
from zeroplant.plan.report.text import same
from zeroplant.plant.site import SitePlace
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.catalogue import AssetOf
from zeroplant.portal.diagram import GAP, HEIGHT, WIDTH, Diagram, diagram_of
from zeroplant.portal.geography import geography_of
from zeroplant.portal.moments import plant_now
from zeroplant.portal.planned import Planned
from zeroplant.portal.present import Present
from zeroplant.portal.service import Service
from zeroplant.portal.tree import Exchange, Standing, branches, bundled, standings
from zeroplant.store import Entry, JournalWriter

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A viewer's browser."""
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "lin", Grant(Role.VIEWER))
        yield client


def look(client: TestClient, service: Service, image: dict[str, Any]) -> None:
    """Let the service see an image that was written just now."""
    now = service.clock.now().isoformat()
    watch = client.app._inner.state.watch  # type: ignore[attr-defined]
    watch.image = {**image, "at": now, "wrote": now}


# -- the diagram ------------------------------------------------------------------------------


def asset(name: str, *nodes: str) -> AssetOf:
    return AssetOf(name, "x", same("x"), None, nodes, (), ())


def assert_readable(diagram: Diagram, assets: list[AssetOf]) -> None:
    """Every asset once, no two cells over each other, no line through a foreign cell or bar dot."""
    assert sorted(cell.asset for cell in diagram.cells) == sorted(each.name for each in assets)
    cells = diagram.cells
    for n, one in enumerate(cells):
        for other in cells[n + 1 :]:
            apart_x = abs(one.x - other.x) >= WIDTH
            assert apart_x or abs(one.y - other.y) >= HEIGHT, (one, other)
    for stub in diagram.stubs:
        assert stub.top < stub.bottom
        for cell in cells:
            beside = stub.x <= cell.x or stub.x >= cell.x + WIDTH
            assert beside or stub.bottom <= cell.y or stub.top >= cell.y + HEIGHT, (stub, cell)
    for bar in diagram.bars:
        for cell in cells:
            assert not cell.y < bar.y < cell.y + HEIGHT or cell.x >= bar.length
            assert not cell.y < bar.title < cell.y + HEIGHT
    assert all(cell.x + WIDTH <= diagram.width for cell in cells)
    assert all(cell.y + HEIGHT <= diagram.height for cell in cells)


@given(st.lists(st.sets(st.sampled_from("abcde"), max_size=3), min_size=1, max_size=24))
def test_no_asset_hides_another(joined: list[set[str]]) -> None:
    """However assets hang together, each has its place, and each of its bars a dot for it."""
    assets = [asset(f"asset {n}", *sorted(nodes)) for n, nodes in enumerate(joined)]
    diagram = diagram_of(assets, "abcde")
    assert_readable(diagram, assets)
    dots = sum(len(bar.dots) for bar in diagram.bars)
    lines = {(stub.x, y) for stub in diagram.stubs for y in (stub.top, stub.bottom)}
    bars = {bar.y for bar in diagram.bars}
    assert dots == sum(y in bars for _, y in lines)


def test_a_joining_asset_reaches_each_of_its_bars() -> None:
    assets = [
        asset("boiler", "power", "steam"),
        asset("wind", "power"),
        asset("pump", "power", "cold", "steam"),
    ]
    diagram = diagram_of(assets, ["power", "steam", "cold"])
    bars = {bar.node: bar for bar in diagram.bars}
    pump = next(cell for cell in diagram.cells if cell.asset == "pump")
    for node in ("power", "steam", "cold"):
        assert pump.middle in bars[node].dots
    boiler = next(cell for cell in diagram.cells if cell.asset == "boiler")
    assert boiler.middle not in bars["cold"].dots
    assert boiler.y == bars["power"].y + GAP


# -- where sites lie -----------------------------------------------------------------------------


def site(latitude: float | None, longitude: float | None) -> SitePlace:
    return SitePlace(latitude=latitude, longitude=longitude, climate="ningbo")


def test_sites_lie_as_on_a_map() -> None:
    """North is up, east is right, and the scale is that of a known distance."""
    found = geography_of({"Beijing": site(39.9, 116.4), "Tianjin": site(39.13, 117.2)})
    assert found is not None
    beijing, tianjin = found.spots
    assert beijing.y < tianjin.y
    assert beijing.x < tianjin.x
    pixels = float(np.hypot(beijing.x - tianjin.x, beijing.y - tianjin.y))
    assert pixels * found.scale_km / found.scale == pytest.approx(109, rel=0.02)  # km, great circle


def test_no_map_without_places() -> None:
    assert geography_of({"here": site(30.0, 120.0), "there": site(None, None)}) is None


# -- the tree ------------------------------------------------------------------------------------


def test_an_unknown_flow_makes_the_sum_unknown(service: Service) -> None:
    """A battery that charges 3 MW takes them; with its other half unheard nobody knows."""
    image = {"points": {
        "battery.charge": {"value": 3.0, "quality": 0, "source": "measured"},
        "battery.discharge": {"value": 0.0, "quality": 0, "source": "measured"},
        "battery.online": {"value": 0.0, "quality": 0, "source": "measured"},
    }}  # fmt: skip
    battery = service.catalogue.assets["battery"]

    def standing() -> Any:
        return standings([battery], service.scene, Present(image, NOON, 0.0))["battery"]

    (exchange,) = standing().exchanges
    assert (exchange.value, exchange.node, exchange.doubtful) == (-3.0, "park", False)
    assert standing().answers is False
    assert standing().held[0].value is None
    image["points"]["battery.discharge"]["quality"] = 3
    assert standing().exchanges[0].doubtful
    del image["points"]["battery.discharge"]
    assert standing().exchanges[0].value is None


def test_branches_by_kind_and_place(service: Service) -> None:
    standing = standings(service.catalogue.assets.values(), service.scene, Present({}, NOON, 0.0))
    kinds = [branch.name for branch in branches(standing, "kind")]
    assert kinds == ["demand", "wind", "solar", "battery", "grid"]
    places = [(b.phrase, b.name, len(b.standings)) for b in branches(standing, "place")]
    assert places == [("node", "park", 3), ("site", "qingshuihe", 2)]


def test_many_of_a_kind_are_drawn_as_one() -> None:
    """Twenty batteries at a node are one cell with their sum; one unheard makes it unknown."""

    def battery(n: int, value: float | None) -> Standing:
        here = replace(asset(f"battery {n}", "park"), kind="battery")
        return Standing(here, (Exchange("park", "MW", value, doubtful=False),), (), True, 1)

    wind = Standing(replace(asset("wind", "park"), kind="wind"), (), (), None, 0)
    heard = [battery(n, -1.5) for n in range(20)]
    assert bundled([*heard[:3], wind]) == [*heard[:3], wind]
    one, other = bundled([*heard, wind])
    assert other is wind
    assert (one.members, one.exchanges[0].value, one.alarms, one.answers) == (20, -30.0, 20, True)
    assert one.link == "/plant?by=kind#kind-battery"
    unheard, _ = bundled([*heard[1:], battery(0, None), wind])
    assert unheard.exchanges[0].value is None


# -- what was planned ----------------------------------------------------------------------------


def plan(service: Service, start: datetime, values: list[float]) -> None:
    """A schedule of quarter-hours from a start, made a minute before it."""
    none: dict[str, Any] = {}
    made = start - timedelta(minutes=1)
    each = np.array(values)
    power, level = {"battery.charge": each}, {"battery.level": each}
    schedule = Schedule(made, start, QUARTER, "optimal", power, level, none, none, each)
    name = f"{made:%Y%m%dT%H%M%SZ}.json"
    write_atomic(service.folder.schedules / name, schedule.to_json())


def test_the_last_plan_before_a_step_counts(service: Service) -> None:
    """Each schedule holds from its first step to that of the next; the last one to its end."""
    plan(service, NOON, [1.0, 2.0, 3.0])
    plan(service, NOON + QUARTER, [20.0, 30.0, 40.0])
    write_atomic(service.folder.schedules / "notes.json", "{}")
    steps = Planned(service.folder.schedules).of("battery.charge", NOON, NOON + 5 * QUARTER)
    assert [step.value for step in steps] == [1.0, 20.0, 30.0, 40.0]
    assert [step.start for step in steps] == [NOON + n * QUARTER for n in range(4)]
    assert steps[1].made == NOON + QUARTER - timedelta(minutes=1)
    assert steps[-1].end == NOON + 4 * QUARTER


def test_planned_by_the_api(client: TestClient, service: Service) -> None:
    plan(service, NOON, [1.0, 2.0])
    span = {"start": NOON.isoformat(), "end": (NOON + timedelta(hours=1)).isoformat()}
    found = client.get("/api/v1/planned/battery.level", params=span).json()
    assert (found["value"], found["unit"]) == ([1.0, 2.0], "MWh")
    assert found["end"][0] - found["time"][0] == 900_000
    far = span | {"end": (NOON + timedelta(days=4)).isoformat()}
    assert client.get("/api/v1/planned/battery.level", params=far).status_code == 422
    assert client.get("/api/v1/planned/no.thing", params=span).status_code == 404


# -- the page of an asset ------------------------------------------------------------------------


def test_an_asset_says_what_it_was_told(client: TestClient, service: Service) -> None:
    """Its values, its alarms and its records of the journal; nothing of other assets."""
    now = service.clock.now()
    with JournalWriter(service.folder.journal) as journal:
        until = (now + timedelta(minutes=1)).isoformat()
        for key in ("battery.charge", "wind.output"):
            told = {"value": 7.25, "until": until}
            journal.append(Entry(kind="command", key=key, event=now, known=now, payload=told))
    image = seen(5.0)
    alarm = {"code": "silent", "key": "battery.level", "severity": "major", "cause": "no word",
             "remedy": "look", "cause_zh": "无", "remedy_zh": "查", "detail": "", "cleared": None,
             "raised": now.isoformat(), "by": "", "acknowledged": None,
             "shelved_until": None}  # fmt: skip
    image["alarms"] = [alarm, {**alarm, "key": "wind.output", "cause": "another's"}]
    look(client, service, image)
    text = client.get("/plant/battery").text
    assert "battery charge: told 7.25 MW" in text
    assert "wind output: told" not in text
    assert "no word" in text
    assert "another&#39;s" not in text
    assert client.get("/plant/nothing").status_code == 404


def test_only_an_alarm_that_holds_marks_an_asset(client: TestClient, service: Service) -> None:
    """At three in the morning what is over is not drawn like what is not."""
    image, now = seen(5.0), service.clock.now().isoformat()
    alarm = {"code": "silent", "key": "battery.level", "severity": "major", "cause": "no word",
             "remedy": "look", "cause_zh": "无", "remedy_zh": "查", "detail": "", "cleared": None,
             "raised": now, "by": "", "acknowledged": None, "shelved_until": None}  # fmt: skip
    for cleared, marks in ((None, 1), (now, 0)):
        image["alarms"] = [{**alarm, "cleared": cleared}]
        look(client, service, image)
        assert client.get("/plant").text.count('class="cell alarmed"') == marks


def test_the_course_of_what_is_set_and_moves_is_shown_first(
    client: TestClient, service: Service
) -> None:
    image = seen(5.0)
    image["points"]["battery.charge"]["value"] = 1e-4  # noise of a meter
    image["points"]["battery.discharge"]["value"] = 7.0
    look(client, service, image)
    assert '<option value="battery.discharge" selected' in client.get("/plant/battery").text


def test_of_commands_that_are_repeated_the_first_is_told(
    client: TestClient, service: Service
) -> None:
    """A set-point is written anew as long as it holds; what changed is what matters."""
    start = service.clock.now() - timedelta(hours=1)
    values = [7.0, 7.0, 7.0, 3.0, 3.0, 7.0]
    with JournalWriter(service.folder.journal) as journal:
        for n, value in enumerate(values):
            at = start + timedelta(seconds=30 * n)
            for key in ("battery.charge", "battery.discharge"):  # which stays the same
                payload = {"value": value if key == "battery.charge" else 0.0}
                journal.append(Entry(kind="command", key=key, event=at, known=at, payload=payload))
    look(client, service, seen(5.0))
    text = client.get("/plant/battery").text
    assert text.count("battery charge: told 7 MW") == 2
    assert text.count("battery charge: told 3 MW") == 1
    assert text.count("battery discharge: told 0 MW") == 1
    assert text.index("told 3 MW") < text.rindex("told 7 MW")  # the newest first


def test_a_rare_command_is_found_among_those_of_others(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many others were told something since; and a search that ends early says so."""
    now = service.clock.now()
    later = [Entry(kind="command", key="wind.output", event=now, known=now, payload={"value": 1.0})]
    with JournalWriter(service.folder.journal) as journal:
        for key in ("battery.charge", "battery.discharge"):
            journal.append(Entry(kind="command", key=key, event=now, known=now,
                                 payload={"value": 7.25}))  # fmt: skip
        journal.append(later * 30)
    slow(monkeypatch, records=10)
    look(client, service, seen(5.0))
    text = client.get("/plant/battery").text
    assert "battery charge: told 7.25 MW" in text
    assert "Searched back" not in text
    slow(monkeypatch, records=1)
    text = client.get("/plant/battery").text
    assert "Searched back to" in text
    assert "None in two days" not in text


def test_nothing_is_known_without_an_image(client: TestClient) -> None:
    """Before the controller wrote anything nothing is zero, and no alarm is said not to be."""
    text = client.get("/plant/battery").text
    assert "Nothing is known of the plant yet" in text
    assert "No alarms of this asset" not in text
    assert "0 MW<" not in text.partition("<table")[0]


def test_only_their_own_asset(service: Service) -> None:
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "wang", Grant(Role.VIEWER, "battery"))
        text = client.get("/plant").text
        assert 'href="/plant/battery"' in text
        assert 'href="/plant/wind"' not in text
        assert "qingshuihe" not in text
        assert client.get("/plant/battery").status_code == 200
        assert client.get("/plant/wind").status_code == 403
        span = {"start": NOON.isoformat(), "end": (NOON + QUARTER).isoformat()}
        assert client.get("/api/v1/planned/wind.output", params=span).status_code == 403


def test_now_goes_on_as_fast_as_the_plant() -> None:
    """At 60 times real time two seconds are two minutes; where nothing is written it has ended."""
    image = {"at": NOON.isoformat(), "wrote": "2026-01-01T00:00:00+00:00", "speed": 60}
    wall = datetime(2026, 1, 1, 0, 0, 2, tzinfo=UTC)
    assert plant_now(image, wall) == NOON + timedelta(minutes=2)
    assert plant_now(image, wall + timedelta(days=1)) == NOON
    assert plant_now(image | {"speed": 1}, wall + timedelta(days=1)) > NOON + timedelta(days=1)
    assert plant_now({}, wall) == wall


def test_what_a_stopped_simulated_plant_shows_grows_old() -> None:
    """Its clock stands, but a value of ten minutes ago is not "0 s" old."""
    point = {"value": 5.0, "quality": 0, "event": NOON.isoformat()}
    image = {"at": NOON.isoformat(), "speed": 60, "points": {"wind.output": point}}
    assert Present(image, NOON, 600.0).stopped
    assert Present(image, NOON, 600.0).of("wind.output").age == 600.0
    assert not Present(image | {"speed": 1}, NOON, 600.0).stopped
    assert not Present(image, NOON, 5.0).stopped
    assert Present(image, NOON, 5.0).of("wind.output").age == 0.0
