"""Small plants to plan, for cases that are solved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zeroplant.assets import Asset
from zeroplant.assets.battery import Battery
from zeroplant.assets.demand import Demand
from zeroplant.assets.grid import Grid
from zeroplant.assets.wind import Wind
from zeroplant.plan import PlanResult, plan
from zeroplant.plant import Plant
from zeroplant.plant.schema import NodePlace, Time


def plant(assets: Mapping[str, Asset], periods: int = 24, **words: Any) -> Plant:
    """A plant of one node over so many hours, unless told otherwise."""
    words.setdefault("time", Time(start="2025-01-01", periods=periods))
    nodes = {name: NodePlace() for name in words.pop("nodes", ("park",))}
    return Plant(zeroplant=1, name="small", nodes=nodes, assets=dict(assets), **words)


def planned(assets: Mapping[str, Asset], periods: int = 24, **words: Any) -> PlanResult:
    """The plant, planned."""
    return plan(plant(assets, periods, **words))


def wind(power: Any, free: Any = 0.5, **words: Any) -> Wind:
    """Wind with a given availability."""
    return Wind(**{"kind": "wind", "at": "park", "power": power, "availability": free, **words})


def load(series: Any = 10.0, **words: Any) -> Demand:
    """A load at the park."""
    return Demand(**{"kind": "demand", "at": "park", "load": series, **words})


def grid(price: Any = 400.0, connection: Any = 100.0, **words: Any) -> Grid:
    """A grid of 0.5 tCO2/MWh."""
    words = {"kind": "grid", "at": "park", "emission_factor": 0.5, **words}
    return Grid(connection=connection, import_price=price, **words)


def battery(**words: Any) -> Battery:
    """10 MW for 4 h."""
    return Battery(**{"kind": "battery", "at": "park", "power": 10.0, "hours": 4.0, **words})
