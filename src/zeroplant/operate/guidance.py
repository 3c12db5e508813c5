"""Guidance: a schedule as arrays in the order of the points, if it is one that may be followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.errors import InputError, Problem
from zeroplant.operate.image import MICROSECOND, micros
from zeroplant.operate.wiring import Wiring


class Scheduled(Protocol):
    """What a controller reads of a schedule (`zeroplant.operate.schedule.Schedule`)."""

    @property
    def made(self) -> datetime:
        """When it was made."""
        ...

    @property
    def start(self) -> datetime:
        """The start of its first step."""
        ...

    @property
    def step(self) -> timedelta:
        """The length of a step."""
        ...

    @property
    def power(self) -> Mapping[str, Floats]:
        """Power of each flow, per step."""
        ...

    @property
    def level(self) -> Mapping[str, Floats]:
        """Level of each store at the end of each step."""
        ...

    @property
    def price(self) -> Mapping[str, Floats]:
        """Price at each node, per step."""
        ...

    @property
    def worth(self) -> Mapping[str, Floats]:
        """Money per unit of level of each store, per step."""
        ...

    @property
    def target(self) -> Floats:
        """Planned net export in MW, per step."""
        ...


@dataclass(frozen=True)
class Moment:
    """What a schedule says of one step: nan where it says nothing.

    ``exchange`` is the planned net export per area; ``level`` holds at the end of the step and
    ``level_before`` at its start, which the first step of a schedule does not say.
    """

    power: Floats
    level_before: Floats
    level: Floats
    price: Floats
    worth: Floats
    target: float
    exchange: Floats


@dataclass(frozen=True)
class Rows:
    """What a schedule says of some of ``count`` things: its ``values`` are (places, steps)."""

    count: int
    places: Ints
    values: Floats

    def at(self, step: int) -> Floats:
        """One value for each thing: nan where nothing is said."""
        found = np.full(self.count, np.nan)
        found[self.places] = self.values[:, step]
        return found


@dataclass(frozen=True)
class Guidance:
    """A schedule by places of points and nodes. ``start`` and ``step`` are microseconds."""

    start: int
    step: int
    steps: int
    power: Rows
    level: Rows
    price: Rows
    worth: Rows
    target: Floats
    exchange: Floats

    def at(self, now: int) -> int:
        """The step of a moment, or -1 where the schedule does not reach."""
        step = (now - self.start) // self.step
        return step if 0 <= step < self.steps else -1

    def moment(self, step: int) -> Moment:
        """What it says of one step."""
        return Moment(
            self.power.at(step),
            self.level.at(step - 1) if step else np.full(self.level.count, np.nan),
            self.level.at(step),
            self.price.at(step),
            self.worth.at(step),
            float(self.target[step]),
            self.exchange[:, step].copy(),
        )


class Course:
    """The last good schedule that has begun, followed from one moment to the next."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._schedule: Scheduled | None = None
        self._guidance: Guidance | None = None
        self._coming: Guidance | None = None
        self._moment: tuple[int, Moment | None] = (-1, None)
        self.refused = ""
        """Why the newest schedule is not followed; empty if it is, or will be."""

    def take_over(self, before: Course) -> None:
        """Go on with what was followed on the days before, until there is a schedule of these."""
        self._guidance = before._guidance

    def at(self, now: int, schedule: Scheduled | None) -> Moment | None:
        """What is to be done now [us]; None where no schedule reaches. ``schedule`` is the newest.

        One that begins later takes the place of the one before when it does.
        """
        if schedule is not None and schedule is not self._schedule:
            self._schedule, self.refused = schedule, ""
            try:
                self._coming = guidance_of(schedule, self._wiring)
            except (InputError, AttributeError, TypeError, ValueError) as error:
                self.refused = str(error)
        if self._coming is not None and self._coming.start <= now:
            self._guidance, self._coming, self._moment = self._coming, None, (-1, None)
        step = -1 if self._guidance is None else self._guidance.at(now)
        if self._guidance is None or step < 0:
            return None
        if self._moment[0] != step:
            self._moment = step, self._guidance.moment(step)
        return self._moment[1]


def guidance_of(schedule: Scheduled, wiring: Wiring) -> Guidance:
    """The arrays of a schedule. Raises InputError for one that cannot be followed.

    A schedule is not believed because it came: its target must be finite in every step and its
    powers within the limits of what can be set, by some rounding.
    """
    target = np.asarray(schedule.target, dtype=float)
    steps, step = len(target), schedule.step // MICROSECOND
    if target.ndim != 1 or not steps or step <= 0:
        what = "it has no steps"
        raise _garbage(what)
    if not np.isfinite(target).all():
        what = "its target is no number in some steps"
        raise _garbage(what)
    points = wiring.points
    power = _rows(schedule.power, points.index, (0, points.flows), steps)
    # What weather or visitors bring may be expected beyond what was thought possible.
    free = (wiring.given | ~points.writable[: points.flows])[power.places]
    most = np.where(free, np.inf, points.most[power.places])
    room = 1e-3 * np.where(np.isfinite(most), most, 0.0) + 1e-3
    said = power.values
    wrong = np.isinf(said) | (said < -room[:, None]) | (said > (most + room)[:, None])
    if wrong.any():
        name = points.names[power.places[int(np.argmax(wrong.any(axis=1)))]]
        what = f"it asks of {name} what is not within its limits"
        raise _garbage(what)
    exchange = np.zeros((wiring.areas, steps))
    behind = wiring.exchange[power.places] != 0.0
    meters = power.places[behind]
    metered = wiring.exchange[meters, None] * np.nan_to_num(said[behind])
    np.add.at(exchange, wiring.exchange_area[meters], metered)
    stores = points.flows, points.flows + points.stores
    nodes = {name: place for place, name in enumerate(wiring.nodes)}
    return Guidance(
        micros(schedule.start),
        step,
        steps,
        power,
        _rows(schedule.level, points.index, stores, steps),
        _rows(schedule.price, nodes, (0, len(nodes)), steps),
        _rows(schedule.worth, points.index, stores, steps),
        target,
        exchange,
    )


def _rows(
    values: Mapping[str, Floats], index: Mapping[str, int], span: tuple[int, int], steps: int
) -> Rows:
    """The rows of things whose place is within a span; others are not asked for."""
    first, end = span
    places: list[int] = []
    rows: list[Floats] = []
    for name, given in values.items():
        place = index.get(name, -1)
        if first <= place < end:
            row = np.asarray(given, dtype=float)
            if row.shape != (steps,):
                what = f"{name} has {row.shape} values for {steps} steps"
                raise _garbage(what)
            places.append(place - first)
            rows.append(row)
    table = np.array(rows) if rows else np.empty((0, steps))
    return Rows(end - first, np.array(places, np.int64), table)


def _garbage(what: str) -> InputError:
    instead = "the last good schedule is followed on"
    return InputError(Problem(f"a schedule cannot be followed: {what}", instead=instead))
