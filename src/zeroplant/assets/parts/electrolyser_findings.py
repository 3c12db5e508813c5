"""What an electrolyser says of a solved plant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.matching import made_by
from zeroplant.assets.parts.mix import cost_of, mix_of
from zeroplant.axis import Floats
from zeroplant.waist import Node, Scope
from zeroplant.waist.solution import Solution


@dataclass(frozen=True)
class Run:
    """How it ran: ``taken`` MW in each stage from ``source``, ``energy`` MWh for ``mass`` kg."""

    taken: Floats
    source: Node
    energy: float
    mass: float


def findings_of(
    plant: Scope,
    solution: Solution,
    *,
    at: str,
    to: str,
    least: float,
    sources: tuple[str, ...],
) -> Iterator[Finding]:
    """Hydrogen made between the nodes ``at`` and ``to``, its cost and carbon, and how green.

    ``least`` is the load below which a real set would have to stand by; 0 if the plan knows it.
    """
    network, axis = plant.network, plant.axis
    power = solution.number(network.capacities[f"{plant.who}.power"][0])
    taken = solution.value(plant.flow_named("electrolysis"))
    sink = plant.node(to)
    flow = next(f for f in network.flows if f.who == plant.who and sink in f.give)
    made = solution.value(flow) * flow.give[sink]
    run = Run(taken, plant.node(at), axis.total(taken), axis.total(made))
    tonnes = run.mass / 1000 / axis.years
    yield Finding("hydrogen_made", tonnes, "t/a", ("hydrogen made", "年产氢量"))
    if power > 0:
        hours = run.energy / power / axis.years
        yield Finding("full_load_hours", hours, "h/a", ("full-load hours", "满负荷小时数"))
    if run.mass > 0:
        yield from _of_a_kilogram(plant, solution, run)
        yield _matched(plant, solution, run, sources)
        if least:
            yield _below(plant, run, least * power, 1e-6 * power)


def _of_a_kilogram(plant: Scope, solution: Solution, run: Run) -> Iterator[Finding]:
    """Electricity of a kilogram, what it is worth and what it emits."""
    emitted = plant.axis.total(run.taken * mix_of(plant.network, solution))
    yield Finding(
        "consumption",
        1000 * run.energy / run.mass,
        "kWh/kg",
        ("electricity per hydrogen", "单位制氢电耗"),
    )
    yield Finding(
        "electricity_cost",
        cost_of(solution, run.source, run.taken) / run.mass,
        "money/kg",
        ("worth of its electricity", "单位氢电费"),
        ("at the hourly price of the node", "按节点逐时边际电价"),
    )
    yield Finding(
        "carbon",
        emitted * 1000 / run.mass,
        "kgCO2/kg",
        ("carbon of its electricity", "单位氢碳排放"),
        ("mean of the plant's supply in each period", "按电厂逐时供电平均排放"),
    )


def _matched(plant: Scope, solution: Solution, run: Run, sources: tuple[str, ...]) -> Finding:
    """Share of its electricity that its green sources made within the same period."""
    made = solution.value(made_by(plant.network, sources))
    green = np.maximum(np.broadcast_to(made, run.taken.shape), 0.0)
    return Finding(
        "hourly_matched",
        plant.axis.total(np.minimum(green, run.taken)) / run.energy,
        "1",
        ("matched period by period", "逐时绿电匹配率"),
        ("every source counts for this user alone", "绿电来源仅计本用户"),
    )


def _below(plant: Scope, run: Run, least: float, nothing: float) -> Finding:
    """Share of its electricity that was used between ``nothing`` and its least load, MW."""
    low = (run.taken < least * (1 - 1e-6)) & (run.taken > nothing)
    return Finding(
        "below_least_load",
        plant.axis.total(run.taken * low) / run.energy,
        "1",
        ("energy below the least load", "低于最低负荷的用电占比"),
        (
            "an error of the linear plan; on_off: true removes it",
            "线性模型误差；on_off: true 可消除",
        ),
    )
