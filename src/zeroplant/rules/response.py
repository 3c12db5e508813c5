"""How demand response is measured and paid: plain functions of plain numbers."""

from __future__ import annotations


def candidate_days(*, available: float, among: float) -> float:
    """How many of the latest like days a baseline is chosen from."""
    return min(available, among)


def days_compared(*, rest: float, days: float, rest_days: float) -> float:
    """How many like days make a baseline: ``rest`` is 1 on days off, 0 on workdays."""
    return rest_days if rest else days


def day_counts(*, share: float, outlier_low: float, outlier_high: float) -> float:
    """1 for a day that is in proportion to the mean of the like days (``share`` of it), else 0."""
    return float(outlier_low <= share <= outlier_high)


def adjustment(*, ratio: float, adjust_most: float) -> float:
    """Factor on a baseline where the day before the event went ``ratio`` times the like days."""
    return min(1 + adjust_most, max(1 - adjust_most, ratio))


def compared_hours(*, adjust_begin: float, adjust_end: float) -> float:
    """Hours over which the day of the event is compared with the like days before the event."""
    return max(0.0, adjust_begin - adjust_end)


def response_paid(
    *, awarded: float, measured: float, least_share: float, most_share: float
) -> float:
    """Part of a measured demand response that is paid, in its own unit (MW or MWh).

    Nothing below ``least_share`` of what was awarded, no more than ``most_share`` of it.
    """
    if awarded <= 0 or measured < least_share * awarded * (1 - 1e-12):
        return 0.0
    return min(measured, most_share * awarded)
