"""A park that sells what hydro plants make at given prices; shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from zeroplant.assets.base import Asset
from zeroplant.axis import Axis, Floats
from zeroplant.solve import solve
from zeroplant.waist import Flow, Network, Scope, Store
from zeroplant.waist.solution import Solution


def axis_of(periods: int, hours: float = 1.0) -> Axis:
    """Periods from the first hour of 2025 in UTC."""
    return Axis(datetime(2025, 1, 1, tzinfo=UTC), periods, hours)


def declare(assets: Mapping[str, Asset], axis: Axis, price: Floats | float) -> Network:
    """The assets at a node ``park`` whose energy is sold at ``price`` [CNY/MWh]."""
    network = Network(axis)
    park = network.node("park")
    scopes = {name: Scope(network, name) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], None)
    sold = network.flow("sold", take=park, role="export")
    network.line("park", "sale", sold, price, kind="revenue")
    return network


def plan(
    assets: Mapping[str, Asset], axis: Axis, price: Floats | float
) -> tuple[Network, Solution]:
    """Declare and solve."""
    network = declare(assets, axis, price)
    return network, solve(network)


def flow(network: Network, name: str) -> Flow:
    """The flow of that name."""
    return next(f for f in network.flows if f.name == name)


def store(network: Network, name: str) -> Store:
    """The store of that name."""
    return next(s for s in network.stores if s.name == name)


def value(solution: Solution, word: Flow | Store) -> Floats:
    """Its values over the stages."""
    return solution.value(word)
