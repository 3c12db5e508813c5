"""Days, months and years of a time axis, for amounts that are agreed by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from zeroplant.assets.parts.months import month_shares
from zeroplant.axis import HOURS_PER_YEAR, Axis, Chain, Floats, Span

Per = Literal["day", "month", "year"]

SPANS: dict[Per, Span] = {"day": "day", "month": "month", "year": "chain"}
"""Spans of a budget. A yearly amount holds in every weather year, not in their mean."""


def covered(axis: Axis, per: Per) -> Floats:
    """Share of each day, month or year that the axis covers, one value per group of its span.

    A plan of two weeks delivers 14/31 of January's amount. Chains do not count by their weight.
    """
    if per == "month":
        alike = tuple(Chain(chain.name) for chain in axis.chains)
        return month_shares(replace(axis, chains=alike))
    if per == "year":
        return np.full(len(axis.chains), axis.periods * axis.hours / HOURS_PER_YEAR)
    return np.asarray(np.bincount(axis.groups("day")) * (axis.hours / 24.0), dtype=float)
