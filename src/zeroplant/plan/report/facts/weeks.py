"""The best and the worst week: whole days in a row with the least and the most outside help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.plan.report.facts.power import Power
from zeroplant.plan.report.text import Text, same

DAYS = 7


@dataclass(frozen=True)
class Week:
    """Some days in a row: the stages they cover, and the criterion's value in MWh."""

    stages: slice
    first_day: str
    last_day: str
    chain: str
    help_mwh: float

    @property
    def title(self) -> Text:
        """Its dates, and its chain where the axis has several."""
        dates = f"{self.first_day} – {self.last_day}"
        return same(f"{dates} · {self.chain}" if self.chain else dates)


def extremes(power: Power) -> tuple[Week, Week]:
    """Best and worst week by grid import plus unserved energy; ties go to the first.

    Where nothing ever comes from outside, by the load less wind, sun and water available. Chains
    shorter than a week are looked at whole.
    """
    axis = power.axis
    outside = power.get("import") + power.get("unserved")
    measure = outside if outside.max(initial=0.0) > 0 else power.residual
    first, length = _starts(axis)
    chains = len(axis.chains)
    sums = np.cumsum(np.pad(measure.reshape(chains, axis.periods), ((0, 0), (1, 0))), axis=1)
    totals = (sums[:, first + length] - sums[:, first]) * axis.hours
    best, worst = int(totals.argmin()), int(totals.argmax())
    return _week(axis, first, length, totals, best), _week(axis, first, length, totals, worst)


def _starts(axis: Axis) -> tuple[np.ndarray, int]:
    """Periods at which a week may begin (midnights), and its length in periods."""
    length = min(axis.periods, round(DAYS * 24 / axis.hours))
    midnight = np.flatnonzero(axis.hour_of_day[: axis.periods] < axis.hours - 1e-9)
    fitting = midnight[midnight + length <= axis.periods]
    return (fitting if fitting.size else np.zeros(1, dtype=np.int64)), length


def _week(axis: Axis, first: np.ndarray, length: int, totals: Floats, place: int) -> Week:
    chain, which = divmod(place, len(first))
    start = int(first[which])
    begin = chain * axis.periods + start
    days = axis.local[[start, start + length - 1]].astype("M8[D]")
    name = axis.chains[chain].name if len(axis.chains) > 1 else ""
    stages = slice(begin, begin + length)
    return Week(stages, str(days[0]), str(days[1]), name, float(totals.ravel()[place]))
