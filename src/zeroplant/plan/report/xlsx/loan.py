"""The sheet of the loan: debt and tax depend on each other, so the answer is worked out in rounds.

Every round takes the tax that the loan of the round before causes; no circular reference is
needed. A cell says whether the last two rounds agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.plan.report.text import Text
from zeroplant.plan.report.xlsx.book import Row, Yearly
from zeroplant.plan.report.xlsx.formula import (
    Formula,
    Operand,
    all_of,
    as_formula,
    at,
    least,
    lowest,
    most,
    total,
    when,
)
from zeroplant.plan.report.xlsx.inputs import Inputs

NO_LIMIT = 1e99


@dataclass(frozen=True)
class Books:
    """What a loan's tax is worked out from, by year."""

    ebitda: Row
    salvage: Row
    cash: Row
    depreciation: Row
    interest_share: Row
    rates: Row


@dataclass(frozen=True)
class LoanRows:
    """One round's loan."""

    amount: Formula
    during: Formula
    interest: Row
    principal: Row
    balance: Row
    service: Row


def taxed(
    yearly: Yearly, inputs: Inputs, books: Books, interest: Row | None, during: Formula | None
) -> tuple[Row, Row, Row, Row]:
    """Lines of depreciation, profit, taxable income and income tax for a given interest."""
    row = yearly.row
    loss_years = inputs["loss_years"]

    def written(t: int, _: Row) -> Operand:
        base = books.depreciation[t]
        return base if during is None else base + during * books.interest_share[t]

    depreciation = row(Text("Depreciation", "折旧"), written)

    def earned(t: int, _: Row) -> Operand:
        profit = books.ebitda[t] + books.salvage[t] - depreciation[t]
        return profit if interest is None else profit - interest[t]

    profit = row(Text("Profit before tax", "利润总额"), earned)

    def lost(t: int, me: Row) -> Operand:
        loss = most(-profit[t], 0)
        return loss if t == 0 else me[t - 1] + loss

    losses = row(Text("Losses so far", "累计亏损"), lost)

    def open_from(t: int, gone: Row) -> Formula:
        """Losses used or lapsed before the year: what is older than the years it may be carried."""
        lapsed = when(t - loss_years >= 1, at(losses.span(), most(1, t - loss_years)), 0)
        return most(gone[t - 1], lapsed)

    def used(t: int, me: Row) -> Operand:
        if t == 0:
            return 0
        before = open_from(t, me)
        return before + least(most(profit[t], 0), losses[t - 1] - before)

    gone = row(Text("Losses used or lapsed", "已弥补或过期亏损"), used)

    def due(t: int, _: Row) -> Operand:
        kept = most(profit[t], 0)
        if t:
            kept = kept - (gone[t] - open_from(t, gone))
        return when(inputs["losses_refunded"].equals(1), profit[t], kept)

    taxable = row(Text("Taxable income", "应纳税所得额"), due)
    tax = row(Text("Income tax", "所得税"), lambda t, _: taxable[t] * books.rates[t])
    return depreciation, profit, taxable, tax


MOST_ROUNDS = 60
SPARE_ROUNDS = 2
"""Rounds beyond those the plan as it stands needs, for inputs that are changed."""


def loan_rounds(yearly: Yearly, inputs: Inputs, books: Books, cost: Formula) -> LoanRows:
    """Rounds, one below the other, until the loan rests; the last one is the loan."""
    loan: LoanRows | None = None
    before, spare = as_formula(0.0), SPARE_ROUNDS
    for number in range(1, MOST_ROUNDS + 1):
        yearly.section(Text(f"Round {number}", f"第 {number} 轮"))
        last = loan
        loan = _Round(yearly, inputs, books, cost).loan(last)
        if last is not None:
            before = last.amount
            spare -= _rests(last, loan)
        if not spare:
            break
    assert loan is not None
    sheet = yearly.sheet
    name = Text("Change of the loan in the last round (0 = settled)", "末轮借款变化（0=已收敛）")
    sheet.put(sheet.next, 0, name, "strong")
    sheet.put(sheet.next, 2, (loan.amount - before) / most(loan.amount, 1), "share")
    sheet.next += 1
    return loan


def _rests(last: LoanRows, loan: LoanRows) -> bool:
    """Whether a round changed nothing that matters."""
    moved = max(abs(a.number - b.number) for a, b in zip(last.service, loan.service, strict=True))
    return moved <= 1e-12 * max(loan.amount.number, 1e-9)


