"""Limits that can be broken at a price, for moments that no hard plan fits.

A room outside its band, a pond above its mark, a queue that has already formed: the plan must lead
back from there, so the limit gives way, and by how much is named.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zeroplant.waist import Affine, Budget, Network, Store

PRICE = 1e5
"""Money per unit and hour; above every price a plant pays for energy not served."""


def soften(network: Network, price: float = PRICE) -> None:
    """Let levels leave their bounds and rules over single steps be broken, each at a price.

    Equations stay equations, and so do bounds of flows: they are physics.
    """
    rules = [b for b in network.budgets if b.weight is None and b.slack is None]
    for store in list(network.stores):
        _soften_store(network, store, price)
    for budget in rules:
        _soften_rule(network, budget, price)


def broken_name(what: str) -> str:
    """The flow that measures how far a limit is broken."""
    return f"broken: {what}"


def _soften_store(network: Network, store: Store, price: float) -> None:
    floor, cap = store.floor, store.cap
    store.floor, store.cap = Affine(-np.inf), Affine(np.inf)
    for side, bound in (("least", floor), ("most", cap)):
        there = np.isfinite(bound.constant)  # it may bind in some steps alone
        if not bound.terms and not np.any(there):
            continue
        limit = replace(bound, constant=np.where(there, bound.constant, 0.0))
        name = f"{store.name} ({side})"
        slack = network.flow(broken_name(name), unit=store.unit, who=store.who)
        network.line(store.who, broken_name(name), slack, price, unit=f"{store.unit}·h",
                     kind="penalty")  # fmt: skip
        if side == "least":
            least = np.where(there, 0.0, -np.inf)
            network.budget(name, store + slack - limit, at_least=least, over="period")
        else:
            most = np.where(there, 0.0, np.inf)
            network.budget(name, store - slack - limit, at_most=most, over="period")


def _soften_rule(network: Network, budget: Budget, price: float) -> None:
    low, high = np.isfinite(budget.at_least), np.isfinite(budget.at_most)
    if np.any(low & high):
        return
    slack = network.flow(broken_name(budget.name), unit=budget.unit, who=budget.who)
    network.line(budget.who, broken_name(budget.name), slack, price, unit=budget.unit,
                 kind="penalty")  # fmt: skip
    sign = np.where(low, 1.0, -1.0)
    softer = replace(budget, expression=budget.expression + slack * sign)
    network.budgets[budget.index] = softer
