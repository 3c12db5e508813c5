"""Means by time: a value counts for as long as it held, not once for each time it was said."""

from __future__ import annotations

BAD = 2
"""Quality from which on a value is none (`zeroplant.links.link.Quality`)."""


def weighed(rows: str, first: int, last: int, width: int, held: int) -> str:
    """SQL for the mean of each step by time, from ``rows`` of one version for each event.

    A value holds from its event until the next one, good or not, and at most ``held``
    microseconds; one that is not a number or not good holds not at all. ``first``, ``last`` and
    ``width`` are where the steps begin and end and how long each is, in microseconds; rows may
    begin before. Columns: point, event (start of the step), mean, last, covered (share of the step
    in which a value held); steps in which none held are absent.
    """
    return f"""
    WITH said AS (
        SELECT point, value, epoch_us(event) since, NOT isnan(value) AND quality < {BAD} good,
            lead(epoch_us(event), 1, {last}) OVER (PARTITION BY point ORDER BY event) next
        FROM ({rows})),
    spans AS (
        SELECT point, value, greatest(since, {first}) a, least(next, since + {held}, {last}) b
        FROM said WHERE good),
    placed AS (
        SELECT *, (a - {first}) // {width} m, (b - 1 - {first}) // {width} n
        FROM spans WHERE a < b),
    parts AS (
        SELECT point, value, a, b - a w, m FROM placed WHERE m = n
        UNION ALL
        SELECT point, value, a, least(b, {first} + (k + 1) * {width})
            - greatest(a, {first} + k * {width}) w, k m
        FROM (SELECT *, unnest(range(m, n + 1)) k FROM placed WHERE m < n))
    SELECT point, make_timestamptz({first} + m * {width}) event, sum(value * w) / sum(w) mean,
        arg_max(value, a) last, sum(w) / {width} covered
    FROM parts GROUP BY point, m ORDER BY point, m
    """
