"""A few futures from quantile forecasts, each with errors that last as errors of weather do.

Every series has a hidden standard normal process, correlated in time, which picks the quantile of
the forecast at each step (a Gaussian copula). Part of it is that of the series' group: neighbours
have their lulls together. The processes belong to the calendar, not to the moment of planning:
re-planned a quarter-hour later, each future goes on as it was, so that the plan does not jump with
the dice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtri

from zeroplant.axis import Floats
from zeroplant.operate.forecast import Forecast

SPREAD = 1e-6
"""Quantiles closer together than this share of their size are no spread."""


class Drawn(Protocol):
    """Futures to plan for."""

    @property
    def count(self) -> int:
        """How many."""
        ...

    def of(self, forecast: Forecast, first: int, steps: int) -> Floats:
        """Values of a series in each, (count, steps), from stage ``first`` on."""
        ...


@dataclass(frozen=True)
class Some:
    """Some futures of a whole, ``count`` from ``begin`` on: as they are among all of them."""

    whole: Drawn
    begin: int
    count: int

    def of(self, forecast: Forecast, first: int, steps: int) -> Floats:
        """Theirs of the values of the whole."""
        return self.whole.of(forecast, first, steps)[self.begin : self.begin + self.count]


@dataclass
class Futures:
    """Draws of hidden processes for a span of ``steps``; the same seed gives the same futures.

    ``lasting`` is the time, in steps, over which an error falls to 1/e. Drawn in pairs of opposite
    sign and scaled to variance 1 over the futures, so that a few stand for all.
    """

    count: int
    steps: int
    lasting: float
    seed: int = 0

    def __post_init__(self) -> None:
        self._hidden: dict[str, Floats] = {}
        self._scores: dict[tuple[str, str, float], Floats] = {}

    def of(self, forecast: Forecast, first: int, steps: int) -> Floats:
        """Values of a series in each future, (count, steps), from stage ``first`` of the span."""
        score = self._score(forecast)[:, first : first + steps]
        values = quantiles_at(forecast.levels, forecast.values[:, :steps], score)
        return np.clip(values, *forecast.within)

    def _score(self, forecast: Forecast) -> Floats:
        """Normal scores of a series in each future: its group's and its own, by the correlation."""
        named = forecast.key, forecast.group, forecast.correlation
        if named not in self._scores:
            score = self._process(forecast.key)
            if forecast.group and forecast.correlation > 0.0:
                common = self._process(f"group {forecast.group}")
                shared = forecast.correlation
                score = np.sqrt(shared) * common + np.sqrt(1.0 - shared) * score
            size = np.sqrt((score**2).mean(axis=0))
            self._scores[named] = score / np.maximum(size, 1e-9)
        return self._scores[named]

    def _process(self, key: str) -> Floats:
        if key not in self._hidden:
            from scipy.signal import lfilter  # which loads half of scipy, and only planners need it

            random = np.random.default_rng([self.seed, *key.encode()])
            half = random.standard_normal(((self.count + 1) // 2, self.steps))
            keep = float(np.exp(-1.0 / self.lasting))
            half[:, 1:] *= np.sqrt(1.0 - keep * keep)
            process = lfilter([1.0], [1.0, -keep], half, axis=1)
            self._hidden[key] = np.concatenate([process, -process])[: self.count]
        return self._hidden[key]


def quantiles_at(levels: Floats, values: Floats, score: Floats) -> Floats:
    """Quantiles at given normal scores, step by step, straight in the score.

    Beyond the outermost levels they go on as between the last two. ``values`` (levels, steps),
    ``score`` (futures, steps); the result has the form of ``score``.
    """
    if len(levels) == 1:
        return np.broadcast_to(values[0], score.shape).copy()
    known = ndtri(levels)
    low = np.clip(np.searchsorted(known, score, side="right") - 1, 0, len(levels) - 2)
    part = (score - known[low]) / (known[low + 1] - known[low])
    step = np.arange(values.shape[1])
    return np.asarray((1.0 - part) * values[low, step] + part * values[low + 1, step])


def is_uncertain(forecasts: Mapping[str, Forecast]) -> bool:
    """Whether any forecast says that it may come otherwise."""
    for forecast in forecasts.values():
        width = forecast.values[-1] - forecast.values[0]
        if np.any(width > SPREAD * (1.0 + np.abs(forecast.values[0]))):
            return True
    return False
