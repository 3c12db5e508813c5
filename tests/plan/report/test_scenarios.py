"""The section of scenarios: told where there are several outcomes, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plan.small import planned, plant
from tests.plan.test_risk import assets, tomorrows
from zeroplant.plan import plan
from zeroplant.plan.report import write_html
from zeroplant.plan.report.charts.outcomes import chain_name
from zeroplant.plan.report.facts import gather
from zeroplant.plan.report.html import page
from zeroplant.plant.risk import Risk

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_every_outcome_is_in_the_table() -> None:
    """*Proves:* names, probabilities and costs are those of the plan; risk stands in no table of
    money. *A wrong answer would be:* the price of risk among the wishes that were not met.
    """
    facts = gather(plan(tomorrows(Risk(aversion=0.4, tail=0.3))))
    source = page(facts)
    section = source.partition('id="scenarios"')[2].partition("</section>")[0]
    for name in ("price 100", "price 400", "price 900", "50.0 %", "30.0 %", "20.0 %"):
        assert name in section
    assert "40.0 %" in section
    assert not facts.books.penalties
    assert all(entry.who != "risk" for entry in (*facts.books.costs, *facts.books.revenues))


def test_one_outcome_has_no_section() -> None:
    """*Proves:* a plan of one future is not cluttered."""
    assert 'id="scenarios"' not in page(gather(planned(assets(400.0))))
    assert plant(assets(400.0)).axis.chains[0].name == "base"


def test_weather_years_have_a_chinese_name() -> None:
    """*Proves:* what the program named is said in Chinese, what the user named is left alone."""
    assert chain_name("dry year · weather year 2").zh == "dry year · 气象年 2"


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_the_section_in_a_browser(chromium: Browser, tmp_path: Path, width: int) -> None:
    """*Proves:* chart and table fit a telephone and a desk, in both languages."""
    path = tmp_path / "report.html"
    write_html(plan(tomorrows(Risk(aversion=0.4, tail=0.3))), path)
    view = chromium.new_page(viewport={"width": width, "height": 900})
    for language, title in (("en", "Scenarios"), ("zh", "情景与风险")):
        view.goto(f"{path.as_uri()}?lang={language}")
        assert view.locator("#h-scenarios").inner_text() == title
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        assert view.locator("#scenarios figure svg >> visible=true").count() == 1
        words = view.locator("#scenarios").inner_text()
        assert bool(re.search("[一-鿿]", words)) == (language == "zh")
    view.close()
