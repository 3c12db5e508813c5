"""What the electricity of a solved plant emits and costs, hour by hour."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.waist import Flow, Network, Node
from zeroplant.waist.solution import Solution


def mix_of(network: Network, solution: Solution) -> Floats:
    """tCO2/MWh of the plant's electricity in each stage: emissions of imports over all supply.

    Supply is generation and import, each at the nodes of electricity it gives to. Energy that
    waits in a battery is not moved, and fuel burnt for electricity is counted where it is bought;
    both make this a first measure, not the account a verifier asks for.
    """
    supply = [*network.flows_of("generation"), *network.flows_of("import")]
    made = np.zeros(network.axis.stages)
    emitted = np.zeros(network.axis.stages)
    for flow in supply:
        made += solution.value(flow) * given_to(flow)
    for line in network.lines:
        if line.kind == "emission":
            for term in line.quantity.terms:
                if isinstance(term.variable, Flow) and np.any(given_to(term.variable)):
                    emitted += solution.value(term.variable) * term.coefficient
    return np.divide(emitted, made, out=np.zeros_like(made), where=made > 1e-9)


def given_to(flow: Flow) -> float | Floats:
    """Coefficient of a flow at nodes of electricity it gives to."""
    return sum((v for node, v in flow.give.items() if node.carrier == "electricity"), 0.0)


def cost_of(solution: Solution, node: Node, taken: Floats) -> float:
    """What ``taken`` [node unit, by stage] is worth at the node's prices, over the horizon."""
    return float(solution.network.axis.weight @ (solution.price(node) * taken))
