"""What the schedule stands on and must keep, on its own steps."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.portal.browsing import look
from tests.portal.doors import enter
from tests.portal.listening import Site
from tests.portal.test_live import NOW, seen
from zeroplant.files import write_atomic
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUARTER = timedelta(minutes=15)
WIND = {"start": (NOW - QUARTER).isoformat(), "step": 900.0, "method": "trees", "missing": [],
        "levels": [0.05, 0.1, 0.5, 0.9, 0.95], "unit": "MW", "mean": [8.0, 9.0, 10.0],
        "values": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [8.0, 9.0, 10.0], [11.0, 12.0, 13.0],
                   [14.0, 15.0, 16.0]]}  # fmt: skip


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    plan = Schedule(
        made=NOW, start=NOW, step=QUARTER, status="optimal", level={}, worth={},
        power={"wind.output": np.array([9.0, 10.0, 10.0])}, price={"park": np.full(3, 300.0)},
        target=np.array([1.0, 2.0, 3.0]),
    )  # fmt: skip
    write_atomic(service.folder.schedule, plan.to_json())
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "wang", Grant(Role.VIEWER))
        yield client


def test_the_band_is_that_of_the_forecast_the_plan_was_made_with(
    client: TestClient, service: Service
) -> None:
    """Ten to ninety per cent on the plan's steps; a forecast made since has no part in it."""
    assert client.get("/api/v1/schedule").json()["bands"] == []
    hour = service.folder.made_forecasts / f"{NOW - timedelta(hours=1):%Y%m%dT%H%M%SZ}.json"
    write_atomic(service.folder.made_forecasts / "notes_T_Z.json", "{}")
    old = {"made": (NOW - timedelta(hours=1)).isoformat(), "wind.output": WIND}
    write_atomic(hour, json.dumps(old))
    since = old | {"made": (NOW + QUARTER).isoformat(), "wind.output": WIND | {"mean": [0.0] * 3}}
    write_atomic(service.folder.forecasts, json.dumps(since))
    (band,) = client.get("/api/v1/schedule").json()["bands"]
    assert (band["low"], band["high"], band["unit"]) == (0.1, 0.9, "MW")
    assert band["least"] == [5.0, 6.0, None]
    assert band["most"] == [12.0, 13.0, None]
    assert band["middle"] == [9.0, 10.0, None]
    assert band["made"].startswith(f"{NOW - timedelta(hours=1):%Y-%m-%dT%H}")


def test_promises_are_laid_on_the_steps_they_hold_in(client: TestClient, service: Service) -> None:
    """One value, or one by quarter-hour from a start before the plan's; what is over is not."""
    said = {"source": "file", "price": 3000.0, "hours": 1.0, "tolerance": 0.5, "state": "running"}

    def promised(name: str, value: object, start: int, until: int, **more: object) -> object:
        ends = {"start": (NOW + start * QUARTER).isoformat(),
                "until": (NOW + until * QUARTER).isoformat()}  # fmt: skip
        return said | {"name": name, "kind": "schedule", "value": value} | ends | more

    listed = [
        promised("tomorrow", [7.0, 8.0, 9.0], -1, 2),
        promised("over", 1.0, 0, 1, state="kept"),
        promised("ready", 5.0, 1, 9, kind="reserve up"),
        promised("far", 1.0, 50, 60),
    ]
    write_atomic(service.folder.commitments, json.dumps({"list": listed}))
    found = client.get("/api/v1/schedule", headers={"accept-language": "zh"}).json()["commitments"]
    assert [(each["name"], each["values"]) for each in found] == [
        ("tomorrow", [8.0, 9.0, None]), ("ready", [None, 5.0, 5.0]),
    ]  # fmt: skip
    assert found[1]["words"] == "上备用"
    assert found[0]["tolerance"] == 0.5


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "title", "line"),
    [("en", "Forecasts it stands on: 10 to 90 %", "reserve: reserve up 2 MW"),
     ("zh", "所依据的预测：10 至 90 % 区间", "reserve: 上备用 2 MW")],
)  # fmt: skip
def test_the_page_draws_both(
    chromium: Browser, site: Site, language: str, title: str, line: str
) -> None:
    """A chart of the bands, one of the exchange with a line per promise; narrow, and no error."""
    page, said = look(chromium, site, language, 390)
    page.goto(f"{site.address}/schedule")
    page.locator("#powers h2", has_text=title).wait_for()
    page.locator("#powers li", has_text=line).wait_for()
    assert page.locator("#shown .chart canvas").count() == 4
    drawn = page.evaluate("""() => [...document.querySelectorAll("#powers .chart")].flatMap(
        (place) => echarts.getInstanceByDom(place).getOption().series.map((each) => each.name))""")
    assert {"wind.output least", "wind.output most"} <= set(drawn)
    assert sum(each.startswith("day ahead (") for each in drawn) == 3  # itself, and its band
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert said == []
    page.context.close()


def test_a_simulated_plants_schedule_is_judged_by_its_own_clock(
    client: TestClient, service: Service
) -> None:
    """Which may be long ago on the wall."""
    image = seen(5.0) | {"wrote": datetime.now(UTC).isoformat(), "speed": 0}
    write_atomic(service.folder.live, json.dumps(image))
    for _ in range(100):
        now = datetime.fromisoformat(client.get("/api/v1/schedule").json()["now"])
        if now == datetime.fromisoformat(image["at"]):
            return
        time.sleep(0.05)
    raise AssertionError(now)
