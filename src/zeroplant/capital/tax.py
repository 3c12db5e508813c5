"""Income tax: losses carried forward, holidays, and the tax of each year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital.regime import IncomeTax, regime
from zeroplant.capital.terms import Terms


@dataclass(frozen=True)
class TaxRules:
    """How profits of one project are taxed: a rate per year 0…N, and what becomes of losses.

    ``loss_years`` is how long a loss can be set against later profits; None means that the owner
    uses it at once against other income, so that tax can be negative.
    """

    rates: Floats
    loss_years: int | None

    @classmethod
    def of(cls, terms: Terms) -> TaxRules:
        """The rules these terms point to."""
        refund = regime(terms.regime).losses == "refund"
        years = round(income_tax(terms).loss_years.value)
        return cls(tax_rates(terms), None if refund else years)

    def tax(self, profit: Floats) -> tuple[Floats, Floats]:
        """Taxable income and income tax of yearly profits; (variants, years + 1) each."""
        taxable = profit if self.loss_years is None else carry_losses(profit, self.loss_years)
        return taxable, taxable * self.rates


def carry_losses(profit: Floats, years: int) -> Floats:
    """Taxable income after setting losses against the profits of the next ``years`` years.

    The oldest loss is used first; what is older than ``years`` is lost. Losses are used in the
    years of a holiday too, as the law does not let an owner choose. Shapes as given, years last.
    """
    taxable = np.zeros_like(profit)
    unused = np.zeros((*profit.shape[:-1], years))  # oldest first
    for t in range(profit.shape[-1]):  # a few dozen years; everything else is vectorised
        to_date = np.cumsum(unused, axis=-1)
        gain = np.maximum(profit[..., t], 0.0)
        used = np.minimum(gain, to_date[..., -1]) if years else np.zeros_like(gain)
        taxable[..., t] = gain - used
        left = np.diff(np.maximum(to_date - used[..., None], 0.0), prepend=0.0, axis=-1)
        new = np.maximum(-profit[..., t], 0.0)[..., None]
        unused = np.concatenate([left, new], axis=-1)[..., 1:]
    return taxable


def income_tax(terms: Terms) -> IncomeTax:
    """The regime's entry the project is taxed by."""
    return regime(terms.regime).income_tax[terms.income_tax]


def statutory_rate(terms: Terms) -> float:
    """Income tax rate without holiday: the terms' own, or the regime's."""
    own = terms.income_tax_rate
    return income_tax(terms).rate.value if own is None else own


def tax_rates(terms: Terms) -> Floats:
    """Income tax rate of each year 0…N with holiday and the end of reduced rates; (years + 1,).

    Nothing is taxed in year 0. A holiday counts from year 1, the first year with revenue.
    """
    rules = regime(terms.regime)
    entry = income_tax(terms)
    year = np.arange(terms.years + 1)
    own = np.full(year.shape, statutory_rate(terms))
    standard = rules.income_tax["standard"].rate.value
    if entry.until is not None and terms.income_tax_rate is None:
        own[year + terms.first_year - 1 > entry.until.value] = standard
    half = 0.5 * (own if entry.halved == "own" else np.maximum(own, standard))
    exempt_until = rules.holiday.exempt_years.value
    half_until = exempt_until + rules.holiday.half_years.value
    favoured = np.where(year <= exempt_until, 0.0, np.where(year <= half_until, half, own))
    rates = terms.holiday_share * favoured + (1.0 - terms.holiday_share) * own
    rates[0] = 0.0
    return rates
