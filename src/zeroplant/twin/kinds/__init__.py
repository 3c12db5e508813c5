"""Finer physics, one file per asset kind; `kinds_for` finds those a plant has.

A file here holds a class with the methods of `twin.plant.Kind`; assets of kinds that are not in
``FINER`` behave as the waist says them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zeroplant.operate.standing import Standing
    from zeroplant.twin.physics import Physics
    from zeroplant.twin.plant import Kind
    from zeroplant.twin.state import State

    Make = Callable[[Standing, str, Physics, State, int], Kind]


def makers() -> dict[str, Make]:
    """By asset kind, what makes its finer physics: (standing, asset, physics, state, seed)."""
    from zeroplant.twin.kinds.homes import Homes
    from zeroplant.twin.kinds.navigation import Navigation
    from zeroplant.twin.kinds.swap import Swap

    return {"home_fleet": Homes, "navigation_complex": Navigation, "swap_station": Swap}


def kinds_for(standing: Standing, physics: Physics, state: State, seed: int) -> list[Kind]:
    """The finer physics of all assets of a plant that have one."""
    known = makers()
    return [
        known[kind](standing, name, physics, state, seed + number)
        for number, (name, asset) in enumerate(standing.plant.assets.items())
        if (kind := str(getattr(asset, "kind", ""))) in known
    ]
