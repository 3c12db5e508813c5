"""What rooms show they can hold: nobody tells it, and the plant file's weather is not the day's.

A group of rooms rests where its thermostats are, and swings to both sides as far as its bands and
units allow. Where it took less in a quarter-hour than it was told, it is full where it stands;
where it took more, empty. Plans count on no more than that, and with every step on a little more
again, for weather changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image
from zeroplant.operate.outside import has_inflow
from zeroplant.operate.quarter import quarter_of
from zeroplant.waist import Flow, Network, Store, affine

OFF = 0.05
"""Part of its rating by which a group takes less or more than it is told where it cannot."""
REOPENS = 0.08
"""Part of its swing to one side by which a group is tried further in each quarter-hour."""

Swing = tuple[float, float]
"""Least and greatest level, in the store's unit."""


class Swings:
    """How far the stores of a network swing, as they showed it."""

    def __init__(self, network: Network) -> None:
        fillers = [(store, filler(store)) for store in network.stores]
        found = [(store, flow) for store, flow in fillers if flow is not None]
        self._stores = [store for store, _ in found]
        self._flows = [flow.name for _, flow in found]
        self._room = OFF * np.array([float(np.max(flow.cap.constant)) for _, flow in found])
        self._widest = np.array([_bounds(store) for store in self._stores]).reshape(-1, 2)
        self._shown = self._widest.copy()
        self._quarter: datetime | None = None
        self._sum, self._count = np.zeros(len(found)), 0

    def take_over(self, before: Swings) -> None:
        """Go on with what was found out of the same stores on the days before."""
        if self._flows == before._flows:
            self._shown = np.clip(before._shown, self._widest[:, :1], self._widest[:, 1:])
            self._quarter, self._sum, self._count = before._quarter, before._sum, before._count

    def add(self, image: Image, decision: Decision) -> None:
        """Count one cycle of a quarter-hour: by how much more each was told than it took."""
        if not self._stores:
            return
        quarter = quarter_of(image.at)
        if quarter != self._quarter:
            self._shown = self._found(image, decision)
            self._quarter, self._sum, self._count = quarter, np.zeros(len(self._stores)), 0
        places = [image.points.index[name] for name in self._flows]
        apart = decision.setpoints[places] - decision.known.value[places]
        self._sum += np.nan_to_num(apart)
        self._count += 1

    def at(self, image: Image, decision: Decision) -> dict[str, Swing]:
        """By store, what a plan of the next quarter-hour may count on in its first step."""
        shown = self._found(image, decision)
        narrow = np.flatnonzero((shown != self._widest).any(axis=1))
        return {self._stores[n].name: (float(shown[n, 0]), float(shown[n, 1])) for n in narrow}

    def _found(self, image: Image, decision: Decision) -> Floats:
        """Least and greatest levels after the running quarter-hour, (stores, 2)."""
        apart = self._sum / max(self._count, 1)
        places = [image.points.index[store.name] for store in self._stores]
        level = decision.known.value[places]
        step = -REOPENS * self._widest[:, 0]
        least = np.maximum(self._shown[:, 0] - step, self._widest[:, 0])
        most = np.minimum(self._shown[:, 1] + step, self._widest[:, 1])
        known = np.isfinite(level)
        most = np.where(known & (apart > self._room), np.maximum(level, 0.0), most)
        least = np.where(known & (apart < -self._room), np.minimum(level, 0.0), least)
        return np.stack([least, most], axis=1)


def filler(store: Store) -> Flow | None:
    """The one load that is set and keeps a store around its rest; None for other stores."""
    if not has_inflow(store) or store.drain or len(store.fill) != 1:
        return None
    (flow,) = store.fill
    least, most = _bounds(store)
    plain = flow.role == "load" and not (flow.cap.terms or flow.floor.terms)
    return flow if plain and least < 0.0 < most else None


def hold(network: Network, swings: Mapping[str, Swing], levels: Mapping[str, float]) -> None:
    """Let stores of a plan swing no further than they can, in place.

    Where one stands already it may stay.
    """
    axis = network.axis
    steps = np.arange(axis.stages) % axis.periods
    for store in network.stores:
        if store.name not in swings:
            continue
        (least, most), level = swings[store.name], levels.get(store.name, 0.0)
        floor, cap = axis.full(store.floor.constant), axis.full(store.cap.constant)
        further = -REOPENS * float(np.min(floor)) * steps
        store.floor = affine(np.maximum(floor, min(least, level) - further))
        store.cap = affine(np.minimum(cap, max(most, level) + further))


def _bounds(store: Store) -> Swing:
    return float(np.min(store.floor.constant)), float(np.max(store.cap.constant))
