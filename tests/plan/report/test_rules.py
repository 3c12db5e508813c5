"""Indicators of rules are told in their own units: t of CO2 per tce is no percentage."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from tests.plan.report import sample
from zeroplant.plan.report import print_summary, write_html, write_xlsx
from zeroplant.plan.report.facts.rules import RuleRow, rule_rows
from zeroplant.plan.report.figures import number, ratio


@pytest.fixture(scope="module")
def park() -> sample.Result:
    """The sample as a zero-carbon park that breaks the core indicator; five weeks."""
    choice = {"pack": "cn-zero-carbon-park-910", "class": "medium", "off": ["clean", "direct"]}
    return sample.result(terms=None, time=sample.axis(days=35), choices=(choice,))


@pytest.fixture(scope="module")
def core(park: sample.Result) -> RuleRow:
    """The core indicator."""
    return next(row for row in rule_rows(park) if row.result.indicator == "carbon")


def test_the_shadow_price_is_one_of_a_tonne(park: sample.Result, core: RuleRow) -> None:
    """*Proves:* the indicator speaks of tonnes, so what one tonne less would cost is told: the
    price of a MWh over the 0.5856 t that a MWh brings. *A wrong answer would be:* money per MWh.
    """
    budget = next(b for b in park.network.budgets if b.name.endswith(": carbon"))
    by_energy = abs(float(park.solution.shadow(budget).sum()))
    assert by_energy > 1.0
    assert core.result.counted == "tCO2"
    assert core.shadow == pytest.approx(by_energy / 0.5856)


def test_every_report_tells_the_unit(park: sample.Result, core: RuleRow, tmp_path: Path) -> None:
    """*Proves:* terminal, page and workbook say tCO2/tce and money per tCO2 in both languages.
    *A wrong answer would be:* "≤ 20.0 %".
    """
    value, price = number(core.result.value), number(core.shadow)
    out = StringIO()
    print_summary(park, Console(file=out, width=94, no_color=True))
    shown = " ".join(out.getvalue().split())
    assert "≤ 0.2 tCO₂/tce" in shown
    assert f"{price} CNY/tCO₂" in shown
    assert "≤ 20.0 %" not in shown
    write_html(park, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"<dd>{value} tCO₂/tce</dd>" in page
    assert "<dd>≤ 0.2 tCO₂/tce</dd>" in page
    assert f"{price} CNY/tCO₂" in page
    assert f"{price} 元/tCO₂" in page
    write_xlsx(park, tmp_path / "report.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "report.xlsx")["Rules 规则"].iter_rows()
    row = next(each for each in rows if "core indicator" in str(each[1].value))
    assert row[4].value == 0.2
    assert "%" not in row[4].number_format
    assert row[6].value == "tCO₂/tce"
    assert row[8].value == pytest.approx(core.shadow)
    assert row[9].value == "CNY/tCO₂"


def test_shares_stay_in_percent() -> None:
    """*Proves:* a share is told in percent whatever its size, others never. *A wrong answer would
    be:* by the size of the figure.
    """
    assert ratio(2.0, "1").en == "200.0 %"
    assert ratio(0.2, "tCO2/tce").zh == "0.2 tCO₂/tce"
