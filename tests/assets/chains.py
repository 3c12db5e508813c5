"""Small plants of several carriers, for cases that are solved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zeroplant.assets import Asset
from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution

NODES = {
    "park": ("electricity", "MW"),
    "h2": ("hydrogen", "kg/h"),
    "nh3": ("ammonia", "t/h"),
    "meoh": ("methanol", "t/h"),
    "co2": ("co2", "t/h"),
    "tap": ("water", "m3/s"),
    "gas": ("gas", "MW"),
    "coal": ("coal", "MW"),
    "heat": ("heat", "MW"),
    "clinker": ("clinker", "t/h"),
    "ash": ("ash", "t/h"),
}
"""Name, carrier and unit of every node a case may use."""


def stand(
    assets: Mapping[str, Asset], time: Axis, *, rate: float = 0.06, carbon_price: float = 0.0
) -> Network:
    """The assets at the waist, with the nodes they name."""
    net = Network(time)
    said = " ".join(str(asset.model_dump()) for asset in assets.values())
    for name, (carrier, unit) in NODES.items():
        if f"'{name}'" in said:
            net.node(name, carrier=carrier, unit=unit)
    scopes = {name: Scope(net, name, rate=rate, carbon_price=carbon_price) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], None)
    for name, asset in assets.items():
        asset.conclude(scopes[name])
    return net


def answer(assets: Mapping[str, Asset], time: Axis, **words: Any) -> Solution:
    """The cheapest operation and sizes of the assets."""
    return solve(stand(assets, time, **words))


def found(assets: Mapping[str, Asset], plan: Solution, who: str) -> dict[str, float]:
    """What an asset says of the solved plant."""
    said: list[Finding] = list(assets[who].findings(Scope(plan.network, who), plan))
    return {each.key: each.value for each in said}


def wind(power: Any, availability: Any, **words: Any) -> Asset:
    """A source of green electricity whose availability is given."""
    from zeroplant.assets.wind import Wind

    return Wind(
        **{"kind": "wind", "at": "park", "power": power, "availability": availability, **words}
    )
