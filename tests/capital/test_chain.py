"""The chain of docs/explanation/capital.md, worked row by row and year by year as in a sheet."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.capital.projects import projects, terms_of_china
from zeroplant.capital import Project, Terms, appraise

RATES = {"revenue": 0.13, "purchase": 0.13, "charge": 0.13, "fixed": 0, "running": 0, "emission": 0}


def sheet(project: Project, terms: Terms, debt: float, cover: float) -> dict[str, list[float]]:
    """Scalar rows of years 0…N for one item without replacement; the loan's size is an input."""
    item = project.items[0]
    years, loan = range(terms.years + 1), terms.debt
    assert loan is not None
    vat_in_capex = item.capex * (item.equipment * 0.13 / 1.13 + item.construction * 0.09 / 1.09)
    net = item.capex - vat_in_capex
    during = debt * loan.rate * terms.construction_years / 2
    tax_years = 20.0
    rows: dict[str, list[float]] = {
        name: [0.0 for _ in years]
        for name in ("revenue", "costs", "out", "in", "paid", "ebitda", "interest", "principal")
    }
    rows |= {name: [0.0 for _ in years] for name in ("tax", "cash", "cfads", "equity")}
    credit, balance, losses = vat_in_capex, debt, [0.0] * 5
    rows["equity"][0] = debt - during - item.capex
    gross = net + during
    for t in years[1:]:
        for line in project.lines:
            if t < line.first:
                continue
            aged = (1 - item.degradation) ** (t - 1) if line.with_generation else 1.0
            amount = abs(line.amount) * (1 + (line.escalation or 0.0)) ** (t - 1) * aged
            income = line.kind == "revenue"
            plain = amount / (1 + RATES[line.kind])
            rows["revenue" if income else "costs"][t] += plain
            rows["out" if income else "in"][t] += amount - plain
        due = rows["out"][t] - rows["in"][t] - credit
        rows["paid"][t], credit = max(due, 0.0), max(-due, 0.0)
        rows["ebitda"][t] = rows["revenue"][t] - rows["costs"][t] - 0.12 * rows["paid"][t]
        rows["cash"][t] = rows["ebitda"][t] + rows["out"][t] - rows["in"][t] - rows["paid"][t]
        share = 0.95 / tax_years if t <= tax_years else 0.0
        left = 1.0 - 0.95 * min(t / tax_years, 1.0)
        scrap = 0.0
        if t == terms.years:
            share += left
            scrap = item.salvage * net
        interest = balance * loan.rate if t <= loan.tenor else 0.0
        profit = rows["ebitda"][t] + scrap - share * gross - interest
        taxable = max(profit, 0.0)
        for k in range(5):
            used = min(taxable, losses[k])
            losses[k] -= used
            taxable -= used
        losses = [*losses[1:], max(-profit, 0.0)]
        rate = 0.0 if t <= 3 else 0.125 if t <= 6 else 0.25
        rows["tax"][t] = rate * taxable
        rows["cfads"][t] = rows["cash"][t] - rows["tax"][t]
        service = max(rows["cfads"][t], 0.0) / cover if t <= loan.tenor else 0.0
        rows["interest"][t], rows["principal"][t] = interest, service - interest
        if t > loan.tenor:
            rows["principal"][t] = 0.0
        balance -= rows["principal"][t]
        rows["equity"][t] = rows["cfads"][t] + scrap - interest - rows["principal"][t]
    rows["balance"] = [balance]
    return rows


@given(projects(replaced=False, single=True), terms_of_china(sculpted=True), st.booleans())
def test_sheet_and_engine_agree(project: Project, terms: Terms, capped: bool) -> None:
    """Proves VAT, losses, holiday, write-off and after-tax sculpting against a plain sheet, given
    only the size of the loan and its cover: so the chain can be written as live formulae.

    A loan sized on a wrong tax would leave a balance at the end of the sheet.
    """
    assert terms.debt is not None
    debt = terms.debt.model_copy(update={"cap": 0.3 if capped else 1.0})
    terms = terms.model_copy(update={"debt": debt})
    result = appraise(project, terms)
    ours, drawn = result.statement, result.measures.debt
    cover = result.measures.dscr_average
    if not drawn or cover is None:
        return
    rows = sheet(project, terms, drawn, cover)
    scale = project.items[0].capex
    pairs = {"revenue": "revenue", "paid": "vat_paid", "ebitda": "ebitda", "tax": "tax"}
    pairs |= {"cash": "cash_before_tax", "cfads": "cfads", "interest": "interest"}
    pairs |= {"principal": "principal", "equity": "equity_cash"}
    for name, key in pairs.items():
        np.testing.assert_allclose(rows[name], ours[key], atol=1e-9 * scale, err_msg=key)
    assert abs(rows["balance"][0]) <= 1e-8 * scale
