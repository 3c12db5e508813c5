"""How good the running plant's forecasts turned out: those made a while ago against what came.

Beside each forecast stands what anybody could have said at that moment without a model: that it
stays as it was last measured (persistence), and that it is as the last days were at that time of
day (climatology). All three are scored over the same steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate.almanac import Almanac
from zeroplant.operate.entries import plain
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.forecaster import latest
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.operate.references import recent_course
from zeroplant.store.moments import micros

HOURS = (0.25, 1.0, 4.0, 24.0)
"""How far ahead the step ends that is looked at."""
KEPT = timedelta(days=28)
LEAST = 24
"""Steps that must have come before anything is said."""
BAND = (0.1, 0.9)
SAID = ("middle", "low", "high", "persistence", "climatology")


class Track:
    """Forecasts that were made, with what came of them, over the last four weeks."""

    def __init__(self, quantities: Iterable[Outside], past: Past, zone: str) -> None:
        """``zone`` is that of the plant's clock, by which days are alike."""
        self._quantities = {each.key: each for each in quantities}
        self._past = past
        self._count = KEPT // timedelta(microseconds=past.step)
        self._almanac = Almanac(timedelta(microseconds=past.step), zone, None)
        per_hour = timedelta(hours=1) / timedelta(microseconds=past.step)
        self._ahead = np.array([round(hours * per_hour) - 1 for hours in HOURS], np.int64)
        self._now = 0
        self._made: dict[str, Ints] = {}
        self._said: dict[str, Floats] = {}
        """By key, in a ring by the step they were made at: (steps, SAID, HOURS)."""

    def look(self, now: datetime, forecasts: Mapping[str, Forecast]) -> None:
        """Keep what is said at a moment; said again for the same moment, the later counts."""
        self._now = micros(now)
        first = self._now // self._past.step
        for key, forecast in forecasts.items():
            if key not in self._quantities or key not in self._past.observed:
                continue  # nobody measures it
            made = self._made.setdefault(key, np.full(self._count, -1, np.int64))
            said = self._said.setdefault(key, np.full((self._count, len(SAID), len(HOURS)), np.nan))
            made[first % self._count] = first
            said[first % self._count] = self._row(key, first, forecast)

    def _row(self, key: str, first: int, forecast: Forecast) -> Floats:
        """What is said of the steps that are looked at, by whom."""
        row = np.full((len(SAID), len(HOURS)), np.nan)
        here = self._ahead < forecast.values.shape[1]
        for place, level in enumerate((0.5, *BAND)):
            row[place, here] = forecast.at(level)[self._ahead[here]]
        if forecast.levels.size == 1:
            row[1:3] = np.nan  # it says nothing of how sure it is
        seen, last = latest(self._past, key, self._now, 1.0)
        if last is not None:
            at, target = np.full(len(HOURS), last), first + self._ahead
            row[3] = seen.at(at)
            row[4] = recent_course(seen, at, target, self._almanac)
        return row

    def errors(self, keys: Iterable[str]) -> Floats:
        """Forecasts of an hour ahead less what came, (keys, steps); nan where it is not known."""
        hour = HOURS.index(1.0)
        return np.stack([self._errors(key)[:, hour] for key in keys])

    def _errors(self, key: str) -> Floats:
        """Middle of each forecast of the last weeks less what came, (steps, HOURS)."""
        found = np.full((self._count, len(HOURS)), np.nan)
        if key not in self._made:
            return found
        made, newest = self._made[key], self._now // self._past.step
        rows = np.flatnonzero((made >= 0) & (made > newest - self._count))
        if rows.size:
            found[rows] = self._said[key][rows, 0] - self._came(key, made[rows])
        return found

    def _came(self, key: str, made: Ints) -> Floats:
        """What came at the steps that are looked at from each, (steps, HOURS)."""
        target = made[:, None] + self._ahead
        first = int(target.min())
        count = int(target.max()) - first + 1
        return np.asarray(self._past.observed[key].seen(first, count, self._now)[target - first])

    def plain(self) -> dict[str, Any]:
        """As the plant's folder says it: errors are shares of the rating."""
        return {"keys": {key: self._scored(key) for key in self._made}}

    def _scored(self, key: str) -> dict[str, Any]:
        quantity, rows = self._quantities[key], self._made[key] >= 0
        said = self._said[key][rows]
        came = self._came(key, self._made[key][rows])
        good = np.isfinite(came) & np.isfinite(said[:, [0, 3, 4]]).all(axis=1)
        steps = good.sum(axis=0)
        apart = np.abs(np.where(good[:, None], said - came[:, None], 0.0)).sum(axis=0)
        error = apart / np.maximum(steps, 1) / max(quantity.rating, 1e-9)
        inside = good & (came >= said[:, 1]) & (came <= said[:, 2])
        known = good & np.isfinite(said[:, 1:3]).all(axis=1)
        covered = inside.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        enough = steps >= LEAST

        def told(values: Floats, which: Any = enough) -> list[float | None]:
            return [plain(float(v)) if w else None for v, w in zip(values, which, strict=True)]

        return {
            "unit": quantity.unit,
            "rating": plain(quantity.rating),
            "days": round(float(steps.max()) / self._almanac.per_day, 2),
            "hours": list(HOURS),
            "error": told(error[0]),
            "persistence": told(error[3]),
            "climatology": told(error[4]),
            "coverage": told(covered, known.sum(axis=0) >= LEAST),
        }
