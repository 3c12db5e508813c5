"""A hundred price futures of one year, one after the other: how many a second."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.bench.examples import example_network
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check
from zeroplant.solve.staged import Staged, solve_many
from zeroplant.solve.warm import warm
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

SCENARIOS = 100


def hundred_prices(limit: float) -> dict[str, Any]:
    """The county base example; in each scenario every hour's trade has another price.

    What stays the same is laid out once, and that time counts. ``per_second`` is one thread to a
    scenario, as `solve_many` does it; ``per_second_in_turn`` all threads on each.
    The error is the largest gap that the answers' own duals prove.
    """
    warm()
    network = example_network("county-base")
    program = compile_network(network)
    matrix = assemble(program)
    scenarios = [matrix.priced(cost) for cost in costs(network, matrix, SCENARIOS)]
    begin, processor = time.perf_counter(), time.process_time()
    answers = in_turn(program, scenarios)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    begin, processor_beside = time.perf_counter(), time.process_time()
    beside = [answer for answer in solve_many(program, scenarios) if isinstance(answer, Answer)]
    seconds_beside = time.perf_counter() - begin
    processor_beside = time.process_time() - processor_beside
    together = zip([*scenarios, *scenarios], [*answers, *beside], strict=True)
    rows, columns = matrix.matrix.shape
    return {
        "rows": rows,
        "columns": columns,
        "stages": program.stages,
        "scenarios": SCENARIOS,
        "staged_seconds": seconds_beside,
        "staged_processor_seconds": processor_beside,
        "staged_seconds_in_turn": seconds,
        "staged_processor_seconds_in_turn": processor,
        "per_second": SCENARIOS / seconds_beside,
        "per_second_in_turn": SCENARIOS / seconds,
        "iterations": sum(answer.iterations for answer in answers) / SCENARIOS,
        "highs_seconds": None,
        "piqp_seconds": None,
        "relative_error": max(check(scenario, answer).gap for scenario, answer in together),
        "error_against": "own duals",
        "limits": {"per_second": 8.0, "relative_error": 1e-6},
    }


def in_turn(program: Program, scenarios: list[MatrixProgram]) -> list[Answer]:
    """The answer to each scenario, one after the other, through one structure."""
    solver = Staged()
    return [solver.solve(program, scenario) for scenario in scenarios]


def costs(network: Network, matrix: MatrixProgram, count: int) -> list[Floats]:
    """Costs of all columns, with those of import and export times a random course of prices.

    The course wanders by some 15 % from day to day and by 10 % from hour to hour; its level
    differs by some 20 % between scenarios.
    """
    random, stages = np.random.default_rng(3), network.axis.stages
    traded = [*network.flows_of("import"), *network.flows_of("export")]
    found = []
    for _ in range(count):
        days = np.repeat(random.normal(0.0, 0.15, stages // 24 + 1), 24)[:stages]
        course = np.exp(random.normal(0.0, 0.2) + days + random.normal(0.0, 0.1, stages))
        cost = matrix.cost.copy()
        for flow in traded:
            cost[matrix.layout.column(network.place(flow))] *= course
        found.append(cost)
    return found
