"""Small plants of real assets, for cases that are solved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from zeroplant.assets import Asset
from zeroplant.assets.demand import Demand
from zeroplant.assets.grid import Grid
from zeroplant.axis import Axis, Chain, Floats
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.ledger import Entry
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

ZONE = "Asia/Shanghai"
YEAR = 8760.0


def axis(
    periods: int,
    hours: float = 1.0,
    *,
    start: str = "2025-01-01",
    weights: tuple[float, ...] = (1,),
) -> Axis:
    """Periods from a midnight in China; one chain for each weight."""
    chains = tuple(Chain(f"c{place}", weight) for place, weight in enumerate(weights))
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(ZONE))
    return Axis(begin, periods, hours, ZONE, chains)


def stand(
    assets: Mapping[str, Asset],
    time: Axis,
    *,
    nodes: tuple[str, ...] = ("park",),
    site: Site | None = None,
    rate: float = 0.06,
    carbon_price: float = 0.0,
) -> Network:
    """The assets at the waist."""
    net = Network(time)
    for name in nodes:
        net.node(name)
    for name, asset in assets.items():
        asset.describe(Scope(net, name, rate=rate, carbon_price=carbon_price), site)
    return net


def answer(assets: Mapping[str, Asset], time: Axis, **words: Any) -> Solution:
    """The cheapest operation and sizes of the assets."""
    return solve(stand(assets, time, **words))


def grid(price: Any = 400.0, connection: Any = 100.0, **words: Any) -> Grid:
    """A grid that emits nothing unless told otherwise."""
    if "region" not in words:
        words.setdefault("emission_factor", 0.0)
    words = {"at": "park", "kind": "grid", **words}
    return Grid(connection=connection, import_price=price, **words)


def load(series: Any, **words: Any) -> Demand:
    """A load at the park."""
    return Demand(**{"kind": "demand", "at": "park", "load": series, **words})


def of(solution: Solution, name: str) -> Floats:
    """Values of a flow or store by its name."""
    net = solution.network
    return solution.value(next(x for x in [*net.flows, *net.stores] if x.name == name))


def has(network: Network, name: str) -> bool:
    """Whether there is a flow of that name."""
    return any(flow.name == name for flow in network.flows)


def entry(solution: Solution, who: str, what: str) -> Entry:
    """One line of the ledger with its outcome."""
    return next(e for e in solution.ledger if (e.who, e.what) == (who, what))


def paid(solution: Solution, who: str, what: str) -> float:
    """Amount of one line of the ledger."""
    return entry(solution, who, what).amount


def shadow(solution: Solution, name: str) -> Floats:
    """Shadow price of a rule by its name."""
    return solution.shadow(next(b for b in solution.network.budgets if b.name == name))


def near(value: object, wanted: object, rel: float = 1e-6) -> bool:
    """Equal to the rounding of a solver."""
    scale = 1e-6 * (1.0 + float(np.max(np.abs(np.asarray(wanted, dtype=float)))))
    return bool(np.allclose(np.asarray(value), np.asarray(wanted), rtol=rel, atol=scale))
