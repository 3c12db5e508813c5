"""How a series moves within its periods: smoothly, restlessly, and with the mean it was given.

A series of quarter-hours says means. Within each, a parabola joins the means of neighbours and
keeps its own, and coloured noise is laid on it whose mean over the period is nothing. So the
energy of every period is that of the series, whatever step the twin runs at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats

MEMORY = 45.0
"""Seconds of memory of clouds and gusts, twice: over a square kilometre and more, what changes
within seconds averages out, so the noise has no jumps from one step to the next."""


def ends(means: Floats, top: Floats) -> tuple[Floats, Floats]:
    """Values at the begin and the end of each period [periods, series].

    Midway to the neighbour, as far as bounds allow: a parabola with mean m and ends up to 3·m
    stays above nothing, and the same holds from above for the distance to ``top``.
    """
    middle = 0.5 * (means[1:] + means[:-1])
    least, most = np.maximum(3.0 * means - 2.0 * top, 0.0), 3.0 * means
    begin = np.clip(np.concatenate([means[:1], middle]), least, most)
    end = np.clip(np.concatenate([middle, means[-1:]]), least, most)
    return begin, end


class Within:
    """Series [periods, series] ≥ 0 at every step of a period; see the module.

    ``restless`` is the deviation of the noise, per unit of each series' greatest value; where a
    series stands at nothing or at its top it rests there.
    """

    def __init__(
        self, means: Floats, restless: Floats, *, steps: int, seconds: float, seed: int
    ) -> None:
        self.means = np.asarray(means, dtype=float)
        self.top = self.means.max(axis=0, initial=0.0)
        self.begin, self.end = ends(self.means, self.top)
        self.steps = steps
        self.restless = restless * self.top
        self._random = np.random.default_rng(seed)
        self._keep = float(np.exp(-seconds / MEMORY))
        # Deviation of white noise after both filters.
        self._spread = np.sqrt((1.0 + self._keep**2) * (1.0 - self._keep) / (1.0 + self._keep) ** 3)
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
        return np.asarray(smooth + self._noise(smooth))

    def _noise(self, smooth: Floats) -> Floats:
        """Noise of mean nothing that leaves no value below nothing or above the top."""
        from scipy.signal import lfilter

        drawn = self._random.standard_normal(smooth.shape)
        keep = self._keep
        once = lfilter([1.0 - keep], [1.0, -keep], drawn, axis=0)
        red = lfilter([1.0 - keep], [1.0, -keep], once, axis=0) / self._spread
        red *= self._window
        red -= self._window * (red.mean(axis=0) / self._window.mean())
        red *= self.restless
        room = np.where(red < 0.0, smooth, self.top - smooth)
        share = np.divide(room, np.abs(red), out=np.ones_like(red), where=red != 0.0)
        return np.asarray(red * np.clip(share.min(axis=0), 0.0, 1.0))


def moving(series: Floats) -> NDArray[np.bool_]:
    """Which of the series [periods, series] change at all."""
    return np.asarray((series != series[:1]).any(axis=0))
