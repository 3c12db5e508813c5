"""Plan a plant: build, solve, check the rules, count carbon and money."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zeroplant.assets import Finding
from zeroplant.plan.carbon import carbon_account
from zeroplant.plan.cure import cures
from zeroplant.plan.finance import finance
from zeroplant.plan.result import PlanResult
from zeroplant.plant import Plant, build
from zeroplant.rules import check, measured_account
from zeroplant.solve import Solver, solve
from zeroplant.solve.staged import Staged
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

DEADLINE = 900.0
"""Seconds a plan may take to solve, cures included, unless said otherwise."""
Watch = Callable[[str], None]
"""Told the name of each step as it begins."""


def plan(
    plant: Plant,
    *,
    solver: Solver = "auto",
    deadline: float | None = DEADLINE,
    gap: float = 1e-4,
    watch: Watch | None = None,
    advise: bool = True,
    walker: Staged | None = None,
) -> PlanResult:
    """The best sizes and operation of a plant, with money, carbon and rules.

    ``deadline`` in seconds bounds the solver; ``gap`` is the relative gap for plants with whole
    numbers. Without ``advise`` no cure is sought for what had to be broken. ``walker`` is a
    staged solver that has kept what plans like this one have in common. Raises InputError for a
    plant that cannot be said, SolveError if there is no answer.
    """
    seconds: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        if watch is not None:
            watch(name)
        begin = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - begin

    with step("build"):
        built = build(plant)
    with step("solve"):
        solution = solve(built.network, solver=solver, deadline=deadline, gap=gap, walker=walker)
    with step("account"):
        years = built.network.axis.years
        rules = check(built.packs, measured_account(built.account, solution), years=years)
        carbon = carbon_account(solution)
    with step("finance"):
        money = finance(plant, solution)
    with step("findings"):
        found = findings(plant, solution)
    with step("cures"):
        left = None if deadline is None else max(1.0, deadline - seconds["solve"])
        cure = cures(plant, built, solution, rules, solver=solver, deadline=left) if advise else []
    return PlanResult(plant, built, solution, rules, carbon, money, cure, found, seconds)


def findings(plant: Plant, solution: Solution) -> dict[str, list[Finding]]:
    """What each asset says of the solved plant; assets that say nothing are left out."""
    network = solution.network
    said = {
        name: list(asset.findings(Scope(network, name), solution))
        for name, asset in plant.assets.items()
    }
    return {name: figures for name, figures in said.items() if figures}
