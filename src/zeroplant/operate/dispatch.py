"""Dispatch: from what is known and wanted to the power of every device, once per cycle.

Every device starts from its rest, which is its scheduled power (of wind and sun: what is
possible). Balances of heat, gases and goods are closed first, products before what they are made
of; then each area of electricity is brought to its target:

    wanted draw of devices = measured exchange + measured draw of devices − target

so that whatever else is at the meter, known or not, is followed in one cycle. Who moves is decided
by merit (`zeroplant.operate.merit`). What cannot be reached is said, not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.answers import Answers
from zeroplant.operate.bids import bids
from zeroplant.operate.catch_up import CatchUp
from zeroplant.operate.closing import close_nodes
from zeroplant.operate.draws import Table
from zeroplant.operate.edges import Edges
from zeroplant.operate.effects import Effects
from zeroplant.operate.guidance import Moment
from zeroplant.operate.gusts import Gusts
from zeroplant.operate.known import Known
from zeroplant.operate.owing import Owing
from zeroplant.operate.points import BoolArray, asset_of
from zeroplant.operate.ranges import (
    area_ranges,
    could_give,
    device_ranges,
    flow_ranges,
    put,
    reachable,
    tell,
)
from zeroplant.operate.rough import Rough
from zeroplant.operate.rows import hold_rows
from zeroplant.operate.settings import Settings
from zeroplant.operate.shedding import Shedding
from zeroplant.operate.verify import FULL, Reach
from zeroplant.operate.wiring import Stage, Wiring

KEPT = 0.99
"""Part of a connection that is aimed for at most, as plans do: what happens between two cycles
must go through it too."""
NEARLY = 0.95
"""Part of its rating from which on a connection is about to be overloaded by import."""
AGO = 20.0
"""Seconds after which what a flow was says nothing of how it is moving."""
PROBE = 1.2
"""Times the tolerance that a device at its ceiling is told beyond it: it shows when it can."""
TURNS = 300.0
"""Seconds in which a store's rest moves over its whole range: where it changes places with
generation, which follows more slowly, the connection must not see the difference."""


@dataclass(frozen=True)
class Wanted:
    """What the plant is to do: net export of all areas together, and its bounds, in MW.

    ``target`` is nan where nobody wants anything: then devices stay at rest. ``safe`` asks for the
    fail-safe: stores idle, flexible loads at their least.
    """

    target: float
    least: float = -np.inf
    most: float = np.inf
    safe: bool = False


@dataclass(frozen=True)
class Split:
    """Set-points per flow (nan: none), the target as it was bounded, and what can be reached.

    ``aims`` is what each area is to export and ``exchange`` what it does; ``called`` marks flows
    that were moved from their rest.
    """

    setpoints: Floats
    called: BoolArray
    target: float
    aims: Floats
    exchange: Floats

    @property
    def achievable(self) -> float:
        """The net export that all areas together can be brought to."""
        return float(self.aims.sum())


class Dispatch:
    """Splits what is wanted over the devices of a plant."""

    def __init__(self, wiring: Wiring, settings: Settings) -> None:
        self.wiring, self.settings = wiring, settings
        points, devices = wiring.points, wiring.devices
        count = points.flows
        self._mate = np.full(count, -1, np.int64)
        pairs = devices.pair >= 0
        self._mate[devices.takes[pairs]] = devices.gives[pairs]
        self._mate[devices.gives[pairs]] = devices.takes[pairs]
        self._stores = pairs
        self._makes = wiring.possible >= 0
        self.most = points.most[:count]
        self._writable = points.writable[:count]
        self._free = self._makes & wiring.given
        self._weather = np.flatnonzero(self._free)
        self._probe = PROBE * settings.off * wiring.size
        self._device = np.full(count, -1, np.int64)
        for side in (devices.gives, devices.takes):
            self._device[side[side >= 0]] = np.flatnonzero(side >= 0)
        self._closed = wiring.order[wiring.area[wiring.order] < 0]
        self._lines = wiring.order[wiring.area[wiring.order] >= 0]
        self._edges = Edges(wiring)
        first = devices.first[len(wiring.nodes) :].tolist()
        self._own = [slice(*ends) for ends in pairwise(first)]
        self._connection = self._connections(wiring.at(0))
        widest = np.abs(self._connection).max(axis=1, initial=0.0)
        self.size = np.where(np.isfinite(widest), widest, 1.0)
        self._meters = np.flatnonzero(wiring.exchange)
        self._sign = wiring.exchange[self._meters]
        self._behind = wiring.exchange_area[self._meters]
        self.effects = Effects(wiring, self._device)
        self._limit, self._kept = self._connection[:, 0].copy(), KEPT * self._connection
        self._nearly = NEARLY * self._limit
        self._owing, self._gusts = Owing(self._connection), Gusts(self._connection)
        self._answers = Answers(wiring, wiring.at(0))
        self._shedding = Shedding(wiring, self.size)
        self.apart = np.zeros(wiring.areas)
        """What may leave each area [MW] more than its meters say; see `verify.Doubts`."""
        self._catch_up, self._rough = CatchUp(wiring), Rough(wiring)
        self._before = np.full(count, np.nan)
        self._priced: tuple[Moment | None, Stage] | None = None
        self._bids = np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)

    def _connections(self, stage: Stage) -> Floats:
        """Most import (as a negative number) and most export per area."""
        wiring, count = self.wiring, self.wiring.points.flows
        bounds = np.zeros((wiring.areas, 2))
        most = np.minimum(wiring.points.most[:count], stage.cap)
        for side, sign in enumerate((-1.0, 1.0)):
            chosen = wiring.exchange == sign
            ratings: dict[tuple[int, str], float] = {}
            for place in np.flatnonzero(chosen).tolist():  # what an asset buys twice goes one way
                key = int(wiring.exchange_area[place]), asset_of(wiring.points.names[place])
                ratings[key] = max(ratings.get(key, 0.0), float(most[place]))
            for (area, _), rating in ratings.items():
                bounds[area, side] += sign * rating
        return bounds

    def split(  # noqa: PLR0917 - what a cycle knows, in the order it comes to know it
        self,
        known: Known,
        stage: Stage,
        moment: Moment | None,
        wanted: Wanted,
        left: float,
        active: BoolArray,
        reach: Reach,
        trim: Floats,
        fixed: Mapping[int, float] = MappingProxyType({}),
        seconds: float = TURNS,
    ) -> Split:
        """Set-points of all flows that may be set.

        ``left`` is hours to the end of the period, ``seconds`` the time since the cycle before;
        ``active`` marks flows that follow what they are told; the others are taken as they are
        measured, and told their rest. Nobody counts on more or less of a flow than is within its
        ``reach``, but it is told what is wanted of it. ``trim`` is added to the export of each area
        to take out an error that lasts, ``fixed`` are flows ordered to one power.
        """
        wiring = self.wiring
        count = wiring.points.flows
        flow = known.value[:count]
        exchange = self._metered(flow)
        bottom, top = self._ranges(known, stage, left, reach, exchange)
        for place, power in fixed.items():
            bottom[place] = top[place] = min(max(power, 0.0), top[place])
        self._shedding.begin(top)
        asked = self._wishes(known, moment, left, (bottom, top), wanted)
        lower, higher, wish, plan = np.empty((4, count))
        reachable(
            asked, reach.bottom, reach.ceiling, self._probe, active & self._writable, flow,
            bottom, top, lower, higher, wish, plan,
        )  # fmt: skip
        self._shedding.as_planned(top, bottom, wish)
        turn = 1.0 if wanted.safe else min(seconds / TURNS, 1.0)
        table = self._table(stage, moment, (bottom, top), flow, wish, active, turn)
        self._close(plan, stage, table)
        moving = self._moving(stage, flow, plan, seconds)
        owed, bounds = self._bounds(exchange, seconds)
        target, aims, comes, able = self._areas(
            exchange, moment, wanted, table, trim, moving, bounds
        )
        self._gusts.told(comes)
        self._shedding.shed(
            table, stage.give, active, comes, able, self._limit, -owed[:, 0], wanted.least, seconds,
        )  # fmt: skip
        self._answers.told(table.now, table.draw)
        self._put(table.draw, stage, plan, slice(None))
        self._shedding.told(plan, top, higher)
        for node in self._lines:
            self._close_line(int(node), plan, stage, table)
        called = np.empty(count, bool)
        tell(
            plan, wish, active, self._writable, self._free, reach.bottom, reach.ceiling, lower,
            higher, top, self.most, 1.0 - FULL, called,
        )  # fmt: skip
        self._settle(plan, fixed)
        return Split(plan, called, target, aims, exchange)

    def _settle(self, plan: Floats, fixed: Mapping[int, float]) -> None:
        """A limit that was ordered stands, whatever is possible now, in place; that is told."""
        for place, power in fixed.items():
            if self._free[place]:
                plan[place] = min(max(power, 0.0), self.most[place])
        self._edges.told(plan)

    def _table(  # noqa: PLR0917 - as above
        self,
        stage: Stage,
        moment: Moment | None,
        ranges: tuple[Floats, Floats],
        flow: Floats,
        wish: Floats,
        active: BoolArray,
        turn: float,
    ) -> Table:
        """What each device can do and bids; those that do not follow stay as they are.

        The rest of a store leaves what it does now by ``turn`` of its range at most. Only the
        rest: what balances and targets ask of it, it does at once.
        """
        devices, answers = self.wiring.devices, self._answers
        if self._priced is None or self._priced[0] is not moment or self._priced[1] is not stage:
            self._bids, self._priced = bids(self.wiring, stage, moment), (moment, stage)
        taking, giving, gain, reluctant = self._bids
        lower, rest, upper, up, down, now = np.empty((6, len(devices)))
        device_ranges(
            devices.gives, devices.takes, devices.give_entry, devices.take_entry, stage.give,
            *ranges, flow, wish, active, devices.pair, answers.covered, answers.meant, turn,
            taking, giving, lower, rest, upper, up, down, now,
        )  # fmt: skip
        up -= reluctant
        down += reluctant
        return Table(lower, rest, upper, up, down, now, rest.copy(), gain)

    def _ranges(
        self, known: Known, stage: Stage, left: float, reach: Reach, exchange: Floats
    ) -> tuple[Floats, Floats]:
        wiring, points = self.wiring, self.wiring.points
        count = points.flows
        flow, possible = known.value[:count], np.empty(count)
        could_give(known.value, self._makes, wiring.possible, reach.uncurtailed, possible)
        near = bool(np.count_nonzero(exchange < self._nearly))
        bottom, top = np.empty(count), np.empty(count)
        flow_ranges(
            flow, points.least[:count], self.most, stage.floor, stage.cap, self._free, possible,
            self._mate, wiring.store_first, wiring.store_of, wiring.fill,
            known.value[points.levels], stage.inflow, *self._edges.levels(stage, near=near),
            max(2.0 * self.settings.validity, 120.0) / 3600.0, max(left, 0.05), bottom, top,
        )  # fmt: skip
        self._edges.hold(known.value, stage, top)
        if len(wiring.rows.first) > 1:
            hold_rows(
                wiring.rows.first, wiring.rows.point, stage.row_coefficient, stage.row_most,
                known.value, top,
            )  # fmt: skip
            np.minimum(bottom, top, out=bottom)
        return bottom, top

    def _wishes(
        self,
        known: Known,
        moment: Moment | None,
        left: float,
        ranges: tuple[Floats, Floats],
        wanted: Wanted,
    ) -> Floats:
        """Where each flow would be if no balance called on it."""
        bottom, top = ranges
        flow, free = known.value[: self.wiring.points.flows], self._weather
        if wanted.safe or moment is None:
            # Without a plan: stores idle, generators as they are, flexible loads at their least.
            wish = np.where(self._makes & ~wanted.safe, flow, bottom)
            wish[self._mate >= 0] = 0.0
        else:
            wish = np.where(np.isnan(moment.power), bottom, moment.power)
            self._catch_up(wish, known.value[self.wiring.points.levels], moment, left)
        wish = np.minimum(np.maximum(wish, bottom), top)
        self._rough(wish, bottom, top)
        most = top[free]
        wish[free] = np.where(np.isfinite(most), most, flow[free])
        return wish

    def _close(self, plan: Floats, stage: Stage, table: Table) -> None:
        """Close the balances that no grid stands behind, in place."""
        wiring, devices = self.wiring, self.wiring.devices
        if len(self._closed):
            close_nodes(
                self._closed, wiring.node_first, wiring.entry_flow, stage.give, devices.first,
                devices.gives, devices.takes, devices.give_entry, devices.take_entry, self._device,
                wiring.idle, wiring.passive, stage.floor, stage.cap, table.gain,
                table.lower, table.rest, table.upper, table.up, table.down, table.draw, plan,
            )  # fmt: skip

    def _close_line(self, node: int, plan: Floats, stage: Stage, table: Table) -> None:
        """Have the lines at home at a node carry what all others leave there, in place."""
        wiring = self.wiring
        own = slice(wiring.devices.first[node], wiring.devices.first[node + 1])
        entries = slice(wiring.node_first[node], wiring.node_first[node + 1])
        self._put(table.rest, stage, plan, own)
        given = float(stage.give[entries] @ plan[wiring.entry_flow[entries]])
        table.share(own, given + float(table.rest[own].sum()))  # their own part is in the plan
        self._put(table.draw, stage, plan, own)

    def _areas(  # noqa: PLR0917 - as above
        self,
        exchange: Floats,
        moment: Moment | None,
        wanted: Wanted,
        table: Table,
        trim: Floats,
        moving: Floats,
        bounds: Floats,
    ) -> tuple[float, Floats, Floats, Floats]:
        """Bring every area to its part of the target.

        Returned are the target as bounded, and of each area what it is to export, what its
        devices are told to come to, and the most they could. ``moving`` is by how much the
        ``exchange`` of each will change by what is under way elsewhere, ``bounds`` are what it is
        to stay within.
        """
        areas = self.wiring.areas
        if wanted.safe:  # nobody has said what may be stored; a connection may still be relieved
            table.upper[self._stores] = table.rest[self._stores]
        self._answers.learn(table.now)
        taken, able, resting = np.empty((3, areas))
        span = np.empty((areas, 2))
        columns = table.now, table.rest, table.lower, table.upper
        sums = np.array([[np.add.reduce(each[own]) for each in columns] for own in self._own])
        area_ranges(
            exchange, moving, sums.reshape(areas, 4), self.apart, bounds, taken, able, resting, span
        )
        planned = resting if moment is None else _within(moment.exchange, *span.T)
        total = float(resting.sum()) if np.isnan(wanted.target) else wanted.target
        total = min(max(total, wanted.least), wanted.most)
        aims = _spread(total, planned, span)
        for area, own in enumerate(self._own):
            table.share(own, taken[area] - aims[area] - trim[area], self._answers)
        comes = taken - [np.add.reduce(table.draw[own]) for own in self._own]
        return total, aims, comes, able

    def _bounds(self, exchange: Floats, seconds: float) -> tuple[Floats, Floats]:
        """What each area owes, and the least and most net export that is aimed for in it."""
        owed = self._owing.less(exchange, seconds if seconds <= AGO else 0.0)
        return owed, self._kept - owed - self._gusts.kept(exchange, seconds)

    def _moving(self, stage: Stage, flow: Floats, plan: Floats, seconds: float) -> Floats:
        """By how much exchanges will change by what is under way elsewhere."""
        moving = self.effects.moving(stage, flow, self._before, plan)
        self._before = flow.copy()
        return moving if seconds <= AGO else np.zeros_like(moving)

    def _metered(self, flow: Floats) -> Floats:
        """Net export of each area as it is."""
        metered = self._sign * flow[self._meters]
        return np.bincount(self._behind, metered, self.wiring.areas).astype(np.float64)

    def _put(self, draw: Floats, stage: Stage, plan: Floats, which: slice) -> None:
        """Write the power of devices into the flows behind them, in place."""
        devices = self.wiring.devices
        put(
            draw[which], devices.gives[which], devices.takes[which], devices.give_entry[which],
            devices.take_entry[which], stage.give, plan,
        )  # fmt: skip


def _within(values: Floats, least: Floats, most: Floats) -> Floats:
    """As `numpy.clip`, which takes longer than this for few values."""
    return np.asarray(np.minimum(np.maximum(values, least), most))


def _spread(total: float, planned: Floats, span: Floats) -> Floats:
    """Parts of areas whose sum is the total, as near to what was planned as their spans allow."""
    apart = total - float(planned.sum())
    room = span[:, 1] - planned if apart > 0.0 else planned - span[:, 0]
    whole = float(room.sum())
    part = min(1.0, abs(apart) / whole) if whole > 0.0 else 0.0
    return np.asarray(planned + np.sign(apart) * part * room)
