"""What thermal machines and stores say of themselves beside heat, cold and level.

Power taken, state and alarm are the twin's own. Temperatures are what follows from it: a machine
holds its supply temperature while it runs, and its water comes back ``SPREAD`` cooler (of a
chiller, warmer) at the rating, less at part load, as with a constant flow; at rest both are that of
the net at the rating. The top of a tank is at its hot temperature and the bottom at its cold one,
until the layer between them comes there. Where the plant file states no temperature, none is said.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zeroplant.assets.boiler import Boiler
from zeroplant.assets.chiller import Chiller
from zeroplant.assets.heat_pump import HeatPump
from zeroplant.assets.thermal_store import ThermalStore
from zeroplant.axis import Floats
from zeroplant.twin.kinds.heat_pumps import HeatPumps
from zeroplant.twin.kinds.places import outdoor_air
from zeroplant.twin.kinds.thermal_stores import LAYER
from zeroplant.twin.plant import Twin

Machine = HeatPump | Boiler | Chiller
SPREAD: Mapping[type, float] = {HeatPump: 10.0, Boiler: 20.0, Chiller: -6.0}
"""Kelvins at the rating between the water that leaves and the water that comes back."""
READY, STARTS, RUNS, STAYS_OFF, OUT = 1, 2, 3, 4, 5
"""States of a machine."""
RESTS, LOADED, UNLOADED = 1, 2, 3
"""States of a store; what is out of service is as of a machine."""
STANDS_STILL = 1
"""Number of the alarm of what is out of service."""
IDLE = 1e-3
"""Part of the rating below which nothing runs."""


class Thermal:
    """Readings of a twin's thermal assets; `values` by point name."""

    def __init__(self, twin: Twin) -> None:
        assets = twin.standing.plant.assets
        self._machines = [_Machine(twin, name, asset) for name, asset in assets.items()
                          if isinstance(asset, Machine)]  # fmt: skip
        self._stores = [_Store(twin, name, asset) for name, asset in assets.items()
                        if isinstance(asset, ThermalStore)]  # fmt: skip
        self._pumps = next((kind for kind in twin.kinds if isinstance(kind, HeatPumps)), None)

    def values(self, twin: Twin) -> dict[str, float]:
        """What they say now."""
        waits = {} if self._pumps is None else self._pumps.waits()
        found: dict[str, float] = {}
        for machine in self._machines:
            found |= machine.says(twin, waits.get(machine.name, ""))
        for store in self._stores:
            found |= store.says(twin)
        return found


class _Machine:
    def __init__(self, twin: Twin, name: str, asset: Machine) -> None:
        network, entries = twin.physics.network, twin.physics.nodes
        word = "cold output" if isinstance(asset, Chiller) else "heat output"
        flow = network.flow_named(f"{name}.{word}")
        drawn = asset.from_ if isinstance(asset, Boiler) else asset.at
        node = next(each.index for each in network.nodes if each.name == drawn)
        self.name, self._flow, self._spread = name, flow.index, SPREAD[type(asset)]
        self._entry = np.flatnonzero((entries.flow == flow.index) & (entries.into == node))
        self._rating = float(twin.physics.most[:, flow.index].max())
        self._supply, self._source = _temperatures(twin, name, asset)

    def says(self, twin: Twin, waits: str) -> dict[str, float]:
        state, name = twin.state, self.name
        heat, out = float(state.x[self._flow]), bool(twin.away[self._flow])
        runs = heat > IDLE * self._rating
        now = RUNS if runs else {"starts": STARTS, "stays off": STAYS_OFF}.get(waits, READY)
        target = float(self._supply[max(state.stage, 0)])
        returns = target - self._spread * (heat / self._rating if runs else 1.0)
        return {
            f"{name}.power": -float(state.node_rate[self._entry].sum()) * heat,
            f"{name}.supply_temperature": target if runs else returns,
            f"{name}.return_temperature": returns,
            f"{name}.supply_target": target,
            f"{name}.source_temperature": float(self._source[max(state.stage, 0)]),
            f"{name}.state": float(OUT if out else now),
            f"{name}.alarm": float(STANDS_STILL if out else 0),
        }


class _Store:
    def __init__(self, twin: Twin, name: str, asset: ThermalStore) -> None:
        network = twin.physics.network
        self._name = name
        self._loading, self._unloading = (
            network.flow_named(f"{name}.{word}").index for word in ("loading", "unloading")
        )
        self._level = network.store_named(f"{name}.level").index
        self._rating = float(twin.physics.most[:, self._loading].max())
        carriers = {node.name: node.carrier for node in network.nodes}
        self._ends = asset.cold, asset.hot
        if carriers[asset.at] == "chilled water":  # what it holds is cold, and fills it from below
            self._ends = asset.hot, asset.cold

    def says(self, twin: Twin) -> dict[str, float]:
        state, name = twin.state, self._name
        cap, (empty, full) = float(state.cap[self._level]), self._ends
        filled = min(max(float(state.level[self._level]) / cap, 0.0), 1.0) if cap > 0.0 else 0.0
        near = empty + (full - empty) * min(filled / LAYER, 1.0)
        far = empty + (full - empty) * max(1.0 - (1.0 - filled) / LAYER, 0.0)
        top, bottom = max(near, far), min(near, far)
        loads = float(state.x[self._loading] - state.x[self._unloading])
        now = RESTS
        if abs(loads) > IDLE * self._rating:
            now = LOADED if loads > 0.0 else UNLOADED
        out = bool(twin.away[self._loading])
        return {
            f"{name}.top_temperature": top, f"{name}.bottom_temperature": bottom,
            f"{name}.state": float(OUT if out else now),
            f"{name}.alarm": float(STANDS_STILL if out else 0),
        }  # fmt: skip


def _temperatures(twin: Twin, name: str, asset: Machine) -> tuple[Floats, Floats]:
    """Supply temperature, and that of what a heat pump lifts from, (stages,); nan where unknown."""
    axis = twin.physics.network.axis
    unknown = np.full(axis.stages, np.nan)
    if isinstance(asset, Chiller):
        return np.full(axis.stages, asset.supply), unknown
    if isinstance(asset, Boiler) or asset.supply is None:
        return unknown, unknown
    source = outdoor_air(twin.standing, [name])[:, 0]
    if asset.source is not None:
        source = np.asarray(asset.source.on(axis))
    return np.asarray(asset.supply.on(axis)), source
