"""Where trucks swap, how full their packs are then, and when they come.

The rule of the driver: swap at a station if what is left would not reach the next station (or the
end) with the reserve. Trucks that go back and forth carry their charge from one round into the
next, so a truck on a short road swaps once in several rounds. Many rounds are driven one after the
other, and the trucks on the road are spread evenly over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.tour import Stretch, Tour
from zeroplant.transport.truck import winter

FEWEST_SWAPS = 16
"""Rounds are driven until about so many swaps are seen, 32 to 2 000 rounds."""
SLACK = 1e-9


@dataclass(frozen=True)
class Pack:
    """A truck's battery: ``energy`` in MWh, and the shares of it that are full and in reserve."""

    energy: float
    full: float = 0.95
    reserve: float = 0.15

    @property
    def usable(self) -> float:
        """Energy from full down to the reserve [MWh]."""
        return self.energy * (self.full - self.reserve)


@dataclass(frozen=True)
class Swaps:
    """What trucks do on a tour, for each factor of winter.

    ``stops`` are the numbers of the places with a station. ``charge`` and ``swapped``, shape
    (rounds, factors, stops): state of charge on arrival, and whether the truck swaps; ``weight``
    (factors,) is what one of the rounds counts. Per truck and tour: ``consumed`` out of packs,
    ``taken`` at stations and ``change`` of what is in the truck [MWh], so that
    ``taken = consumed + change``. ``short``: the reserve does not suffice on the way. What such a
    truck lacks is charged at its next station, even below 0: where its pack was empty it was
    helped on, and that energy too is counted there.
    """

    stops: tuple[int, ...]
    charge: Floats
    swapped: NDArray[np.bool_]
    weight: Floats
    consumed: Floats
    taken: Floats
    change: Floats
    short: NDArray[np.bool_]

    def table(self, stop: int, classes: PackClasses) -> Floats:
        """Packs of each class left at a stop per truck and tour, shape (factors, classes)."""
        shares = classes.shares(self.charge[:, :, stop]) * self.swapped[:, :, stop, None]
        return np.asarray(shares.sum(axis=0) * self.weight[:, None])

    def lacking(self, stop: int, classes: PackClasses) -> Floats:
        """What the packs left at a stop lack to the lowest class, in packs per truck and tour.

        Shape (factors,); `table` counts these packs as of the lowest class.
        """
        below = classes.lacking(self.charge[:, :, stop]) * self.swapped[:, :, stop]
        return np.asarray(below.sum(axis=0) * self.weight)

    @property
    def number(self) -> Floats:
        """Swaps per truck and tour, shape (factors, stops)."""
        return np.asarray(self.swapped.sum(axis=0) * self.weight[:, None])


def swaps(
    tour: Tour, stops: Sequence[int], pack: Pack, factors: ArrayLike = 1.0, start: float = 1.0
) -> Swaps:
    """Drive a tour with stations at some of its places, by the rule of this module.

    ``factors`` of winter, shape (n,). In a ring the outcome is that of many rounds; otherwise the
    truck comes onto the road with ``start`` of a full pack. Raises ValueError for a ring without
    a station, where no truck could go on for ever.
    """
    factor = np.atleast_1d(np.asarray(factors, dtype=float))
    if tour.ring and not stops:
        message = "a truck that goes back and forth needs a station on its way"
        raise ValueError(message)
    full = pack.energy * pack.full
    first, ahead = _stretches(tour, stops, factor)
    rounds, skipped = _rounds(tour, pack, factor)
    driver = _Driver(pack, np.full(len(factor), full * (1.0 if tour.ring else start)))
    seen = [driver.round(first, ahead) for _ in range(skipped)]
    begun = driver.level.copy()
    seen = [driver.round(first, ahead) for _ in range(rounds)]
    shape = (rounds, len(stops), len(factor))
    charge = np.array([each[0] for each in seen]).reshape(shape).swapaxes(1, 2) / pack.energy
    swapped = np.array([each[1] for each in seen], dtype=bool).reshape(shape).swapaxes(1, 2)
    consumed = np.sum([each[2] for each in seen], axis=0) / rounds
    taken = ((pack.full - charge) * pack.energy * swapped).sum(axis=(0, 2)) / rounds
    change = (driver.level - begun) / rounds
    weight = np.full(len(factor), 1.0 / rounds)
    if tour.ring:  # in the long run nothing stays in the truck
        scale = np.divide(consumed, taken, out=np.ones_like(taken), where=taken > 0)
        weight, taken, change = weight * scale, taken * scale, taken * scale - consumed
    return Swaps(tuple(stops), charge, swapped, weight, consumed, taken, change, driver.short)


