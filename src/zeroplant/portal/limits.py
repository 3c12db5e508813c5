"""What the plant's file and its chosen sizes let be set: the limits people are told beforehand.

The controller has the last word, with the limits of the moment; these are those of the plant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path

from zeroplant.operate.points import points_of
from zeroplant.waist import Network


@dataclass(frozen=True)
class Limit:
    """Between what values a point lies, in its unit; infinite where nothing says so."""

    least: float
    most: float
    unit: str
    settable: bool


@dataclass(frozen=True)
class Limits:
    """The limits of all flows by name, and those of the connections in MW of net export."""

    flows: Mapping[str, Limit]
    least_export: float
    most_export: float

    @property
    def settable(self) -> list[str]:
        """Flows that take orders, in the order of the plant's file."""
        return [name for name, limit in self.flows.items() if limit.settable]


def limits_of(network: Network, sizes: Mapping[str, float]) -> Limits:
    """The limits of a plant with sizes as they were chosen for its operation.

    A connection counts once each way, however many contracts share it: green power and other
    power come over the same wire. Those of several grids add up.
    """
    points = points_of(network, sizes)
    flows = {
        name: Limit(
            float(points.least[n]), float(points.most[n]), points.unit[n], bool(points.writable[n])
        )
        for n, name in enumerate(points.names[: points.flows])
    }
    return Limits(flows, -_connected(network, flows, "import"),
                  _connected(network, flows, "export"))  # fmt: skip


def _connected(network: Network, flows: Mapping[str, Limit], role: str) -> float:
    """What all connections let through one way, MW."""
    ways: dict[str, float] = {}
    for flow in network.flows:
        if flow.role == role and flow.name in flows:
            ways[flow.who] = max(ways.get(flow.who, 0.0), flows[flow.name].most)
    return sum(ways.values())


def chosen_sizes(folder: Path) -> dict[str, float]:
    """The sizes the running plant stands with, from its folder; empty where none are kept."""
    try:
        sizes = json.loads((folder / "sizes.json").read_bytes())["sizes"]
        return {str(name): float(value) for name, value in sizes.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def share_of_connection(limits: Limits, share: float) -> float:
    """MW that are a share of the connection's larger way; 0 where its size is not known."""
    most = max(limits.most_export, -limits.least_export)
    return share * most if most < inf else 0.0
