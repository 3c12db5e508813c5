"""Homes, chargers, swap stations, ships: what is known of each now, and what is not.

Figures come from points of the plant, its file and its chosen sizes, and slots from stations that
call in. Points of one kind that are numbered (two groups of batteries, say) count together. What
nobody measures is said to be unknown; it is never zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from zeroplant.operate.points import possible_of
from zeroplant.plan.report.facts.assumptions import Assumption, assumptions
from zeroplant.plan.report.text import Text, same
from zeroplant.plant import Plant
from zeroplant.portal.catalogue import AssetOf, PointOf
from zeroplant.portal.figures import UNKNOWN, figure
from zeroplant.portal.fleet_words import FIGURES, SIZES, UNHEARD, Stems
from zeroplant.portal.present import Present
from zeroplant.portal.tree import Standing

_CLASS = re.compile(r" ?\d+$")


@dataclass(frozen=True)
class Figure:
    """A quantity: what it is called, how much it is now, and of how much if that is limited."""

    label: Text
    said: Text
    doubtful: bool
    share: float | None = None


@dataclass(frozen=True)
class Column:
    """Of a histogram: how many packs have a charge of ``label``; ``reckoned`` if not measured.

    ``doubtful`` where it rests on anything but good measurements.
    """

    label: Text
    count: float | None
    reckoned: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class Slot:
    """A place of a station: its pack, the charge in it (0…1) and what it is doing, as it says."""

    name: str
    pack: str
    soc: float | None
    state: str


@dataclass(frozen=True)
class Station:
    """A station that calls in by itself."""

    name: str
    connected: bool
    since: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Card:
    """All that is known of one fleet; ``unheard`` is the phrase for what is not, empty if all is.

    ``station`` is None where it does not call in itself.
    """

    standing: Standing
    size: tuple[Assumption, ...]
    figures: tuple[Figure, ...]
    columns: tuple[Column, ...]
    station: Station | None
    unheard: str


def cards(
    plant: Plant, standing: Mapping[str, Standing], sizes: Mapping[str, float], now: Present,
    stations: Mapping[str, Station],
) -> Iterator[Card]:  # fmt: skip
    """A card for each of these assets that is a fleet."""
    for name, here in standing.items():
        asset = here.asset
        if asset.kind not in SIZES:
            continue
        said = assumptions(plant.assets[name], plant.time.axis, plant.currency)
        size = tuple(each for each in said if each.key in SIZES[asset.kind])
        station = stations.get(name)
        columns = _by_slot(station) if station else ()
        if asset.kind == "swap_station" and not columns:
            columns = tuple(_by_class(asset, sizes, now))
        figures = tuple(_figures(asset, now))
        unheard = "" if station and station.slots else UNHEARD[asset.kind]
        yield Card(here, size, figures, columns, station, unheard)


def stations_of(told: Mapping[str, Any] | None) -> dict[str, Station]:
    """The stations that call in, as the plant's folder tells of them."""
    found = (told or {}).get("stations") or {}
    return {
        str(name): Station(
            str(name), bool(said.get("connected")), str(said.get("since") or ""),
            tuple(_slot(each) for each in said.get("slots") or ()),
        )
        for name, said in found.items()
        if isinstance(said, Mapping)
    }  # fmt: skip


def _slot(said: Mapping[str, Any]) -> Slot:
    soc = said.get("soc")
    known = isinstance(soc, int | float) and 0.0 <= soc <= 1.0
    name, pack, state = (str(said.get(key) or "") for key in ("id", "pack", "state"))
    return Slot(name, pack, float(soc) if known and soc is not None else None, state)


def _figures(asset: AssetOf, now: Present) -> Iterator[Figure]:
    """Its points now, those of one stem together."""
    stems = FIGURES.get(asset.kind)
    if stems is None:
        for point in asset.points:
            if point.unit and not point.name.endswith(possible_of("")):
                yield _figure(point.label, [point], now)
        return
    for stem, words in stems.items():
        points = [point for point in asset.points if _called(point, asset.name, stem, stems)]
        if points:
            yield _figure(words, points, now)


def _called(point: PointOf, asset: str, stem: str, stems: Stems) -> bool:
    """Whether a point is called by a stem, alone or with a number or a family."""
    name = point.name.removeprefix(f"{asset}.")
    if name == stem:
        return True
    return name.startswith(f"{stem} ") and name not in stems and not name.endswith(possible_of(""))


def _figure(label: Text, points: Sequence[PointOf], now: Present) -> Figure:
    """The sum of some points, if all of them are known; of stores the share of their room."""
    readings = [now.of(point.name) for point in points]
    known = [each.value for each in readings if each.value is not None]
    total = sum(known) if len(known) == len(points) else None
    room = sum(point.most or 0.0 for point in points)
    limited = points[0].stored and all(point.most for point in points)
    share = total / room if limited and total is not None else None
    doubtful = any(each.doubtful for each in readings)
    return Figure(label, figure(total, points[0].unit), doubtful, share)


def _by_slot(station: Station) -> tuple[Column, ...]:
    """How many packs have which charge, slot by slot; those that do not say it stand apart."""
    counts = [0] * 5
    charges = [slot.soc for slot in station.slots if slot.pack]
    for soc in charges:
        if soc is not None:
            counts[min(int(5 * soc), 4)] += 1
    found = [Column(same(f"{20 * n}…{20 * n + 20} %"), float(c)) for n, c in enumerate(counts)]
    silent = charges.count(None)
    return (*found, Column(UNKNOWN, float(silent))) if silent else tuple(found)


def _by_class(asset: AssetOf, sizes: Mapping[str, float], now: Present) -> Iterator[Column]:
    """How many packs are in which class of charge, family by family.

    The lowest class is no point: it is what the others leave of all packs, where these are known.
    """
    families: dict[str, list[PointOf]] = {}
    for point in asset.points:
        what, _, family = point.name.partition(".")[2].partition(" ")
        if point.stored and point.unit == "packs" and what in ("class", "full"):
            name = _CLASS.sub("", family) if what == "class" else family
            families.setdefault(name, []).append(point)
    for family, points in families.items():
        of = same(f" {family}" if family else "")
        readings = [now.of(point.name) for point in points]
        values = [each.value for each in readings]
        packs = sizes.get(f"{asset.name}.packs{f' {family}' if family else ''}")
        lowest = Text("lowest class{}", "最低级{}").format(of)
        weak = any(each.doubtful for each in readings)
        yield Column(lowest, _rest(packs, values), reckoned=True, doubtful=weak)
        for point, each in zip(points, readings, strict=True):
            yield Column(point.label, each.value, doubtful=each.doubtful)


def _rest(packs: float | None, values: Sequence[float | None]) -> float | None:
    """What of all packs is in none of the measured classes; packs are whole, the plan's are not."""
    known = [value for value in values if value is not None]
    if packs is None or len(known) < len(values):
        return None
    return max(0.0, ceil(packs - 1e-6) - sum(known))
