"""A few futures from quantile forecasts, each with errors that last as errors of weather do.

Every series has a hidden standard normal process, correlated in time; its share of probability
picks the quantile of the forecast at each step. The processes belong to the calendar, not to the
moment of planning: re-planned a quarter-hour later, each future goes on as it was, so that the
plan does not jump with the dice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr

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

    def of(self, forecast: Forecast, first: int, steps: int) -> Floats:
        """Values of a series in each future, (count, steps), from stage ``first`` of the span."""
        share = ndtr(self._process(forecast.key)[:, first : first + steps])
        return quantiles_at(forecast.levels, forecast.values[:, :steps], share)

    def _process(self, key: str) -> Floats:
        if key not in self._hidden:
            from scipy.signal import lfilter  # which loads half of scipy, and only planners need it

            random = np.random.default_rng([self.seed, *key.encode()])
            half = random.standard_normal(((self.count + 1) // 2, self.steps))
            keep = float(np.exp(-1.0 / self.lasting))
            half[:, 1:] *= np.sqrt(1.0 - keep * keep)
            process = lfilter([1.0], [1.0, -keep], half, axis=1)
            both = np.concatenate([process, -process])[: self.count]
            scale = np.sqrt((both**2).mean(axis=0))
            self._hidden[key] = both / np.maximum(scale, 1e-9)
        return self._hidden[key]


def quantiles_at(levels: Floats, values: Floats, share: Floats) -> Floats:
    """Quantiles at given shares of probability, step by step; flat beyond the outermost levels.

    ``values`` (levels, steps), ``share`` (futures, steps); the result has the form of ``share``.
    """
    if len(levels) == 1:
        return np.broadcast_to(values[0], share.shape).copy()
    place = np.interp(share, levels, np.arange(len(levels)))
    low = np.minimum(place.astype(np.int64), len(levels) - 2)
    part = place - low
    step = np.arange(values.shape[1])
    return np.asarray((1.0 - part) * values[low, step] + part * values[low + 1, step])


def is_uncertain(forecasts: Mapping[str, Forecast]) -> bool:
    """Whether any forecast says that it may come otherwise."""
    for forecast in forecasts.values():
        width = forecast.values[-1] - forecast.values[0]
        if np.any(width > SPREAD * (1.0 + np.abs(forecast.values[0]))):
            return True
    return False
