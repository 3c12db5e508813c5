"""Flows of electricity of a solved plant, whatever unit a flow itself is counted in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from zeroplant.axis import Floats
from zeroplant.waist import Flow, Node
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution


def sent(solution: Solution, flows: Iterable[Flow]) -> Floats:
    """MW that flows give to nodes of electricity, together, in each stage."""
    return _sum(solution, [(flow, flow.give) for flow in flows])


def taken(solution: Solution, flows: Iterable[Flow]) -> Floats:
    """MW that flows take from nodes of electricity, together, in each stage."""
    return _sum(solution, [(flow, flow.take) for flow in flows])


def served_load(solution: Solution) -> Floats:
    """Load as it was really taken in each stage, MW: less what was dropped, moved if it waited.

    What converters take is load like any other; what vehicles give back was none.
    """
    network = solution.network
    moved = [flow for flow in network.flows if "deferral" in flow.tags]
    relieved = [*network.flows_of("unserved"), *network.flows_of("discharge", "vehicle"), *moved]
    load = taken(solution, [*network.flows_of("load"), *network.flows_of("conversion"), *moved])
    return np.maximum(load - sent(solution, relieved), 0.0)


def is_electric(nodes: Mapping[Node, Value]) -> bool:
    """Whether one of them carries electricity."""
    return any(node.carrier == "electricity" for node in nodes)


def _sum(solution: Solution, ends: Iterable[tuple[Flow, Mapping[Node, Value]]]) -> Floats:
    total = np.zeros(solution.network.axis.stages)
    for flow, nodes in ends:
        for node, share in nodes.items():
            if node.carrier == "electricity":
                total = total + share * solution.value(flow)
    return total
