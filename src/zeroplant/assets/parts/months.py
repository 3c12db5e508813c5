"""Calendar months of a time axis, for charges that are paid by the month."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from zeroplant.axis import Axis, Floats, zone_named


def month_shares(axis: Axis) -> Floats:
    """Share of each calendar month that the axis covers, one value per ``axis.groups("month")``.

    1 for a whole month, 14/31 for two weeks of January, times the weight of the chain: a plan of
    two weeks pays that part of the month's demand charge, and a plan over several weather years
    counts each year's months with the year's probability.
    """
    months = np.unique(axis.local.astype("M8[M]")).astype(np.int64)
    lengths = [_begin(month + 1, axis.zone) - _begin(month, axis.zone) for month in months]
    covered = np.bincount(axis.groups("month"), axis.weight)
    return np.asarray(covered / np.tile(np.array(lengths) / 3600.0, len(axis.chains)))


def _begin(month: int, zone: str) -> float:
    """Second at which a month, counted from January 1970, begins on the clock of a zone."""
    return datetime(1970 + month // 12, month % 12 + 1, 1, tzinfo=zone_named(zone)).timestamp()
