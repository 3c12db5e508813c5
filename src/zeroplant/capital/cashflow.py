"""The chain of yearly lines from revenue to the owner's cash, for many variants at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital.debt import Lender, Loan, no_loan
from zeroplant.capital.investment import Investment, investment
from zeroplant.capital.operation import Operation, operation
from zeroplant.capital.project import Project
from zeroplant.capital.regime import regime
from zeroplant.capital.tax import TaxRules
from zeroplant.capital.terms import Terms, gearing_cap
from zeroplant.capital.variants import Variants
from zeroplant.capital.vat import vat_paid


@dataclass(frozen=True)
class CashFlow:
    """Every yearly line of every variant; arrays are (variants, years + 1), year 0 first.

    Amounts are positive as their names read: a cost is paid, a revenue received. The chain is
    written out, line by line, in docs/explanation/capital.md.
    """

    operation: Operation
    loan: Loan
    capex: Floats
    capex_vat: Floats
    replacement: Floats
    replacement_vat: Floats
    salvage: Floats
    vat_paid: Floats
    vat_credit: Floats
    surcharge: Floats
    ebitda: Floats
    cash_before_tax: Floats
    depreciation: Floats
    profit: Floats
    taxable: Floats
    tax: Floats
    cfads: Floats
    reserve_change: Floats
    equity_cash: Floats
    tax_without_debt: Floats
    project_cash: Floats


@dataclass(frozen=True)
class _Taxman:
    """Profit and tax of one set of variants as a function of what is borrowed."""

    rules: TaxRules
    ebitda: Floats
    salvage: Floats
    depreciation: Floats
    write_down: Floats

    def books(self, interest: Floats, during: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Depreciation, profit before tax, taxable income, income tax."""
        depreciation = self.depreciation + during[:, None] * self.write_down
        profit = self.ebitda + self.salvage - depreciation - interest
        return depreciation, profit, *self.rules.tax(profit)

    def tax(self, interest: Floats, during: Floats) -> Floats:
        """Income tax alone."""
        return self.books(interest, during)[3]


def cash_flow(project: Project, terms: Terms, variants: Variants) -> CashFlow:
    """The whole chain: operation, VAT, investment, loan, income tax, cash of project and owner."""
    run = operation(project, terms, variants)
    bought = investment(project, terms)
    scale = variants.capex[:, None]
    capex, capex_vat, replacement, replacement_vat, salvage = (
        scale * line
        for line in (
            bought.capex,
            bought.capex_vat,
            bought.replacement,
            bought.replacement_vat,
            bought.salvage,
        )
    )
    paid, credit = vat_paid(run.vat["revenue"], run.costs_vat + capex_vat + replacement_vat)
    surcharge = regime(terms.regime).surcharge[terms.place].value * paid
    ebitda = run.net["revenue"] - run.costs - surcharge
    vat_cash = run.vat["revenue"] - run.costs_vat - paid
    cash = ebitda + vat_cash - replacement - replacement_vat
    taxman = _taxman(terms, bought, ebitda, salvage, scale)
    loan = _loan(terms, variants, (capex + capex_vat)[:, 0], cash, taxman)
    during = loan.interest_during_construction
    depreciation, profit, taxable, tax = taxman.books(loan.interest, during)
    tax_alone = taxman.tax(np.zeros_like(cash), np.zeros_like(during))
    change = np.diff(loan.reserve, prepend=0.0, axis=1)
    raised = _in_year_0(loan.amount - during, cash)
    spent = capex + capex_vat
    before_tax = terms.debt is not None and terms.debt.dscr_basis == "before tax"
    return CashFlow(
        operation=run,
        loan=loan,
        capex=capex,
        capex_vat=capex_vat,
        replacement=replacement,
        replacement_vat=replacement_vat,
        salvage=salvage,
        vat_paid=paid,
        vat_credit=credit,
        surcharge=surcharge,
        ebitda=ebitda,
        cash_before_tax=cash,
        depreciation=depreciation,
        profit=profit,
        taxable=taxable,
        tax=tax,
        cfads=cash if before_tax else cash - tax,
        reserve_change=change,
        equity_cash=cash - spent + salvage - tax - loan.service + raised - change,
        tax_without_debt=tax_alone,
        project_cash=cash - spent + salvage - tax_alone,
    )


def _taxman(
    terms: Terms, bought: Investment, ebitda: Floats, salvage: Floats, scale: Floats
) -> _Taxman:
    depreciation = scale * bought.depreciation
    return _Taxman(TaxRules.of(terms), ebitda, salvage, depreciation, bought.interest_write_down)


def _loan(terms: Terms, variants: Variants, cost: Floats, cash: Floats, taxman: _Taxman) -> Loan:
    """The loan of these terms, or none."""
    if terms.debt is None:
        return no_loan(cash)
    return Lender(
        terms=terms.debt,
        rate=terms.debt.rate * variants.interest,
        cost=cost,
        cash=cash,
        tax=taxman.tax,
        construction_years=terms.construction_years,
        cap=gearing_cap(terms),
    ).loan()


def _in_year_0(amount: Floats, like: Floats) -> Floats:
    """A yearly line that has ``amount`` in year 0 and nothing later."""
    line = np.zeros_like(like)
    line[:, 0] = amount
    return line
