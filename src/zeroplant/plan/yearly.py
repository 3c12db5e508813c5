"""Amounts of an axis of any length, per year of 8,760 h."""

from __future__ import annotations

from dataclasses import replace

from zeroplant.waist import Line, Size
from zeroplant.waist.ledger import Entry
from zeroplant.waist.words import UNPAID

IN_AN_HOUR = {
    "MW": (1.0, "MWh"),
    "kg/h": (1.0, "kg"),
    "t/h": (1.0, "t"),
    "m3/h": (1.0, "m3"),
    "m3/s": (3600.0, "m3"),
}


def in_an_hour(unit: str) -> tuple[float, str]:
    """How much an hour of one ``unit`` brings, and what that is counted in: 3,600 m3 of 1 m3/s."""
    return IN_AN_HOUR.get(unit, (1.0, f"{unit}·h"))


def yearly(line: Line, entry: Entry, years: float) -> Entry:
    """A ledger entry of ``years`` years as that of one year.

    What is paid for a capacity that stands all the time has the years in its price; everything
    else (energy, monthly peaks, breaches) has them in its quantity.
    """
    sizes = [v for v in line.quantity.variables if isinstance(v, Size) and v.count == 1]
    if len(sizes) == len(line.quantity.variables) and line.kind not in UNPAID:
        return replace(entry, price=entry.price / years, amount=entry.amount / years)
    return replace(entry, quantity=entry.quantity / years, amount=entry.amount / years)
