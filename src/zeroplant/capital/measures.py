"""What an investor asks of a cash flow: value, return, cost per MWh, cover, payback."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.capital.cashflow import CashFlow
from zeroplant.capital.irr import irr, npv
from zeroplant.capital.tax import statutory_rate
from zeroplant.capital.terms import Terms
from zeroplant.capital.variants import Variants


@dataclass(frozen=True)
class Measures:
    """The measures of one case; None where a measure does not exist. Money is the plant's.

    Attributes:
        npv: Net present value of the owner's cash after tax and debt, at the nominal discount
            rate. NREL SAM's single-owner NPV.
        project_npv: The same of the project as if it were all equity.
        project_irr: Rate of return of that unlevered cash flow after tax.
        equity_irr: Rate of return of the owner's cash. SAM's IRR.
        lcoe: Present value of all that the owner pays (revenue less NPV) per discounted MWh, in
            money of the day; SAM's nominal LCOE. It counts debt at what it costs the owner, so
            debt cheaper than the discount rate lowers it. Without VAT.
        lcoe_real: The same with energy discounted at the real rate; SAM's real LCOE.
        project_lcoe: The same for the project as if it were all equity: the textbook figure.
        dscr_min: Lowest cover of debt service by cash available, over the loan's life.
        dscr_average: Mean cover over the same years.
        llcr: Present value of that cash at the loan's rate, over the debt.
        payback_years: Years of operation until the project's cash has repaid it, undiscounted,
            interpolated within the year.
        discounted_payback_years: The same with cash discounted at the nominal rate.
        wacc: SAM's figure: equity share times the *achieved* equity IRR, plus debt share times
            the loan's rate after tax. It describes the deal, it is no hurdle rate.
        debt: Loan drawn.
        equity: Money of the owners in year 0.
    """

    npv: float | None
    project_npv: float | None
    project_irr: float | None
    equity_irr: float | None
    lcoe: float | None
    lcoe_real: float | None
    project_lcoe: float | None
    dscr_min: float | None
    dscr_average: float | None
    llcr: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    wacc: float | None
    debt: float | None
    equity: float | None


@dataclass(frozen=True)
class MeasureArrays:
    """The same measures for many variants: (variants,) each, nan where one does not exist.

    ``equity_irr_count`` and ``project_irr_count`` say how many rates of return there are.
    """

    npv: Floats
    project_npv: Floats
    project_irr: Floats
    equity_irr: Floats
    lcoe: Floats
    lcoe_real: Floats
    project_lcoe: Floats
    dscr_min: Floats
    dscr_average: Floats
    llcr: Floats
    payback_years: Floats
    discounted_payback_years: Floats
    wacc: Floats
    debt: Floats
    equity: Floats
    equity_irr_count: NDArray[np.int64]
    project_irr_count: NDArray[np.int64]

    def case(self, number: int) -> Measures:
        """The measures of one variant."""
        values = {f.name: float(getattr(self, f.name)[number]) for f in fields(Measures)}
        return Measures(**{k: v if np.isfinite(v) else None for k, v in values.items()})


def measures(flow: CashFlow, terms: Terms, variants: Variants) -> MeasureArrays:
    """All measures of every variant of a cash flow."""
    rate = terms.nominal_rate
    revenue = npv(flow.operation.net["revenue"], rate)
    energy = npv(flow.operation.energy, rate)
    energy_real = npv(flow.operation.energy, terms.real_rate)
    value, project_value = npv(flow.equity_cash, rate), npv(flow.project_cash, rate)
    returns, project_returns = irr(flow.equity_cash, rate), irr(flow.project_cash, rate)
    cover = dscr(flow)
    served = ~np.isnan(cover)
    debt, equity = flow.loan.amount, -flow.equity_cash[:, 0]
    share = np.nan_to_num(_ratio(debt, debt + equity))
    loan_rate = (terms.debt.rate if terms.debt else 0.0) * variants.interest
    after_tax = loan_rate * (1.0 - statutory_rate(terms))
    year = np.arange(terms.years + 1)
    return MeasureArrays(
        npv=value,
        project_npv=project_value,
        project_irr=project_returns.rate,
        equity_irr=returns.rate,
        lcoe=_ratio(revenue - value, energy),
        lcoe_real=_ratio(revenue - value, energy_real),
        project_lcoe=_ratio(revenue - project_value, energy),
        dscr_min=np.where(served.any(axis=1), np.where(served, cover, np.inf).min(axis=1), np.nan),
        dscr_average=_ratio(np.where(served, cover, 0.0).sum(axis=1), served.sum(axis=1)),
        llcr=_ratio(npv(np.where(served, flow.cfads, 0.0), loan_rate), debt),
        payback_years=payback(flow.project_cash),
        discounted_payback_years=payback(flow.project_cash * (1.0 + rate) ** -year),
        wacc=(1.0 - share) * returns.rate + share * after_tax,
        debt=debt,
        equity=equity,
        equity_irr_count=returns.count,
        project_irr_count=project_returns.count,
    )


def dscr(flow: CashFlow) -> Floats:
    """Cash available over debt service, nan in years without any; (variants, years + 1)."""
    service = flow.loan.service
    rounding = 1e-12 * (flow.capex + flow.capex_vat)[:, :1]
    return _ratio(flow.cfads, np.where(service > rounding, service, 0.0))


def payback(cash: Floats) -> Floats:
    """Years until the sum of yearly flows first reaches 0, nan if never; (variants,).

    Within the year in which it happens money is taken to come in evenly.
    """
    balance = np.cumsum(cash, axis=1)
    back = balance >= 0.0
    year = back.argmax(axis=1)
    row = np.arange(cash.shape[0])
    before = np.maximum(year - 1, 0)
    part = _ratio(-balance[row, before], cash[row, year])
    years = np.where(year == 0, 0.0, before + part)
    return np.where(back.any(axis=1), years, np.nan)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Quotient, nan where the denominator is 0."""
    zero = denominator == 0.0
    return np.where(zero, np.nan, numerator / np.where(zero, 1.0, denominator))
