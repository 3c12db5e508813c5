"""Forecasters: ours, which learns; persistence, which does not; and foresight, which is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.operate import quantity
from zeroplant.operate.almanac import Almanac
from zeroplant.operate.features import Pairs
from zeroplant.operate.forecast import LEVELS, Forecast, Method
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.operate.quantity import Model
from zeroplant.operate.references import Seen, day_before
from zeroplant.store.moments import micros

BACK = timedelta(days=16)
"""How far back a forecast looks for what was measured: two weeks and a little."""
OLD = timedelta(hours=1)
"""Age of the last measurement from which on a forecast complains of it."""


class Forecasts(Protocol):
    """Whoever can say what is to come."""

    def learn(self, upto: datetime) -> None:
        """Learn from everything known at a moment."""
        ...

    def at(self, known: datetime, start: datetime, steps: int) -> dict[str, Forecast]:
        """Forecasts of ``steps`` steps from ``start`` on, from what is known at a moment."""
        ...


class Forecaster:
    """Quantile forecasts of every quantity that is not known, from what `Past` knows.

    ``zone`` is the plant's, ``place`` its latitude and longitude [degrees], for the sun; without
    it forecasts know no sun. The same past, moment and seed give the same forecast, bit by bit.
    """

    def __init__(
        self,
        outside: Iterable[Outside],
        past: Past,
        *,
        zone: str,
        place: tuple[float, float] | None = None,
        levels: Sequence[float] = LEVELS,
        seed: int = 0,
    ) -> None:
        self.quantities = {each.key: each for each in outside if not each.known}
        self.past = past
        self.levels = np.asarray(levels, dtype=float)
        self.seed = seed
        self.step = timedelta(microseconds=past.step)
        self.almanac = Almanac(self.step, zone, place)
        self.models: dict[str, Model] = {}

    def learn(self, upto: datetime) -> None:
        """Learn every quantity anew from everything known at a moment."""
        for key in self.quantities:
            self.learn_one(key, upto)

    def learn_one(self, key: str, upto: datetime) -> None:
        """Learn one quantity anew; one that has never been measured is left alone."""
        moment, observed = micros(upto), self.past.observed[key]
        first, end = observed.first(moment), moment // self.past.step
        if first is None or first >= end:
            return
        values = observed.seen(first, end - first, moment) / self._rating(key)
        if not np.isfinite(values).any():
            return
        self.models[key] = quantity.learn(
            Seen(first, values), self.past.forecast(moment), self.almanac, self.levels.tolist(),
            seed=self.seed, upto=moment, step=self.past.step,
        )  # fmt: skip

    def at(self, known: datetime, start: datetime, steps: int) -> dict[str, Forecast]:
        """Forecasts of ``steps`` steps from ``start`` on, from what is known at a moment."""
        return {key: self.one(key, known, start, steps) for key in self.quantities}

    def one(self, key: str, known: datetime, start: datetime, steps: int) -> Forecast:
        """The forecast of one quantity."""
        moment = micros(known)
        target = micros(start) // self.past.step + np.arange(steps)
        seen, last = latest(self.past, key, moment, self._rating(key))
        model = self.models.get(key)
        missing = list(self._missing(moment, last, target))
        method: Method
        if last is not None and model is not None:
            pairs = _pairs(last, target, moment)
            shares = quantity.quantiles(model, pairs, seen, self.levels.size)
            method = "trees" if model.trees else "blend" if model.middle else "course"
        elif model is not None:
            shares, method = self._level(quantity.climatology(model, target)), "course"
        elif last is not None:
            shares, method = (
                self._level(_yesterday(seen, last, target, self.almanac)),
                "persistence",
            )
        else:
            shares, method = self._level(np.zeros(steps)), "nothing"
        if model is None:
            missing.append("nothing has been learnt yet")
        within = self._within(key, model)
        values = np.sort(np.nan_to_num(shares), axis=0) * self._rating(key)  # none below the last
        return Forecast(
            key, known, start, self.step, self.levels, np.clip(values, *within), method,
            tuple(missing), within,
        )  # fmt: skip

    def _missing(self, moment: int, last: int | None, target: Ints) -> Iterable[str]:
        if last is None:
            yield "no measurement in two weeks"
        elif (age := timedelta(microseconds=moment - (last + 1) * self.past.step)) > OLD:
            yield f"last measured {age / timedelta(hours=1):.1f} h ago"
        for name, issues in self.past.forecast(moment).items():
            given = np.isfinite(issues.at(target, np.full(target.shape, moment)))
            if lost := int((~given).sum()):
                yield f"weather forecast of {name} missing for {lost} of {target.size} steps"

    def _rating(self, key: str) -> float:
        rating = self.quantities[key].rating
        return rating if np.isfinite(rating) and rating > 0 else 1.0

    def _level(self, shares: Floats) -> Floats:
        return np.tile(np.nan_to_num(shares), (self.levels.size, 1))

    def _within(self, key: str, model: Model | None) -> tuple[float, float]:
        """The least and the most a quantity can be, in its unit."""
        kind, rating = self.quantities[key].kind, self._rating(key)
        if kind == "price":
            return -np.inf, np.inf
        least = 0.0 if model is None or kind == "possible" else min(0.0, model.least * rating)
        most = rating * max(1.0, model.most if model else 1.0) if kind == "possible" else np.inf
        return least, most


class PersistenceForecaster:
    """What was measured at the same time of the latest day: no learning, no spread."""

    def __init__(self, outside: Iterable[Outside], past: Past, *, zone: str = "UTC") -> None:
        self.quantities = {each.key: each for each in outside if not each.known}
        self.past = past
        self.almanac = Almanac(timedelta(microseconds=past.step), zone, None)

    def learn(self, upto: datetime) -> None:
        """Nothing to learn."""

    def at(self, known: datetime, start: datetime, steps: int) -> dict[str, Forecast]:
        """Forecasts of ``steps`` steps from ``start`` on, from what is known at a moment."""
        moment, step = micros(known), self.almanac.step
        target = micros(start) // self.past.step + np.arange(steps)
        found = {}
        for key in self.quantities:
            seen, last = latest(self.past, key, moment, 1.0)
            values = np.zeros(steps)
            if last is not None:
                values = _yesterday(seen, last, target, self.almanac)
            found[key] = Forecast(
                key, known, start, step, np.array([0.5]), values[None, :],
                "nothing" if last is None else "persistence",
            )  # fmt: skip
        return found


class PerfectForecaster:
    """Told the truth, for the cost that no forecast can undercut."""

    def __init__(self, truth: Mapping[str, Floats], start: datetime, step: timedelta) -> None:
        """``truth``: values of each quantity from ``start`` on."""
        self.truth = dict(truth)
        self.start = start
        self.step = step

    def learn(self, upto: datetime) -> None:
        """Nothing to learn."""

    def at(self, known: datetime, start: datetime, steps: int) -> dict[str, Forecast]:
        """The truth; after its end the last day again."""
        index = (start - self.start) // self.step + np.arange(steps)
        per_day = timedelta(days=1) // self.step
        found = {}
        for key, values in self.truth.items():
            beyond = np.maximum(0, -(-(index - values.size + 1) // per_day)) * per_day
            place = np.clip(index - beyond, 0, values.size - 1)
            found[key] = Forecast(
                key, known, start, self.step, np.array([0.5]), values[place][None, :], "foresight"
            )
        return found


def latest(past: Past, key: str, moment: int, rating: float) -> tuple[Seen, int | None]:
    """Values of the last two weeks as shares of a rating, and the last step measured."""
    end = moment // past.step + 1
    count = BACK // timedelta(microseconds=past.step)
    values = past.observed[key].seen(end - count, count, moment) / rating
    good = np.flatnonzero(np.isfinite(values))
    return Seen(end - count, values), int(end - count + good[-1]) if good.size else None


def _yesterday(seen: Seen, last: int, target: Ints, almanac: Almanac) -> Floats:
    at = np.full(target.shape, last)
    found = day_before(seen, at, target, almanac)
    return np.where(np.isfinite(found), found, seen.at(at))


def _pairs(last: int, target: Ints, moment: int) -> Pairs:
    """Rows for one moment; a target that has been measured already is asked as the next step."""
    at = np.minimum(np.full(target.shape, last), target - 1)
    return Pairs(at, target, np.full(target.shape, moment))
