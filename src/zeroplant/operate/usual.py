"""What loads would take if nobody steered them: what keeps their stores as they are.

A thermostat replaces what its room loses; that comes with the weather. So where the plan is told
other weather than the plant file's, the limits of such a load move with what is usual, and so do
rules that measure it against that.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.swings import filler
from zeroplant.waist import Flow, Network, affine


def usual_of(network: Network) -> dict[Flow, Floats]:
    """Power [MW] that keeps a store at its rest, in each stage, by the load that keeps it."""
    full = network.axis.full
    kept = ((store, filler(store)) for store in network.stores)
    return {
        flow: np.maximum(-full(store.inflow) / full(store.fill[flow]), 0.0)
        for store, flow in kept
        if flow is not None
    }


def move_usual(network: Network, before: Mapping[Flow, Floats]) -> None:
    """Have limits and rules about what is usual go by what is usual now, in place.

    Of what is usual the same part can be left out; what can be taken beyond it stays, up to the
    rating. Rules are known by their bound: just what their loads took by themselves ``before``.
    """
    now, full = usual_of(network), network.axis.full
    for flow, power in now.items():
        was, floor, cap = before[flow], full(flow.floor.constant), full(flow.cap.constant)
        cap_now = np.minimum(power + (cap - was), np.max(cap))
        share = np.divide(power, was, out=np.ones_like(power), where=was > 0.0)
        flow.cap = affine(cap_now)
        flow.floor = affine(np.minimum(floor * share, cap_now))
    for budget in network.budgets:
        terms = [(t.variable, t.coefficient) for t in budget.expression.terms
                 if isinstance(t.variable, Flow) and t.variable in before]  # fmt: skip
        if not terms or budget.integrates:
            continue
        if np.allclose(budget.at_least, sum(k * before[flow] for flow, k in terms)):
            budget.at_least = np.asarray(sum(k * now[flow] for flow, k in terms))
