"""What all charts have in common, as a browser works it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.portal.browsing import look
from tests.portal.listening import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLOURS = """async () => {
  const { colours } = await import("/static/charts.js");
  const kinds = { "electric boiler.heat": "boiler", "gas boiler.heat": "boiler",
    "sun.output": "solar", "electrolyser.power": "electrolyser", "mill.power": "process",
    "buyer.sold": "elsewhere", "battery.charge": "battery", "battery.discharge": "battery" };
  const lines = Object.keys(kinds).map((key) => ({ key, gives: key !== "battery.charge" }));
  const found = colours(lines, kinds);
  return Object.fromEntries(lines.map(({ key }, each) => [key, found[each]]));
}"""
"""Script: the colours of a chart, by line."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_two_assets_have_like_colours(chromium: Browser, site: Site, scheme: str) -> None:
    """Two boilers, and what has no colour of its own; both ways of a battery have one."""
    page, _ = look(chromium, site, "en", 1440)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(site.address + "/schedule")
    found = page.evaluate(COLOURS)
    assert found.pop("battery.charge") == found["battery.discharge"]
    parts = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in found.values()]
    near = [
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        for place, one in enumerate(parts)
        for other in parts[:place]
    ]
    assert min(near) > 40
    page.context.close()
