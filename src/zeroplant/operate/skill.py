"""How good forecasts were: errors in percent of a rating, and skill against reference forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats


@dataclass(frozen=True)
class Score:
    """Errors of one forecast over many steps.

    ``nmae`` and ``nrmse``: mean absolute and root mean square error of the middle (median) in
    percent of the rating. ``pinball``: mean quantile loss over all levels, in percent of it.
    ``coverage``: share of the steps that fell between a level and its mirror image, by the share
    that should have.
    """

    nmae: float
    nrmse: float
    pinball: float
    coverage: Mapping[float, float]
    steps: int

    def plain(self) -> dict[str, object]:
        """For a JSON file."""
        return {
            "nmae_percent": round(self.nmae, 3),
            "nrmse_percent": round(self.nrmse, 3),
            "pinball_percent": round(self.pinball, 3),
            "coverage": {f"{want:.0%}": round(came, 3) for want, came in self.coverage.items()},
            "steps": self.steps,
        }


def score(values: Floats, levels: Floats, truth: Floats, rating: float) -> Score:
    """Score of quantiles (levels, steps) against what came; steps without either are left out.

    Raises ValueError if nothing can be compared.
    """
    good = np.isfinite(truth) & np.isfinite(values).all(axis=0)
    if not good.any():
        message = "no step has both a forecast and an outcome"
        raise ValueError(message)
    said, came = values[:, good], truth[good]
    middle = _at(said, levels, 0.5) - came
    over = came - said
    loss = np.maximum(levels[:, None] * over, (levels[:, None] - 1) * over)
    percent = 100.0 / rating
    return Score(
        nmae=float(np.abs(middle).mean() * percent),
        nrmse=float(np.sqrt((middle**2).mean()) * percent),
        pinball=float(loss.mean() * percent),
        coverage=_coverage(said, levels, came),
        steps=int(good.sum()),
    )


def skill(of: Score, against: Score) -> float:
    """Share of the reference's mean absolute error that a forecast avoids: 1 is perfect."""
    return 1.0 - of.nmae / against.nmae if against.nmae > 0 else 0.0


def by_horizon(
    values: Floats,
    levels: Floats,
    truth: Floats,
    rating: float,
    *,
    ahead: Floats,
    upto: Floats,
) -> dict[float, Score]:
    """Scores of steps by how far ahead they were: up to each bound of ``upto``, in its unit.

    Groups without anything to compare are left out.
    """
    group = np.searchsorted(upto, ahead)
    good = np.isfinite(truth) & np.isfinite(values).all(axis=0)
    rows = {float(bound): (group == n) & good for n, bound in enumerate(upto)}
    return {
        bound: score(values[:, each], levels, truth[each], rating)
        for bound, each in rows.items()
        if each.any()
    }


def _at(said: Floats, levels: Floats, level: float) -> Floats:
    """One quantile, straight between the levels there are."""
    place = float(np.interp(level, levels, np.arange(levels.size)))
    low = int(place)
    high = min(low + 1, levels.size - 1)
    return np.asarray((1 - (place - low)) * said[low] + (place - low) * said[high])


def _coverage(said: Floats, levels: Floats, came: Floats) -> dict[float, float]:
    found = {}
    for low in range(levels.size // 2):
        high = levels.size - 1 - low
        if abs(levels[low] + levels[high] - 1) < 1e-9:
            inside = (came >= said[low]) & (came <= said[high])
            found[round(float(levels[high] - levels[low]), 9)] = float(inside.mean())
    return found
