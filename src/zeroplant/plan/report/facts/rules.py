"""The rules beside what the solver says about them: shadow price, breach, cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zeroplant.plan.report.subject import CureLike, Subject
from zeroplant.plan.report.text import Text
from zeroplant.rules import RuleResult

State = Literal["met", "broken", "unknown", "reported", "reported low"]


@dataclass(frozen=True)
class RuleRow:
    """One indicator: the check's result and the plan's own figures on it.

    ``shadow`` is what the yearly ledger would save if the rule asked for less by one of the unit
    ``result.counted``, None where the plan was not bound by it; ``breach`` the MWh by which the
    plan breaks it.
    """

    result: RuleResult
    shadow: float | None
    breach: float
    cures: list[CureLike]

    @property
    def state(self) -> State:
        """Met, broken, or only reported."""
        if self.result.met is None:
            return "unknown"
        if not self.result.binding:
            return "reported" if self.result.met else "reported low"
        return "met" if self.result.met else "broken"

    @property
    def title(self) -> Text:
        """The indicator's name."""
        return Text(self.result.title_en, self.result.title_zh)

    @property
    def rule(self) -> Text:
        """The document's name."""
        return Text(self.result.rule_en, self.result.rule_zh)


def rule_rows(subject: Subject) -> list[RuleRow]:
    """Every indicator with its budget's shadow price and breach, where the plan was bound by it."""
    budgets = {budget.name: budget for budget in subject.network.budgets}
    rows = []
    for result in subject.rules:
        budget = budgets.get(f"{result.rule}: {result.indicator}")
        shadow, breach = None, 0.0
        if budget is not None:
            shadow = abs(float(subject.solution.shadow(budget).sum())) / result.per_mwh
            breach = float(subject.solution.breach(budget).sum()) / subject.network.axis.years
        name = f"{result.rule}: {result.indicator}"
        cures = [cure for cure in subject.cures if cure.broken == name]
        rows.append(RuleRow(result, shadow, breach, cures))
    return rows


def other_cures(subject: Subject) -> list[CureLike]:
    """Cures of what is no rule of a pack: load not served, a cap on carbon."""
    rules = {f"{result.rule}: {result.indicator}" for result in subject.rules}
    return [cure for cure in subject.cures if cure.broken not in rules]


def counted(rows: Sequence[RuleRow]) -> tuple[int, int]:
    """How many binding rules are met, of how many that can be judged."""
    judged = [row for row in rows if row.state in ("met", "broken")]
    return sum(row.state == "met" for row in judged), len(judged)
