"""Plant files of a yard: one node of electricity behind a grid connection, over four days."""

from __future__ import annotations


def yard(name: str, connection: str, assets: str) -> str:
    """The text of a plant file; ``assets`` are what stands there beside the grid, indented."""
    return f"""\
zeroplant: 1
name: {name}
time: {{start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 96}}
nodes: {{yard: {{carrier: electricity}}}}
assets:
  grid: {{kind: grid, at: yard, connection: {connection}, import_price: 0.5 CNY/kWh,
         emission_factor: 0.5 tCO2/MWh}}
{assets}"""
