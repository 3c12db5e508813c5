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

FOLLOWED = 0.02
"""Share of a point's range within which a measurement counts as what was commanded."""

STEP = 1.0
"""Seconds between two readings while a set-point is watched."""


@dataclass
class Trial:
    """What a set-point did: the answer, and the measurements while it held and after it."""

    setpoint: Setpoint
    answer: Acknowledgement
    during: list[Reading] = field(default_factory=list)
    after: Reading | None = None

    def follows(self, point: Point, *, limit: bool) -> bool | None:
        """Whether the device did it, by its last measurement; None where none is known."""
        known = [each.value for each in self.during if isfinite(each.value)]
        if not known:
            return None
        span = point.most - point.least
        near = FOLLOWED * (span if isfinite(span) else max(abs(self.setpoint.value), 1.0))
        excess = known[-1] - self.setpoint.value
        return excess <= near if limit else abs(excess) <= near


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


async def attempt(link: Link, clock: Clock, wish: Setpoint, deadline: float) -> Trial:
    """Set a point for a while, watch it, and see that it lapses.

    A device that cannot let it lapse is put to its fallback at the end, also when interrupted.
    Raises OSError or TimeoutError if it does not answer.
    """
    now, point = clock.now(), wish.point
    spec = link.points[point]
    reason = objection(spec, wish, now)
    if reason:
        return Trial(wish, Acknowledgement(point, False, now, reason))
    try:
        async with asyncio.timeout(deadline):
            trial = Trial(wish, (await link.write([wish]))[0])
        if trial.answer.accepted:
            await _watch(link, clock, trial, deadline)
    finally:
        if spec.fallback is not None:
            end = clock.now() + timedelta(days=1)
            async with asyncio.timeout(deadline):
                await link.write([Setpoint(point, spec.fallback, end)])
    if trial.answer.accepted:
        await clock.sleep(2.0 * STEP)
        trial.after = await _measured(link, point, deadline)
    return trial


async def _watch(link: Link, clock: Clock, trial: Trial, deadline: float) -> None:
    """Read until the set-point is about to lapse."""
    while clock.now() + timedelta(seconds=STEP) < trial.setpoint.until:
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
