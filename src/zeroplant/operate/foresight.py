"""Forecasts in real time, in a thread of their own: the cycle takes the newest and never waits.

Each quarter-hour, what was measured in the one before is read from the plant's history and becomes
known; forecasts are made from it. At the start, and after each midnight of the plant's clock, the
forecaster learns anew. What has hardly been measured yet is not forecast: there the plan keeps what
the plant file lets expect, and the journal says so.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.axis import zone_named
from zeroplant.errors import InputError
from zeroplant.operate import entries
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.forecaster import Forecaster
from zeroplant.operate.measured import Measured, means
from zeroplant.operate.outside import outside
from zeroplant.operate.past import Past
from zeroplant.operate.recording import Recording
from zeroplant.operate.series_file import read_measured
from zeroplant.operate.standing import Standing
from zeroplant.plant.places import site_of
from zeroplant.store import Entry

log = logging.getLogger(__name__)

STEP = timedelta(minutes=15)
STEPS = 100
"""Quarter-hours that are forecast: what schedules look ahead, and an hour until the next one."""
BACK = timedelta(days=60)
"""How much of the history is learnt from."""
LEAST = 2 * 96
"""Quarter-hours that must have been measured before a quantity is forecast."""


class Foresight:
    """The forecaster of a plant that runs. ``weather`` is a table with the weather's forecasts."""

    def __init__(self, recording: Recording, weather: Path | None = None) -> None:
        self.recording, self.weather = recording, weather
        self.newest: Mapping[str, Forecast] = {}
        """The newest forecasts, replaced as a whole."""
        self._standing: Standing | None = None
        self._forecaster: Forecaster | None = None
        self._measured: Measured | None = None
        self._told: datetime | None = None
        self._count: dict[str, int] = {}
        self._learnt: datetime | None = None
        self._quarter: datetime | None = None
        self._degraded: dict[str, str] = {}
        self._issued = 0
        self._read = 0.0
        self._work: queue.SimpleQueue[datetime | Standing | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="foresight", daemon=True)
        self._thread.start()

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on; what was learnt stays."""
        self._work.put(standing)

    def look(self, now: datetime) -> None:
        """Called in each cycle: asks for forecasts when a quarter-hour has begun."""
        quarter = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % STEP
        if quarter != self._quarter:
            self._quarter = quarter
            self._work.put(quarter)

    def close(self) -> None:
        """Let go; what is being learnt is not waited for."""
        self._work.put(None)
        self._thread.join(2.0)

    # -- in the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                if isinstance(work, Standing):
                    self._stand(work)
                elif self._work.empty():  # of several quarter-hours, the newest
                    self.forecast(work)
            except Exception as error:  # the older forecasts stand, whatever it is
                log.exception("forecasts")
                if (now := self._quarter) is not None:
                    said = {"en": f"no forecast: {error}", "zh": f"无法预测：{error}"}
                    self._note("note", now, said)

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        if self._forecaster is not None:
            return
        found = outside(standing.network)
        self._measured = Measured(standing.network, found)
        listed = [found[key] for key in self._measured.keys]
        axis, places = standing.network.axis, list(standing.plant.sites)
        site = site_of(standing.plant, places[0]) if places else None
        place = None if site is None else (site.latitude, site.longitude)
        past = Past(STEP, [each.key for each in listed])
        self._forecaster = Forecaster(listed, past, zone=axis.zone, place=place)

    def forecast(self, now: datetime) -> None:
        """Everything that falls to a quarter-hour; blocks."""
        if self._forecaster is None or self._standing is None:
            return
        self._tell(now)
        self._tell_weather(now)
        zone = zone_named(self._standing.network.axis.zone)
        if self._learnt is None:
            self._learn(now)
            self._publish(now)
        else:
            self._publish(now)
            if now.astimezone(zone).date() != self._learnt.astimezone(zone).date():
                self._learn(now)
                self._publish(now)

    def _tell(self, now: datetime) -> None:
        """What was measured until now, as far as it has not been told."""
        assert self._measured is not None
        assert self._forecaster is not None
        start = max(self._told or now - BACK, now - BACK)
        steps = (now - start) // STEP
        if steps < 1:
            return
        table = means(
            self.recording.history, self._measured.points, start - STEP, steps + 1, STEP
        )  # fmt: skip
        first = np.datetime64(int(start.timestamp() * 1e6), "us")
        events = first + np.arange(steps) * np.timedelta64(STEP)
        for key, values in self._measured.of(table).items():
            self._forecaster.past.tell(key, events, values, events + np.timedelta64(STEP))
            self._count[key] = self._count.get(key, 0) + int(np.isfinite(values).sum())
        self._told = now

    def _tell_weather(self, now: datetime) -> None:
        """What the weather service has said since; a file that cannot be read says nothing new."""
        if self.weather is None or self._forecaster is None or self._standing is None:
            return
        try:
            changed = self.weather.stat().st_mtime
            if changed == self._read:
                return
            found = read_measured(self.weather, self._standing.network.axis.zone).forecasts
        except (OSError, InputError) as error:
            said = {"en": f"no weather forecast: {error}", "zh": f"无天气预报：{error}"}
            self._note("note", now, said)
            return
        self._read = changed
        for issue in found[self._issued :]:  # a file that grows at its end
            self._forecaster.past.tell_weather(issue)
        self._issued = max(self._issued, len(found))

    def _learn(self, now: datetime) -> None:
        assert self._forecaster is not None
        self._forecaster.learn(now)
        self._learnt = now

    def _publish(self, now: datetime) -> None:
        """Make forecasts, and let them be found: by the planner, in the folder, in the journal."""
        assert self._forecaster is not None
        made = self._forecaster.at(now, now, STEPS)
        used = {key: each for key, each in made.items() if self._count.get(key, 0) >= LEAST}
        if used or self.newest:
            self.newest = used
        said = {key: _plain(each) for key, each in self.newest.items()}
        self.recording.file(self.recording.folder.forecasts, {"made": now.isoformat(), **said})
        expected = {key: [entries.plain(v) for v in each.mean().tolist()]
                    for key, each in self.newest.items()}  # fmt: skip
        if expected:
            self._note("forecast", now, expected)
        degraded = {key: _degraded(each, key in self.newest) for key, each in made.items()}
        if degraded != self._degraded:
            self._degraded = degraded
            self._note("note", now, {key: why for key, why in degraded.items() if why})

    def _note(self, kind: str, now: datetime, payload: Mapping[str, object]) -> None:
        key = "plant" if kind == "forecast" else "forecasts"
        self.recording.note([Entry(kind=kind, key=key, event=now, known=now, payload=payload)])


def _degraded(forecast: Forecast, used: bool) -> str:
    """What a forecast lacks, in words that do not change from quarter to quarter."""
    if not used:
        return "measured for less than two days: expected as the plant file has it"
    return "" if forecast.method == "trees" else f"forecast by {forecast.method}"


def _plain(forecast: Forecast) -> dict[str, object]:
    """A forecast as JSON says it."""
    return {
        "start": forecast.start.isoformat(),
        "step": forecast.step.total_seconds(),
        "method": forecast.method,
        "missing": list(forecast.missing),
        "levels": forecast.levels.tolist(),
        "values": [[entries.plain(v) for v in row] for row in forecast.values.tolist()],
        "mean": [entries.plain(v) for v in forecast.mean().tolist()],
    }
