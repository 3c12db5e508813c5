"""From the ledger of a plan to the cash flow of a project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np

from zeroplant.assets.parts.months import month_shares
from zeroplant.capital import CapitalItem, Project, YearLine, appraise, tornado
from zeroplant.capital.project import Kind
from zeroplant.plan.electricity import is_electric, sent, served_load, taken
from zeroplant.plan.result import Finance
from zeroplant.plan.yearly import yearly
from zeroplant.plant import Plant
from zeroplant.waist import Flow, Investment, Line, Store
from zeroplant.waist.ledger import Entry
from zeroplant.waist.solution import Solution
from zeroplant.waist.words import UNPAID, Deferred

AGEING = ("revenue", "running")
"""Kinds of lines that shrink as the plant ages, where they follow a flow."""


def finance(plant: Plant, solution: Solution) -> Finance | None:
    """The plan as an investor sees it; None without finance terms or without a purchase."""
    terms = plant.finance
    if terms is None:
        return None
    project = project_of(plant, solution)
    if not project.items:
        return None
    return Finance(project, terms, appraise(project, terms), tornado(project, terms))


def project_of(plant: Plant, solution: Solution) -> Project:
    """What is bought, and the ledger's other lines as those of the first year of 8,760 h.

    Investments become purchases at their overnight cost, replaced at the end of their life;
    penalties are in no purse; everything else keeps its price and amount; charges that are waived
    for now begin in the year they come back. Revenue of a load ages
    with the plant only as far as the plant serves it: grid power takes the place of what ageing
    loses.
    """
    network, years = solution.network, solution.network.axis.years
    purchase = {investment.line: investment for investment in network.investments}
    own = own_share(solution)
    items: list[CapitalItem] = []
    lines: list[YearLine] = []
    for line, entry in zip(network.lines, solution.ledger, strict=True):
        if line in purchase:
            items.append(_item(purchase[line], entry))
        elif line.kind not in UNPAID and entry.amount:
            lines += _year_lines(line, yearly(line, entry, years), own)
    lines += [_later(deferred, solution) for deferred in network.deferred]
    return Project(
        items=tuple(item for item in items if item.capex > 0),
        lines=tuple(lines),
        energy=delivered(solution) / years,
        name=plant.name,
        currency=plant.currency,
    )


def delivered(solution: Solution) -> float:
    """MWh over the axis that reach the load and the public grid.

    Its levelised cost is spread over them: the cost counts the power that is bought, so the
    energy must count the load it serves. Without purchases that is the levelised cost of
    generation after the plant's own losses.
    """
    network = solution.network
    sold = taken(solution, network.flows_of("export"))
    return network.axis.total(served_load(solution)) + network.axis.total(sold)


def generated(solution: Solution) -> float:
    """MWh over the axis that the plant makes itself."""
    network = solution.network
    made = [flow for flow in network.flows_of("generation") if is_electric(flow.give)]
    return network.axis.total(sent(solution, made))


def own_share(solution: Solution) -> float:
    """Share of the load that the plant serves itself: own generation less exports, at most all."""
    axis = solution.network.axis
    load = axis.total(served_load(solution))
    exported = axis.total(taken(solution, solution.network.flows_of("export")))
    return min(1.0, max(0.0, (generated(solution) - exported) / load)) if load > 0 else 1.0


def _item(investment: Investment, entry: Entry) -> CapitalItem:
    return CapitalItem(
        who=entry.who,
        capex=investment.overnight * entry.quantity,
        life=investment.life,
        asset_class=investment.asset_class,
        degradation=investment.fade,
    )


def _later(deferred: Deferred, solution: Solution) -> YearLine:
    """A waived charge from the year it is due: on a capacity, or on this plan's monthly peaks."""
    axis = solution.network.axis
    power = solution.value(deferred.power)
    if any(isinstance(variable, Flow) for variable in deferred.power.variables):
        groups = axis.groups("month")
        peaks = np.zeros(int(groups.max()) + 1)
        np.maximum.at(peaks, groups, power)
        months = float(month_shares(axis) @ peaks) / axis.years
    else:
        months = 12.0 * float(power.sum())
    return YearLine(
        who=deferred.who,
        what=deferred.what,
        kind="charge",
        quantity=months,
        unit="MW·month",
        price=deferred.price,
        amount=months * deferred.price,
        first=deferred.year - axis.year + 1,
    )


def _year_lines(line: Line, entry: Entry, own: float) -> Iterator[YearLine]:
    """One ledger line of a year; that of a load in two parts, own generation and the rest."""
    ageing = ageing_share(line, own)
    whole = YearLine(
        who=entry.who,
        what=entry.what,
        kind=cast("Kind", line.kind),
        quantity=entry.quantity,
        unit=entry.unit,
        price=entry.price,
        amount=entry.amount,
        with_generation=ageing == 1.0,
    )
    if ageing in (0.0, 1.0):
        yield whole
        return
    for share, source, ages in ((ageing, "own power", True), (1.0 - ageing, "grid power", False)):
        yield replace(
            whole,
            what=f"{entry.what}: {source}",
            quantity=entry.quantity * share,
            amount=entry.amount * share,
            with_generation=ages,
        )


def ageing_share(line: Line, own: float) -> float:
    """Share of a line that shrinks as the plant ages; ``own`` is the load's self-served share."""
    words = [term.variable for term in line.quantity.terms]
    if line.kind not in AGEING or not any(isinstance(word, (Flow, Store)) for word in words):
        return 0.0
    serves_load = any(isinstance(word, Flow) and word.role == "load" for word in words)
    return own if serves_load else 1.0
