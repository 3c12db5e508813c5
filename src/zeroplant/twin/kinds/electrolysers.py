"""Electrolysers: consumption by load and temperature, warm-up, cooling down, least load of a set.

An electrolyser stands for equal sets of ``SET`` MW. All share the load, down to ``SPREAD`` of it
each; below that they stop one by one, and what is too little for the last one is not taken.

**Consumption.** Cells need less voltage at less current, pumps and gas cleaning always the same:
per unit of that at the rating it is ``(1 − AUXILIARY)·(1 − SLOPE·(1 − u)) + AUXILIARY/u`` at the
load u of a set, 0.95 at half and 0.96 at a fifth. Cold cells need up to ``COLDER`` more. Never is
there more hydrogen than its higher heating value and the heat that is recovered leave room for.
An asset with a curve of its own (``part_load``) keeps to that.

**Temperature** goes from 0 (cold) to 1 (at work): sets that run warm up within the time a cold
start takes, those that do not cool down by e in ``COOLS`` hours. Warm-up ends at 0.7; colder sets
take less, at 0.2 and below a tenth: what heats them (domain page, section 2h: cold start of
alkaline sets 30…60 min).
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.twin.kinds.places import flow_places, nodes_of
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State
from zeroplant.units.fuels import HYDROGEN_HHV

SET, SPREAD = 5.0, 0.25
"""MW of a set (what is built most), and the load each keeps at least while several run."""
AUXILIARY, SLOPE = 0.02, 0.15
"""Parts of the consumption at the rating: of what always runs, and what voltage falls by."""
COLDER = 0.15
START = {"alkaline": 0.75, "pem": 0.1}
COOLS = 8.0
"""Hours of a cold start where the asset says none, and of cooling down."""
COLD, WARM, HEATING = 0.2, 0.7, 0.1
"""Temperatures between which what a set can take grows, from this part of its rating to all."""

RATING, LEAST, ALONE, STARTS, BEST, TOP = range(6)
"""Columns of what one is made as: MW, least power of a set [MW], 1 if it is a single set, hours of
a cold start, most hydrogen per MW, greatest load."""
WARMTH, ELECTRIC, MADE = range(3)
"""Columns of how it is: temperature 0…1, MWh and kg (or the node's unit) so far."""


class Electrolysers:
    """All electrolysers of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        self._names, self._series = list(names), physics.nodes.series
        self._flow = flow_places(network, names, "electrolysis")
        assets = [standing.plant.assets[name] for name in names]
        self._made = np.array([
            _made(asset, float(physics.most[:, flow].max()))
            for asset, flow in zip(assets, self._flow, strict=True)
        ])  # fmt: skip
        at = nodes_of(network, [str(getattr(asset, "at", "")) for asset in assets])
        # Hydrogen it gives and water it takes go together; what it takes from its node does not.
        entries = physics.nodes
        mine = [np.flatnonzero((entries.flow == flow) & (entries.into != node))
                for flow, node in zip(self._flow, at, strict=True)]  # fmt: skip
        self._owner = np.repeat(np.arange(len(names)), [len(each) for each in mine])
        self._entry = np.concatenate([*mine, np.zeros(0, np.int64)])
        self._is = np.zeros((len(names), 3))
        self._is[:, WARMTH] = 1.0

    def bound(self, state: State) -> None:
        """What the sets can take now, and what comes of it."""
        before(
            state.hours, self._made, self._is, self._flow, self._owner, self._entry,
            self._series[state.stage], state.x, state.goal, state.most, state.node_rate,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """Count electricity and hydrogen."""
        power = state.x[self._flow] * state.hours
        self._is[:, ELECTRIC] += power
        gives = np.maximum(state.node_rate[self._entry], 0.0)
        np.add.at(self._is[:, MADE], self._owner, gives * power[self._owner])

    @property
    def temperature(self) -> Floats:
        """How warm the sets are, from 0 (cold) to 1; may be set."""
        return self._is[:, WARMTH]

    def figures(self) -> Mapping[str, Any]:
        """What a kilogram of hydrogen took, where it is told by the flow."""
        found: dict[str, Any] = {}
        for name, now in zip(self._names, self._is, strict=True):
            if now[MADE] > 0.0:
                found[f"{name}: kWh/kg"] = float(1000.0 * now[ELECTRIC] / now[MADE])
            found[f"{name}: warmth"] = float(now[WARMTH])
        return found


def _made(asset: object, most: float) -> list[float]:
    assert isinstance(asset, Electrolyser)
    least, top = asset.loads
    rating = most / top
    sets = max(np.rint(rating / SET), 1.0)
    room = 1.0 if asset.heat is None else 1.0 - asset.heat_share
    start = asset.start_time or START[asset.technology]
    return [rating, least * rating / sets, float(sets == 1.0), start, room / HYDROGEN_HHV, top]


@njit(cache=True, nogil=True, error_model="numpy")
def before(
    hours: float, made: Floats, now: Floats, flow: Ints, owner: Ints, entry: Ints, series: Floats,
    x: Floats, goal: Floats, most: Floats, node_rate: Floats,
) -> None:  # fmt: skip
    """Temperature, what may be taken, and what comes of it."""
    for e in range(len(made)):
        rating, f = made[e, RATING], flow[e]
        if rating <= 0.0:
            continue
        now[e, WARMTH] = warmth(
            hours, now[e, WARMTH], made[e, STARTS], x[f] / rating, made[e, ALONE]
        )
        able = min(max((now[e, WARMTH] - COLD) / (WARM - COLD), HEATING), 1.0)
        most[f] = min(most[f], rating * made[e, TOP] * able)
        goal[f] = max(goal[f], made[e, LEAST]) if goal[f] > 0.5 * made[e, LEAST] else 0.0
    for place in range(len(entry)):
        e = owner[place]
        rating = made[e, RATING]
        if rating <= 0.0:
            continue
        least = made[e, LEAST] / rating if made[e, ALONE] else SPREAD
        more = consumption(max(x[flow[e]] / rating, least), now[e, WARMTH])
        rate = series[entry[place]] / more
        node_rate[entry[place]] = min(rate, made[e, BEST]) if rate > 0.0 else rate


@njit(cache=True, nogil=True)
def consumption(load: float, warm: float) -> float:
    """Electricity for the same hydrogen, per unit of that at the rating and at work."""
    cells = (1.0 - AUXILIARY) * (1.0 - SLOPE * (1.0 - load))
    return (cells + AUXILIARY / load) * (1.0 + COLDER * (1.0 - warm))


@njit(cache=True, nogil=True)
def warmth(hours: float, warm: float, starts: float, load: float, alone: float) -> float:
    """Temperature after a step: sets that run warm up, the others cool down."""
    running = min(load / SPREAD, 1.0) if alone < 0.5 else (1.0 if load > 0.0 else 0.0)
    if running > warm:
        return min(warm + hours / starts, running)
    return warm - (warm - running) * hours / COOLS
