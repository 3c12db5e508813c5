"""What operation has learnt so far: measurements and weather forecasts, each with its known time.

Everything lies on one grid of equal steps since 1970 (quarter-hours); a value stands for the step
that starts at its event time. Whoever asks says as of which moment, and gets nothing later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.errors import InputError, Problem
from zeroplant.store.moments import Moment, all_micros, micros
from zeroplant.weather.prediction import WeatherForecast

EARLIER_ISSUES = 8
"""How many older weather forecasts are asked where the newest says nothing of a moment."""


class Rows:
    """Columns that grow at their end."""

    def __init__(self, *kinds: type) -> None:
        self._count = 0
        self._columns: list[NDArray[Any]] = [np.empty(64, kind) for kind in kinds]

    def add(self, *columns: ArrayLike) -> None:
        """Append rows, given column by column."""
        arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(each)) for each in columns))
        end = self._count + arrays[0].size
        for place, array in enumerate(arrays):
            if end > self._columns[place].size:
                self._columns[place] = np.resize(self._columns[place], 2 * end)
            self._columns[place][self._count : end] = array
        self._count = end

    def column(self, place: int) -> NDArray[Any]:
        """One column, as far as it has grown."""
        return self._columns[place][: self._count]


class Observations:
    """Values of one quantity on the grid, in versions: the one known last counts."""

    def __init__(self) -> None:
        self._rows = Rows(np.int64, np.int64, np.float64)

    def add(self, index: Ints, known: Ints, value: Floats) -> None:
        """Keep values of grid steps ``index`` that became known at ``known`` [us]."""
        self._rows.add(index, known, value)

    def seen(self, first: int, count: int, known: int) -> Floats:
        """Values of ``count`` steps from ``first`` on as of a moment [us]; nan if not known."""
        index, when = self._rows.column(0), self._rows.column(1)
        use = np.flatnonzero((when <= known) & (index >= first) & (index < first + count))
        if np.any(np.diff(when[use]) < 0):
            use = use[np.argsort(when[use], kind="stable")]
        values = np.full(count, np.nan)
        values[index[use] - first] = self._rows.column(2)[use]
        return values

    def first(self, known: int) -> int | None:
        """The earliest step a value was known of at a moment [us]."""
        index = self._rows.column(0)[self._rows.column(1) <= known]
        return int(index.min()) if index.size else None


class Issues:
    """Weather forecasts of one variable, on the grid, in order of their issue."""

    def __init__(self) -> None:
        self._spans = Rows(np.int64, np.int64, np.int64)  # issued, first step, place of its values
        self._values = Rows(np.float64)
        self._newest = -(2**62)

    def add(self, issued: int, first: int, values: Floats) -> None:
        """Keep a forecast. Raises InputError if it is older than one that is kept."""
        if issued < self._newest:
            what = "a weather forecast came after one that was issued later"
            raise InputError(Problem(what, instead="give weather forecasts in order of issue"))
        self._newest = issued
        self._spans.add(issued, first, self._values.column(0).size)
        self._values.add(values)

    def begun(self, known: int) -> bool:
        """Whether any had been issued at a moment [us]."""
        issued = self._spans.column(0)
        return bool(issued.size and issued[0] <= known)

    def at(self, index: Ints, known: Ints) -> Floats:
        """For each step the value of the newest forecast known at its moment [us] that has one."""
        issued, first, place = (self._spans.column(each) for each in range(3))
        values = self._values.column(0)
        found = np.full(index.shape, np.nan)
        if not issued.size:
            return found
        ends = np.append(place[1:], values.size)
        number = np.searchsorted(issued, known, side="right") - 1
        open_ = np.flatnonzero(number >= 0)
        for _ in range(EARLIER_ISSUES):
            which = number[open_]
            at = place[which] + index[open_] - first[which]
            inside = (index[open_] >= first[which]) & (at < ends[which])
            found[open_[inside]] = values[at[inside]]
            number[open_] -= 1
            open_ = open_[np.isnan(found[open_]) & (number[open_] >= 0)]
            if not open_.size:
                break
        return found


class Past:
    """What operation has learnt so far; it only grows."""

    def __init__(self, step: timedelta, keys: Iterable[str]) -> None:
        self.step = micros_of(step)
        self.observed = {key: Observations() for key in keys}
        self.issues: dict[str, Issues] = {}

    def forecast(self, known: int) -> dict[str, Issues]:
        """The weather variables of which a forecast had been issued at a moment [us]."""
        return {name: each for name, each in self.issues.items() if each.begun(known)}

    def tell(
        self,
        key: str,
        event: ArrayLike | Moment,
        value: ArrayLike,
        known: ArrayLike | Moment,
    ) -> None:
        """Values of a quantity: the mean over the step that starts at ``event``, and when known.

        Values that are not numbers (lost, bad) say nothing and are left out. Raises InputError
        for an unknown key and for a value that is known before it began.
        """
        if key not in self.observed:
            raise InputError(Problem(f"operation observes no '{key}'"))
        events, knowns, values = np.broadcast_arrays(
            np.atleast_1d(all_micros(event)),
            np.atleast_1d(all_micros(known)),
            np.atleast_1d(np.asarray(value, dtype=float)),
        )
        if np.any(knowns < events):
            raise InputError(Problem(f"a value of '{key}' was known before it could be measured"))
        good = np.isfinite(values)
        self.observed[key].add(events[good] // self.step, knowns[good], values[good])

    def tell_weather(self, forecast: WeatherForecast) -> None:
        """A weather forecast; coarser steps than the grid's are interpolated linearly."""
        start, wide = micros(forecast.start), micros_of(forecast.step)
        for name, given in forecast.values.items():
            values = np.asarray(given, dtype=float)
            steps = max(1, len(values) * wide // self.step)
            if wide != self.step:
                grid = np.arange(steps) * (self.step / wide)
                values = np.interp(grid, np.arange(len(values)), values)
            issues = self.issues.setdefault(name, Issues())
            issues.add(micros(forecast.issued), start // self.step, values)


def micros_of(length: timedelta) -> int:
    """Microseconds of a length of time."""
    return length // timedelta(microseconds=1)
