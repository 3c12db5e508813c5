"""Another draw of the same climate: every seed of weather, rivers and loads moved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from zeroplant.plant import Plant
from zeroplant.series.generated import Generated


def shifted(plant: Plant, by: int) -> Plant:
    """The plant with other weather and loads; what it is made of stays the same.

    The seed of a fleet of homes says which homes they are, so it stays; so do series from files.
    """
    if not by:
        return plant
    sites = {
        name: place.model_copy(update={"seed": place.seed + by})
        for name, place in plant.sites.items()
    }
    assets = {name: _moved(asset, by) for name, asset in plant.assets.items()}
    return plant.model_copy(update={"sites": sites, "assets": assets})


def _moved(thing: Any, by: int) -> Any:
    """A part of the plant with the seeds of the series in it moved on."""
    if isinstance(thing, Generated):
        return replace(thing, seed=thing.seed + by)
    if isinstance(thing, BaseModel):
        fields = {name: getattr(thing, name) for name in type(thing).model_fields}
        moved = {name: _moved(value, by) for name, value in fields.items()}
        changed = {name: value for name, value in moved.items() if value is not fields[name]}
        return thing.model_copy(update=changed) if changed else thing
    if isinstance(thing, Mapping):
        table = {key: _moved(value, by) for key, value in thing.items()}
        return table if any(table[key] is not thing[key] for key in table) else thing
    if isinstance(thing, (list, tuple)):
        parts = [_moved(value, by) for value in thing]
        same = all(new is old for new, old in zip(parts, thing, strict=True))
        return thing if same else type(thing)(parts)
    return thing
