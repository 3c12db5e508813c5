"""Where the flows, stores and coefficients of many assets of one kind stand in the arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.standing import Standing
from zeroplant.plant.places import site_of
from zeroplant.twin.physics import Entries
from zeroplant.waist.network import Network

INDOORS = 20.0
"""Temperature around devices of a plant without any site, °C."""


def flow_places(network: Network, names: Sequence[str], word: str) -> Ints:
    """The flow ``word`` of each asset."""
    return np.array([network.flow_named(f"{name}.{word}").index for name in names], np.int64)


def store_places(network: Network, names: Sequence[str], word: str) -> Ints:
    """The store ``word`` of each asset."""
    return np.array([network.store_named(f"{name}.{word}").index for name in names], np.int64)


def entry_places(entries: Entries, flows: Ints, into: Ints) -> Ints:
    """Where the coefficient of each flow in its store or node stands."""
    at = {pair: place for place, pair in enumerate(zip(entries.flow, entries.into, strict=True))}
    return np.array([at[pair] for pair in zip(flows, into, strict=True)], np.int64)


def outdoor_air(standing: Standing, names: Sequence[str]) -> Floats:
    """Outdoor air at each asset, °C, (stages, assets): of its site, or of the plant's first."""
    plant, axis = standing.plant, standing.network.axis
    found = np.full((axis.stages, len(names)), INDOORS)
    # The truth is the last part of a longer span.
    first = plant.axis.periods - axis.periods
    for column, name in enumerate(names):
        place = getattr(plant.assets[name], "site", None) or next(iter(plant.sites), None)
        if place is not None:
            found[:, column] = site_of(plant, place).weather.temp_air[first:]
    return found


def nodes_of(network: Network, names: Sequence[str]) -> Ints:
    """Nodes by name."""
    at = {node.name: node.index for node in network.nodes}
    return np.array([at[name] for name in names], np.int64)