def cold_factors(temperature: ArrayLike | None, stages: int) -> tuple[Floats, Ints]:
    """Factors of winter in steps of 1 %, upwards, and which of them holds in each stage.

    Without a temperature [°C] per stage there is one, and it is 1.
    """
    if temperature is None:
        return np.ones(1), np.zeros(stages, dtype=np.int64)
    raised = np.ceil(100.0 * winter(temperature) - 1e-6) / 100.0
    factors, index = np.unique(raised, return_inverse=True)
    return factors, index.astype(np.int64)


def later(axis: Axis, rate: Floats, hours: float) -> Floats:
    """A rate per stage, shape (…, stages), so many hours later, round the end of each chain.

    Where the time is no whole number of periods, a period's trucks come in two of them in parts,
    so that none is lost.
    """
    whole, part = divmod(hours / axis.hours, 1.0)
    chains = rate.reshape(*rate.shape[:-1], len(axis.chains), axis.periods)
    early, late = (np.roll(chains, int(whole) + n, axis=-1) for n in (0, 1))
    return np.asarray(((1.0 - part) * early + part * late).reshape(rate.shape))


def arrivals(axis: Axis, departures: Floats, index: Ints, table: Floats, hours: float) -> Floats:
    """Packs of each class that come in per hour, shape (classes, stages).

    ``departures`` [1/h] and ``index`` of winter's factor per stage, both of the time at which
    the trucks set out; ``table`` of `Swaps.table`; ``hours`` from there to the station.
    """
    return later(axis, (departures[:, None] * table[index]).T, hours)


class _Driver:
    """A truck for each factor of winter, driving on and on; ``level`` is in its pack [MWh]."""

    def __init__(self, pack: Pack, level: Floats) -> None:
        self.full = pack.energy * pack.full
        self.reserve = pack.energy * pack.reserve - SLACK
        self.level = level
        self.short = np.zeros(len(level), dtype=bool)

    def round(
        self, first: Stretch | None, ahead: Sequence[Stretch]
    ) -> tuple[list[Floats], list[NDArray[np.bool_]], Floats]:
        """Levels on arrival and swaps at each stop, and what was consumed, in one tour."""
        arrived: list[Floats] = []
        swapped: list[NDArray[np.bool_]] = []
        consumed = self._drive(first) if first is not None else np.zeros_like(self.level)
        for stretch in ahead:
            swap = stretch.lowest(self.level, self.full) < self.reserve
            arrived.append(self.level)
            swapped.append(swap)
            self.level = np.where(swap, self.full, self.level)
            consumed = consumed + self._drive(stretch)
        return arrived, swapped, consumed

    def _drive(self, stretch: Stretch) -> Floats:
        before = self.level
        self.short |= stretch.lowest(before, self.full) < self.reserve
        self.level = stretch.end(before, self.full)
        return before - self.level


def _stretches(
    tour: Tour, stops: Sequence[int], factor: Floats
) -> tuple[Stretch | None, list[Stretch]]:
    """What lies before the first stop (of no ring), and ahead of each stop until the next."""
    if tour.ring:
        following = [*stops[1:], stops[0]]
        return None, [tour.stretch(a, b, factor) for a, b in zip(stops, following, strict=True)]
    last = len(tour.places) - 1
    head = tour.stretch(0, stops[0] if stops else last, factor) if 0 not in stops else None
    following = [*stops[1:], last]
    return head, [tour.stretch(a, b, factor) for a, b in zip(stops, following, strict=False)]


def _rounds(tour: Tour, pack: Pack, factor: Floats) -> tuple[int, int]:
    """How many rounds to look at, and how many to drive before."""
    if not tour.ring:
        return 1, 0
    net = max(float(factor.min() * tour.drawn.sum() - tour.recovered.sum()), SLACK)
    rounds = int(np.clip(np.ceil(FEWEST_SWAPS * pack.usable / net), 32, 2000))
    return rounds, 1 + rounds // 4
