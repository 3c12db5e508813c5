"""Amounts of an axis of any length, per year of 8,760 h."""

from __future__ import annotations

from dataclasses import replace

from zeroplant.waist import Line, Size
from zeroplant.waist.ledger import Entry
from zeroplant.waist.words import UNPAID


def yearly(line: Line, entry: Entry, years: float) -> Entry:
    """A ledger entry of ``years`` years as that of one year.

    What is paid for a capacity that stands all the time has the years in its price; everything
    else (energy, monthly peaks, breaches) has them in its quantity.
    """
    sizes = [v for v in line.quantity.variables if isinstance(v, Size) and v.count == 1]
    if len(sizes) == len(line.quantity.variables) and line.kind not in UNPAID:
        return replace(entry, price=entry.price / years, amount=entry.amount / years)
    return replace(entry, quantity=entry.quantity / years, amount=entry.amount / years)
