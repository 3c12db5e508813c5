"""A walk through every page there is: both languages, wide and narrow, nothing odd, for all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.portal.browsing import AXE, barriers, fresh, look, ways
from tests.portal.listening import Site
from tests.portal.test_live import seen
from zeroplant.files import write_atomic
from zeroplant.portal.navigation import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def ready(page: Page, path: str) -> None:
    """Wait until a page has said what it has to say."""
    page.wait_for_load_state("load")
    if path == "/plan":
        page.locator("#took", has_text="s").wait_for()
    if path.startswith("/plant/"):
        page.locator("#course[data-drawn]").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_well(chromium: Browser, site: Site, language: str, width: int) -> None:
    """No word on the console, no sideways scroll, the right language, nothing from elsewhere."""
    page, said = look(chromium, site, language, width)
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda r: (
            elsewhere.append(r.url) if not r.url.startswith((site.address, "data:")) else None
        ),
    )
    walked = ways(page, site)
    assert set(PAGES) <= set(walked)  # twelve pages, and an admin sees them all
    for path in walked:
        answer = page.goto(site.address + path)
        assert answer is not None
        assert answer.status == 200, path
        ready(page, path)
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
        assert said == [], path
    assert elsewhere == []
    page.context.close()


@pytest.mark.parametrize(
    ("scheme", "language", "width", "old"),
    [("light", "en", 1440, True), ("dark", "zh", 1440, False), ("dark", "en", 390, True)],
)
def test_pages_are_accessible(
    chromium: Browser, site: Site, scheme: str, language: str, width: int, *, old: bool
) -> None:
    """axe-core finds nothing serious on any page, whether its values are of now or old."""
    if AXE is None:
        pytest.skip("no axe-core here: make vendor, which needs npm")
    page, _ = look(chromium, site, language, width, free=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = []
    for path in ("/login", *ways(page, site)):
        image = seen(5.0)
        write_atomic(site.service.folder.live, json.dumps(image if old else fresh(image)))
        page.goto(site.address + path)
        found += [(path, *each) for each in barriers(page)]
    assert found == []
    page.context.close()


def test_the_pages_are_a_menu_on_a_phone(chromium: Browser, site: Site) -> None:
    """Closed at first, opened by a key, and the way to each page is in it."""
    page, _ = look(chromium, site, "en", 390)
    page.goto(f"{site.address}/health")
    menu = page.locator("#ways")
    assert not menu.is_visible()
    page.locator(".menu").focus()
    page.keyboard.press("Enter")
    menu.wait_for()
    assert menu.locator("a[aria-current=page]").text_content() == "Health"
    box = menu.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    page.context.close()
