"""Plant, asset, fleet and health in a browser: live, charted, and reachable by keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.browsing import PEAK, fresh, look
from tests.portal.listening import Site
from tests.portal.test_live import seen
from zeroplant.files import write_atomic

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def image(site: Site) -> Iterator[dict[str, Any]]:
    """An image of now; the old one is put back afterwards."""
    before = site.service.folder.live.read_text(encoding="utf-8")
    yield fresh(seen(5.0))
    write_atomic(site.service.folder.live, before)


def test_a_value_changes_where_somebody_looks(
    chromium: Browser, site: Site, image: dict[str, Any]
) -> None:
    """The diagram follows the plant by itself, and what has the focus keeps it."""
    write_atomic(site.service.folder.live, json.dumps(image))
    page, said = look(chromium, site, "en", 1440)
    page.goto(f"{site.address}/plant")
    page.locator("#plant-now:not(.stale)").wait_for()  # the service has seen the image
    wind = page.locator(".cell", has_text="wind").first
    assert "5 MW" in (wind.text_content() or "")
    wind.focus()
    image["points"]["wind.output"]["value"] = 17.0
    write_atomic(site.service.folder.live, json.dumps(fresh(image)))
    page.locator(".cell", has_text="17 MW").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/plant/wind"
    page.keyboard.press("Enter")
    page.wait_for_url("**/plant/wind")
    assert said == []
    page.context.close()


def test_a_controller_that_stopped_is_said(chromium: Browser, site: Site) -> None:
    page, _ = look(chromium, site, "zh", 390)
    page.goto(f"{site.address}/plant/battery")
    assert "数据已过时" in (page.locator("#asset-now .problem").first.text_content() or "")
    assert page.locator("#asset-now.stale").count() == 1
    page.context.close()


def test_a_year_is_drawn_with_its_peak(
    chromium: Browser, site: Site, image: dict[str, Any]
) -> None:
    """35,040 quarter-hours come as some thousand points, the highest one among them."""
    standing = seen(5.0) | {"speed": 0, "wrote": image["wrote"]}  # its clock stands still
    write_atomic(site.service.folder.live, json.dumps(standing))
    page, said = look(chromium, site, "en", 1440)
    page.goto(f"{site.address}/plant")
    page.locator("#plant-now:not(.stale)").wait_for()  # the service has seen the image
    page.goto(f"{site.address}/plant/wind")
    page.locator("#course[data-drawn]").wait_for()
    page.locator("#point").select_option("wind.output")
    page.locator("#span").select_option("8784")
    page.locator("#summary", has_text=f"to {PEAK:.0f} MW").wait_for()
    drawn = int(page.locator("#course").get_attribute("data-drawn") or 0)
    assert 1000 < drawn <= 4000
    page.locator("#span").select_option("6")
    page.locator("#summary", has_text="25 values drawn").wait_for()
    assert said == []
    page.context.close()


def test_a_thousand_points_are_sifted(chromium: Browser, site: Site) -> None:
    """The form works without a script, and what is shown scrolls in a region of its own."""
    page, _ = look(chromium, site, "en", 390)
    page.goto(f"{site.address}/health")
    page.locator("[name=text]").fill("battery")
    page.locator(".sieve button").click()
    page.wait_for_url("**text=battery**")
    names = page.locator(".points tbody th a").all_text_contents()
    assert set(names) == {"battery"}
    assert page.locator(".region[tabindex='0']").count() >= 1
    page.context.close()


def test_times_are_the_plants(chromium: Browser, site: Site) -> None:
    """Somebody in New York sees the clock on the plant's wall."""
    context = chromium.new_context(timezone_id="America/New_York")
    cookie = {"name": "zeroplant", "value": site.cookie, "url": site.address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{site.address}/plant/wind")
    assert page.locator("time").first.text_content() == "2025-06-01 12:00:00"
    context.close()
