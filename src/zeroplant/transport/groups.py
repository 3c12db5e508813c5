"""Charging sessions in groups whose schedules every session can follow: an inner approximation.

Sessions are put into lanes: windows of the day that come again every day, such as 19 h to 6 h. A
session belongs to the lane in which it has most room, on the first day it can; between arrival
and window, and between window and departure, it rests. All sessions of a lane and day share one
schedule in fixed parts, so that whatever the schedule is, within its power and energy, each of
them ends with what it wants, never faster than it can and never outside its stay (the sum of
homothetic sets is the same set, larger). Who has no room in any lane charges on arrival.

The idea of summing like sets is that of virtual batteries (Hao, Sanandaji, Poolla and Vincent,
"Aggregate flexibility of thermostatically controlled loads", IEEE Trans. Power Systems 2015; Zhao,
Zhang, Hao and Kalsi, "A geometric approach to aggregate flexibility modeling", 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.transport.sessions import Sessions, bands

DAY = 24.0


@dataclass(frozen=True)
class Lanes:
    """What the groups promise, per lane and period, and who belongs to which.

    ``fixed`` [MW], shape (periods,): what charges whatever the plan is. The rest has shape
    (lanes, periods): ``power`` and ``back`` [MW] of the lane, ``arrives`` [MWh] that comes to be
    charged with the beginning of the window, ``room`` [MWh] that may wait at the end of a period.
    Per session: ``lane`` (−1 for none), the window's ``first`` period and ``length``; ``part`` of
    the group's schedule that is its own, and ``base`` [MWh per period] on top.
    """

    sessions: Sessions
    fixed: Floats
    power: Floats
    back: Floats
    arrives: Floats
    room: Floats
    lane: Ints
    first: Ints
    length: Ints
    part: Floats
    base: Floats
    hours: float

    @property
    def flexible(self) -> float:
        """Share of all energy that the plan may move."""
        total = float(self.sessions.energy.sum())
        return float(self.arrives.sum()) / total if total else 0.0

    def delivered(self, schedule: Floats) -> Floats:
        """Energy [MWh] each session gets of a schedule [MW] of shape (lanes, periods).

        The schedule is net: charging less giving back. Sessions in no lane get what they want.
        """
        so_far = np.concatenate(
            (np.zeros((len(schedule), 1)), np.cumsum(schedule * self.hours, axis=1)), axis=1
        )
        end = self.first + self.length
        moved = so_far[self.lane, end] - so_far[self.lane, self.first]
        got = self.base * self.length + self.part * moved
        return np.where(self.lane >= 0, got, self.sessions.energy)

    def path(self, session: int, schedule: Floats) -> Floats:
        """Charging power [MW] of one session in the periods of its window, shape (length,)."""
        lane, first, length = (int(each[session]) for each in (self.lane, self.first, self.length))
        own = self.part[session] * schedule[lane, first : first + length]
        return np.asarray(own + self.base[session] / self.hours, dtype=float)


@dataclass(frozen=True)
class _Stays:
    """Whole periods of stays: ``begin`` to ``end``, and the periods of full power ``need``-ed."""

    begin: Ints
    end: Ints
    need: Floats
    energy: Floats

    def __getitem__(self, chosen: NDArray[np.bool_]) -> _Stays:
        return _Stays(self.begin[chosen], self.end[chosen], self.need[chosen], self.energy[chosen])


@dataclass(frozen=True)
class _Windows:
    """Windows of the day in periods; a day has ``cycle`` periods."""

    start: Ints
    length: Ints
    cycle: int

    def wait(self, begin: Ints) -> Ints:
        """Periods from each beginning of a stay to that of each window."""
        return np.asarray((self.start - begin[:, None]) % self.cycle)

    def room(self, stays: _Stays) -> Floats:
        """Periods by which each stay can be moved in each window, shape (stays, windows)."""
        fits = stays.begin[:, None] + self.wait(stays.begin) + self.length <= stays.end[:, None]
        return np.where(fits, np.maximum(self.length - stays.need[:, None], 0.0), 0.0)


@dataclass(frozen=True)
class _Places:
    """Where each session is: its lane (−1 for none), first period and length of its window."""

    lane: Ints
    first: Ints
    length: Ints


def group(sessions: Sessions, axis: Axis, lanes: int) -> Lanes:
    """Put the sessions of one chain into at most ``lanes`` lanes and work out their promises.

    Sessions are cut to the axis and to what fits into their stay first.
    """
    s = sessions.within(axis.periods * axis.hours).deliver_what_fits()
    begin = np.ceil(s.arrival / axis.hours - 1e-9).astype(np.int64)
    end = np.floor(s.departure / axis.hours + 1e-9).astype(np.int64)
    stays = _Stays(begin, end, np.asarray(s.energy / (s.power * axis.hours)), s.energy)
    cycle, grid = max(1, round(DAY / axis.hours)), max(1, round(1.0 / axis.hours))
    lends = (s.lend > 0) & (s.back > 0)
    for_lenders = _lanes_of(lends, s.energy, lanes)
    lane, first, length = (np.full(len(s), start, dtype=np.int64) for start in (-1, 0, 0))
    # Who lends and who does not cannot share a schedule.
    own = lanes - for_lenders
    for who, count, offset in ((~lends, own, 0), (lends, for_lenders, own)):
        found = _assign(stays[who], _choose(stays[who], cycle, grid, count))
        lane[who] = np.where(found.lane >= 0, found.lane + offset, -1)
        first[who], length[who] = found.first, found.length
    return _promise(s, axis, lanes, _Places(lane, first, length))


def _lanes_of(who: NDArray[np.bool_], energy: Floats, lanes: int) -> int:
    """Lanes for some of the sessions by their share of the energy, one at least for each side."""
    if not who.any():
        return 0
    share = float(energy[who].sum() / max(float(energy.sum()), 1e-12))
    return lanes if who.all() else min(max(round(lanes * share), 1), max(lanes - 1, 1))


def _choose(stays: _Stays, cycle: int, grid: int, lanes: int) -> _Windows:
    """Windows of the day, one after the other by what each adds.

    Worth is energy times the root of the periods by which it can be moved: the first hours are
    worth most. Sessions count in whole steps of ``grid`` periods (an hour), so that years of them
    are few different ones.
    """
    begin = -(-stays.begin // grid)
    room = np.clip(stays.end // grid - begin, 0, cycle // grid)
    kinds = np.stack((begin % -(-cycle // grid), room, np.ceil(stays.need / grid - 1e-9)))
    unique, which = np.unique(kinds[:, room > 0].astype(np.int64), axis=1, return_inverse=True)
    weight = np.zeros(unique.shape[1])
    np.add.at(weight, which.ravel(), stays.energy[room > 0])
    unique = unique * grid
    starts, lengths = np.meshgrid(np.arange(0, cycle, grid), np.arange(grid, cycle + 1, grid))
    windows = _Windows(starts.ravel(), lengths.ravel(), cycle)
    kinds_of = _Stays(unique[0], unique[0] + unique[1], unique[2].astype(float), weight)
    worth = np.sqrt(windows.room(kinds_of)) * weight[:, None]
    best, chosen = np.zeros(len(worth)), np.zeros(0, dtype=np.int64)
    for _ in range(lanes if len(worth) else 0):
        gain = np.maximum(worth - best[:, None], 0.0).sum(axis=0)
        chosen = np.append(chosen, np.argmax(gain))
        best = np.maximum(best, worth[:, chosen[-1]])
    return _Windows(windows.start[chosen], windows.length[chosen], cycle)


def _assign(stays: _Stays, windows: _Windows) -> _Places:
    """The window in which each stay has most room, on the first day it can."""
    if not len(windows.start) or not len(stays.begin):
        none = np.zeros(len(stays.begin), dtype=np.int64)
        return _Places(none - 1, none, none)
    room = windows.room(stays)
    lane = np.argmax(room, axis=1)
    row = np.arange(len(lane))
    first = stays.begin + windows.wait(stays.begin)[row, lane]
    moves = (room[row, lane] > 1e-9) & (stays.energy > 0)
    return _Places(*(np.where(moves, found, rest) for found, rest in (
        (lane, -1), (first, 0), (windows.length[lane], 0))))  # fmt: skip


def _promise(s: Sessions, axis: Axis, lanes: int, places: _Places) -> Lanes:
    """Power, energy and room of every group, and the parts of its sessions.

    The group charges for ``tau`` periods at full power, the mean of its sessions' needs. Who
    needs less time charges slower; who needs more takes a steady base over the window, and only
    the rest, q·tau with q = p·(1 − need/n) / (1 − tau/n), moves with the group.
    """
    hours, shape = axis.hours, (lanes, axis.periods)
    moves = places.lane >= 0
    at = np.where(moves, places.lane * axis.periods + places.first, 0)
    n = np.where(moves, places.length, 1)
    need, energy = s.energy / (s.power * hours), np.where(moves, s.energy, 0.0)

    def total(each: Floats) -> Floats:
        return np.asarray(np.bincount(at, each, lanes * axis.periods), dtype=float)

    sums = total(energy)
    tau = total(energy * need) / np.where(sums > 0, sums, 1.0)
    mine = tau[at]
    slow = s.power * hours * (1 - need / n) / np.maximum(1 - mine / n, 1e-12)
    quick = np.divide(energy, mine, out=np.zeros(len(s)), where=mine > 0)
    q = np.where(moves, np.where(need > mine, slow, quick), 0.0)
    lent, back, q = _lend(s, q, mine, at=at, groups=lanes * axis.periods, hours=hours)
    whole = total(q)
    part = np.divide(q, whole[at], out=np.zeros(len(s)), where=q > 0)
    base = np.where(moves, (s.energy - q * mine) / n, 0.0)
    stretch = np.zeros(lanes * axis.periods, dtype=np.int64)
    stretch[at[moves]] = places.length[moves]
    owed, rate = whole * tau, whole / hours
    values = (rate, total(base) / hours, owed * (1.0 + lent), rate * back)
    power, steady, room, giving = (_over(each, stretch).reshape(shape) for each in values)
    last = np.zeros(lanes * axis.periods, dtype=bool)
    last[(np.arange(len(stretch)) + stretch - 1)[stretch > 0]] = True
    fixed = bands(s[~moves], axis).at_once / hours + steady.sum(axis=0)
    room = np.where(last.reshape(shape), 0.0, room)
    return Lanes(s, fixed, power, giving, owed.reshape(shape), room, places.lane, places.first,
                 places.length, part, base, hours)  # fmt: skip


def _lend(
    s: Sessions, q: Floats, tau: Floats, *, at: Ints, groups: int, hours: float
) -> tuple[Floats, Floats, Floats]:
    """Energy lent and power given back, each per unit of a group's own, and the reduced q.

    Who lends a smaller part of his share than the group's mean moves a smaller part with it.
    """
    willing = (s.lend > 0) & (s.back > 0) & (q > 0)
    weight = np.maximum(np.bincount(at, np.where(willing, q, 0.0), groups), 1e-300)
    scale, common = np.ones(len(s)), []
    for offered, share in ((s.lend, q * tau), (s.back * hours, q)):
        own = np.divide(offered, share, out=np.zeros(len(s)), where=willing)
        mean = np.bincount(at, own * np.where(willing, q, 0.0), groups) / weight
        less = np.divide(own, mean[at], out=np.ones(len(s)), where=willing & (mean[at] > own))
        scale = np.minimum(scale, less)
        common.append(mean)
    return common[0], common[1], q * scale


def _over(values: Floats, stretch: Ints) -> Floats:
    """Values at the beginnings of windows, held over as many periods as each window is long."""
    start = np.flatnonzero(stretch)
    begun = np.cumsum(stretch > 0)
    ends = np.zeros(len(values) + 1, dtype=np.int64)
    np.add.at(ends, start + stretch[start], 1)
    # Windows of a lane do not overlap, so what has begun and not ended is the last that began.
    open_ = begun - np.cumsum(ends)[:-1] > 0
    held = np.append(0.0, values[start])[np.where(open_, begun, 0)]
    return np.asarray(held, dtype=float)
