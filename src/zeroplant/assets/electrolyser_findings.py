"""What an electrolyser says of a solved plant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zeroplant.assets.findings import Finding
from zeroplant.assets.matching import made_by
from zeroplant.assets.mix import cost_of, mix_of
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution


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
    source, sink = plant.node(at), plant.node(to)
    flow = next(f for f in network.flows if f.who == plant.who and sink in f.give)
    made = solution.value(flow) * flow.give[sink]
    energy, mass = axis.total(taken), axis.total(made)
    yield Finding("hydrogen_made", mass / 1000 / axis.years, "t/a", ("hydrogen made", "年产氢量"))
    if power > 0:
        hours = energy / power / axis.years
        yield Finding("full_load_hours", hours, "h/a", ("full-load hours", "满负荷小时数"))
    if mass <= 0:
        return
    yield Finding(
        "consumption",
        1000 * energy / mass,
        "kWh/kg",
        ("electricity per hydrogen", "单位制氢电耗"),
    )
    yield Finding(
        "electricity_cost",
        cost_of(solution, source, taken) / mass,
        "money/kg",
        ("worth of its electricity", "单位氢电费"),
        ("at the hourly price of the node", "按节点逐时边际电价"),
    )
    yield Finding(
        "carbon",
        axis.total(taken * mix_of(network, solution)) * 1000 / mass,
        "kgCO2/kg",
        ("carbon of its electricity", "单位氢碳排放"),
        ("mean of the plant's supply in each period", "按电厂逐时供电平均排放"),
    )
    made_green = np.broadcast_to(solution.value(made_by(network, sources)), taken.shape)
    green = np.maximum(made_green, 0.0)
    yield Finding(
        "hourly_matched",
        axis.total(np.minimum(green, taken)) / energy,
        "1",
        ("matched period by period", "逐时绿电匹配率"),
        ("every source counts for this user alone", "绿电来源仅计本用户"),
    )
    if least:
        low = (taken < least * power * (1 - 1e-6)) & (taken > 1e-6 * power)
        yield Finding(
            "below_least_load",
            axis.total(taken * low) / energy,
            "1",
            ("energy below the least load", "低于最低负荷的用电占比"),
            (
                "an error of the linear plan; on_off: true removes it",
                "线性模型误差；on_off: true 可消除",
            ),
        )
