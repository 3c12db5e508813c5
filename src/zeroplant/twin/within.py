"""How a series moves within its periods: smoothly, restlessly, and with the mean it was given.

A series of quarter-hours says means. Within each, a parabola joins the means of neighbours and
keeps its own, and coloured noise is laid on it whose mean over the period is nothing. So the
energy of every period is that of the series, whatever step the twin runs at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.kernels import njit

MEMORY = 45.0
"""Seconds over which gusts and habits of loads are remembered, and over which many of them side by
side are averaged, if nothing better is known (`ripple`)."""


def ends(means: Floats, top: Floats) -> tuple[Floats, Floats]:
    """Values at the begin and the end of each period [periods, series].

    Midway to the neighbour, as far as bounds allow: a parabola with mean m and ends up to 3·m
    stays above nothing, and the same holds from above for the distance to ``top``. Where periods
    meet there is one value, within the bounds of both (after a night the sun rises from nothing);
    only a series that goes from nothing to its top at once jumps.
    """
    least, most = np.maximum(3.0 * means - 2.0 * top, 0.0), 3.0 * means
    low, high = np.maximum(least[1:], least[:-1]), np.minimum(most[1:], most[:-1])
    meets = np.maximum(np.minimum(0.5 * (means[1:] + means[:-1]), high), np.minimum(low, high))
    begin = np.clip(np.concatenate([means[:1], meets]), least, most)
    end = np.clip(np.concatenate([meets, means[-1:]]), least, most)
    return begin, end


class Within:
    """Series [periods, series] ≥ 0 at every step of a period; see the module.

    ``deviation`` [periods, series] is that of the noise; where a series stands at nothing or at
    its top it rests there. ``memory`` [2, series]: seconds of memory of what moves it, and those
    over which its extent averages that, so that it has no jumps from one step to the next.
    """

    def __init__(
        self, means: Floats, deviation: Floats, memory: Floats, *, steps: int, seconds: float,
        seed: int,
    ) -> None:  # fmt: skip
        self.means = np.asarray(means, dtype=float)
        self.top = self.means.max(axis=0, initial=0.0)
        self.begin, self.end = ends(self.means, self.top)
        self.steps = steps
        self.deviation = deviation
        self._random = np.random.default_rng(seed)
        a, b = np.exp(-seconds / np.maximum(memory, 1e-9))
        self._keep = a, b
        # Deviation of white noise after both filters.
        self._spread = np.sqrt(
            (1.0 - a) * (1.0 - b) * (1.0 + a * b) / ((1.0 + a) * (1.0 + b) * (1.0 - a * b))
        )
        self._at = (np.arange(steps) + 0.5) / steps
        # What the parabola's middle adds is corrected for the mean of finitely many steps.
        self._bow = self._at * (1.0 - self._at)
        self._bow /= self._bow.mean()
        self._window = np.sin(np.pi * self._at)[:, None]

    def period(self, number: int) -> Floats:
        """Values at all steps of a period, shape (steps, series)."""
        first, last, mean = self.begin[number], self.end[number], self.means[number]
        at = self._at[:, None]
        smooth = first + (last - first) * at + (mean - 0.5 * (first + last)) * self._bow[:, None]
        return np.asarray(smooth + self._noise(number, smooth))

    def _noise(self, number: int, smooth: Floats) -> Floats:
        """Noise of mean nothing that leaves no value below nothing or above the top."""
        drawn = self._random.standard_normal(smooth.shape)
        red = twice(drawn, *self._keep) / self._spread
        red *= self._window
        red -= self._window * (red.mean(axis=0) / self._window.mean())
        red *= self.deviation[number]
        room = np.where(red < 0.0, smooth, self.top - smooth)
        share = np.divide(room, np.abs(red), out=np.ones_like(red), where=red != 0.0)
        return np.asarray(red * np.clip(share.min(axis=0), 0.0, 1.0))


@njit(cache=True, nogil=True)
def twice(drawn: Floats, first: Floats, second: Floats) -> Floats:
    """White noise [steps, series] through two filters of first order, one after the other.

    ``first`` and ``second`` are the parts that each keeps from step to step.
    """
    steps, count = drawn.shape
    found = np.empty_like(drawn)
    for s in range(count):
        once = red = 0.0
        for t in range(steps):
            once += (1.0 - first[s]) * (drawn[t, s] - once)
            red += (1.0 - second[s]) * (once - red)
            found[t, s] = red
    return found


def moving(series: Floats) -> NDArray[np.bool_]:
    """Which of the series [periods, series] change at all."""
    return np.asarray((series != series[:1]).any(axis=0))
