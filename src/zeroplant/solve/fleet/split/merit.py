"""A set-point by merit: each device says at which prices it moves, and the best moves are made.

A device offers two moves from ``lower`` up: to ``rest`` for as long as the price is below its
``down`` bid, and on to ``upper`` for as long as the price is below its ``up`` bid (``up <= down``).
All moves are sorted into price bins; the bins are filled from the dearest down until the set-point
is met. In the marginal bin, whose bids count as equal, every move is made in part; or, where
turns are kept, those that were moved longest ago are moved first, and all but one as a whole.
Two sweeps over memory (three with turns); no sort.

Devices that are either off or on are cut from the same list: they get what their bids earn them,
rounded down to whole devices, and the others make up for the rest, so the sum is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.fleet.split.parts import in_parts
from zeroplant.solve.fleet.split.reach import Reach, Real, Small, same_length
from zeroplant.solve.fleet.split.sweeps import BINS, RANKS, assign, by_price, by_turn, extent

T = TypeVar("T")
Ends = tuple[float, float]


@dataclass(frozen=True)
class Offer:
    """What devices offer, one entry per device.

    ``rest`` is the power at which each stays while the price is between its bids ``up`` and
    ``down`` (zero, or its plan; a switching device's present state), ``called`` the step in
    which it was last moved away from there: None where no turns are kept.
    """

    within: Reach
    rest: Real
    up: Real
    down: Real
    called: Small | None = None

    def __post_init__(self) -> None:
        turns = () if self.called is None else (self.called,)
        within = self.within
        same_length("an offer", within.lower, within.upper, self.rest, self.up, self.down, *turns)
        for name in ("rest", "up", "down"):
            if np.isnan(np.min(getattr(self, name), initial=0.0)):
                device = int(np.argmax(np.isnan(getattr(self, name))))
                message = f"{name} of an offer has a number for each device; {device} has nan"
                raise ValueError(message)


@dataclass(frozen=True)
class Split:
    """Power per device, when each was last called, the price at the margin, and what is missed.

    ``missed`` is the set-point less the sum of all power: not zero only where the devices cannot
    reach it, or where switching devices are alone and no sum of whole ones meets it.
    """

    power: Real
    switching: Real
    called: Small | None
    switching_called: Small | None
    price: float
    missed: float


def split_by_merit(
    target: float,
    offer: Offer,
    switching: Offer | None = None,
    *,
    now: int = 0,
    window: tuple[float, float] | None = None,
    threads: int = 2,
) -> Split:
    """Split ``target`` over devices that take any value, and over ``switching`` ones beside them.

    ``window`` is the range of prices that the bins divide (None: that of the bids); bids within
    1/4096 of it count as equal. ``now`` is the number of the step, for turns. Equal inputs and
    threads give equal bits.
    """
    if np.isnan(target):
        message = "a set-point is a number, not nan"
        raise ValueError(message)
    if window is None:
        window = _window([offer] + ([switching] if switching else []), threads)
    moves = _Moves(offer, window, threads)
    rest, on, on_called = target, np.empty(0, offer.within.lower.dtype), None
    if switching:
        whole = _Moves(switching, window, threads)
        least = offer.within.least + switching.within.least
        marginal, share = _margin(moves.total + whole.total, target - least)
        earned = whole.above(marginal) + share * whole.total[marginal]
        on, on_called, taken = whole.made(earned, now, whole_only=True)
        # Rounded down, they may leave more than the others can take; then one more is moved.
        short = target - least - taken - (offer.within.most - offer.within.least)
        if short > 0.0:
            largest = float((switching.within.upper - switching.within.lower).max(initial=0.0))
            on, on_called, taken = whole.made(taken + short + largest, now, whole_only=True)
        rest -= switching.within.least + taken
    power, called, taken = moves.made(rest - offer.within.least, now, whole_only=False)
    marginal, _ = _margin(moves.total, rest - offer.within.least)
    price = window[0] + (marginal + 0.5) * (window[1] - window[0]) / BINS
    missed = rest - offer.within.least - taken
    return Split(power, on, called, on_called, price, missed)


class _Moves:
    """The moves of one offer in price bins, and who makes them."""

    def __init__(self, offer: Offer, window: tuple[float, float], threads: int) -> None:
        self.offer, self.threads = offer, threads
        self.low = window[0]
        self.scale = BINS / (window[1] - window[0]) if window[1] > window[0] else 0.0
        parts = self._parts(lambda _, first, last: by_price(first, last, *self._moves()))
        self.total: Floats = np.sum(parts, axis=0)

    def above(self, marginal: int) -> float:
        """What all bins dearer than this one hold."""
        return float(self.total[marginal + 1 :].sum())

    def made(
        self, amount: float, now: int, *, whole_only: bool
    ) -> tuple[Real, Small | None, float]:
        """Power per device with ``amount`` made of the moves, dearest first, and what was made."""
        offer, marginal = self.offer, _margin(self.total, amount)[0]
        quota = min(max(amount - self.above(marginal), 0.0), float(self.total[marginal]))
        power, called = np.empty_like(offer.within.lower), offer.called
        if called is None and not whole_only:
            # Every move of the marginal bin in the same part: no ranks, so one rank for all.
            share = quota / self.total[marginal] if self.total[marginal] > 0.0 else 0.0
            ranks, quotas = (0, -1, share), np.zeros(self.threads)
            since = np.empty(0, np.int32)
        else:
            since = called if called is not None else np.zeros(len(power), np.int32)
            oldest = int(since.min(initial=now))
            held = self._parts(
                lambda _, first, last: by_turn(
                    first, last, *self._moves(), marginal, since, oldest, now
                )
            )
            rank, share = _margin(np.sum(held, axis=0)[::-1], quota)
            rank = RANKS - 1 - rank
            left = quota - float(np.sum(held, axis=0)[:rank].sum())
            before = np.cumsum([0.0] + [float(part[rank]) for part in held])
            ranks, quotas = (oldest, rank, 0.0), np.maximum(left - before, 0.0)
        out = np.empty_like(since)
        made = self._parts(
            lambda part, first, last: assign(
                first, last, *self._moves(), marginal, since, *ranks, now, quotas[part],
                whole_only, power, out,
            )
        )  # fmt: skip
        return power, out if called is not None else None, sum(made)

    def _moves(self) -> tuple[Real, Real, Real, Real, Real, float, float]:
        offer = self.offer
        within = offer.within
        return within.lower, within.upper, offer.rest, offer.up, offer.down, self.low, self.scale

    def _parts(self, work: Callable[[int, int, int], T]) -> list[T]:
        return in_parts(len(self.offer.rest), self.threads, work)


def _margin(held: Floats, amount: float) -> tuple[int, float]:
    """The bin in which ``amount`` is reached, filling from the last bin down, and its share."""
    from_top = np.cumsum(held[::-1])
    place = min(int(np.searchsorted(from_top, amount)), len(held) - 1)
    above = float(from_top[place - 1]) if place else 0.0
    size = float(held[::-1][place])
    share = min(max((amount - above) / size, 0.0), 1.0) if size > 0.0 else 0.0
    return len(held) - 1 - place, share


def _window(offers: list[Offer], threads: int) -> tuple[float, float]:
    """Least and greatest bid."""
    found: list[tuple[float, float]] = []
    for offer in offers:
        up, down = offer.up, offer.down

        def ends(_: int, first: int, last: int, up: Real = up, down: Real = down) -> Ends:
            both: Ends = extent(first, last, up, down)
            return both

        found += in_parts(len(up), threads, ends)
    low, high = min(e[0] for e in found), max(e[1] for e in found)
    return (low, high) if low <= high else (0.0, 0.0)
