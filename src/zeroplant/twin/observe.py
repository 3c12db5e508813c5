"""What the controller's side learns from its own readings: means of quarter-hours, by outside key.

What a flow could give and what a load takes is read as it is. What a river brings is no reading:
it is what the level's rise and the releases leave. Values that were not heard are left out, and a
quarter-hour of which less than half was heard says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.image import Codes
from zeroplant.operate.outside import Outside, series
from zeroplant.operate.points import Points, possible_of
from zeroplant.twin.physics import Physics, physics_of
from zeroplant.waist.network import Network

HEARD = 0.5


class Observer:
    """Sums up readings; `close` ends a period and says what was observed in it."""

    def __init__(
        self,
        network: Network,
        sizes: Mapping[str, float],
        points: Points,
        outside: Mapping[str, Outside],
    ) -> None:
        self._network, self._points = network, points
        self._physics: Physics = physics_of(network, sizes)
        flows = {flow.name: flow.index for flow in network.flows}
        stores = {store.name: store.index for store in network.stores}
        self._direct = {
            key: points.index[possible_of(key) if each.kind == "possible" else key]
            for key, each in outside.items()
            if each.kind in ("possible", "load")
        }
        self._inflows = {key: stores[key] for key, each in outside.items() if each.kind == "inflow"}
        self._prices = {
            key: series(network, key) for key, each in outside.items() if each.kind == "price"
        }
        self._flow_point = np.array(
            [points.index.get(flow.name, -1) for flow in network.flows], np.int64
        )
        self._level_point = {store: points.index[key] for key, store in stores.items()}
        self._sum, self._count = np.zeros(len(points)), np.zeros(len(points))
        self._steps = 0
        self._before: Floats | None = None
        self._last = np.full(len(points), np.nan)
        assert len(flows) == len(network.flows)

    def add(self, value: Floats, quality: Codes) -> None:
        """Count one image."""
        good = (quality < 2) & np.isfinite(value)
        self._sum[good] += value[good]
        self._count[good] += 1.0
        self._last[good] = value[good]
        self._steps += 1
        if self._before is None:
            self._before = self._last.copy()

    def latest(self) -> dict[str, float]:
        """What each power from outside was when last heard, by key; nan if never."""
        return {key: float(self._last[place]) for key, place in self._direct.items()}

    def close(self, stage: int) -> tuple[dict[str, float], dict[str, float]]:
        """What was observed in the period ``stage``: outside keys, and the mean of every flow."""
        enough = self._count > HEARD * max(self._steps, 1)
        mean = np.divide(self._sum, self._count, out=np.full(len(self._sum), np.nan), where=enough)
        found = {key: float(mean[place]) for key, place in self._direct.items()}
        found |= {key: float(values[stage]) for key, values in self._prices.items()}
        found |= {key: self._came(store, stage, mean) for key, store in self._inflows.items()}
        flows = {
            flow.name: float(mean[self._flow_point[flow.index]])
            for flow in self._network.flows
            if self._flow_point[flow.index] >= 0
        }
        self._sum[:], self._count[:], self._steps = 0.0, 0.0, 0
        self._before = self._last.copy()
        return {k: v for k, v in found.items() if np.isfinite(v)}, flows

    def _came(self, store: int, stage: int, mean: Floats) -> float:
        """Inflow per hour: what the level's rise and the releases leave."""
        assert self._before is not None
        physics, hours = self._physics, self._network.axis.hours
        place = self._level_point[store]
        kept = physics.keep[stage, store] * self._before[place]
        rise = (self._last[place] - kept) / hours
        entries = np.flatnonzero(physics.stores.into == store)
        points = self._flow_point[physics.stores.flow[entries]]
        rates = physics.stores.series[stage, entries]
        known = points >= 0
        return float(rise - rates[known] @ mean[points[known]])
