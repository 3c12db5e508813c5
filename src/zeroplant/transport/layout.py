"""What each station of a road needs, once it is known where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.sizing import Equipment, StationSize, size_station
from zeroplant.transport.stream import Driven, Stream

FINE = 33
"""Classes of charge in which packs are counted here: steps of 2.5 % between 15 and 95 %."""


@dataclass(frozen=True)
class StationPlan:
    """A station for the packs of one family: its trucks, and what it needs to serve them.

    ``per_day`` on the mean of all days and ``busiest`` in the busiest hour, ``charge`` the mean
    energy a pack is charged with [MWh].
    """

    place: str
    family: str
    per_day: float
    busiest: float
    charge: float
    size: StationSize


def layout(
    streams: Sequence[Stream], axis: Axis, places: Collection[str], equipment: Equipment
) -> Iterator[StationPlan]:
    """A plan for each place and family at which trucks swap, in the order of the places."""
    driven = [
        stream.driven(axis, places)
        for stream in streams
        if not stream.path.tour.ring or set(places) & set(stream.path.tour.places)
    ]
    for place in places:
        for family in sorted({stream.family for stream in streams}):
            plan = _station(place, family, driven, axis, equipment)
            if plan is not None:
                yield plan


def _station(
    place: str, family: str, driven: Sequence[Driven], axis: Axis, equipment: Equipment
) -> StationPlan | None:
    rate, energy = np.zeros(axis.stages), np.zeros(axis.stages)
    for each in driven:
        if each.stream.family == family:
            pack = each.stream.path.pack
            classes = PackClasses(FINE, pack.reserve, pack.full)
            packs = each.at(place, classes)
            rate += packs.sum(axis=0)
            energy += pack.energy * (pack.full - classes.levels) @ packs
            energy += pack.energy * each.lacking(place, classes)
    trucks = axis.total(rate)
    if trucks <= 0:
        return None
    charge = axis.total(energy) / trucks
    size = size_station(rate, charge, equipment, axis.hours)
    per_day = 24.0 * trucks / float(axis.weight.sum())
    return StationPlan(place, family, per_day, float(rate.max()), charge, size)
