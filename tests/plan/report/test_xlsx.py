"""The workbook against the Python statement, worked out by another program."""

from __future__ import annotations

import zipfile
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings

from tests.capital.projects import projects, terms_of_china
from tests.plan.report import sample
from zeroplant.capital import (
    CapitalItem,
    DebtTerms,
    Measures,
    Project,
    Terms,
    Variants,
    YearLine,
    appraise,
    evaluate,
    tornado,
)
from zeroplant.plan.report import write_xlsx
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.words import MEASURES
from zeroplant.plan.report.xlsx import NAMES, capital
from zeroplant.plan.report.xlsx.book import FIRST_YEAR, Sheet
from zeroplant.plan.result import Finance

SAMPLE = {
    "share": Terms(years=8, debt=DebtTerms(share=0.7, tenor=5)),
    "sculpted": Terms(
        years=8,
        debt=DebtTerms(target_dscr=1.3, tenor=6, repayment="sculpted", reserve_months=6, cap=0.8),
    ),
}


def written(project: Project, terms: Terms) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cached values of the statement's lines, and of the measures."""
    sheets = {key: Sheet(name) for key, name in NAMES.items()}
    whole = appraise(project, terms)
    _, found = capital(sheets, Finance(project, terms, whole, tornado(project, terms)), Names())
    cells = sheets["cash"].cells
    lines = {}
    for (row, column), (content, _) in cells.items():
        if column == 0 and (row, FIRST_YEAR) in cells:
            values = [cells[row, FIRST_YEAR + year][0] for year in whole.statement.years]
            lines[content] = [getattr(value, "value", value) for value in values]
    return lines, {key: cell.value for key, cell in found.items()}


def compare(project: Project, terms: Terms) -> None:
    """Every line and every measure of the workbook is the one of the Python statement."""
    whole = appraise(project, terms)
    lines, found = written(project, terms)
    size = max(np.nan_to_num(np.abs(line.values)).max() for line in whole.statement)
    for line in whole.statement:
        got = np.array([np.nan if v == "" else v for v in lines[f"{line.english} {line.chinese}"]])
        np.testing.assert_allclose(
            got, line.values, rtol=1e-8, atol=1e-9 * size, err_msg=line.english
        )
    for field in fields(whole.measures):
        want, got = getattr(whole.measures, field.name), found[field.name]
        if want is None:
            assert got == "", field.name
        else:
            assert got == pytest.approx(want, rel=1e-6, abs=1e-9 * size), field.name


@settings(max_examples=25)
@given(projects(), terms_of_china())
def test_formulas_repeat_the_statement(project: Project, terms: Terms) -> None:
    """Random plants and loans: replacements, losses, holidays, reserves, three ways of repaying.

    The workbook's chain is written apart from the program's; both must come to the same.
    """
    if appraise(project, terms).statement["debt_drawn"][0] > 1.0:
        compare(project, terms)


def test_what_rounding_leaves_of_a_loan_is_no_debt() -> None:
    """A plant that earns for three years of five has paid its sculpted loan back by then.

    *Proves:* cover is blank where nothing but rounding (1e-15) is due. *A wrong answer would be:*
    a cover of 1.87 in years without any cash.
    """
    item = CapitalItem(who="sun", capex=100.0, life=3.0, replacement=0.0)
    sales = YearLine(
        who="sun", what="power", kind="revenue", quantity=1.0, unit="MWh",
        price=20.0, amount=-20.0, escalation=0.0, with_generation=True,
    )  # fmt: skip
    debt = DebtTerms(share=0.265625, rate=0.025, tenor=5, repayment="sculpted")
    project = Project(items=(item,), lines=(sales,), energy=1.0)
    terms = Terms(years=8, discount_rate=0.0, construction_years=0.0, debt=debt)
    assert np.isnan(appraise(project, terms).statement["dscr"][4:]).all()
    compare(project, terms)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(years=12),
        Terms(years=12, prices_include_vat=False, construction_years=0.0),
        Terms(years=10, discount_is="real", inflation=0.02, income_tax="western", first_year=2027),
        Terms(years=12, regime="none", income_tax_rate=0.3, discount_rate=0.08),
        Terms(years=12, income_tax="high-tech", holiday_share=0.4, place="county"),
        Terms(years=12, debt=DebtTerms(target_dscr=1.4, tenor=8, dscr_basis="before tax")),
        Terms(years=9, debt=DebtTerms(share=0.6, tenor=9, repayment="equal principal")),
    ],
    ids=["plain", "net prices", "western", "no regime", "high-tech", "cover", "principal"],
)
def test_other_terms(planned: sample.Result, terms: Terms) -> None:
    """The sample plant under terms that take other branches of the chain."""
    assert planned.finance is not None
    compare(planned.finance.project, terms)


