"""How fast devices answer, and what they do when nobody tells them any more.

Figures are typical of what stands in plants today: converters follow in fractions of a second,
wind farms within seconds down and, once limited, 40 % of their rating a minute up, boilers and heat
pumps in a minute, electrolysers 1 %/s when warm, synthesis a few percent a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.assets import Asset
from zeroplant.axis import Floats
from zeroplant.operate.points import asset_of
from zeroplant.twin.physics import CLOSER, LIMIT, OUTSIDE, TARGET, UNBOUNDED, Physics


@dataclass(frozen=True)
class Manner:
    """How a device follows: time constant in seconds, and share of its rating per minute."""

    seconds: float = 2.0
    per_minute: float = np.inf


MANNERS: Mapping[str, Manner] = {
    "battery": Manner(0.5),
    "wind": Manner(4.0, 0.4),
    "solar": Manner(1.0),
    "home_fleet": Manner(8.0),
    "hydro_reservoir": Manner(10.0, 1.0),
    "run_of_river": Manner(10.0, 1.0),
    "navigation_complex": Manner(15.0, 0.5),
    "pumped_storage": Manner(15.0, 0.6),
    "electrolyser": Manner(3.0, 0.6),
    "fuel_cell": Manner(5.0, 1.0),
    "boiler": Manner(20.0, 0.5),
    "heat_pump": Manner(30.0, 0.3),
    "chiller": Manner(30.0, 0.3),
    "chp": Manner(30.0, 0.1),
    "synthesis": Manner(60.0, 0.03),
    "process": Manner(20.0, 0.5),
    "thermal_store": Manner(10.0, 1.0),
}
"""By asset kind; every other kind answers within two seconds."""

HOLD = np.nan
"""A fall-back that keeps what was last set."""


def manners(physics: Physics, kinds: Mapping[str, str], seconds: float) -> tuple[Floats, Floats]:
    """Share of the way and most move of every flow in a step; ``kinds`` by asset name."""
    answer, ramp = np.ones(len(physics.sort)), np.full(len(physics.sort), np.inf)
    rating = ratings(physics)
    for flow in physics.network.flows:
        manner = MANNERS.get(kinds.get(asset_of(flow.name), ""), Manner())
        answer[flow.index] = 1.0 - np.exp(-seconds / manner.seconds)
        if rating[flow.index] < UNBOUNDED:
            ramp[flow.index] = manner.per_minute * rating[flow.index] * seconds / 60.0
    return answer, ramp


def ratings(physics: Physics) -> Floats:
    """The greatest value each flow can have over the span."""
    return np.asarray(physics.most.max(axis=0, initial=0.0))


def fallbacks(physics: Physics) -> Floats:
    """What each device does once its set-point has lapsed; see `Twin` for the rules in words."""
    rating, flows = ratings(physics), physics.network.flows
    found = np.full(len(flows), HOLD)
    found[physics.sort == LIMIT] = safe_generation(physics)[physics.sort == LIMIT]
    for flow in flows:
        if physics.sort[flow.index] != TARGET:
            continue
        if flow.role in ("charge", "discharge", "unserved"):  # what was shed comes back
            found[flow.index] = 0.0
        elif "vehicle" in flow.tags:
            found[flow.index] = rating[flow.index]
        elif flow.role == "load":
            found[flow.index] = _usual(physics, flow.index)
    return found


def _usual(physics: Physics, flow: int) -> float:
    """What a load takes on average to keep its store where it is."""
    for place in np.flatnonzero(physics.stores.flow == flow):
        store = physics.stores.into[place]
        rate = float(physics.stores.series[:, place].mean())
        if rate > 0.0:
            return max(0.0, -float(physics.inflow[:, store].mean()) / rate)
    return 0.0


def safe_generation(physics: Physics) -> Floats:
    """Each generator's share of what the connections can always carry away, [flows].

    By that limit nothing is overloaded even if every load and every store is away.
    """
    rating = ratings(physics)
    export = sum(
        float(physics.most[:, flow.index].min())
        for flow in physics.network.flows
        if flow.role == "export"
    )
    total = float(rating[physics.sort == LIMIT].sum())
    share = min(1.0, export / total) if total > 0.0 else 1.0
    return np.asarray(rating * share)


def kinds_of(assets: Mapping[str, Asset]) -> dict[str, str]:
    """The kind of every asset, by name."""
    return {name: str(getattr(asset, "kind", "")) for name, asset in assets.items()}


def restless(physics: Physics) -> Floats:
    """Deviation of the noise within a period, per unit of the greatest value: gusts and clouds."""
    noise = np.zeros(len(physics.sort))
    for flow in physics.network.flows:
        if physics.sort[flow.index] == LIMIT:
            noise[flow.index] = 0.02
        elif physics.sort[flow.index] == OUTSIDE and flow.role == "load":
            noise[flow.index] = 0.004
    return noise


def connections(physics: Physics) -> list[int]:
    """Flows over a connection to the public grid: what they exceed is a violation."""
    return [
        flow.index
        for flow in physics.network.flows
        if physics.sort[flow.index] == CLOSER and flow.role in ("import", "export")
    ]
