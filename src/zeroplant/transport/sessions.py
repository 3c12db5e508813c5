"""Charging sessions, and what a fleet of them can take: bands of energy and power."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem

Numbers = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Sessions:
    """Vehicles at plugs; every array has one entry per session, all of the same length.

    ``arrival`` and ``departure`` in hours from the start of a time axis, ``energy`` [MWh] wanted
    in the pack at departure beyond what is in it at arrival, ``power`` [MW] the most it takes.
    Vehicles that give back lend up to ``lend`` [MWh] of what they arrived with, at up to ``back``
    [MW]. A row may stand for ``count`` like vehicles, its other figures are those of all of them.
    Raises InputError, naming the first row, for stays that do not end after they begin and for
    figures that are negative or no numbers.
    """

    arrival: Floats
    departure: Floats
    energy: Floats
    power: Floats
    lend: Floats
    back: Floats
    count: Floats

    def __post_init__(self) -> None:
        """Look for what cannot be."""
        wrong = ~np.isfinite(np.stack([getattr(self, f.name) for f in fields(self)])).all(axis=0)
        checks = [(wrong, "a figure that is no number", "correct the table")]
        checks.append(
            (
                self.departure <= self.arrival,
                "a departure not after the arrival",
                "correct the table",
            )
        )
        for name in ("energy", "lend", "back", "count"):
            checks.append((getattr(self, name) < 0, f"negative {name}", "write 0 or more"))
        checks.append((self.power <= 0, "no charging power", "write more than 0"))
        problems = [
            Problem(f"sessions with {what}: {bad.sum():d}, the first is row {np.argmax(bad) + 1:d}",
                    instead=cure)
            for bad, what, cure in checks
            if bad.any()
        ]  # fmt: skip
        if problems:
            raise InputError(problems)

    @classmethod
    def of(
        cls,
        arrival: Numbers,
        departure: Numbers,
        energy: Numbers | float,
        power: Numbers | float,
        *,
        lend: Numbers | float = 0.0,
        back: Numbers | float = 0.0,
        count: Numbers | float = 1.0,
    ) -> Sessions:
        """Sessions of arrays, or of numbers that hold for all of them."""
        begin = np.asarray(arrival, dtype=float)
        rest = (departure, energy, power, lend, back, count)
        return cls(begin, *(np.broadcast_to(np.asarray(x, float), begin.shape) for x in rest))

    def __len__(self) -> int:
        return len(self.arrival)

    def __getitem__(self, chosen: object) -> Sessions:
        """Some of the sessions."""
        return Sessions(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def stay(self) -> Floats:
        """Hours at the plug."""
        return np.asarray(self.departure - self.arrival)

    @property
    def deliverable(self) -> Floats:
        """Energy [MWh] that fits into the stay: no more than power times hours."""
        return np.minimum(self.energy, self.power * self.stay)

    def deliver_what_fits(self) -> Sessions:
        """The same sessions wanting no more than fits into their stay."""
        return replace(self, energy=self.deliverable)

    def within(self, hours: float) -> Sessions:
        """What of the sessions lies between 0 and ``hours``: cut stays want their share of energy.

        Sessions wholly outside are left out, and so are those that stay less than a second.
        """
        begin, end = np.maximum(self.arrival, 0.0), np.minimum(self.departure, hours)
        kept = end - begin > 1.0 / 3600.0
        share = np.where(kept, end - begin, 0.0) / self.stay
        cut = replace(self, arrival=np.where(kept, begin, self.arrival), energy=self.energy * share,
                      departure=np.where(kept, end, self.departure))  # fmt: skip
        return cut[kept]


@dataclass(frozen=True)
class Bands:
    """What many sessions together can take: the sum of what each can.

    ``lower`` and ``upper`` [MWh] bound the energy charged since the beginning at the end of each
    period; ``power`` [MW] bounds the mean of each period, ``back`` [MW] what is given back.

    Every way of serving all sessions lies within (an *outer* approximation). The converse does
    not hold in general, for the sum forgets whose energy it was: a schedule inside the bands may
    have charged early what a short stay needed later. It does hold if no session needs more than
    a period to charge and nobody who comes later leaves earlier. `zeroplant.transport.groups`
    gives an inner approximation, and `zeroplant.transport.laxity` says what a schedule leaves out.
    """

    lower: Floats
    upper: Floats
    power: Floats
    back: Floats

    @property
    def at_once(self) -> Floats:
        """Energy charged in each period if everybody charges on arrival at full power, MWh."""
        return np.diff(self.upper, prepend=0.0)


def bands(sessions: Sessions, axis: Axis) -> Bands:
    """Bands of energy and power over the periods of one chain, shapes (periods,).

    Who gives back goes down first, to what he lends, and comes up in time; the lower band counts
    on that. Energy beyond what fits into a stay is not in the bands.
    """
    s = sessions.within(axis.periods * axis.hours).deliver_what_fits()
    edges = np.arange(1, axis.periods + 1) * axis.hours
    needed = s.energy / s.power
    upper = _ramps(edges, s.arrival, needed, s.power)
    depth = _depth(s)
    down = np.divide(depth, s.back, out=np.zeros(len(s)), where=s.back > 0)
    rise = (s.energy + depth) / s.power
    lower = _ramps(edges, s.departure - rise, rise, s.power) - _ramps(
        edges, s.arrival, down, s.back
    )
    plugged = _ramps(edges, s.arrival, s.stay, s.power)
    giving = _ramps(edges, s.arrival, s.stay, np.where(s.lend > 0, s.back, 0.0))
    rate = [np.diff(each, prepend=0.0) / axis.hours for each in (plugged, giving)]
    # Rounding of large sums must not leave a lower band above the upper one.
    return Bands(np.minimum(lower, upper), upper, *rate)


def plugged_in(sessions: Sessions, axis: Axis) -> Floats:
    """Mean number of vehicles at plugs in each period of one chain, shape (periods,)."""
    s = sessions.within(axis.periods * axis.hours)
    edges = np.arange(1, axis.periods + 1) * axis.hours
    plugged = _ramps(edges, s.arrival, s.stay, s.count)
    return np.asarray(np.diff(plugged, prepend=0.0) / axis.hours, dtype=float)


def admit(sessions: Sessions, axis: Axis, plugs: float) -> Sessions:
    """Those of the sessions of one chain that find one of ``plugs``, in parts of each row.

    Of a session goes in what the plugs are of the vehicles that would stand there, in the period
    of its stay in which this is least; so nobody's stay is ever over more plugs than there are.
    Whoever finds none has left: nobody queues. Sessions outside the axis are cut as in `within`.
    """
    s = sessions.within(axis.periods * axis.hours)
    standing = plugged_in(s, axis)
    if not len(s) or standing.max() <= plugs:
        return s
    room = np.divide(plugs, standing, out=np.ones(len(standing)), where=standing > plugs)
    first = np.floor(s.arrival / axis.hours + 1e-9).astype(np.int64)
    end = np.maximum(np.ceil(s.departure / axis.hours - 1e-9).astype(np.int64), first + 1)
    stays = np.stack((first, end), axis=1).ravel()
    share = np.minimum.reduceat(np.append(room, 1.0), stays)[::2]
    s, share = s[share > 0], share[share > 0]
    parts = {
        name: getattr(s, name) * share for name in ("energy", "power", "lend", "back", "count")
    }
    return replace(s, **parts)


def _depth(s: Sessions) -> Floats:
    """Energy [MWh] below arrival that can be lent and brought back with what is wanted in time."""
    free = np.maximum(s.power * s.stay - s.energy, 0.0)
    shared = np.divide(s.back, s.power + s.back, out=np.zeros(len(s)), where=s.back > 0)
    return np.asarray(np.minimum(s.lend, free * shared))


def _ramps(edges: Numbers, begin: Numbers, length: Numbers, slope: Numbers) -> Floats:
    """Sum over sessions of what rises at ``slope`` from ``begin`` for ``length`` hours, at edges.

    A rising sum of hinges, slope · (t − begin)₊ less the same where the ramp ends: two sorted
    cumulative sums instead of a table of sessions by periods.
    """
    at = np.concatenate((begin, begin + length))
    kink = np.concatenate((slope, -slope))
    order = np.argsort(at, kind="stable")
    at, kink = at[order], kink[order]
    slopes = np.concatenate(([0.0], np.cumsum(kink)))
    offsets = np.concatenate(([0.0], np.cumsum(kink * at)))
    past = np.searchsorted(at, edges, side="right")
    return np.asarray(edges * slopes[past] - offsets[past], dtype=float)
