"""What a load would have been without a demand-response event: the baselines it is measured by.

The method of like days: the mean of the latest comparable days, without those that are out of all
proportion, moved by how the day of the event went before the event. Regression on temperature
suits air-conditioners; for a battery what counts is what it did just before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant import rules
from zeroplant.axis import Floats
from zeroplant.errors import InputError, Problem
from zeroplant.rules.pack import Pack

PACK = "cn-demand-response"
LIKE = 1e-9
KNEES = (18.0, 24.0)
"""Daily mean temperatures [°C] below which it is heated and above which it is cooled."""


@dataclass(frozen=True)
class Baseline:
    """Load of the event's day without the event, (steps of a day,), in the unit of the load.

    ``days`` are the rows it was made from, ``factor`` what the day's own course made of it.
    """

    values: Floats
    days: tuple[int, ...]
    factor: float


def like_days(
    load: Floats,
    event: slice,
    *,
    rest: NDArray[np.bool_],
    disturbed: NDArray[np.bool_],
    hours: float,
    pack: Pack | None = None,
) -> Baseline:
    """Baseline of the last row of ``load`` (days, steps of a day); nothing after it is known.

    ``event`` are its steps of the day, ``rest`` marks days off as far as whoever asks knows them
    (`Consumption`: weekends only), ``disturbed`` days that had an event of their own, ``hours`` is
    the length of a step. What was measured of the last row from the event on is not looked at. The
    figures are those of ``pack``, or of the shipped rule pack ``cn-demand-response``.
    Raises InputError if there is no like day.
    """
    said = pack or rules.load(PACK)
    days = len(load) - 1
    alike = (rest[:days] == rest[days]) & ~disturbed[:days] & np.isfinite(load[:days]).all(axis=1)
    chosen = np.flatnonzero(alike)
    if not chosen.size:
        what = "there is no like day without an event to make a baseline from"
        raise InputError(Problem(what, instead="measure for some days before the first event"))
    chosen = chosen[-round(said.amount("candidates", available=float(chosen.size))) :]
    size = np.abs(load[chosen][:, event]).mean(axis=1)
    share = size / max(float(size.mean()), LIKE)
    sane = np.array([said.amount("counts", share=float(each)) > 0 for each in share])
    wanted = round(said.amount("compared", rest=float(rest[days])))
    kept = (chosen[sane] if sane.any() else chosen)[-wanted:]
    mean = load[kept].mean(axis=0)
    factor = _adjustment(load[days], mean, event, said, hours)
    return Baseline(mean * factor, tuple(int(day) for day in kept), factor)


def by_temperature(
    load: Floats, temperature: Floats, event: slice, *, disturbed: NDArray[np.bool_]
) -> Baseline:
    """Baseline of the last row by regression of load on time of day and temperature.

    ``load`` and ``temperature`` are (days, steps of a day). Each time of day has a level of its
    own; heating and cooling need is proportional to the degrees beyond ``KNEES``. Days that were
    disturbed or have gaps are left out, of the last row what lies from the event on.
    """
    steps = load.shape[1]
    known = np.isfinite(load) & np.isfinite(temperature) & ~disturbed[:, None]
    known[-1] = np.isfinite(load[-1]) & np.isfinite(temperature[-1])
    known[-1, event.start :] = False
    need = np.stack([np.maximum(KNEES[0] - temperature, 0), np.maximum(temperature - KNEES[1], 0)])
    day, slot = np.nonzero(known)
    if np.unique(slot).size < steps:
        what = "some times of the day were never measured without an event"
        raise InputError(Problem(what, instead="measure for some days before the first event"))
    degrees = need[:, day, slot].T
    values = load[day, slot]
    # levels by time of day are taken out of both sides first: the rest is a small regression
    centred = degrees - _by_slot(slot, degrees, steps)[slot]
    slopes = np.linalg.lstsq(centred, values - _by_slot(slot, values[:, None], steps)[slot, 0],
                             rcond=None)[0]  # fmt: skip
    level = _by_slot(slot, (values - degrees @ slopes)[:, None], steps)[:, 0]
    found = level + slopes @ np.nan_to_num(need[:, -1])
    return Baseline(found, tuple(np.unique(day).tolist()), 1.0)


def as_before(power: Floats, event: slice, steps: int) -> Baseline:
    """Baseline of a battery or a charger: its mean over the last steps before the event.

    ``power`` is that of the day of the event, (steps of a day,).
    """
    before = power[max(0, event.start - steps) : event.start]
    if not np.isfinite(before).any():
        raise InputError(Problem("nothing was measured just before the event"))
    return Baseline(np.full(power.shape, float(np.nanmean(before))), (), 1.0)


def _adjustment(today: Floats, mean: Floats, event: slice, said: Pack, hours: float) -> float:
    """How the day went before the event, over what like days did then; bounded."""
    begin = max(0, event.start - round(said.figure("adjust_begin") / hours))
    span = slice(begin, begin + round(said.amount("compared_hours") / hours))
    here, there = today[span], mean[span]
    good = np.isfinite(here)
    total = float(there[good].sum())
    if not good.any() or abs(total) < LIKE:
        return 1.0
    return said.amount("adjusted", ratio=float(here[good].sum()) / total)


def _by_slot(slot: NDArray[np.int64], values: Floats, steps: int) -> Floats:
    """Means (steps, columns) of values by their time of day."""
    counts = np.bincount(slot, minlength=steps)
    sums = np.stack([np.bincount(slot, column, steps) for column in values.T], axis=1)
    return np.asarray(sums / counts[:, None])
