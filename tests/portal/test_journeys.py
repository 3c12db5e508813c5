"""What people come for, in a real browser, from the first click to the last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.portal import lived
from tests.portal.browsing import SLOWEST, look
from tests.portal.doors import GOOD
from tests.portal.listening import Site, site_of
from zeroplant.portal.access import Grant, Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small plant that has lived for four hours, and one person who has never come in."""
    with site_of(lived.small(tmp_path_factory.mktemp("small")), "lin") as site:
        yield site


def test_log_in(chromium: Browser, small: Site) -> None:
    """A wrong password is told; the first one has to be changed; then the plant is there."""
    first = small.service.accounts.add("wang", [Grant(Role.VIEWER)])
    page = chromium.new_page(locale="en-GB")
    page.set_default_timeout(SLOWEST)
    page.goto(small.address)
    for password in ("not this one at all", first):
        page.get_by_label("Name").fill("wang")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        if password != first:
            page.get_by_text("Name or password is wrong.").wait_for()
    page.locator("[name=old]").fill(first)
    page.locator("[name=new]").fill("password1234")
    page.get_by_role("button", name="Change password").click()
    page.get_by_text("easy to guess").wait_for()
    page.locator("[name=old]").fill(first)
    page.locator("[name=new]").fill(GOOD)
    page.get_by_role("button", name="Change password").click()
    page.get_by_label("Name").fill("wang")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("heading", name="small").wait_for()
    page.close()


def test_download_the_workbook_and_open_it(chromium: Browser, small: Site, tmp_path: Path) -> None:
    """Asked for on the page, made beside, shown as ready by itself, opened by another program."""
    page, said = look(chromium, small, "en", 1440)
    page.goto(f"{small.address}/reports")
    page.get_by_role("button", name="Make it").first.click()
    ready = page.locator("#reports tbody tr", has_text="ready").first
    ready.wait_for()
    with page.expect_download() as download:
        ready.get_by_role("link", name="Workbook").click()
    download.value.save_as(tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book["Quarter-hours 每15分钟"].max_row == 17
    assert said == []
    page.context.close()


def test_switch_the_language(chromium: Browser, small: Site) -> None:
    """On the page one reads, with the keyboard; it stays on the next page, and errors follow."""
    page, _ = look(chromium, small, "en", 1440)
    page.goto(f"{small.address}/reports")
    page.get_by_role("link", name="中文").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="运行报告").wait_for()
    assert page.url == f"{small.address}/reports"
    page.goto(f"{small.address}/nowhere")
    page.get_by_role("heading", name="没有此页面").wait_for()
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="There is no such page").wait_for()
    page.context.close()


def test_see_how_good_a_forecast_is(chromium: Browser, site: Site) -> None:
    """The band over what came, of an issue that is chosen; in words how far to trust it."""
    page, said = look(chromium, site, "en", 390)
    page.goto(f"{site.address}/forecasts")
    page.get_by_label("Made at").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    page.locator("#chart canvas").wait_for()
    page.get_by_text("50 % better than the best simple guess").wait_for()
    assert "made=2025" in page.url
    assert said == []
    page.context.close()
