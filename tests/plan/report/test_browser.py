"""The page in a real browser: no errors, no sideways scrolling, two languages, both themes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plan.report import sample
from zeroplant.plan.report import write_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(planned: sample.Result, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report as a file."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_html(planned, path)
    return path.as_uri()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A new page whose complaints fail the test."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith("file:") else said.append(r.url))
    yield page
    context.close()
    assert said == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_no_sideways_scrolling(page: Page, address: str, width: int, language: str) -> None:
    """From a telephone to a desk nothing sticks out; one drawing of each chart is shown."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.locator("figure .wide >> visible=true").count()
    narrow = page.locator("figure .narrow >> visible=true").count()
    assert (wide == 0) == (width < 640)
    assert wide + narrow == page.locator("figure").count() >= 7


@pytest.mark.parametrize("width", [390, 1440])
def test_no_label_leaves_its_chart(page: Page, address: str, width: int) -> None:
    """Every text of a chart lies within its picture, in both languages."""
    page.set_viewport_size({"width": width, "height": 900})
    for language in ("en", "zh"):
        page.goto(f"{address}?lang={language}")
        outside = page.evaluate(
            """[...document.querySelectorAll('svg text')].filter(t => {
              const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
              return a.width && (a.left < b.left - 2 || a.right > b.right + 2 ||
                                 a.top < b.top - 3 || a.bottom > b.bottom + 3);
            }).map(t => t.textContent)"""
        )
        assert outside == []


def test_language_switch(page: Page, address: str) -> None:
    """The button changes every heading and is remembered; ?lang= and the browser's own decide."""
    page.goto(address)
    heading = page.locator("#h-sizes")
    assert heading.inner_text() == "Sizes"
    page.click("#language")
    assert heading.inner_text() == "装机与容量"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.reload()
    assert heading.inner_text() == "装机与容量"
    page.goto(f"{address}?lang=en")
    assert heading.inner_text() == "Sizes"


def test_browser_language_decides(chromium: Browser, address: str) -> None:
    """A Chinese browser sees Chinese first."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    assert page.locator("#h-verdict").inner_text() == "结论"
    context.close()


def test_pointer_and_keys_tell_values(page: Page, address: str) -> None:
    """Over a chart the values of the moment are told; arrow keys move along; leaving hides."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}?lang=en")
    chart = page.locator("#weeks figure .wide svg").first
    chart.hover()
    tip = page.locator("#tip")
    assert tip.is_visible()
    before = tip.inner_text()
    assert "Load" in before
    assert "MW" in before
    chart.focus()
    page.keyboard.press("ArrowRight")
    assert tip.inner_text() != before
    page.mouse.move(2, 2)
    assert not tip.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(page: Page, address: str, scheme: str) -> None:
    """Text stands out from its paper by at least 4.5 : 1 (WCAG 2.1 AA) in both themes."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}?lang=en")
    worst = page.evaluate(
        """(() => {
          const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255).map(
            v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const paper = light(getComputedStyle(document.body).backgroundColor);
          return Math.min(...[...document.querySelectorAll('p, td, th, dt, dd, a, h1, h2')]
            .map(e => light(getComputedStyle(e).color))
            .map(v => (Math.max(v, paper) + 0.05) / (Math.min(v, paper) + 0.05)));
        })()"""
    )
    assert worst >= 4.5


def test_prints(page: Page, address: str, tmp_path: Path) -> None:
    """On paper: no buttons, wide charts, and a handful of pages."""
    page.goto(f"{address}?lang=en")
    page.emulate_media(media="print")
    assert not page.locator("#language").is_visible()
    assert page.locator("figure .narrow >> visible=true").count() == 0
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 5 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 20
