"""Which forecasts are wrong together: neighbours of one kind share their weather and its forecast.

Series of one group have one correlation of their errors. It is that of the errors that were
recorded (`zeroplant.operate.track`); until enough of them are, it is taken as `USUAL`, for who
counts on independence promises too much. Groups are independent of one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.outside import Kind, Outside
from zeroplant.operate.points import asset_of
from zeroplant.operate.track import Track
from zeroplant.plant import Plant

USUAL: Mapping[Kind, float] = {"possible": 0.8, "inflow": 0.8, "load": 0.3}
"""Correlation within a group of which too little is recorded, assumed: weather is nearly the same
for all at one place, and consumers go their own ways on the whole. Prices are in no group."""
ENOUGH = 7 * 96
"""Errors that two series must have at the same moments before they count."""


@dataclass(frozen=True)
class Group:
    """Series that are wrong together, all of one kind."""

    name: str
    kind: Kind


class Likeness:
    """Groups of series, with the correlation of their errors as far as it has been learnt."""

    def __init__(self, groups: Mapping[str, Group]) -> None:
        """``groups``: by key of the series; who is alone may be left out."""
        self._groups = dict(groups)
        self._correlation: dict[Group, float] = {}

    def learn(self, track: Track) -> None:
        """Learn from the errors recorded; a group with too few keeps what it had."""
        for group in dict.fromkeys(self._groups.values()):
            keys = [key for key, each in self._groups.items() if each == group]
            found = correlation(track.errors(keys))
            if found is not None:
                self._correlation[group] = found

    def told(self, forecasts: Mapping[str, Forecast]) -> dict[str, Forecast]:
        """The forecasts, with whom they share their errors."""
        return {key: self._told(key, each) for key, each in forecasts.items()}

    def _told(self, key: str, forecast: Forecast) -> Forecast:
        group = self._groups.get(key)
        if group is None:
            return forecast
        shared = self._correlation.get(group, USUAL[group.kind])
        return replace(forecast, group=group.name, correlation=shared)


def groups_of(plant: Plant, outside: Iterable[Outside]) -> dict[str, Group]:
    """Groups of two series and more: those that are called alike in assets of one kind and site."""
    first = next(iter(plant.sites), "")
    found = {}
    for each in outside:
        asset = plant.assets.get(asset_of(each.key))
        if asset is None or each.kind == "price":
            continue
        what = each.key.partition(".")[2].rstrip(" 0123456789")
        site = getattr(asset, "site", None) or first
        found[each.key] = Group(f"{type(asset).__name__} {what} at {site}", each.kind)
    listed = list(found.values())
    return {key: group for key, group in found.items() if listed.count(group) > 1}


def correlation(errors: Floats) -> float | None:
    """Mean correlation of series (series, moments) of which some values are nan; 0 if it is less.

    None where no two series have `ENOUGH` errors at the same moments.
    """
    known = np.isfinite(errors)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    apart = np.where(known, errors, 0.0)
    apart = np.where(known, apart - apart.sum(axis=1, keepdims=True) / count, 0.0)
    both = known.astype(float) @ known.T
    size = np.square(apart) @ known.T  # of each, where the other is known too
    alike = apart @ apart.T / np.sqrt(np.maximum(size * size.T, 1e-30))
    pairs = np.triu(both >= ENOUGH, 1) & (size > 0.0) & (size.T > 0.0)
    return float(np.clip(alike[pairs].mean(), 0.0, 1.0)) if pairs.any() else None
