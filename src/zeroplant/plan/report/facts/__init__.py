"""What a report says about a plant, worked out once for page, workbook and terminal."""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.assets import Finding
from zeroplant.plan.report.facts.alike import Group, alike
from zeroplant.plan.report.facts.assumptions import kind_title
from zeroplant.plan.report.facts.carriers import Balance, balances
from zeroplant.plan.report.facts.energy import (
    FlowYear,
    Months,
    Shares,
    flow_years,
    months,
    shares,
)
from zeroplant.plan.report.facts.money import (
    Books,
    NodePrice,
    SizeRow,
    books,
    node_prices,
    sizes,
)
from zeroplant.plan.report.facts.power import Power, power
from zeroplant.plan.report.facts.rules import RuleRow, other_cures, rule_rows
from zeroplant.plan.report.facts.weeks import Week, extremes
from zeroplant.plan.report.names import Names, names_of
from zeroplant.plan.report.subject import CureLike, Subject
from zeroplant.plan.report.text import Text
from zeroplant.plan.risk import Outcomes, outcomes

__all__ = ["Facts", "gather"]


@dataclass(frozen=True)
class Facts:
    """Everything the report's sections are made of; yearly figures are per 8,760 h."""

    subject: Subject
    power: Power
    sizes: list[SizeRow]
    flows: list[FlowYear]
    shares: Shares
    months: Months
    books: Books
    prices: list[NodePrice]
    rules: list[RuleRow]
    cures: list[CureLike]
    balances: list[Balance]
    findings: list[tuple[str, Text, list[Finding]]]
    outcomes: Outcomes | None
    names: Names
    best: Week
    worst: Week

    @property
    def groups(self) -> list[Group]:
        """The findings, assets of one kind together."""
        return alike(self.findings)

    @property
    def name(self) -> str:
        """The plant's name."""
        return self.subject.plant.name

    @property
    def currency(self) -> str:
        """Code of the plant's money."""
        return self.subject.plant.currency


def gather(subject: Subject) -> Facts:
    """Work out everything a report says."""
    network, solution = subject.network, subject.solution
    electricity = power(network, solution)
    best, worst = extremes(electricity)
    return Facts(
        subject=subject,
        power=electricity,
        sizes=sizes(network, solution),
        flows=flow_years(network, solution),
        shares=shares(electricity),
        months=months(electricity),
        books=books(network, solution),
        prices=node_prices(network, solution),
        rules=rule_rows(subject),
        cures=other_cures(subject),
        balances=balances(network, solution),
        findings=[
            (name, kind_title(subject.plant.assets[name]), said)
            for name, said in subject.findings.items()
        ],
        outcomes=outcomes(solution, getattr(subject.plant, "risk", None)),
        names=names_of(subject.plant.assets),
        best=best,
        worst=worst,
    )
