"""Trying out a device: read all of it once, and, if asked, set a point and watch what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite, isnan

from zeroplant.links.clock import Clock
from zeroplant.links.judgement import judged, objection
from zeroplant.links.link import Acknowledgement, Link, Point, Quality, Reading, Setpoint

SEEN = 0.02
"""Share of a point's range that a set-point must change it by, so that its doing can be told from
the error of a meter and from chance."""

NEAR = 0.25
"""Share of that change by which a measurement may miss the set-point, at most `SEEN` of the range.
One that stays where it was misses all of it."""

STEP = 1.0
"""Seconds between two readings while a set-point is watched."""

LAPSE = 10.0
"""Seconds after its end within which a device must begin to leave a set-point."""


@dataclass(frozen=True)
class Verdict:
    """What a device made of a set-point; None where that cannot be told, and ``why`` not."""

    follows: bool | None
    lapses: bool | None = None
    why: str = ""


@dataclass
class Trial:
    """What a set-point did: the answer, and the measurements before, while it held, and after.

    With ``limit`` it is not to be reached, only not to be exceeded.
    """

    setpoint: Setpoint
    answer: Acknowledgement
    limit: bool = False
    before: Reading | None = None
    during: list[Reading] = field(default_factory=list)
    after: Reading | None = None

    def verdict(self, point: Point) -> Verdict:
        """Whether the device did it, by its last measurement, and gave it up after its end."""
        known = [each.value for each in self.during if isfinite(each.value)]
        if self.before is None or not (known and isfinite(self.before.value)):
            return Verdict(None, why="it was not measured before, or while it held")
        before, value = self.before.value, self.setpoint.value
        change = before - value if self.limit else abs(before - value)
        visible = _visible(point, before, value)
        if change < visible * (1.0 - 1e-9):
            away = "below" if self.limit else "away from"
            unit = point.unit
            why = f"it was {before:g} {unit} before; ask for {visible:g} {unit} {away} that"
            return Verdict(None, why=why)
        near = min(visible, NEAR * change)
        excess = known[-1] - value
        if self.limit:  # what it does without one is its own affair
            return Verdict(excess <= near)
        follows = abs(excess) <= near
        return Verdict(follows, self._lapsed(point, near) if follows else None)

    def _lapsed(self, point: Point, near: float) -> bool | None:
        """Whether it left the set-point; None where that is where it rests."""
        rest = 0.0 if point.fallback is None else point.fallback
        if self.after is None or isnan(self.after.value):
            return None
        if abs(self.setpoint.value - rest) <= near:
            return None
        return abs(self.after.value - self.setpoint.value) > near


def _visible(point: Point, before: float, value: float) -> float:
    """The least change that can be told from none."""
    span = point.most - point.least
    return SEEN * (span if isfinite(span) else max(abs(before), abs(value), 1.0))


async def look(link: Link, clock: Clock, deadline: float, every: float) -> Mapping[str, Reading]:
    """Everything a device says now. Raises OSError or TimeoutError if it does not answer."""
    async with asyncio.timeout(deadline):
        image = await link.read()
    now = clock.now()
    return {
        name: judged(point, image.get(name), now, 2.0 * every, Quality.GOOD)
        for name, point in link.points.items()
        if name in image
    }


async def attempt(
    link: Link, clock: Clock, wish: Setpoint, deadline: float, *, limit: bool = False
) -> Trial:
    """Set a point for a while, watch it, and see that it lapses.

    A device that cannot let it lapse is put to its fallback at the end, also when interrupted.
    Raises OSError or TimeoutError if it does not answer.
    """
    now, point = clock.now(), wish.point
    spec = link.points[point]
    reason = objection(spec, wish, now)
    if reason:
        return Trial(wish, Acknowledgement(point, False, now, reason))
    before = await _measured(link, point, deadline)
    try:
        async with asyncio.timeout(deadline):
            trial = Trial(wish, (await link.write([wish]))[0], limit, before)
        if trial.answer.accepted:
            await _watch(link, clock, trial, deadline)
    finally:
        if spec.fallback is not None:
            end = clock.now() + timedelta(days=1)
            async with asyncio.timeout(deadline):
                await link.write([Setpoint(point, spec.fallback, end)])
    if trial.answer.accepted and trial.during:
        await _watch_the_end(link, clock, trial, deadline)
    return trial


async def _watch_the_end(link: Link, clock: Clock, trial: Trial, deadline: float) -> None:
    """Read until the device has left the set-point, or ought to have."""
    spec, ends = link.points[trial.setpoint.point], trial.setpoint.until + timedelta(seconds=LAPSE)
    await clock.sleep(STEP)
    while True:
        await clock.sleep(STEP)
        trial.after = await _measured(link, spec.name, deadline)
        if trial.verdict(spec).lapses is not False or clock.now() > ends:
            return


async def _watch(link: Link, clock: Clock, trial: Trial, deadline: float) -> None:
    """Read until the set-point is about to lapse: a device's timer may count whole seconds."""
    while clock.now() + timedelta(seconds=2.0 * STEP) < trial.setpoint.until:
        await clock.sleep(STEP)
        reading = await _measured(link, trial.setpoint.point, deadline)
        if reading is not None:
            trial.during.append(reading)


async def _measured(link: Link, point: str, deadline: float) -> Reading | None:
    async with asyncio.timeout(deadline):
        return (await link.read()).get(point)


def age(reading: Reading, now: datetime) -> float | None:
    """Seconds since a reading held; None for what was never known."""
    return None if isnan(reading.value) else (now - reading.event).total_seconds()
