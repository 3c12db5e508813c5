"""The plant: sites, nodes, assets, rules and money, read from a file and said at the waist."""

from zeroplant.plant.build import Built, build
from zeroplant.plant.load import Reading, load_plant, read_plant
from zeroplant.plant.merge import merged
from zeroplant.plant.model import json_schema
from zeroplant.plant.schema import Plant

__all__ = [
    "Built",
    "Plant",
    "Reading",
    "build",
    "json_schema",
    "load_plant",
    "merged",
    "read_plant",
]
