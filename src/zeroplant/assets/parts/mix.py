"""What the electricity of a solved plant emits and costs, hour by hour."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.waist import Flow, Network, Node
from zeroplant.waist.solution import Solution


def mix_of(network: Network, solution: Solution) -> Floats:
    """tCO2/MWh of the plant's electricity in each stage: its emissions over all supply.

    Supply is generation and import, each at the nodes of electricity it gives to, and what engines
    and fuel cells make of fuel that is bought, with the fuel's emissions shared by energy between
    electricity and heat. Energy that waits in a battery, or as the plant's own hydrogen, is not
    moved: a first measure, not the account a verifier asks for.
    """
    fuels = _of_fuels(network, solution)
    makers = [flow for flow in network.flows_of("conversion") if fuels.keys() & flow.take.keys()]
    made = np.zeros(network.axis.stages)
    emitted = np.zeros(network.axis.stages)
    for flow in [*network.flows_of("generation"), *network.flows_of("import"), *makers]:
        output = solution.value(flow) * given_to(flow)
        made += output
        burnt = sum(fuels.get(node, 0.0) * share for node, share in flow.take.items())
        if np.any(burnt) and np.any(output):
            every = sum(share for node, share in flow.give.items() if node.unit == "MW")
            emitted += output * burnt / every
    for line in network.lines:
        if line.kind == "emission":
            for term in line.quantity.terms:
                if isinstance(term.variable, Flow) and np.any(given_to(term.variable)):
                    emitted += solution.value(term.variable) * term.coefficient
    return np.divide(emitted, made, out=np.zeros_like(made), where=made > 1e-9)


def _of_fuels(network: Network, solution: Solution) -> dict[Node, float]:
    """Nodes with fuel that is bought: tCO2 of a unit·h, the mean over the horizon.

    What a plant makes itself and puts there as well thins it; tanks give what was put there.
    """
    bought = {
        node
        for flow in network.flows
        if "bought" in flow.tags
        for node in flow.give
        if node.carrier != "electricity"
    }
    brought, emitted = dict.fromkeys(bought, 0.0), dict.fromkeys(bought, 0.0)
    for flow in network.flows:
        if flow.role != "discharge":
            for node in bought & flow.give.keys():
                brought[node] += solution.total(flow * flow.give[node])
    for line in network.lines:
        for term in line.quantity.terms if line.kind == "emission" else ():
            for node in bought & getattr(term.variable, "give", {}).keys():
                emitted[node] += solution.total(term.variable * term.coefficient)
    return {node: emitted[node] / brought[node] for node in bought if brought[node] > 1e-9}


def given_to(flow: Flow) -> float | Floats:
    """Coefficient of a flow at nodes of electricity it gives to."""
    return sum((v for node, v in flow.give.items() if node.carrier == "electricity"), 0.0)


def cost_of(solution: Solution, node: Node, taken: Floats) -> float:
    """What ``taken`` [node unit, by stage] is worth at the node's prices, over the horizon."""
    return float(solution.network.axis.weight @ (solution.price(node) * taken))
