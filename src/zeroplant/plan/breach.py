"""What a plan had to break: rules and wishes that were not kept, load that was not served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.yearly import in_an_hour
from zeroplant.plant import Built
from zeroplant.rules import RuleResult
from zeroplant.waist import Budget, Flow, Network
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:
    from zeroplant.plan.report.names import Names

NOTICEABLE = 1e-6
"""Breaches below this share of the rule's own quantities are rounding."""
SLIGHT = 1e-3
"""Share of what a wish is about that it may miss before a plan is said not to keep it."""


@dataclass(frozen=True)
class Breach:
    """Something broken: its name in the network, by how much a year, and what to say of it.

    ``curable`` is off for wishes of single periods, which no capacity is asked to mend. ``price``
    is the place in the plant file of the price at which it may be broken, where it has one.
    ``slight`` says that a wish of single periods, such as a least load, was missed by so little
    that a planner would not call the plan another for it. Rules, load, and power that was
    promised or is to be green are never let off.
    """

    name: str
    amount: float
    unit: str
    english: str
    chinese: str
    curable: bool = True
    price: str = ""
    slight: bool = False


def breaches(
    built: Built, solution: Solution, rules: Sequence[RuleResult], names: Names
) -> list[Breach]:
    """Everything a plan broke, rules first; ``names`` are those of the plant."""
    return [*_rules(built, solution, rules, names), *_unserved(solution)]


def unserved_flows(network: Network) -> list[Flow]:
    """Unserved load, but for what consumers agreed to have interrupted."""
    return [flow for flow in network.flows_of("unserved") if "agreed" not in flow.tags]


def _rules(
    built: Built, solution: Solution, rules: Sequence[RuleResult], names: Names
) -> Iterator[Breach]:
    laid = {each.budget: each for each in built.laid}
    results = {(result.rule, result.indicator): result for result in rules}
    years = solution.network.axis.years
    for budget in solution.network.budgets:
        amount, scale = _amount(solution, budget), _scale(solution, budget)
        if amount <= NOTICEABLE * scale:
            continue
        slight = amount <= SLIGHT * scale and not budget.integrates and budget.unit != "MW"
        amount /= years
        unit = budget.unit
        if not budget.integrates:
            hourly, unit = in_an_hour(unit)
            amount *= hourly
        price = ""
        if budget in laid:
            known = laid[budget]
            texts = _of_pack(results[known.pack.name, known.indicator.name], amount, unit)
            place = next(n for n, pack in enumerate(built.packs) if pack is known.pack)
            price = f"rules.{place}.breach"
        elif budget is built.carbon_cap:
            cap = float(budget.at_most[0]) / years
            texts, price = _of_cap(cap, amount), "carbon.breach"
        else:
            texts = _of_wish(budget, names.part(budget.name).zh, amount, unit)
        yield Breach(budget.name, amount, unit, *texts, budget.integrates, price, slight)


def _of_pack(result: RuleResult, amount: float, unit: str) -> tuple[str, str]:
    """A rule of a pack: its ratio beside its limit, and the energy that is missing."""
    form = "{:.2%}" if result.unit == "1" else f"{{:.4g}} {result.unit}"
    value = "—" if result.value is None else form.format(result.value)
    limit = form.format(result.limit)
    least, short = ("at least", "short") if result.sense == ">=" else ("at most", "too much")
    english = (
        f"{result.rule_en}: {result.title_en} is {value} where {least} {limit} is asked; "
        f"{figure(amount)} {unit} a year {short}"
    )
    most = "不低于" if result.sense == ">=" else "不高于"
    missing = "缺" if result.sense == ">=" else "超"
    chinese = (
        f"{result.rule_zh}:{result.title_zh} 为 {value},要求{most} {limit};"
        f"每年{missing} {figure(amount)} {unit}"
    )
    return english, chinese


def _of_cap(cap: float, amount: float) -> tuple[str, str]:
    total = f"{cap + amount:,.0f}"
    return (
        f"The plant emits {total} tCO2 a year, {amount:,.0f} more than its cap of {cap:,.0f}",
        f"电厂每年排放 {total} tCO2,超过上限 {cap:,.0f} tCO2 达 {amount:,.0f} tCO2",
    )


def _of_wish(budget: Budget, chinese: str, amount: float, unit: str) -> tuple[str, str]:
    return (
        f"'{budget.name}' is broken by {figure(amount)} {unit} a year",
        f"“{chinese}”每年被突破 {figure(amount)} {unit}",
    )


def _unserved(solution: Solution) -> Iterator[Breach]:
    axis = solution.network.axis
    for flow in unserved_flows(solution.network):
        values = np.asarray(solution.value(flow))
        amount = axis.total(values)
        load = _asked(solution, flow, amount)
        if amount > NOTICEABLE * max(load, 1.0) and values.max() > NOTICEABLE:
            texts = _of_load(solution, flow, values, amount / load)
            price = f"assets.{flow.name}"
            yield Breach(flow.name, amount / axis.years, "MWh", *texts, price=price)


def _asked(solution: Solution, flow: Flow, amount: float) -> float:
    """Load of which ``amount`` is not served, over the axis: the flow's cap, where it has one.

    A cap may grow with a size; without any, what is missing is all that is known to be asked for.
    """
    cap = np.asarray(solution.value(flow.cap), dtype=float)
    if not np.isfinite(cap).all():
        return amount
    stages = solution.network.axis.stages
    full = cap if cap.size == stages else np.full(stages, float(cap.sum()))
    return max(solution.network.axis.total(full), amount)


def _of_load(solution: Solution, flow: Flow, values: Floats, share: float) -> tuple[str, str]:
    """Unserved load: how much, how often, how deep, and when it is worst."""
    axis = solution.network.axis
    peak, worst = float(values.max()), int(values.argmax())
    hours = float(axis.weight[values > NOTICEABLE * peak].sum()) / axis.years
    when = str(axis.local[worst % axis.periods]).replace("T", " ")[:16]
    energy, who = axis.total(values) / axis.years, flow.who or flow.name
    return (
        f"'{who}' is not served {figure(energy)} MWh a year ({share:.2%} of its load), in "
        f"{hours:,.0f} hours, at worst {figure(peak)} MW on {when}",
        f"“{who}”每年缺供 {figure(energy)} MWh(占其用电量 {share:.2%}),共 {hours:,.0f} 小时,"
        f"最大缺口 {figure(peak)} MW({when})",
    )


def _amount(solution: Solution, budget: Budget) -> float:
    """How far a rule is broken over the axis, as the ledger counts it."""
    slack = budget.slack
    paid = [line for line in solution.network.lines if slack in line.quantity.variables]
    return sum(solution.total(line.quantity) for line in paid) if slack is not None else 0.0


def figure(value: float) -> str:
    """A figure as a planner writes it: 26,280, 83.4, 0.0125."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _scale(solution: Solution, budget: Budget) -> float:
    values = [abs(solution.total(t.variable * t.coefficient)) for t in budget.expression.terms
              if t.variable is not budget.slack]  # fmt: skip
    return 1.0 + max(values, default=0.0)
