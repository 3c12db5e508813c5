"""When a rule or a load could not be kept: what would have kept it, at what price, in words."""

from __future__ import annotations

from collections.abc import Sequence

from zeroplant.plan.breach import Breach, breaches, figure
from zeroplant.plan.remedy import Remedy, Search
from zeroplant.plan.result import Cure
from zeroplant.plant import Built, Plant
from zeroplant.rules import RuleResult
from zeroplant.solve import Solver
from zeroplant.waist.solution import Solution


def cures(
    plant: Plant,
    built: Built,
    solution: Solution,
    rules: Sequence[RuleResult],
    *,
    solver: Solver = "auto",
    deadline: float | None = None,
) -> list[Cure]:
    """One cure for everything a plan broke; empty if it kept all.

    The plant is planned again with breaches forbidden and the limits of its capacities lifted.
    The capacities that must pass their limit, at the least investment beyond it, are the cure;
    what a year then costs more, penalties apart, is its price; where none must, the plan broke it
    because that was cheaper, and the cure says by which price. One remedy mends all that is
    broken; only where none does, each is tried alone. Wishes for single periods, such as a
    river's least flow in a drought, are reported without a cure. A capacity that was given, costs
    nothing and generates, stands: no more of it can be bought.
    """
    from zeroplant.plan.report.names import names_of  # a report tells of plans, and loads them

    broken = breaches(built, solution, rules, names_of(plant.assets))
    curable = [breach for breach in broken if breach.curable]
    search = Search(plant, built, solution, solver, deadline)
    together = search.remedy(set()) if curable else None
    found = []
    for breach in broken:
        remedy = together if breach.curable else None
        if breach.curable and remedy is None and len(curable) > 1:
            remedy = search.remedy({other.name for other in curable if other is not breach})
        found.append(_cure(breach, remedy, built, plant.currency))
    return found


def _cure(breach: Breach, remedy: Remedy | None, built: Built, currency: str) -> Cure:
    if not breach.curable:
        said = f"{breach.english}.", f"{breach.chinese}。"
    elif remedy is None:
        said = (
            f"{breach.english}. No capacity alone would mend it.",
            f"{breach.chinese}。仅调整容量无法满足。",
        )
    elif not remedy.changes:
        english, chinese = _choice(breach, remedy, currency)
        said = f"{breach.english}. {english}.", f"{breach.chinese}。{chinese}。"
    else:
        english, chinese = _advice(remedy, built, currency)
        said = f"{breach.english}. Cure: {english}.", f"{breach.chinese}。补救措施:{chinese}。"
    changes, cost = ({}, None) if remedy is None else (remedy.changes, remedy.cost)
    return Cure(breach.name, breach.amount, breach.unit, changes, cost, said)


def _choice(breach: Breach, remedy: Remedy, currency: str) -> tuple[str, str]:
    """That what the plant has would do, and why it was not done, in English and Chinese."""
    cost = f"{remedy.cost:,.0f} {currency}"
    at = f" of '{breach.price}'" if breach.price else ""
    zh_at = f"“{breach.price}”的" if breach.price else ""
    return (
        f"Within the limits of its capacities the plant could keep it, for {cost} more a year; "
        f"at the price{at} it is cheaper to break it",
        f"现有容量限值内即可满足,每年增加 {cost};按{zh_at}现行价格,不满足反而更便宜",
    )


def _advice(remedy: Remedy, built: Built, currency: str) -> tuple[str, str]:
    """What to raise, and what it costs, in English and Chinese."""
    units = {name: unit for name, (_, unit) in built.network.capacities.items()}
    steps = [
        (name, figure(limit), f"{figure(needed)} {units[name]}")
        for name, (limit, needed) in remedy.changes.items()
    ]
    english = " and ".join(f"raise '{name}' from {low} to {high}" for name, low, high in steps)
    chinese = "、".join(f"将“{name}”由 {low} 提高到 {high}" for name, low, high in steps)
    cost = f"{abs(remedy.cost):,.0f} {currency}"
    if remedy.cost < 0:
        return f"{english}, which saves {cost} a year", f"{chinese},每年节省 {cost}"
    return f"{english}, for {cost} more a year", f"{chinese},每年增加 {cost}"