@cache
def model(path: Path) -> Any:
    """The workbook in the `formulas` package, which works out each formula by itself."""
    import formulas

    return formulas.ExcelModel().loads(str(path)).finish()


def worked_out(path: Path, changes: dict[str, float]) -> dict[str, float]:
    """Measures by name, with some named inputs changed."""
    book = openpyxl.load_workbook(path)
    named = {}
    for name, value in changes.items():
        sheet, _, cell = book.defined_names[name].attr_text.partition("!")
        place = f"'[{path.name}]{sheet.strip(chr(39)).upper()}'!{cell.replace('$', '')}"
        named[place] = value
    answer = model(path).calculate(inputs=named)
    page = book[NAMES["cash"]]
    labels = {MEASURES[key].both: key for key in MEASURES}
    found = {}
    for row in page.iter_rows(min_col=1, max_col=1):
        key = labels.get(row[0].value)
        if key is not None:
            place = f"'[{path.name}]{NAMES['cash'].upper()}'!C{row[0].row}"
            found[key] = answer[place].value[0, 0]
    return found


def agree(found: dict[str, Any], measures: Measures) -> None:
    """Every measure is there and the same; an empty cell where there is none."""
    assert set(found) == {field.name for field in fields(measures)}
    for key, got in found.items():
        want = getattr(measures, key)
        if want is None:
            assert got in ("", None), key
        else:
            assert got == pytest.approx(want, rel=1e-6), key


@pytest.fixture(scope="module", params=list(SAMPLE))
def workbook(
    request: pytest.FixtureRequest, planned: sample.Result, tmp_path_factory: Any
) -> tuple[Path, Project, Terms]:
    """A workbook of eight years, small enough for a slow reader."""
    terms = SAMPLE[request.param]
    money = sample.finance(planned.network, planned.solution, terms)
    path = tmp_path_factory.mktemp("book") / f"{request.param}.xlsx"
    write_xlsx(replace(planned, finance=money), path)
    return path, money.project, terms


@pytest.mark.oracle
@pytest.mark.slow
def test_another_program_gets_the_same(workbook: tuple[Path, Project, Terms]) -> None:
    """All measures to 1e-6; then with investment, price and interest moved, as Python says.

    A number pasted where a formula belongs would not move.
    """
    path, project, terms = workbook
    want = appraise(project, terms).measures
    agree(worked_out(path, {}), want)
    moved = {"capex": 1.25, "price": 0.93, "opex": 1.1, "volume": 0.9, "interest": 1.4}
    changed = worked_out(path, {f"{name}_factor": factor for name, factor in moved.items()})
    again = evaluate(project, terms, Variants.of(moved)).case(0)
    assert abs(again.equity_irr - want.equity_irr) > 0.01
    agree(changed, again)
    taxed = worked_out(path, {"tax_rate": 0.15, "discount_rate": 0.09})
    own = terms.model_copy(update={"income_tax_rate": 0.15, "discount_rate": 0.09})
    agree(taxed, appraise(project, own).measures)


def test_cached_values_and_bilingual_heads(workbook: tuple[Path, Project, Terms]) -> None:
    """A viewer that does not calculate shows the numbers; headings are in both languages."""
    path, project, terms = workbook
    book = openpyxl.load_workbook(path, data_only=True)
    kept = [name for key, name in NAMES.items() if key not in ("carriers", "findings")]
    assert book.sheetnames == kept
    whole = appraise(project, terms)
    cash = {row[0].value: row for row in book[NAMES["cash"]].iter_rows()}
    equity = cash["Cash flow of equity after tax 资本金税后净现金流"]
    got = [equity[FIRST_YEAR + year].value for year in whole.statement.years]
    np.testing.assert_allclose(got, whole.statement["equity_cash"], rtol=1e-9, atol=1e-3)
    live = openpyxl.load_workbook(path)[NAMES["cash"]]
    number = live.cell(equity[0].row, FIRST_YEAR + 2).value
    assert str(number).startswith("=")


def test_text_is_never_a_formula(planned: sample.Result, tmp_path: Path) -> None:
    """A plant called ``=HYPERLINK(…)`` stays a name."""
    evil = '=HYPERLINK("http://example.com")'
    plan = replace(planned, plant=replace(planned.plant, name=evil))
    write_xlsx(plan, tmp_path / "report.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "report.xlsx")[NAMES["summary"]]["A1"]
    assert cell.value == evil
    assert cell.data_type == "s"
    assert zipfile.ZipFile(tmp_path / "report.xlsx").testzip() is None


def test_plan_without_finance(planned: sample.Result, tmp_path: Path) -> None:
    """No terms: no sheets of money, and the rest stands."""
    write_xlsx(replace(planned, finance=None), tmp_path / "report.xlsx")
    names = openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames
    assert names == [NAMES[key] for key in ("summary", "sizes", "ledger", "monthly", "rules")]
