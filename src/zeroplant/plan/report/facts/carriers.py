"""Carriers beside electricity: what each node gets from whom and gives to whom in a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.plan.report.facts.power import ELECTRICITY
from zeroplant.waist import Flow, Network, Node
from zeroplant.waist.solution import Solution

YEARLY = {"MW": "MWh", "kg/h": "t", "t/h": "t", "m3/s": "Mm³"}
"""Unit in which a year of a node's flows is told."""
FACTORS = {"kg/h": 1e-3, "m3/s": 3600e-6}


@dataclass(frozen=True)
class Share:
    """One flow at a node: its name, and what it brings (or takes, negative) in a year."""

    name: str
    amount: float


@dataclass(frozen=True)
class Balance:
    """A node's year: what comes and what goes, the largest first, in ``unit``."""

    node: str
    carrier: str
    unit: str
    supply: list[Share]
    use: list[Share]


def balances(network: Network, solution: Solution) -> list[Balance]:
    """Every node of the plant file that carries something else than electricity.

    Nodes inside an asset (their name holds a dot) are its own affair. Flows of nothing are left
    out, and what is small beyond print.
    """
    nodes = [n for n in network.nodes if n.carrier != ELECTRICITY and "." not in n.name]
    found = [_balance(node, network, solution) for node in nodes]
    return [each for each in found if each.supply or each.use]


def _balance(node: Node, network: Network, solution: Solution) -> Balance:
    factor = FACTORS.get(node.unit, 1.0) / network.axis.years
    amounts = [
        Share(flow.name, factor * _net(flow, node, network, solution))
        for flow in network.flows
        if node in flow.give or node in flow.take
    ]
    least = 1e-6 * max((abs(each.amount) for each in amounts), default=0.0)
    told = sorted((each for each in amounts if abs(each.amount) > least), key=_size)
    supply = [each for each in told if each.amount > 0]
    use = [each for each in told if each.amount < 0]
    return Balance(node.name, node.carrier, YEARLY.get(node.unit, node.unit), supply, use)


def _size(share: Share) -> float:
    return -abs(share.amount)


def _net(flow: Flow, node: Node, network: Network, solution: Solution) -> float:
    """What a flow brings to a node less what it takes, over the horizon."""
    coefficient = np.asarray(flow.give.get(node, 0.0)) - np.asarray(flow.take.get(node, 0.0))
    return network.axis.total(solution.value(flow) * coefficient)
