"""Guidance: a schedule as arrays in the order of the points, if it is one that may be followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from zeroplant.axis import Floats
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
    ``level_before`` at its start.
    """

    power: Floats
    level_before: Floats
    level: Floats
    price: Floats
    worth: Floats
    target: float
    exchange: Floats


@dataclass(frozen=True)
class Guidance:
    """A schedule as arrays of (what, step). ``start`` and ``step`` are microseconds."""

    start: int
    step: int
    steps: int
    power: Floats
    level: Floats
    price: Floats
    worth: Floats
    target: Floats
    exchange: Floats

    def at(self, now: int) -> int:
        """The step of a moment, or -1 where the schedule does not reach."""
        step = (now - self.start) // self.step
        return step if 0 <= step < self.steps else -1

    def moment(self, step: int) -> Moment:
        """What it says of one step."""
        return Moment(
            self.power[:, step].copy(),
            self.level[:, max(step - 1, 0)].copy(),
            self.level[:, step].copy(),
            self.price[:, step].copy(),
            self.worth[:, step].copy(),
            float(self.target[step]),
            self.exchange[:, step].copy(),
        )


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
    power = _rows(schedule.power, points.names[: points.flows], steps)
    # What weather or visitors bring may be expected beyond what was thought possible.
    most = np.where(
        wiring.given | ~points.writable[: points.flows], np.inf, points.most[: points.flows]
    )
    room = 1e-3 * np.where(np.isfinite(most), most, 0.0) + 1e-3
    wrong = np.isinf(power) | (power < -room[:, None]) | (power > (most + room)[:, None])
    if wrong.any():
        name = points.names[int(np.argmax(wrong.any(axis=1)))]
        what = f"it asks of {name} what is not within its limits"
        raise _garbage(what)
    exchange = np.zeros((wiring.areas, steps))
    behind = wiring.exchange != 0.0
    np.add.at(
        exchange,
        wiring.exchange_area[behind],
        wiring.exchange[behind, None] * np.nan_to_num(power[behind]),
    )
    stores = points.names[points.flows : points.flows + points.stores]
    return Guidance(
        micros(schedule.start),
        step,
        steps,
        power,
        _rows(schedule.level, stores, steps),
        _rows(schedule.price, wiring.nodes, steps),
        _rows(schedule.worth, stores, steps),
        target,
        exchange,
    )


def _rows(values: Mapping[str, Floats], names: tuple[str, ...], steps: int) -> Floats:
    rows = np.full((len(names), steps), np.nan)
    for place, name in enumerate(names):
        if name in values:
            row = np.asarray(values[name], dtype=float)
            if row.shape != (steps,):
                what = f"{name} has {row.shape} values for {steps} steps"
                raise _garbage(what)
            rows[place] = row
    return rows


def _garbage(what: str) -> InputError:
    instead = "the last good schedule is followed on"
    return InputError(Problem(f"a schedule cannot be followed: {what}", instead=instead))
