"""The journeys of people through the first pages: overview, alarms, schedule, plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.browsing import fresh, look
from tests.portal.listening import Site
from tests.portal.test_live import NOW, seen
from zeroplant.files import write_atomic

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


MARKED = """() => {
  const drawn = echarts.getInstanceByDom(document.querySelector("#lead .chart"));
  const { data } = drawn.getOption().series.find((each) => each.id === "chosen").markArea;
  return data.map((ends) => ends.map(({ xAxis }) => ({ xAxis })));
}"""
"""Script: which steps the first chart has marked."""


def test_why_the_battery_charges(chromium: Browser, site: Site) -> None:
    """A click away from the schedule stands the limit that binds in that quarter-hour."""
    page, _ = look(chromium, site, "zh", 1440)
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
    yield fresh(seen(5.0))
    write_atomic(site.service.folder.live, before)


def test_old_values_are_never_shown_as_new(chromium: Browser, site: Site) -> None:
    """Neither at the first look nor after the stream opened anew: date, age, alarms unknown."""
    page, _ = look(chromium, site, "en", 1440)
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
    page, _ = look(chromium, site, "en", 1440)
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
    page, _ = look(chromium, site, "en", 1440)
    page.goto(site.address + "/")
    items = page.locator("#alarms li")
    items.nth(2).wait_for()
    assert [items.nth(each).get_attribute("class") for each in range(3)] == [
        "critical active", "major active", "minor cleared",
    ]  # fmt: skip
    assert page.locator("#alarm-state").text_content() == "active: 2 · cleared: 1"
    assert page.locator(".stock .much").all_text_contents() == ["unknown"]
    spoken = page.locator("#spoken tbody tr", has_text="wind").locator("td").last
    assert spoken.text_content() == "5 MW"
    with page.expect_response("**/api/v1/alarms") as handed:
        items.first.get_by_role("button", name="Acknowledge").click()
    name = handed.value.json()["id"]
    told = json.dumps({"accepted": False, "reason": "there is no such alarm"})
    write_atomic(site.service.folder.orders / f"{name}.answer.json", told)
    page.locator("#alarm-problem", has_text="there is no such alarm").wait_for()
    page.route("**/api/v1/alarms", lambda route: route.fulfill(status=401, body="{}"))
    items.first.get_by_role("button", name="Acknowledge").click()
    page.locator("#out a").wait_for()
    assert page.locator("#out a").get_attribute("href") == "/login"
    page.context.close()


def test_a_wall_screen_whose_session_ended_asks_to_log_in(chromium: Browser, site: Site) -> None:
    page, _ = look(chromium, site, "zh", 1440)
    page.route("**/live/stream", lambda route: page.context.clear_cookies() or route.abort())
    page.goto(site.address + "/")
    page.locator("#out a", has_text="登录").wait_for()
    page.context.close()


def test_an_ended_schedule_is_said_and_nothing_odd_hovers(chromium: Browser, site: Site) -> None:
    """The tooltip keeps within our headers; clicks fall into the step under the pointer."""
    page, said = look(chromium, site, "en", 1440)
    page.goto(site.address + "/schedule")
    page.locator("#old", has_text="has ended").wait_for()
    assert "optimal" in (page.locator("#made").text_content() or "")
    box = page.locator("#lead .chart").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator("#step").input_value() == "1"
    assert "–" in (page.locator("#step").get_attribute("aria-valuetext") or "")
    marked = page.evaluate(MARKED)
    assert marked == [[{"xAxis": 1}, {"xAxis": 2}]]
    assert said == []
    page.context.close()


def test_no_figure_of_another_plan_is_kept(chromium: Browser, site: Site) -> None:
    """After a failure the figures are greyed and not kept; a failed file is not saved."""
    page, _ = look(chromium, site, "en", 1440)
    page.goto(site.address + "/plan")
    page.locator("#keep:enabled").wait_for()
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
    page, _ = look(chromium, site, "en", 1440)
    page.goto(site.address + "/plan")
    irr = page.locator("[data-figure=equity_irr]")
    page.locator("#took", has_text="s").wait_for()
    before = irr.text_content()
    page.locator("#keep").click()
    page.locator("[data-place='assets.wind.power'] input").fill("350")
    page.locator(".studio:not(.busy)").wait_for()
    page.wait_for_timeout(300)  # the move is asked for when the hand rests
    page.locator(".studio:not(.busy)").wait_for()
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
