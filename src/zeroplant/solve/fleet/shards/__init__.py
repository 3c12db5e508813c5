"""A fleet in parts that may lie on several machines: only prices and totals pass between them."""

from zeroplant.solve.fleet.shards.coordinate import Together, coordinate_shards, schedule_shards
from zeroplant.solve.fleet.shards.here import Here
from zeroplant.solve.fleet.shards.protocol import LostError, Shards, Source

__all__ = [
    "Here",
    "LostError",
    "Shards",
    "Source",
    "Together",
    "coordinate_shards",
    "schedule_shards",
]
