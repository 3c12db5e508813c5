"""What a feeder says of a solved plant: voltages, loading, losses, hosting capacity."""

from __future__ import annotations

from collections.abc import Iterator
from math import acos, tan
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.hosting import at_each_bus, everywhere, headroom
from zeroplant.axis import Floats
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:
    from zeroplant.assets.feeder import Feeder

TIGHT = 1e-4
"""Voltages this near to a limit, per unit, are at it."""


def drawn(feeder: Feeder, plant: Scope, solution: Solution) -> tuple[Floats, Floats]:
    """MW and Mvar drawn at the buses of a solved plant, shapes (buses, stages)."""
    tree, stages = feeder.tree(), plant.axis.stages
    active, reactive = (np.zeros((len(tree.buses), stages)) for _ in range(2))
    for row, bus in enumerate(tree.buses):
        node = plant.node(bus)
        for flow in plant.network.flows:
            if flow.who == plant.who or (node not in flow.take and node not in flow.give):
                continue
            value = solution.value(flow)
            taken = value * np.asarray(flow.take.get(node, 0.0))
            given = value * np.asarray(flow.give.get(node, 0.0))
            active[row] += taken - given
            for part, gives in ((taken, False), (given, True)):
                reactive[row] += part * feeder.tangent(flow, gives=gives)
    return active, reactive


def feeder_findings(feeder: Feeder, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """Findings of one feeder."""
    tree, axis = feeder.tree(), plant.axis
    active, reactive = drawn(feeder, plant, solution)
    squares = tree.squares(active, reactive, feeder.source_voltage)
    volts = np.sqrt(np.maximum(squares, 0.0))
    yield from _voltages(feeder, volts, axis.weight / axis.years)
    ratings = np.array([
        solution.number(plant.network.capacities[f"{plant.who}.{bus}"][0])
        for bus in tree.buses
    ])  # fmt: skip
    flow, back = tree.through(active), tree.through(reactive)
    loading = np.hypot(flow, back).max(axis=1) / np.maximum(ratings, 1e-9)
    worst = int(np.argmax(loading))
    title = ("Highest loading of a branch", "线段最大负载率")
    yield _at(Finding("loading", float(loading[worst]), "1", title), tree.buses[worst])
    yield from _losses(feeder, plant, active, reactive)
    yield from _hosting(feeder, plant, solution, (squares, flow, ratings))


def _at(finding: Finding, bus: str) -> Finding:
    """A finding with the bus where it is."""
    return Finding(finding.key, finding.value, finding.unit, finding.title,
                   (f"at {bus}", f"位于 {bus}"))  # fmt: skip


def _voltages(feeder: Feeder, volts: Floats, hours: Floats) -> Iterator[Finding]:
    buses = feeder.tree().buses
    lowest, highest = volts.min(axis=1), volts.max(axis=1)
    low, high = int(np.argmin(lowest)), int(np.argmax(highest))
    title = ("Lowest voltage, of nominal", "最低电压（占额定值）")
    yield _at(Finding("lowest_voltage", float(lowest[low]), "1", title), buses[low])
    title = ("Highest voltage, of nominal", "最高电压（占额定值）")
    yield _at(Finding("highest_voltage", float(highest[high]), "1", title), buses[high])
    at_limit = (volts >= feeder.highs()[:, None] - TIGHT) | (
        volts <= feeder.lows()[:, None] + TIGHT
    )
    title = ("Hours with a voltage at its limit", "电压达到限值的小时数")
    yield Finding("hours_at_limit", float(hours[at_limit.any(axis=0)].sum()), "h/a", title)


def _losses(feeder: Feeder, plant: Scope, active: Floats, reactive: Floats) -> Iterator[Finding]:
    tree, weight = feeder.tree(), plant.axis.weight
    lost = float(weight @ tree.losses(active, reactive, feeder.source_voltage).sum(axis=0))
    carried = float(weight @ np.abs(active).sum(axis=0))
    note = (
        "r·I² at the planned flows; the linear model leaves them out of the balance",
        "按计划潮流的 r·I² 估算，线性模型的功率平衡中未计入",
    )
    title = ("Losses left out", "未计入的线损电量")
    yield Finding("losses", lost / plant.axis.years, "MWh/a", title, note)
    title = ("Losses per energy drawn and fed in", "线损率")
    yield Finding("loss_share", lost / carried if carried else 0.0, "1", title, note)


def shape_of(feeder: Feeder, plant: Scope, solution: Solution) -> tuple[Floats, str]:
    """Output over time of what is to be hosted, per unit of its highest, and whose it is."""
    axis = plant.axis
    if feeder.hosting_shape is not None:
        given = feeder.hosting_shape.on(axis)
        return given / max(float(given.max()), 1e-12), "the given shape"
    buses = {plant.node(bus) for bus in feeder.tree().buses}
    for flow in plant.network.flows_of("generation", "solar"):
        if buses & set(flow.give):
            most = axis.full(
                np.ravel(solution.value(flow.cap)) if flow.cap.terms else flow.cap.constant
            )
            if most.max() > 0:
                return most / most.max(), flow.who
    return np.ones(axis.stages), ""


def _hosting(
    feeder: Feeder, plant: Scope, solution: Solution, state: tuple[Floats, Floats, Floats]
) -> Iterator[Finding]:
    """Most additional generation at each bus alone, and on all of them together."""
    tree, (squares, flow, ratings) = feeder.tree(), state
    shape, whose = shape_of(feeder, plant, solution)
    reverse = ratings * np.array([each.reverse for each in feeder.feeding()])
    left = headroom(tree, squares, flow, high=feeder.highs(), reverse=reverse, shape=shape)
    tangent = tan(acos(feeder.absorbing))
    as_ = (f" with the output of {whose}", f"（按 {whose} 的出力曲线）") if whose else (
        " at steady output", "（按恒定出力）")  # fmt: skip
    for bus, found in zip(tree.buses, at_each_bus(tree, left, tangent), strict=True):
        what, where = found.binds.split(" ", 1)
        zh = {"voltage": "电压", "branch": "线段"}[what]
        title = (f"More generation {bus} could host", f"{bus} 还可接纳的电源容量")
        note = (f"{found.binds} binds;{as_[0]}, nothing else added",
                f"受 {where} {zh}限制{as_[1]}，其他接入不变")  # fmt: skip
        yield Finding(f"hosting_{bus}", found.most, "MW", title, note)
    most, _ = everywhere(tree, left, tangent)
    if np.isfinite(most):
        title = ("More generation the feeder could host", "全线还可接纳的电源容量")
        note = (f"spread over its buses as suits it best,{as_[0]}", f"在各节点间最优分布{as_[1]}")
        yield Finding("hosting", most, "MW", title, note)
