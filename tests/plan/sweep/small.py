"""A plant of two days to sweep, and points of a sweep made by hand."""

from __future__ import annotations

from typing import Any

from zeroplant.plan.sweep import Parameter, Point, Sweep

PLANT = """\
zeroplant: 1
name: sweep me
time: {start: 2025-01-01, periods: 48}
nodes: {park: {}}
assets:
  works: {kind: demand, at: park, load: 10 MW, unserved: 20 CNY/kWh}
  wind: {kind: wind, at: park, power: {max: 60 MW}, availability: 50 %, capex: 5000 CNY/kW}
  grid:
    kind: grid
    at: park
    connection: 30 MW
    import_price: 0.40 CNY/kWh
    emission_factor: 0.5 tCO2/MWh
rules:
  - pack: cn-direct-connection-650
finance: {years: 20}
"""


def point(number: int, cost: float | None, emissions: float, **words: Any) -> Point:
    """A plan by its two figures."""
    measures = {"cost": cost, "emissions": emissions}
    words = {"changes": {"k": str(number)}, "status": "optimal", "currency": "CNY", **words}
    return Point(number, measures=measures, **words)


def swept(*points: Point) -> Sweep:
    """A sweep of such plans over one entry."""
    values = tuple(each.changes["k"] for each in points)
    return Sweep("made by hand", [Parameter("k", values)], list(points))
