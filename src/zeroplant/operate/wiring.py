"""Wiring: the plant of the waist as arrays a controller sweeps over in microseconds.

Balances are entries (node, flow, coefficient: what a flow gives is positive), stores likewise
(store, flow, coefficient: what fills is positive). What changes from period to period is kept as
a base and the rows that vary; `Wiring.at` puts both together, once per period.

A **device** is what one balance can call on: a flow that may be set, or a pair of flows that fill
and drain one store at one node and must never both run. Its power is a *draw* at its **home**:
positive takes, negative gives. Flows that touch several carriers are at home where their product
arrives (a boiler at the steam). So each balance is closed from the product back to what it is made
of, and electricity last, where the connection to the grid closes it. Homes are numbered: nodes
first, then areas, which are groups of electric nodes behind one or several connections.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.points import BoolArray, Points
from zeroplant.operate.rows import Rows
from zeroplant.waist.linear import Value


@dataclass(frozen=True)
class Table:
    """A number per row; some rows have one number per stage."""

    base: Floats
    rows: Ints
    series: Floats

    def at(self, stage: int) -> Floats:
        """All rows in one stage."""
        if not len(self.rows):
            return self.base
        values = self.base.copy()
        values[self.rows] = self.series[:, stage]
        return values


def table(values: Iterable[Value], stages: int) -> Table:
    """Numbers and series, one per row, as a table."""
    listed = list(values)
    base = np.array([v if np.ndim(v) == 0 else 0.0 for v in listed], dtype=float)
    rows = [place for place, v in enumerate(listed) if np.ndim(v)]
    series = np.array([listed[place] for place in rows], dtype=float).reshape(len(rows), stages)
    return Table(base, np.array(rows, dtype=np.int64), series)


@dataclass(frozen=True)
class Stage:
    """What holds in one period; flows and stores in the order of the points.

    ``give`` is the coefficient of each balance entry; ``cost`` money per unit of flow and hour;
    levels have bounds at the beginning (``level_floor``, ``level_cap``) and at the end of the
    period; ``leak`` is the part of a level lost in a period. ``row_coefficient`` and ``row_most``
    are those of the rows.
    """

    number: int
    floor: Floats
    cap: Floats
    give: Floats
    cost: Floats
    level_floor: Floats
    level_cap: Floats
    floor_end: Floats
    cap_end: Floats
    leak: Floats
    inflow: Floats
    row_coefficient: Floats
    row_most: Floats


@dataclass(frozen=True)
class Devices:
    """Devices, sorted by home; ``-1`` stands for none.

    ``gives`` and ``takes`` are the flows behind a device, ``give_entry`` and ``take_entry`` the
    balance entries with their coefficients at home; ``pair`` the store of a pair; home h has the
    devices from ``first[h]`` up to ``first[h + 1]``.
    """

    home: Ints
    gives: Ints
    takes: Ints
    give_entry: Ints
    take_entry: Ints
    pair: Ints
    first: Ints

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """The plant as arrays; see the text of the module.

    ``start`` and ``step`` are in microseconds. ``area`` has one entry per node (-1: no grid
    behind it). ``order`` are the nodes that devices see to, products first. Entries are
    sorted by node: node n has those from ``node_first[n]`` on. Flow f acts on the stores
    ``store_of[store_first[f]:store_first[f + 1]]`` with ``fill``. ``exchange`` is +1 for export,
    −1 for import. ``idle`` flows are taken as nothing where nobody measures them (unserved,
    spill); those of them that ``shed`` load are set, some of it as ``agreed``. ``passive`` ones
    take or give at one node what is left there (a buyer, a supply, a dump). ``given`` flows have
    what weather or visitors leave as their cap. ``size`` is what deadbands and tolerances of a flow
    are measured by: the most that is expected of it. ``guests`` are loads that are set and take
    what those behind them can: cars, rooms; ``rooms`` those of them that keep a store of their own
    against the weather. ``possible`` is the point that says what a flow could
    give, or -1. ``alone`` flows are set, but are no device: they follow the schedule and their
    stores. ``driver`` is, for a generator whose limit rises with one of these (water that is let
    through), that flow, else -1. ``rough`` are flows ``alone`` with the parts of their most between
    which they must not stay. ``even`` are devices made to run evenly (processes), called on by
    an area.
    """

    points: Points
    start: int
    step: int
    stages: int
    nodes: tuple[str, ...]
    area: Ints
    areas: int
    order: Ints
    entry_node: Ints
    entry_flow: Ints
    node_first: Ints
    store_first: Ints
    store_of: Ints
    fill: Floats
    exchange: Floats
    exchange_area: Ints
    idle: BoolArray
    shed: BoolArray
    agreed: BoolArray
    passive: BoolArray
    given: BoolArray
    size: Floats
    guests: BoolArray
    rooms: BoolArray
    possible: Ints
    alone: Ints
    driver: Ints
    rough: Sequence[tuple[int, float, float]]
    devices: Devices
    even: BoolArray
    rows: Rows
    tables: Mapping[str, Table]

    @cached_property
    def plain(self) -> BoolArray:
        """Stores that one device fills and drains."""
        return np.isin(np.arange(self.points.stores), self.devices.pair)

    def stage(self, now: int) -> int:
        """The period a moment (in microseconds) falls into; the nearest outside of the span."""
        return min(max((now - self.start) // self.step, 0), self.stages - 1)

    def at(self, stage: int) -> Stage:
        """What holds in one period."""
        before, of = max(stage - 1, 0), self.tables
        return Stage(
            stage,
            of["floor"].at(stage),
            of["cap"].at(stage),
            of["give"].at(stage),
            of["cost"].at(stage),
            of["level floor"].at(before),
            of["level cap"].at(before),
            of["level floor"].at(stage),
            of["level cap"].at(stage),
            1.0 - of["keep"].at(stage),
            of["inflow"].at(stage),
            of["row coefficient"].at(stage),
            of["row most"].at(stage),
        )
