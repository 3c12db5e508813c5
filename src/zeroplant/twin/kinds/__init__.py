"""Finer physics, one file per asset kind; `kinds_for` finds those a plant has.

A file here holds a class with the methods of `twin.plant.Kind`. Some hold one asset each
(`makers`); others hold all assets of a kind together, as arrays
(`joint_makers`). Most of these bend what the waist says of them; those in `RULED` keep all rules
themselves. Other kinds behave as the waist says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zeroplant.operate.standing import Standing
    from zeroplant.twin.physics import Physics
    from zeroplant.twin.plant import Kind
    from zeroplant.twin.state import State

    Make = Callable[[Standing, str, Physics, State, int], Kind]
    MakeJoint = Callable[[Standing, Sequence[str], Physics, State, int], Kind]


def makers() -> dict[str, Make]:
    """By asset kind, what makes its finer physics: (standing, asset, physics, state, seed)."""
    from zeroplant.twin.kinds.homes import Homes
    from zeroplant.twin.kinds.navigation import Navigation
    from zeroplant.twin.kinds.swap import Swap

    return {"home_fleet": Homes, "navigation_complex": Navigation, "swap_station": Swap}


def joint_makers() -> dict[str, MakeJoint]:
    """By asset kind, what makes the finer physics of all its assets together."""
    from zeroplant.twin.kinds.batteries import Batteries
    from zeroplant.twin.kinds.electrolysers import Electrolysers
    from zeroplant.twin.kinds.heat_pumps import HeatPumps
    from zeroplant.twin.kinds.pumped_storages import PumpedStorages
    from zeroplant.twin.kinds.rivers import Rivers
    from zeroplant.twin.kinds.thermal_stores import ThermalStores
    from zeroplant.twin.kinds.wind_farms import WindFarms

    return {
        "battery": Batteries,
        "electrolyser": Electrolysers,
        "heat_pump": HeatPumps,
        "hydro_reservoir": Rivers,
        "pumped_storage": PumpedStorages,
        "run_of_river": Rivers,
        "thermal_store": ThermalStores,
        "wind": WindFarms,
    }


RULED = {"home_fleet", "hydro_reservoir", "navigation_complex", "run_of_river", "swap_station"}
"""Kinds that keep the rules of their assets by themselves: none of them is a cap beside."""


def kinds_for(standing: Standing, physics: Physics, state: State, seed: int) -> list[Kind]:
    """The finer physics of all assets of a plant that have one."""
    known, joint = makers(), joint_makers()
    together: dict[str, list[str]] = {}
    found = []
    for number, (name, asset) in enumerate(standing.plant.assets.items()):
        kind = str(getattr(asset, "kind", ""))
        if kind in known:
            found.append(known[kind](standing, name, physics, state, seed + number))
        elif kind in joint:
            together.setdefault(kind, []).append(name)
    found += [joint[kind](standing, names, physics, state, seed)
              for kind, names in together.items()]  # fmt: skip
    return found
