"""Wind farms in a storm: turbines stop at the cut-out speed, and start again well below it.

A power curve says nothing of what was before. Turbines that cut out at 25 m/s come back when the
wind has fallen by ``BACK`` (3…5 m/s are set in practice), so that a farm stands still for longer
than its curve says. Where output was measured, the storms are in the measurement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.assets.wind import Wind
from zeroplant.axis import Floats
from zeroplant.operate.standing import Standing
from zeroplant.plant.places import site_of
from zeroplant.twin.kinds.places import flow_places
from zeroplant.twin.physics import Physics
from zeroplant.twin.state import State
from zeroplant.weather.turbines import power_curve
from zeroplant.weather.wind import hub_speed

Stands = NDArray[np.bool_]

BACK = 3.0
"""m/s below the cut-out speed at which turbines start again."""


class WindFarms:
    """All wind farms of a plant."""

    def __init__(
        self, standing: Standing, names: Sequence[str], physics: Physics, state: State, seed: int
    ) -> None:
        self._names, self._flow = list(names), flow_places(standing.network, names, "output")
        self._stands = np.stack([_stands(standing, name) for name in names], axis=1)
        self._hours = np.zeros(len(names))

    def bound(self, state: State) -> None:
        """What stands still could give nothing."""
        stands = self._stands[state.stage]
        if stands.any():
            state.most[self._flow[stands]] = 0.0
            self._hours[stands] += state.hours

    def settle(self, state: State) -> None:
        """All is said before the step."""

    def figures(self) -> Mapping[str, Any]:
        """Hours in which storms stopped a farm, if there were any."""
        pairs = zip(self._names, self._hours.tolist(), strict=True)
        return {f"{name}: hours stopped by storm": hours for name, hours in pairs if hours}


def _stands(standing: Standing, name: str) -> Stands:
    """In which periods a farm stands still in a storm or after it, (stages,)."""
    asset, plant, stages = standing.plant.assets[name], standing.plant, standing.network.axis.stages
    assert isinstance(asset, Wind)
    if not asset.needs_weather:
        return np.zeros(stages, bool)
    weather = site_of(plant, asset.site or next(iter(plant.sites))).weather
    speed = hub_speed(weather.wind_speed, weather.wind_height, asset.hub_height, asset.shear)
    return stopped(speed, power_curve(asset.turbine).speed[-1])[-stages:]


def stopped(speed: Floats, cut_out: float) -> Stands:
    """When turbines stand still: beyond the cut-out speed, and until the wind is ``BACK`` below."""
    told = np.where(speed > cut_out, 1, np.where(speed < cut_out - BACK, 0, -1))
    last = np.maximum.accumulate(np.where(told >= 0, np.arange(len(speed)), -1))
    return np.asarray((last >= 0) & (told[np.maximum(last, 0)] == 1))
