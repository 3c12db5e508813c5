"""The loan: how much, repaid how, and what that leaves of each year's cash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.capital.terms import DebtTerms, Repayment

ROUNDS = 200
"""Most rounds of the tax-and-debt iteration; it shrinks its error about tenfold in each."""


@dataclass(frozen=True)
class Loan:
    """One loan per variant; amounts are (variants,), yearly lines (variants, years + 1).

    ``interest_during_construction`` is paid out of the money raised in year 0. ``balance`` and
    ``reserve`` are what is owed and what is held at the end of each year. ``settled`` is False
    where the amount could not be made consistent with the tax it causes.
    """

    amount: Floats
    interest_during_construction: Floats
    interest: Floats
    principal: Floats
    balance: Floats
    reserve: Floats
    settled: NDArray[np.bool_]

    @property
    def service(self) -> Floats:
        """Interest and principal of each year."""
        return self.interest + self.principal


@dataclass(frozen=True)
class Lender:
    """What a lender looks at: terms, rate per variant, cost before debt, cash, and the tax.

    ``cash`` is before tax and debt service, (variants, years + 1); ``tax`` gives the income tax
    for yearly interest and interest during construction; ``construction_years`` is the time over
    which the loan is drawn evenly, so that half of it bears simple interest on average.
    """

    terms: DebtTerms
    rate: Floats
    cost: Floats
    cash: Floats
    tax: Callable[[Floats, Floats], Floats]
    construction_years: float
    cap: float

    def loan(self) -> Loan:
        """The loan that fits the terms.

        Sculpting and sizing after tax depend on the tax, the tax on the interest: repeated until
        the loan no longer moves. Before tax, or with a given share, the first round is the answer.
        """
        loan = no_loan(self.cash)
        for _ in range(ROUNDS):
            last = loan
            loan = self._drawn(self._available(last))
            moved = np.abs(loan.service - last.service).max(axis=-1)
            settled = moved <= 1e-12 * np.maximum(loan.amount, 1e-9)
            if settled.all():
                return loan
        return replace(loan, settled=settled)

    def _available(self, loan: Loan) -> Floats:
        """Cash for debt service if this were the loan."""
        if self.terms.dscr_basis == "before tax":
            return self.cash
        return self.cash - self.tax(loan.interest, loan.interest_during_construction)

    def _drawn(self, cash: Floats) -> Loan:
        """The loan for a given cash available for debt service."""
        tenor = self.terms.tenor
        term = cash[:, 1 : tenor + 1]
        shape = service_shape(self.terms.repayment, self.rate, tenor, term)
        during = self.rate * self.construction_years / 2.0
        held = during + self.terms.reserve_months / 12.0 * shape[:, 0]
        most = _share_of_all(self.cap, self.cost, during)
        if self.terms.target_dscr is None:
            wished = _share_of_all(self.terms.share or 0.0, self.cost, held)
        else:
            due = shape > 0.0
            cover = term / np.where(due, shape * self.terms.target_dscr, 1.0)
            limit = np.where(due, cover, np.inf).min(axis=-1)
            wished = np.where(np.isfinite(limit), np.maximum(limit, 0.0), 0.0)
        served = shape.any(axis=-1)  # nobody lends where there is never cash to sculpt on
        amount = np.where(served, np.minimum(wished, most), 0.0)
        return self._repaid(amount, shape * amount[:, None], during)

    def _repaid(self, amount: Floats, service: Floats, during: Floats) -> Loan:
        """Balance, interest and principal of a loan whose service is known."""
        interest, principal, balance = np.zeros((3, *self.cash.shape))
        balance[:, 0] = amount
        for t in range(1, service.shape[1] + 1):  # the years of the tenor, all variants at once
            interest[:, t] = balance[:, t - 1] * self.rate
            principal[:, t] = service[:, t - 1] - interest[:, t]
            balance[:, t] = balance[:, t - 1] - principal[:, t]
        reserve = np.zeros_like(balance)
        reserve[:, : service.shape[1]] = self.terms.reserve_months / 12.0 * service
        settled = np.ones(amount.shape, dtype=bool)
        return Loan(amount, amount * during, interest, principal, balance, reserve, settled)


def no_loan(cash: Floats) -> Loan:
    """A loan of nothing, for cash of shape (variants, years + 1)."""
    interest, principal, balance, reserve = np.zeros((4, *cash.shape))
    zero = np.zeros(cash.shape[0])
    settled = np.ones(zero.shape, dtype=bool)
    return Loan(zero, zero, interest, principal, balance, reserve, settled)


def service_shape(repayment: Repayment, rate: Floats, tenor: int, cash: Floats) -> Floats:
    """Yearly debt service of a loan of 1, whose present value at ``rate`` is 1; (variants, tenor).

    Sculpted service is in proportion to positive ``cash`` (variants, tenor); a year without any
    bears none, and the interest of that year is added to the loan.
    """
    year = np.arange(1, tenor + 1)
    if repayment == "equal principal":
        return 1.0 / tenor + rate[:, None] * (1.0 - (year - 1) / tenor)
    discount = (1.0 + rate[:, None]) ** -year
    if repayment == "level":
        return np.broadcast_to(1.0 / discount.sum(axis=1, keepdims=True), discount.shape)
    positive = np.maximum(cash, 0.0)
    worth = (positive * discount).sum(axis=1, keepdims=True)
    return positive / np.where(worth > 0.0, worth, np.inf)


def _share_of_all(share: float, cost: Floats, held: Floats) -> Floats:
    """Debt that is ``share`` of everything raised, which itself grows by ``held`` per unit of debt.

    debt = share · (cost + held · debt).
    """
    return share * cost / (1.0 - share * held)
