"""What a page says of the plant when the service behind it is no longer heard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.portal.browsing import look
from tests.portal.listening import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Request, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _dead(route: Route) -> None:
    """As a gateway answers whose service is dead."""
    route.fulfill(status=502, body="bad gateway")


def _hung(_: Route) -> None:
    """No answer at all, as from a network that is gone."""


@pytest.mark.parametrize("fails", [_dead, _hung])
def test_what_is_not_renewed_is_shown_as_old(
    chromium: Browser, site: Site, fails: Callable[[Route], None]
) -> None:
    """Neither an answer of a gateway nor none at all leaves old values looking like new ones."""
    page, _ = look(chromium, site, "en", 1440)
    page.clock.install()
    page.goto(site.address + "/grid")
    lost = page.locator("#lost")
    page.clock.run_for(3_000)
    assert lost.is_hidden()
    assert page.locator("body.unrenewed").count() == 0
    page.route(site.address + "/**", fails)
    page.clock.run_for(60_000)
    lost.wait_for()
    page.locator("body.unrenewed").wait_for()
    page.unroute_all(behavior="ignoreErrors")
    page.clock.run_for(10_000)
    page.locator("body:not(.unrenewed)").wait_for()
    lost.wait_for(state="hidden")
    page.context.close()


@pytest.mark.parametrize("path", ["", "plant/battery", "schedule", "forecasts", "alarms", "grid"])
def test_what_a_timer_asks_keeps_nobody_logged_in(chromium: Browser, site: Site, path: str) -> None:
    """A screen that nobody sits at is logged out: all that it fetches by itself says so."""
    page, _ = look(chromium, site, "en", 1440)
    page.clock.install()
    page.goto(f"{site.address}/{path}")
    page.clock.run_for(1_000)
    asked: list[str] = []

    def note(request: Request) -> None:
        heads = request.headers
        if "x-refresh" not in heads and "event-stream" not in heads.get("accept", ""):
            asked.append(request.url)

    page.on("request", note)
    with page.expect_request(lambda request: "x-refresh" in request.headers):
        page.clock.run_for(11 * 60_000)
    assert asked == []
    page.context.close()


def test_a_section_that_is_renewed_seldom_is_not_old_in_between(
    chromium: Browser, site: Site
) -> None:
    """Today's figures are renewed each 15 s, and their answer may take a moment."""
    page, _ = look(chromium, site, "en", 1440)
    page.clock.install()
    asked: set[Request] = set()

    def ask(request: Request) -> None:
        if "x-refresh" in request.headers:
            asked.add(request)

    page.on("request", ask)
    page.on("response", lambda response: asked.discard(response.request))
    page.goto(site.address)
    for _ in range(40):
        page.clock.run_for(1_000)
        end = time.monotonic() + 20
        while asked and time.monotonic() < end:  # the page's clock stands still while it waits
            page.wait_for_timeout(10)
        assert page.locator("body.unrenewed").count() == 0
    page.context.close()
