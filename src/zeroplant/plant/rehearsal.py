"""A plant said at the waist without its weather: finds what only then can be found, quickly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from zeroplant.assets import Asset
from zeroplant.assets.grid import Grid
from zeroplant.errors import Problem
from zeroplant.plant.build import Built, build
from zeroplant.plant.schema import Plant
from zeroplant.series import Constant
from zeroplant.waist import Node
from zeroplant.weather.site import Site, Weather

MILD = (400.0, 300.0, 200.0, 18.0, 6.0, 101_325.0)
"""Weather in which nothing fails: irradiance (global, direct, diffuse), warmth, wind, pressure."""


def rehearse(plant: Plant) -> Built:
    """Build the plant as if all that depends on weather were always fully available.

    Raises InputError as `build` does. No weather is generated, and none of its libraries loaded.
    """
    assets = {name: _in_fine_weather(asset) for name, asset in plant.assets.items()}
    return build(plant.model_copy(update={"assets": assets}), _in_mild_weather)


def _in_mild_weather(plant: Plant, name: str) -> Site:
    """A site of the plant on a mild day that never ends, for kinds that must have some weather."""
    place, axis = plant.sites[name], plant.axis
    ghi, dni, dhi, warmth, wind, pressure = (np.full(axis.stages, value) for value in MILD)
    fair = Weather(ghi, dni, dhi, warmth, wind, pressure)
    where = (place.latitude or 30.0, place.longitude or 110.0, place.altitude or 0.0)
    return Site(name, *where, axis.zone, axis, fair)


def place_of(where: str) -> tuple[str | int, ...]:
    """The place in the file of a problem that `build` names, such as ``rules[0]``."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", where)
    return tuple(int(number) if number else name for number, name in found)


def notes_on(plant: Plant, built: Built) -> Iterator[tuple[tuple[str | int, ...], Problem]]:
    """What is allowed but hardly meant: parts nobody uses, nodes nobody feeds, energy burnt."""
    used = {plant.site_name(asset) for asset in plant.assets.values() if asset.needs_weather}
    for name in plant.sites:
        if name not in used:
            yield ("sites", name), Problem("no asset uses the weather of this site")
    for node in built.network.nodes:
        if node.name in plant.nodes:
            problem = _idle(node, built)
            if problem is not None:
                yield ("nodes", node.name), problem

    yield from _burning(plant, built)


def _burning(plant: Plant, built: Built) -> Iterator[tuple[tuple[str | int, ...], Problem]]:
    """Storage and vehicles that may charge and discharge at once, where losses are paid for."""
    paid = np.zeros(plant.axis.stages, dtype=bool)
    for grid in plant.assets.values():
        if isinstance(grid, Grid):
            paid |= grid.import_price.on(plant.axis) + grid.levies < 0
    if not paid.any():
        return
    roles: dict[str, set[str]] = {}
    for flow in built.network.flows:
        if any(node.carrier == "electricity" for node in (*flow.give, *flow.take)):
            roles.setdefault(flow.who, set()).add(flow.role)
    for name, asset in plant.assets.items():
        both = roles.get(name, set())
        if "discharge" not in both or not both & {"charge", "load"}:
            continue
        what = (
            f"imported energy costs less than nothing in {np.count_nonzero(paid)} periods, in "
            "which the plan may burn energy by charging and discharging at once"
        )
        if "one_direction" not in type(asset).model_fields:
            yield ("assets", name), Problem(what)
        elif not getattr(asset, "one_direction"):  # noqa: B009  # not every kind has it
            yield (
                ("assets", name),
                Problem(f"{what}; one_direction: true forbids it (a slower plan)"),
            )


def _idle(node: Node, built: Built) -> Problem | None:
    flows = built.network.flows
    fed = any(node in flow.give and flow.role != "unserved" for flow in flows)
    drawn = any(node in flow.take for flow in flows)
    if not fed and not drawn:
        return Problem("no asset is connected to this node")
    if not fed:
        return Problem("nothing feeds this node, so all that is drawn from it will be unserved")
    return None


def _in_fine_weather(asset: Asset) -> Asset:
    if asset.needs_weather and "availability" in type(asset).model_fields:
        return asset.model_copy(update={"availability": Constant(1.0)})
    return asset
