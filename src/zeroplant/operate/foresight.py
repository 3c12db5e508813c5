"""Forecasts of a running plant: the cycle takes the newest, and never waits for one.

Shortly before each quarter-hour, what was measured in those that are over is read from the plant's
history and becomes known, and once an hour what has come late; forecasts from that quarter-hour on
are made from it, so that it can be planned before it begins. At the start, and after each midnight
of the plant's clock, the forecaster learns anew. What has hardly been measured yet is not forecast:
there the plan keeps what the plant file lets expect, and the journal says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.axis import zone_named
from zeroplant.errors import InputError
from zeroplant.operate import entries
from zeroplant.operate.folder import STAMP, sweep
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.forecaster import Forecaster, Forecasts
from zeroplant.operate.likeness import Likeness, groups_of
from zeroplant.operate.measured import Means, Measured, means
from zeroplant.operate.outside import Outside, outside
from zeroplant.operate.past import Past
from zeroplant.operate.recording import Recording
from zeroplant.operate.series_file import read_measured
from zeroplant.operate.standing import Standing
from zeroplant.operate.track import Track
from zeroplant.operate.worker import Do, at_once
from zeroplant.plant.places import site_of
from zeroplant.store import Entry
from zeroplant.store.moments import micros
from zeroplant.weather.prediction import WeatherForecast

log = logging.getLogger(__name__)

STEP = timedelta(minutes=15)
AHEAD = timedelta(seconds=45)
"""How long before a quarter-hour begins it is forecast."""
STEPS = 100
"""Quarter-hours that are forecast: what schedules look ahead, and an hour until the next one."""
BACK = timedelta(days=60)
"""How much of the history is learnt from."""
LEAST = 2 * 96
"""Quarter-hours that must have been measured before a quantity is forecast."""

LATE = timedelta(days=1)
"""How late a value may come and still be taken up,"""
AGAIN = timedelta(hours=1)
"""as often as that."""
KEPT = timedelta(days=8)
"""How long the forecasts of each hour stay in the folder."""

Source = Callable[[Iterable[str], datetime, int, timedelta], Means]
"""Means of points in so many steps from a moment on, as `zeroplant.operate.measured.means`."""


class Foresight:
    """The forecaster of a plant that runs.

    ``weather`` is a table with the weather's forecasts, ``source`` says what was measured, and
    never late (without it: the history of ``recording``, where values may come late), ``given`` is
    a forecaster with the past it knows, instead of one that begins with what is measured here.
    ``do`` is how forecasts get made: at once, or beside.
    """

    def __init__(
        self,
        recording: Recording | None,
        weather: Path | None = None,
        *,
        source: Source | None = None,
        given: tuple[Forecasts, Past] | None = None,
        do: Do = at_once,
    ) -> None:
        self.recording, self.weather = recording, weather
        self.newest: Mapping[str, Forecast] = {}
        """The newest forecasts, replaced as a whole."""
        self._do, self._given = do, given
        self._source: Source = source or self._kept
        self._standing: Standing | None = None
        self._forecaster: Forecasts | None = None
        self._past: Past | None = None
        self._units: dict[str, str] = {}
        self._measured: Measured | None = None
        self._track: Track | None = None
        self._likeness = Likeness({})
        self._told: datetime | None = None
        self._since: datetime | None = None
        self._reread: datetime | None = None
        self._count: dict[str, int] = {}
        self._learnt: datetime | None = None
        self._quarter: datetime | None = None
        self._degraded: dict[str, str] = {}
        self._issued: WeatherForecast | None = None
        self._read = (0, 0)

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on; what was learnt stays."""
        self._do(lambda: self._stand(standing))

    def look(self, now: datetime) -> None:
        """Called in each cycle: asks for forecasts at the start, and for each quarter-hour."""
        quarter = _begun(now if self._quarter is None else now + AHEAD)
        if quarter != self._quarter:
            self._quarter = quarter
            self._do(lambda: self._forecast(now, quarter))

    def ahead(self, now: datetime, steps: int) -> Mapping[str, Forecast]:
        """Forecasts of so many steps from ``now`` on; blocks, where forecasts are made."""
        if self._forecaster is None:
            return {}
        return self._used(self._forecaster.at(now, now, steps))

    # -- where forecasts are made -----------------------------------------------------------------

    def _forecast(self, now: datetime, quarter: datetime) -> None:
        if quarter != self._quarter:
            return  # a newer one waits already
        try:
            self.forecast(now, quarter)
        except Exception as error:  # the older forecasts stand, whatever it is
            log.exception("forecasts")
            said = {"en": f"no forecast: {error}", "zh": f"无法预测：{error}"}
            self._note("note", now, said)

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        if self._forecaster is not None:
            return
        found = outside(standing.network)
        self._measured = Measured(standing.network, found)
        listed = [found[key] for key in self._measured.keys]
        self._units = {key: each.unit for key, each in found.items()}
        if self._given is None:
            self._past = Past(STEP, [each.key for each in listed])
            self._forecaster = _learner(standing, listed, self._past)
        else:
            self._forecaster, self._past = self._given
        self._track = Track(listed, self._past, standing.network.axis.zone)
        self._likeness = Likeness(groups_of(standing.plant, listed))

    def forecast(self, now: datetime, quarter: datetime) -> None:
        """Everything that falls to a quarter-hour that runs or comes next; blocks."""
        if self._forecaster is None or self._standing is None:
            return
        self._tell(_begun(now))
        self._tell_weather(now)
        zone = zone_named(self._standing.network.axis.zone)
        if self._learnt is None:
            self._learn(now)
            self._publish(now, quarter)
        else:
            self._publish(now, quarter)
            if now.astimezone(zone).date() != self._learnt.astimezone(zone).date():
                self._learn(now)
                self._publish(now, quarter)

    def _tell(self, now: datetime) -> None:
        """What was measured until now, as far as it has not been told."""
        assert self._measured is not None
        assert self._past is not None
        if self._told is None or self._since is None:
            # what was before is in the past that came with the forecaster, if one did
            self._told = self._since = now if self._given is not None else now - BACK
        told = start = max(self._told, now - BACK)
        if self._reread is None:
            self._reread = now
        elif self._source == self._kept and now - self._reread >= AGAIN:
            self._reread, start = now, min(start, max(self._since, now - LATE))
        steps = (now - start) // STEP
        if steps < 1:
            return
        table = self._source(self._measured.points, start - STEP, steps + 1, STEP)
        first = micros(start) // self._past.step
        events = (first + np.arange(steps)) * np.timedelta64(STEP) + np.datetime64(0, "us")
        in_time = events >= np.datetime64(micros(told), "us")
        known = np.where(in_time, events + np.timedelta64(STEP), np.datetime64(micros(now), "us"))
        for key, values in self._measured.of(table).items():
            if key not in self._past.observed:
                continue  # nobody asks for it
            before = self._past.observed[key].seen(first, steps, micros(now))
            new = np.isfinite(values) & ~np.isclose(values, before, rtol=1e-9)
            self._past.tell(key, events[new], values[new], known[new])
            self._count[key] = self._count.get(key, 0) + int((new & np.isnan(before)).sum())
        self._told = now

    def _tell_weather(self, now: datetime) -> None:
        """What the weather service has said since; a file that cannot be read says nothing new."""
        if self.weather is None or self._past is None or self._standing is None:
            return
        try:
            stat = self.weather.stat()
            changed = stat.st_mtime_ns, stat.st_size
            if changed == self._read:
                return
            found = read_measured(self.weather, self._standing.network.axis.zone).forecasts
        except (OSError, InputError) as error:
            said = {"en": f"no weather forecast: {error}", "zh": f"无天气预报：{error}"}
            self._note("note", now, said)
            return
        self._read, before = changed, self._issued
        for issue in sorted(found, key=lambda each: each.issued):
            if before is None or issue.issued > before.issued or _says_more(issue, before):
                self._past.tell_weather(issue)
                self._issued = issue

    def _learn(self, now: datetime) -> None:
        assert self._forecaster is not None
        assert self._track is not None
        self._forecaster.learn(now)
        self._likeness.learn(self._track)
        self._learnt = now

    def _publish(self, now: datetime, quarter: datetime) -> None:
        """Make forecasts, and let them be found: by the planner, in the folder, in the journal."""
        assert self._forecaster is not None
        assert self._track is not None
        made = self._forecaster.at(now, quarter, STEPS)
        used = self._used(made)
        if used or self.newest:
            self.newest = used
        self._track.look(quarter, self.newest)
        if self.recording is None:
            return
        units, folder = self._units, self.recording.folder
        said = {key: {"unit": units[key], **_plain(each)} for key, each in self.newest.items()}
        self.recording.file(folder.forecasts, {"made": now.isoformat(), **said})
        if quarter.minute == 0:
            self.recording.file(
                folder.made_forecasts / f"{quarter:{STAMP}}.json", {"made": now.isoformat(), **said}
            )
            sweep(folder.made_forecasts, now - KEPT)
        self.recording.file(folder.skill, {"made": now.isoformat(), **self._track.plain()})
        expected = {key: [entries.plain(v) for v in each.mean().tolist()]
                    for key, each in self.newest.items()}  # fmt: skip
        if expected:
            self._note("forecast", now, expected)
        degraded = {key: _degraded(each, key in self.newest) for key, each in made.items()}
        if degraded != self._degraded:
            self._degraded = degraded
            self._note("note", now, {key: why for key, why in degraded.items() if why})

    def _used(self, made: Mapping[str, Forecast]) -> dict[str, Forecast]:
        """Forecasts of what has been measured for long enough, or is known from elsewhere."""
        known = self._given is not None
        used = {k: each for k, each in made.items() if known or self._count.get(k, 0) >= LEAST}
        return self._likeness.told(used)

    def _kept(self, names: Iterable[str], start: datetime, steps: int, step: timedelta) -> Means:
        """What the plant's own history holds."""
        assert self.recording is not None
        return means(self.recording.history, names, start, steps, step)

    def _note(self, kind: str, now: datetime, payload: Mapping[str, object]) -> None:
        if self.recording is None:
            return
        key = "plant" if kind == "forecast" else "forecasts"
        self.recording.note([Entry(kind=kind, key=key, event=now, known=now, payload=payload)])


def _says_more(issue: WeatherForecast, before: WeatherForecast) -> bool:
    """Whether it is the same forecast, of which a file was read in the midst of being written."""
    if issue.issued != before.issued:
        return False
    pairs = ((values, before.values.get(name)) for name, values in issue.values.items())
    same = all(was is not None and np.array_equal(v, was, equal_nan=True) for v, was in pairs)
    return not (same and issue.start == before.start)


def _begun(moment: datetime) -> datetime:
    """The start of the quarter-hour a moment falls in."""
    return moment - (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % STEP


def _learner(standing: Standing, listed: Sequence[Outside], past: Past) -> Forecaster:
    """A forecaster that begins with nothing but the plant's place."""
    places = list(standing.plant.sites)
    site = site_of(standing.plant, places[0]) if places else None
    place = None if site is None else (site.latitude, site.longitude)
    return Forecaster(listed, past, zone=standing.network.axis.zone, place=place)


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
