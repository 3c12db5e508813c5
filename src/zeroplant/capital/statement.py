"""The cash flow of one case as named yearly lines, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital.cashflow import CashFlow
from zeroplant.capital.measures import dscr

Role = Literal["in", "out", "subtotal", "memo"]

# key, English, Chinese, role. "in" and "out" are cash of the owner: in less out is equity_cash.
LINES: tuple[tuple[str, str, str, Role], ...] = (
    ("energy", "Energy (MWh)", "电量(MWh)", "memo"),
    ("revenue", "Revenue without VAT", "营业收入(不含税)", "in"),
    ("fixed", "Fixed operation and maintenance", "固定运维费", "out"),
    ("running", "Running costs", "变动运维费", "out"),
    ("purchase", "Energy purchased", "购能费", "out"),
    ("charge", "Grid and capacity charges", "输配电费与容(需)量电费", "out"),
    ("emission", "Emission costs", "碳排放成本", "out"),
    ("surcharge", "Surcharge on VAT", "税金及附加", "out"),
    ("ebitda", "EBITDA", "息税折旧摊销前利润", "subtotal"),
    ("vat_collected", "VAT collected on sales", "销项税额", "in"),
    ("vat_on_costs", "VAT on yearly costs", "成本进项税额", "out"),
    ("vat_paid", "VAT paid to the state", "应缴增值税", "out"),
    ("vat_credit", "VAT credit carried on", "期末留抵税额", "memo"),
    ("replacement", "Replacements", "更新改造投资", "out"),
    ("replacement_vat", "VAT on replacements", "更新改造进项税额", "out"),
    ("cash_before_tax", "Operating cash before income tax", "所得税前经营现金流", "subtotal"),
    ("capex", "Investment without VAT", "建设投资(不含税)", "out"),
    ("capex_vat", "VAT on the investment", "建设投资进项税额", "out"),
    ("construction_interest", "Interest during construction", "建设期利息", "out"),
    ("salvage", "Scrap value", "回收残值", "in"),
    ("depreciation", "Depreciation", "折旧", "memo"),
    ("interest", "Interest", "利息支出", "out"),
    ("profit", "Profit before tax", "利润总额", "memo"),
    ("taxable", "Taxable income", "应纳税所得额", "memo"),
    ("tax", "Income tax", "所得税", "out"),
    ("cfads", "Cash available for debt service", "可用于还本付息的资金", "memo"),
    ("debt_drawn", "Loan drawn", "借款", "in"),
    ("principal", "Principal repaid", "偿还本金", "out"),
    ("debt_balance", "Debt at the end of the year", "期末借款余额", "memo"),
    ("dscr", "Debt service cover", "偿债备付率", "memo"),
    ("reserve_change", "Paid into the debt service reserve", "偿债准备金增加", "out"),
    ("reserve_balance", "Debt service reserve", "偿债准备金余额", "memo"),
    ("equity_cash", "Cash flow of equity after tax", "资本金税后净现金流", "subtotal"),
    ("equity_cumulative", "Cumulative cash of equity", "资本金累计净现金流", "memo"),
    ("tax_without_debt", "Income tax without debt", "调整所得税", "memo"),
    ("project_cash", "Cash flow of the project after tax", "项目投资税后净现金流", "memo"),
    ("project_cumulative", "Cumulative cash of the project", "项目累计净现金流", "memo"),
)


@dataclass(frozen=True)
class Line:
    """One yearly line: money (MWh for energy, a ratio for dscr) in years 0…N.

    ``role`` says how it counts for the owner: ``in`` and ``out`` are cash, ``subtotal`` sums up
    lines above it, ``memo`` moves no cash of the owner. Amounts are positive as the name reads.
    """

    key: str
    english: str
    chinese: str
    role: Role
    values: Floats


@dataclass(frozen=True)
class Statement:
    """All lines of one case, in the order in which they are worked out."""

    lines: tuple[Line, ...]

    def __getitem__(self, key: str) -> Floats:
        """Values of the line called ``key``; KeyError if there is none."""
        for line in self.lines:
            if line.key == key:
                return line.values
        raise KeyError(key)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @property
    def years(self) -> range:
        """Years 0…N of the columns."""
        return range(self.lines[0].values.size)


def statement(flow: CashFlow, number: int = 0) -> Statement:
    """The statement of one variant of a cash flow."""
    run, loan = flow.operation, flow.loan
    year_0 = np.eye(1, flow.capex.shape[1])
    arrays: dict[str, Floats] = {
        "energy": run.energy,
        "vat_collected": run.vat["revenue"],
        "vat_on_costs": run.costs_vat,
        "construction_interest": loan.interest_during_construction[:, None] * year_0,
        "interest": loan.interest,
        "debt_drawn": loan.amount[:, None] * year_0,
        "principal": loan.principal,
        "debt_balance": loan.balance,
        "dscr": dscr(flow),
        "reserve_balance": loan.reserve,
        "equity_cumulative": np.cumsum(flow.equity_cash, axis=1),
        "project_cumulative": np.cumsum(flow.project_cash, axis=1),
    }

    arrays.update({str(kind): net for kind, net in run.net.items()})

    def values(key: str) -> Floats:
        array: Floats = arrays[key] if key in arrays else getattr(flow, key)
        return np.array(array[number])

    return Statement(tuple(Line(k, en, zh, role, values(k)) for k, en, zh, role in LINES))