@dataclass(frozen=True)
class _Round:
    yearly: Yearly
    inputs: Inputs
    books: Books
    cost: Formula

    def loan(self, last: LoanRows | None) -> LoanRows:
        i, row = self.inputs, self.yearly.row
        interest = None if last is None else last.interest
        during = None if last is None else last.during
        *_, tax = taxed(self.yearly, i, self.books, interest, during)
        rate = i["loan_rate"] * i["interest_factor"]
        cash = row(
            Text("Cash for debt service", "可偿债资金"),
            lambda t, _: when(
                i["cover_before_tax"].equals(1), self.books.cash[t], self.books.cash[t] - tax[t]
            ),
        )
        positive = row(
            Text("Discounted, where positive", "折现（正值）"),
            lambda t, _: self._in_term(t, most(cash[t], 0) * (1 + rate) ** -t),
        )
        annuity = row(
            Text("Discount factor in the term", "期内折现系数"),
            lambda t, _: self._in_term(t, (1 + rate) ** -t),
        )
        shape = row(
            Text("Service of a loan of 1", "单位借款年还本付息"),
            lambda t, _: self._shape(t, rate, cash, positive, annuity),
            style="share",
        )
        limit = row(
            Text("Largest loan the year can bear", "当年可承受借款"),
            lambda t, _: self._limit(t, cash, shape),
        )
        amount, begun = self._amount(rate, shape, limit)
        service = row(Text("Debt service", "还本付息"), lambda t, _: shape[t] * amount)

        def owed(t: int, me: Row) -> Operand:
            return amount if t == 0 else me[t - 1] * (1 + rate) - service[t]

        balance = row(Text("Debt at the end of the year", "期末余额"), owed)
        paid = row(
            Text("Interest", "利息"),
            lambda t, _: self._in_term(t, balance[t - 1] * rate if t else as_formula(0)),
        )
        principal = row(Text("Principal", "本金"), lambda t, _: service[t] - paid[t])
        return LoanRows(amount, begun, paid, principal, balance, service)

    def _in_term(self, year: int, figure: Formula) -> Formula:
        """A figure in the years of the tenor, nothing in the others."""
        if year == 0:
            return as_formula(0.0)
        return when(self.inputs["tenor"] >= year, figure, 0)

    def _shape(self, t: int, rate: Formula, cash: Row, positive: Row, annuity: Row) -> Formula:
        if t == 0:
            return as_formula(0.0)
        kind, tenor = self.inputs["repayment"], self.inputs["tenor"]
        worth = total(positive.span())
        sculpted = when(worth > 0, most(cash[t], 0) / most(worth, 1e-99), 0)
        equal = 1 / tenor + rate * (1 - (t - 1) / tenor)
        level = 1 / total(annuity.span())
        return self._in_term(t, when(kind.equals(3), sculpted, when(kind.equals(2), equal, level)))

    def _limit(self, t: int, cash: Row, shape: Row) -> Formula:
        target = self.inputs["target_dscr"]
        if t == 0:
            return as_formula(NO_LIMIT)
        bears = cash[t] / when(shape[t] > 0, shape[t] * target, 1)
        return when(all_of(shape[t] > 0, target > 0), bears, NO_LIMIT)

    def _amount(self, rate: Formula, shape: Row, limit: Row) -> tuple[Formula, Formula]:
        """The loan, and the interest on it while the plant is built."""
        i, sheet = self.inputs, self.yearly.sheet
        half = rate * i["construction_years"] / 2
        held = half + i["reserve_months"] / 12 * shape[1]
        by_share = i["debt_share"] * self.cost / (1 - i["debt_share"] * held)
        bound = lowest(limit.span())
        by_cover = when(bound < NO_LIMIT / 10, most(bound, 0), 0)
        wished = when(i["target_dscr"] > 0, by_cover, by_share)
        cap = i["debt_cap"] * self.cost / (1 - i["debt_cap"] * half)
        sheet.put(
            sheet.next,
            0,
            Text("Loan drawn; interest during construction", "借款额；建设期利息"),
            "strong",
        )
        amount = sheet.put(sheet.next, 2, least(wished, cap), "subtotal")
        during = sheet.put(sheet.next, 3, amount * half, "subtotal")
        sheet.next += 1
        return amount, during
