"""One project, appraised: statement, measures, and what the reader must be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zeroplant.capital.cashflow import CashFlow, cash_flow
from zeroplant.capital.measures import MeasureArrays, Measures, measures
from zeroplant.capital.project import Project
from zeroplant.capital.statement import Statement, statement
from zeroplant.capital.terms import Terms
from zeroplant.capital.variants import Variants


class Note(NamedTuple):
    """Something about the result that the reader must know, in both languages."""

    english: str
    chinese: str


@dataclass(frozen=True)
class Appraisal:
    """The money of one project: yearly lines, measures, notes."""

    statement: Statement
    measures: Measures
    notes: tuple[Note, ...]


def appraise(project: Project, terms: Terms) -> Appraisal:
    """Cash flow and measures of one project on given terms."""
    base = Variants.of()
    flow = cash_flow(project, terms, base)
    figures = measures(flow, terms, base)
    return Appraisal(statement(flow), figures.case(0), tuple(_notes(flow, figures, terms)))


def _notes(flow: CashFlow, figures: MeasureArrays, terms: Terms) -> list[Note]:
    """What is unusual about a cash flow."""
    notes = []
    for count, english, chinese in (
        (figures.equity_irr_count[0], "equity", "资本金"),
        (figures.project_irr_count[0], "project", "项目"),
    ):
        if count > 1:
            notes.append(
                Note(
                    f"The {english} cash flow has {count} internal rates of return: see the NPV.",
                    f"{chinese}现金流存在 {count} 个内部收益率,请以净现值为准。",
                )
            )
        elif count == 0:
            notes.append(
                Note(
                    f"The {english} cash flow has no internal rate of return.",
                    f"{chinese}现金流不存在内部收益率。",
                )
            )
    target = None if terms.debt is None else terms.debt.target_dscr
    if target is not None and figures.dscr_min[0] > 1.01 * target:
        notes.append(
            Note(
                "The debt is held at its cap of the investment: the cash would bear more.",
                "借款额受最高借款比例限制，现金流可承受更多借款。",
            )
        )
    notes += _loan_notes(flow, wanted=terms.debt is not None and terms.debt.share != 0.0)
    return notes


def _loan_notes(flow: CashFlow, wanted: bool) -> list[Note]:
    """What a lender would ask about."""
    notes = []
    loan = flow.loan
    if not loan.settled[0]:
        notes.append(Note("The debt and its tax did not settle.", "借款额与所得税的迭代未收敛。"))
    if wanted and not loan.amount[0] > 0.0:
        english = "No loan: the cash cannot bear one on these terms."
        notes.append(Note(english, "现金流不足,无法按此条件借款。"))
    grows = np.flatnonzero(loan.principal[0] < -1e-9 * loan.amount[0])
    if grows.size:
        years = ", ".join(str(year) for year in grows)
        notes.append(
            Note(
                f"The debt grows in year {years}: the cash does not cover the interest.",
                f"第 {years} 年现金不足以付息,借款余额增加。",
            )
        )
    if flow.vat_credit[0, -1] > 1e-9 * flow.capex_vat[0, 0] and flow.vat_credit[0, -1] > 0.005:
        notes.append(
            Note(
                f"VAT credit of {flow.vat_credit[0, -1]:,.0f} is never used.",
                f"期末仍有留抵税额 {flow.vat_credit[0, -1]:,.0f} 未抵扣。",
            )
        )
    return notes
