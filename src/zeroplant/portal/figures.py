"""Quantities as people read them at a glance: three digits, and a finer unit for small ones."""

from __future__ import annotations

from decimal import Decimal
from math import isinf
from unicodedata import east_asian_width

from zeroplant.plan.report.figures import MINUS, number, unit_text
from zeroplant.plan.report.text import Text, same

FINER = {"MW": "kW", "MWh": "kWh"}
NOTHING = 1e-6
"""MW, MWh, m³/s: less is what arithmetic leaves."""
PER_HOUR = same("/h")
"""Of things that are counted."""
COUNTS = frozenset({"1", "1/h", "trucks", "packs"})
"""Units of what is counted: of it a hundredth is enough."""
UNKNOWN = Text("unknown", "未知")


def unit_said(unit: str) -> Text:
    """A unit as people read it: /h of what is counted, m³/s."""
    return PER_HOUR if unit == "1/h" else unit_text(unit)


def figure(value: float | None, unit: str) -> Text:
    """A quantity with its unit: 0.35 MW are 350 kW. What is not known is said to be."""
    if value is None:
        return UNKNOWN
    if abs(value) < NOTHING:
        value = 0.0
    if unit in FINER and 0.0 < abs(value) < 1.0:
        value, unit = 1e3 * value, FINER[unit]
    if unit in COUNTS:
        value = round(value, 2)
    named = unit_said(unit)
    return Text(f"{number(value)} {named.en}".rstrip(), f"{number(value)} {named.zh}".rstrip())


def exact(value: float, unit: str) -> Text:
    """A quantity to its last digit, as it is sent: 1,234.56 MW, never 1235 nor 1.235e+03."""
    told = f"{Decimal(repr(value + 0.0)).normalize():,f}".replace("-", MINUS)
    named = unit_said(unit)
    return Text(f"{told} {named.en}".rstrip(), f"{told} {named.zh}".rstrip())


def plain(value: float) -> str:
    """What an exact quantity is compared with: six digits, ∞ where there is no limit."""
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return number(value, 6)


def limits(least: float | None, most: float | None, unit: str) -> Text:
    """From where to where, in the unit; None is no limit."""
    low = "−∞" if least is None else number(least)
    high = "∞" if most is None else number(most)
    return same(f"{low} … {high} {{}}").format(unit_said(unit))


def share(value: float | None) -> Text:
    """A share in percent."""
    return UNKNOWN if value is None else same(f"{number(100.0 * value, 3)} %")


def span(seconds: float | None) -> Text:
    """A length of time: 8 s, 5 min, 3 h, 2 d."""
    if seconds is None:
        return UNKNOWN
    for length, en, zh in ((86400.0, "d", "天"), (3600.0, "h", "小时"), (60.0, "min", "分钟")):
        if abs(seconds) >= 2 * length:
            return Text(f"{seconds / length:.0f} {en}", f"{seconds / length:.0f} {zh}")
    return Text(f"{seconds:.0f} s", f"{seconds:.0f} 秒")


def fit(words: str, most: int) -> str:
    """Words cut to a width in letters, of which a Chinese character takes two."""
    width = 0
    for place, letter in enumerate(words):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > most:
            return f"{words[:place].rstrip()}…"
    return words
