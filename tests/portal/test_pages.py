"""Every page in a real browser: both languages, wide and narrow, nothing odd, usable by all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from tests.portal.doors import GOOD
from tests.portal.doors import opened as opened_service
from tests.portal.test_live import NOW, seen
from zeroplant.files import write_atomic
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src/zeroplant/portal/static/vendor"
AXE = next((ROOT / ".venv/vendor").glob("axe-core-*/axe.min.js"), None)
PAGES = ("/", "/schedule", "/plan", "/people", "/password")
REASON = {"first": 0, "last": 1, "what": "battery.charge", "price": 35.0,
          "en": "charging is at its limit", "zh": "充电达到上限"}  # fmt: skip
SCHEDULE = {
    "made": NOW.isoformat(), "start": NOW.isoformat(), "step_seconds": 900, "status": "optimal",
    "power": {"wind.output": [5, 6, 7], "battery.charge": [1, 0, 2]},
    "level": {"battery.level": [1, 1, 3]}, "price": {"park": [300, 200, 100]}, "worth": {},
    "target": [1, 2, 3], "shortfall": {}, "cost": 1.0, "note": "", "reasons": [REASON],
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A service that runs, and the cookie of an admin in it."""

    address: str
    cookie: str
    service: Service


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The county base with an image and a schedule, on a free port."""
    if not any(VENDOR.glob("echarts-*")):
        pytest.skip("no ECharts here: make vendor, which needs npm")
    service = opened_service(tmp_path_factory.mktemp("data"))
    password = service.accounts.add("admin", [Grant(Role.ADMIN)])
    (admin,) = service.accounts.everybody()
    service.accounts.change_password(admin.id, password, GOOD)
    write_atomic(service.folder.live, json.dumps(seen(5.0)))
    write_atomic(service.folder.schedule, json.dumps(SCHEDULE))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(application(service), port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Site(f"http://127.0.0.1:{port}", service.sessions.begin(admin.id), service)
    server.should_exit = True
    thread.join()


def opened(
    chromium: Browser, site: Site, language: str, width: int, *, free: bool = False
) -> tuple[Page, list[str]]:
    """A page of an admin, and what its console says; ``free`` lets the test's own scripts in."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=free)
    context.add_cookies([
        {"name": "zeroplant", "value": site.cookie, "url": site.address},
        {"name": "language", "value": language, "url": site.address},
    ])  # fmt: skip
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_well(chromium: Browser, site: Site, language: str, width: int) -> None:
    """No word on the console, no sideways scroll, the right language, nothing from elsewhere."""
    page, said = opened(chromium, site, language, width)
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda r: (
            elsewhere.append(r.url) if not r.url.startswith((site.address, "data:")) else None
        ),
    )
    for path in PAGES:
        page.goto(site.address + path)
        page.wait_for_load_state("load")
        if path == "/plan":
            page.locator("#took", has_text="s").wait_for(timeout=60_000)
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert said == []
    assert elsewhere == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(chromium: Browser, site: Site, scheme: str) -> None:
    """axe-core finds nothing serious on any page, in either colour scheme."""
    if AXE is None:
        pytest.skip("no axe-core here: make vendor, which needs npm")
    page, _ = opened(chromium, site, "en", 1440, free=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = []
    for path in ("/login", *PAGES):
        page.goto(site.address + path)
        page.add_script_tag(path=AXE)
        result = page.evaluate("axe.run()")
        found += [
            (path, each["id"], each["nodes"][0]["html"])
            for each in result["violations"]
            if each["impact"] in ("serious", "critical")
        ]
    assert found == []
    page.context.close()


def test_why_the_battery_charges(chromium: Browser, site: Site) -> None:
    """A click away from the schedule stands the limit that binds in that quarter-hour."""
    page, _ = opened(chromium, site, "zh", 1440)
    page.goto(site.address + "/schedule")
    page.locator("#step").fill("1")
    assert page.locator("#why").text_content() == "充电达到上限"
    page.locator("#step").fill("2")
    assert page.locator("#why").text_content() == "该时段无起作用的约束。"
    page.context.close()


def alarm(code: str, severity: str, **more: str | None) -> dict[str, str | None]:
    """An alarm as a controller tells of it."""
    return {
        "code": code, "key": "battery", "severity": severity, "cause": f"cause of {code}",
        "remedy": "look", "cause_zh": "原因", "remedy_zh": "处理", "by": "", "cleared": None,
        "raised": NOW.isoformat(), "acknowledged": None, "shelved_until": None, **more,
    }  # fmt: skip


@pytest.fixture
def image(site: Site) -> Iterator[dict[str, Any]]:
    """What the controller saw just now; the old image is put back afterwards."""
    before = site.service.folder.live.read_text(encoding="utf-8")
    yield seen(5.0) | {"at": datetime.now(UTC).isoformat()}
    write_atomic(site.service.folder.live, before)


def test_old_values_are_never_shown_as_new(chromium: Browser, site: Site) -> None:
    """Neither at the first look nor after the stream opened anew: date, age, alarms unknown."""
    page, _ = opened(chromium, site, "en", 1440)
    page.goto(site.address + "/")
    page.locator("#old").wait_for()
    assert "2025" in (page.locator("#at").text_content() or "")
    assert "ago" in (page.locator("#age").text_content() or "")
    assert "unknown" in (page.locator("#alarm-state").text_content() or "")
    assert page.locator(".overview.stale").count() == 1
    page.reload()
    page.locator("#old").wait_for()
    page.context.close()


def test_before_anything_came_the_alarms_are_unknown(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, site, "en", 1440)
    page.route("**/live/stream", lambda route: route.abort())
    page.goto(site.address + "/")
    page.wait_for_timeout(1200)
    assert page.locator("#alarm-state").text_content() == "Alarms unknown."
    page.context.close()


def test_alarms_say_how_bad_they_are_and_what_became_of_a_wish(
    chromium: Browser, site: Site, image: dict[str, Any]
) -> None:
    """Active and cleared differ; what the controller refuses is said; so is an ended session."""
    gone = alarm("clock jumped", "minor", cleared=NOW.isoformat())
    image["alarms"] = [alarm("disk", "critical"), alarm("silent", "major"), gone]
    image["points"]["battery.level"] |= {"value": None, "quality": 3}
    write_atomic(site.service.folder.live, json.dumps(image))
    page, _ = opened(chromium, site, "en", 1440)
    page.goto(site.address + "/")
    items = page.locator("#alarms li")
    items.nth(2).wait_for()
    assert [items.nth(each).get_attribute("class") for each in range(3)] == [
        "critical active", "major active", "minor cleared",
    ]  # fmt: skip
    assert page.locator("#alarm-state").text_content() == "active: 2 · cleared: 1"
    assert page.locator(".stock .much").all_text_contents() == ["unknown"]
    spoken = page.locator("#spoken tbody tr", has_text="wind output").locator("td").last
    assert spoken.text_content() == "5 MW"
    with page.expect_response("**/api/v1/alarms") as handed:
        items.first.get_by_role("button", name="Silent").click()
    name = handed.value.json()["id"]
    told = json.dumps({"accepted": False, "reason": "there is no such alarm"})
    write_atomic(site.service.folder.orders / f"{name}.answer.json", told)
    page.locator("#alarm-problem", has_text="there is no such alarm").wait_for()
    page.route("**/api/v1/alarms", lambda route: route.fulfill(status=401, body="{}"))
    items.first.get_by_role("button", name="seen").click()
    page.locator("#out a").wait_for()
    assert page.locator("#out a").get_attribute("href") == "/login"
    page.context.close()


def test_a_wall_screen_whose_session_ended_asks_to_log_in(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, site, "zh", 1440)
    page.route("**/live/stream", lambda route: page.context.clear_cookies() or route.abort())
    page.goto(site.address + "/")
    page.locator("#out a", has_text="登录").wait_for()
    page.context.close()


def test_an_ended_schedule_is_said_and_nothing_odd_hovers(chromium: Browser, site: Site) -> None:
    """The tooltip keeps within our headers; clicks fall into the step under the pointer."""
    page, said = opened(chromium, site, "en", 1440)
    page.goto(site.address + "/schedule")
    page.locator("#old", has_text="has ended").wait_for()
    assert "optimal" in (page.locator("#made").text_content() or "")
    box = page.locator("#powers .chart").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator("#step").input_value() == "1"
    assert "–" in (page.locator("#step").get_attribute("aria-valuetext") or "")
    assert said == []
    page.context.close()


def test_no_figure_of_another_plan_is_kept(chromium: Browser, site: Site) -> None:
    """After a failure the figures are greyed and not kept; a failed file is not saved."""
    page, _ = opened(chromium, site, "en", 1440)
    page.goto(site.address + "/plan")
    page.locator("#keep:enabled").wait_for(timeout=60_000)
    page.route("**/api/v1/plan", lambda route: route.fulfill(status=500, body="no"))
    page.route("**/api/v1/plan/file", lambda route: route.fulfill(status=500, body="no"))
    page.locator("[data-place='assets.wind.power'] input").fill("350")
    page.locator("#problems", has_text="500").wait_for()
    assert page.locator(".outcome.void").count() == 1
    assert page.locator("#keep").is_disabled()
    page.locator("#save").click()
    page.locator("#save-problem", has_text="500").wait_for()
    page.context.close()


def test_a_slider_moves_the_irr_and_plans_stand_side_by_side(chromium: Browser, site: Site) -> None:
    """The first plan is kept, wind grows, the return changes, and both can be read beside."""
    page, _ = opened(chromium, site, "en", 1440)
    page.goto(site.address + "/plan")
    irr = page.locator("[data-figure=equity_irr]")
    page.locator("#took", has_text="s").wait_for(timeout=60_000)
    before = irr.text_content()
    page.locator("#keep").click()
    page.locator("[data-place='assets.wind.power'] input").fill("350")
    page.locator(".studio:not(.busy)").wait_for()
    page.wait_for_timeout(300)  # the move is asked for when the hand rests
    page.locator(".studio:not(.busy)").wait_for(timeout=60_000)
    assert irr.text_content() != before
    page.locator("#keep").click()
    row = page.locator("#compared tbody tr", has_text="IRR on equity").locator("td")
    assert row.all_text_contents() == [before, irr.text_content()]
    heads = page.locator("#compared thead th").all_text_contents()
    assert heads[0] == "A: as in the file"
    assert "wind" in heads[1]
    assert "350" in heads[1]
    with page.expect_download() as download:
        page.locator("#save").click()
    assert "350 MW" in download.value.path().read_text(encoding="utf-8")
    page.context.close()
