"""Small parks of several carriers, for cases that are solved by hand or by others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zeroplant.assets import Asset
from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site, Weather

UNITS = {"hydrogen": "kg/h", "steel": "t/h", "scrap": "t/h", "slag": "t/h", "water": "m3/s"}


def stand(
    assets: Mapping[str, Asset],
    time: Axis,
    nodes: Mapping[str, str],
    *,
    bought: Mapping[str, Any] | None = None,
    site: Site | None = None,
) -> Network:
    """Assets at nodes (name: carrier), some of which have all they need at a price (``bought``)."""
    net = Network(time)
    for name, carrier in nodes.items():
        net.node(name, carrier=carrier, unit=UNITS.get(carrier, "MW"))
    for name, price in (bought or {}).items():
        node = next(node for node in net.nodes if node.name == name)
        net.flow(f"{name} bought", give=node, cost=price, role="import")
    scopes = {name: Scope(net, name) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], site)
    return net


def answer(
    assets: Mapping[str, Asset], time: Axis, nodes: Mapping[str, str], **words: Any
) -> Solution:
    """The cheapest operation and sizes; whole numbers to the last digit."""
    return solve(stand(assets, time, nodes, **words), gap=1e-9)


def found(plan: Solution, who: str, asset: Asset) -> dict[str, Finding]:
    """What an asset says of a solved plan, by key."""
    return {f.key: f for f in asset.findings(Scope(plan.network, who), plan)}


def site_of(time: Axis, air: Any) -> Site:
    """A place with nothing but an air temperature."""
    still = np.zeros(time.stages)
    weather = Weather(still, still, still, np.asarray(air, dtype=float), still, still + 1e5)
    return Site("here", 30.0, 120.0, 0.0, time.zone, time, weather)
