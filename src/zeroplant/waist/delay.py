"""What is under way when a window opens: a delayed flow's past arrives as a known inflow."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Node

ROUNDING = 1e-9


def carry_in(network: Network, flow: Flow, past: Floats) -> None:
    """Let a flow arrive only where it left within the axis, and what left before as it was.

    ``past`` is what the flow was before the first period, the latest last; further back it was
    as at the oldest. A delay between two whole numbers of periods arrives in two parts, of which
    the later becomes a flow of its own.
    """
    for node in list(flow.delay):
        _carry_in(network, flow, node, np.asarray(past, dtype=float))


def _carry_in(network: Network, flow: Flow, node: Node, past: Floats) -> None:
    axis = network.axis
    early, late = parts_of(flow.delay[node] / axis.hours)
    value, age = axis.full(flow.give[node]), np.arange(axis.stages) % axis.periods
    arriving = np.zeros(axis.stages)
    for lag, share in ((early, 1.0 - late), (early + 1, late)):
        left = np.clip(len(past) + age - lag, 0, len(past) - 1)
        arriving += np.where(age < lag, share * value * past[left], 0.0)
    flow.give = {**flow.give, node: np.where(age < early, 0.0, value * (1.0 - late))}
    flow.delay = {**flow.delay, node: early * axis.hours}
    name = f"{flow.name} under way to {node.name}"
    network.flow(name, give=node, fixed=arriving, unit=flow.unit, who=flow.who)
    if late:
        rest = np.where(age < early + 1, 0.0, value * late)
        name = f"{flow.name}, later part to {node.name}"
        second = network.flow(name, give={node: rest}, delay={node: (early + 1) * axis.hours},
                              unit=flow.unit, who=flow.who)  # fmt: skip
        network.budget(name, second - flow, at_least=0.0, at_most=0.0, over="period", unit="MW")


def parts_of(periods: float) -> tuple[int, float]:
    """Whole periods of a delay, and the share that arrives one period later."""
    early = int(np.floor(periods + ROUNDING))
    late = periods - early
    return early, late if late > ROUNDING else 0.0
