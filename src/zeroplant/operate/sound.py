"""Is a schedule fit to be acted on? Checked by arithmetic that knows no solver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.outside import has_inflow, is_load, is_possible
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.standing import Standing
from zeroplant.operate.swings import filler
from zeroplant.waist import Flow, Network, Node, Store

TOLERANCE = 1e-4
"""Of a balance, a limit or a level, relative to the size of the numbers there."""


def faults(
    schedule: Schedule, standing: Standing, now: datetime, levels: Mapping[str, float]
) -> list[str]:
    """What is wrong with a schedule, in words; empty if it may be acted on.

    Its form and its time; that powers stay in the limits of the plant, that levels follow from
    powers and from where they stand now, and that every balance closes.
    """
    network = standing.network
    axis = network.axis
    wrong = _form(schedule, now)
    first = (schedule.start - axis.start) // axis.step
    if schedule.step != axis.step or first < 0 or first + schedule.steps > axis.periods:
        wrong.append("its steps are not those of the plant")
    if wrong or schedule.status in ("kept", "rule"):
        return wrong
    part = slice(first, first + schedule.steps)
    moved = {filler(store) for store in network.stores}
    wrong += [
        f for flow in network.flows
        for f in _limits(flow, schedule, network, part, moved=flow in moved)
    ]  # fmt: skip
    wrong += [
        f for store in network.stores for f in _levels(store, schedule, network, part, levels)
    ]
    delayed = {node for flow in network.flows for node in flow.delay}
    wrong += [
        f for node in network.nodes if node not in delayed
        for f in _balance(node, schedule, network, part)
    ]  # fmt: skip
    return wrong


def _form(schedule: Schedule, now: datetime) -> list[str]:
    wrong = []
    if not schedule.start <= now < schedule.end:
        wrong.append(f"it is for {schedule.start} to {schedule.end}, not for {now}")
    tables = {**schedule.power, **schedule.level, "the target": schedule.target}
    for name, values in tables.items():
        if values.shape != (schedule.steps,):
            wrong.append(f"{name} has {values.shape} values for {schedule.steps} steps")
        elif not np.isfinite(values).all():
            wrong.append(f"{name} is not a number everywhere")
    return wrong


def _limits(
    flow: Flow, schedule: Schedule, network: Network, part: slice, *, moved: bool
) -> list[str]:
    """Powers in their limits, where those are the plant's own and not from outside.

    Those of ``moved`` come with the weather.
    """
    power = schedule.power.get(flow.name)
    if power is None:
        return [f"it says nothing of {flow.name}"] if not flow.name.startswith("breach of") else []
    from_outside = moved or is_load(flow) or is_possible(flow) or flow.role == "unserved"
    cap, floor = np.full(1, np.inf), np.zeros(1)
    if not from_outside and not flow.cap.terms and not flow.floor.terms:
        cap = network.axis.full(flow.cap.constant)[part]
        floor = network.axis.full(flow.floor.constant)[part]
    off = np.maximum(power - cap, floor - power)
    if np.any(off > TOLERANCE * (1.0 + np.abs(power))):
        return [f"{flow.name} leaves its limits by {off.max():.3g} {flow.unit}"]
    return []


def _levels(
    store: Store, schedule: Schedule, network: Network, part: slice, levels: Mapping[str, float]
) -> list[str]:
    """Levels that follow from powers; not of stores whose inflow only the forecast knows."""
    level = schedule.level.get(store.name)
    if level is None:
        return [f"it says nothing of {store.name}"]
    start = levels.get(store.name, float("nan"))
    if has_inflow(store) or not np.isfinite(start):
        return []
    axis = network.axis
    before = np.concatenate([[start], level[:-1]])
    change = np.zeros(len(level))
    for sign, flows in ((1.0, store.fill), (-1.0, store.drain)):
        for flow, rate in flows.items():
            change += sign * axis.full(rate)[part] * schedule.power[flow.name]
    off = np.abs(level - axis.full(store.keep)[part] * before - axis.hours * change)
    worst = float(off.max(initial=0.0))
    scale = 1.0 + float(np.abs(level).max(initial=0.0))
    return [f"{store.name} is off by {worst:.3g} {store.unit}"] if worst > TOLERANCE * scale else []


def _balance(node: Node, schedule: Schedule, network: Network, part: slice) -> list[str]:
    total: Floats = np.zeros(schedule.steps)
    size: Floats = np.zeros(schedule.steps)
    for flow in network.flows:
        for sign, sides in ((1.0, flow.give), (-1.0, flow.take)):
            if node in sides:
                moved = sign * network.axis.full(sides[node])[part] * schedule.power[flow.name]
                total, size = total + moved, size + np.abs(moved)
    off = np.abs(total) - TOLERANCE * (1.0 + size)
    if np.any(off > 0):
        return [f"the balance of {node.name} is off by {np.abs(total).max():.3g} {node.unit}"]
    return []
