"""A plant to look at: the twin under the real controller, in time that passes faster than ours.

It is `zeroplant.operate.service` with the twin's link for devices and a clock that moves the twin,
and writes a folder as a real plant does. The weeks before are measured already when it begins.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.loop import Beats
from zeroplant.operate.outside import outside
from zeroplant.operate.past import Past
from zeroplant.operate.points import possible_of
from zeroplant.operate.recording import Recording
from zeroplant.operate.service import Service, run
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.steady import SteadyClock
from zeroplant.operate.worker import Worker
from zeroplant.plant import Plant
from zeroplant.store import Batch
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.endless import Endless
from zeroplant.twin.link import TwinLink
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import HISTORY, Prepared, forecaster_of, prepare, weather_of
from zeroplant.weather.prediction import WeatherForecast

SPAN = 28
"""Days whose truth is drawn at a time."""
LAG = 1.0
"""Seconds by which it may lie behind its speed before it gives up to catch up."""


@dataclass
class Moving:
    """A clock by which the twin moves: whoever sleeps by it lets time pass."""

    twin: Endless
    clock: SimulatedClock
    speed: float

    def __post_init__(self) -> None:
        self._due = time.monotonic()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock.now()

    def count(self) -> float:
        """Seconds since the start."""
        return self.clock.count()

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds of the plant pass."""
        self.twin.advance(seconds)
        now = time.monotonic()
        self._due = max(self._due + seconds / self.speed, now - LAG)
        await asyncio.sleep(max(0.0, self._due - now))


def go_on(
    plant: Plant, folder: Path, *, speed: float, beat: float, start: datetime | None, seed: int,
    commitments: Path | None = None,
) -> Beats:  # fmt: skip
    """Run a plant until a signal comes, as `zeroplant control` does. Raises InputError."""
    prepared = prepare(plant, start=start, days=SPAN, seed=seed, folder=folder)
    recording = Recording(PlantFolder(folder))
    clock = SimulatedClock(prepared.start)
    twin = Twin(prepared.truth, seed=seed, step=beat, clock=clock)
    twin.senses.see(twin.true_values())
    known, worker = forecaster_of("ours", prepared, seed=seed), Worker("beside")

    def draw(start: datetime) -> Standing:
        """Further days, of the same climate; the weather service tells of them too."""
        truth = stand(
            plant, start=start, days=SPAN, horizon=0, seed_shift=1000 + seed,
            year=prepared.known.year,
        )  # fmt: skip
        issues = weather_of(truth, seed)
        worker.do(lambda: _tell(known[1], issues))
        return truth

    endless = Endless(twin, seed, draw)
    try:
        _measured_before(recording, prepared)
        steady = SteadyClock(Moving(endless, clock, speed), monotonic=lambda: clock.seconds)
        service = Service(
            plant=plant, recording=recording, clock=steady, beat=beat, speed=speed,
            connect=lambda: [TwinLink(lambda: endless.twin, steady)],
            known=known, monotonic=lambda: clock.seconds, worker=worker,
            commitments=commitments,
        )  # fmt: skip
        return asyncio.run(run(service))
    finally:
        endless.close()
        recording.close()


def _tell(past: Past, issues: Iterable[WeatherForecast]) -> None:
    for issue in issues:
        past.tell_weather(issue)


def _measured_before(recording: Recording, prepared: Prepared) -> None:
    """What was measured in the weeks before the first day, into the plant's history."""
    step = timedelta(minutes=15)
    begin = (prepared.start - timedelta(days=HISTORY)).replace(tzinfo=None)
    found = outside(prepared.known.network)
    for key, values in prepared.past.items():
        if found[key].kind not in ("possible", "load"):
            continue
        point = possible_of(key) if found[key].kind == "possible" else key
        events = np.datetime64(begin, "us") + np.arange(len(values)) * np.timedelta64(step)
        known = events + np.timedelta64(step)
        recording.values(
            Batch([point] * len(values), events, values, known, quality=0, source="before")
        )
