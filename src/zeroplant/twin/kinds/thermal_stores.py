"""Tanks of water: heat through the walls by the temperature inside, and a blurred layer.

**Walls.** Where ``tank_loss`` is given, a tank loses U·A times the difference of its mean
temperature to the air, also when little is in it: its cold part is warmer than the air as well.
The plan's loss is in proportion to the level; both agree when it is full.

**Layer.** Between hot and cold lies a layer, ``LAYER`` of the height. As it comes to the outlet
the water is less hot, and the power that can be had falls with what is left; the same holds near
full. Salt and steam stand in tanks of their own and have no layer.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zeroplant.assets.thermal_store import ThermalStore
from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.standing import Standing
from zeroplant.thermal.tank import energy_per_volume
from zeroplant.twin.kinds.places import flow_places, outdoor_air, store_places
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State

LAYER = 0.08
"""Part of the height that the layer takes up; well-built tanks 0.05…0.15."""
LAYERED = ("hot water", "chilled water", "heat")

POWER, ENERGY, BLURS, STANDS, MOVES = range(5)
"""Columns of what a tank is made as: MW, MWh, part of the height of its layer, MW through its
walls per kelvin, MW more through them when it is full than when it is empty."""
LOST = 0
"""Column of how it is: MWh through the walls so far."""


class ThermalStores:
    """All thermal stores of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        network = standing.network
        self._names = list(names)
        self._loading = flow_places(network, names, "loading")
        self._unloading = flow_places(network, names, "unloading")
        self._store = store_places(network, names, "level")
        carriers = {node.name: node.carrier for node in network.nodes}
        assets = [standing.plant.assets[name] for name in names]
        self._made = np.array([
            _made(asset, carriers, float(physics.most[:, flow].max()), float(physics.cap[0, store]))
            for asset, flow, store in zip(assets, self._loading, self._store, strict=True)
        ])  # fmt: skip
        self._drop = _drop(standing, names, carriers)
        self._is = np.zeros((len(names), 1))
        self._inflow = physics.inflow

    def bound(self, state: State) -> None:
        """Heat through the walls, and the powers that the layer leaves."""
        hold(
            state.hours, self._made, self._is, self._loading, self._unloading, self._store,
            self._drop[state.stage], self._inflow[state.stage], state.level, state.most,
            state.keep, state.inflow,
        )  # fmt: skip

    def settle(self, state: State) -> None:
        """All is said before the step."""

    @property
    def lost(self) -> Floats:
        """Heat (or cold) through the walls of tanks with a ``tank_loss`` so far, MWh."""
        return self._is[:, LOST].copy()

    def figures(self) -> Mapping[str, Any]:
        """What went through the walls."""
        return {
            f"{name}: lost through its walls MWh": float(lost)
            for name, made, lost in zip(self._names, self._made, self.lost, strict=True)
            if made[STANDS] > 0.0
        }


def _made(asset: object, carriers: Mapping[str, str], power: float, energy: float) -> list[float]:
    assert isinstance(asset, ThermalStore)
    layer = LAYER if carriers[asset.at] in LAYERED else 0.0
    if asset.tank_loss is None:
        return [power, energy, layer, 0.0, 0.0]
    # W/(m³·K) over kWh/m³ gives the walls of this energy.
    walls = asset.tank_loss * 1e-6 * energy / energy_per_volume(asset.hot, asset.cold)
    return [power, energy, layer, walls, walls * (asset.hot - asset.cold)]


def _drop(standing: Standing, names: Sequence[str], carriers: Mapping[str, str]) -> Floats:
    """Kelvins between an empty tank and what is around it, (stages, tanks); not below nothing."""
    air, axis = outdoor_air(standing, names), standing.network.axis
    found = np.zeros_like(air)
    for column, name in enumerate(names):
        asset = standing.plant.assets[name]
        assert isinstance(asset, ThermalStore)
        around = air[:, column] if asset.around is None else asset.around.on(axis)
        chilled = carriers[asset.at] == "chilled water"
        found[:, column] = around - asset.hot if chilled else asset.cold - around
    return np.maximum(found, 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def hold(
    hours: float, made: Floats, now: Floats, loading: Ints, unloading: Ints, store: Ints,
    drop: Floats, inflow: Floats, level: Floats, most: Floats, keep: Floats, flows_in: Floats,
) -> None:  # fmt: skip
    """What goes through the walls in this step, and what may go in and out."""
    for t in range(len(made)):
        energy, s = made[t, ENERGY], store[t]
        if energy <= 0.0:
            continue
        filled = min(max(level[s] / energy, 0.0), 1.0)
        if made[t, STANDS] > 0.0:
            keep[s] = np.exp(-made[t, MOVES] / energy * hours)
            left = keep[s] * level[s]
            stands = min(made[t, STANDS] * drop[t] * hours, left)
            flows_in[s] = inflow[s] - stands / hours
            now[t, LOST] += level[s] - left + stands
        if made[t, BLURS] > 0.0:
            most[unloading[t]] = min(most[unloading[t]], made[t, POWER] * filled / made[t, BLURS])
            room = (1.0 - filled) / made[t, BLURS]
            most[loading[t]] = min(most[loading[t]], made[t, POWER] * room)
