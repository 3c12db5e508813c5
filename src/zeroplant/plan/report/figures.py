"""Numbers as people read them: sensible digits, thousands separators, 万元 and 亿元."""

from __future__ import annotations

import math
import re

from zeroplant.plan.report.text import Text, same

NONE = "–"
"""Stands where a figure does not exist."""

NOTHING = 5e-7
"""Smaller figures are the rounding of a solver."""

MINUS = "\N{MINUS SIGN}"
_UNITS = {
    "m3/s": "m³/s",
    "m3": "m³",
    "m2": "m²",
    "tCO2": "tCO₂",
    "degC": "°C",
    "deg": "°",
    "1": "",
}
COUNTED = {
    "truck": "辆",
    "pack": "组",
    "swap": "次",
    "start": "次",
    "lane": "条",
    "charger": "台",
    "roof": "户",
    "ship": "艘",
    "box": "箱",
    "month": "月",
    "at mean head": "（平均水头）",
}
"""Chinese of what units count, in the singular."""
_COUNTS = re.compile(rf"\s?\b({'|'.join(COUNTED)})(?:e?s)?\b")


def exists(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 3, decimals: int | None = None) -> str:
    """A number with ``digits`` significant digits, or with so many decimals.

    Digits before the decimal point are never rounded away: 12,345 stays 12,345.
    """
    if value is None or not math.isfinite(value):
        return NONE
    if decimals is None:
        decimals = _decimals(value, digits)
    shown = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and shown.strip("0.,") != ""
    return f"{MINUS}{shown}" if negative else shown


def _decimals(value: float, digits: int) -> int:
    if abs(value) < NOTHING:
        return 0
    size = math.floor(math.log10(abs(value)))
    wanted = max(0, digits - 1 - size)
    short = f"{value:.{wanted}f}"
    # 0.500 and 12.0 say no more than 0.5 and 12.
    return len(short.rstrip("0").partition(".")[2]) if "." in short else 0


def percent(value: float | None, decimals: int = 1) -> str:
    """A share as a percentage."""
    return number(None if value is None else value * 100, decimals=decimals) + (
        " %" if exists(value) else ""
    )


def unit_name(unit: str, currency: str = "CNY") -> str:
    """A unit as it is printed: m³, tCO₂, CNY/MWh."""
    if unit in _UNITS:
        return _UNITS[unit]
    return unit.replace("money", currency).replace("CO2", "CO₂").replace("m3", "m³")


def unit_text(unit: str, currency: str = "CNY") -> Text:
    """A unit in both languages: truck·h, 辆·h."""
    shown = unit_name(unit, currency)
    return Text(shown, _COUNTS.sub(lambda found: COUNTED[found[1]], shown))


def quantity(value: float | None, unit: str, digits: int = 3) -> Text:
    """A number with its unit."""
    if not exists(value):
        return same(NONE)
    shown, named = number(value, digits), unit_text(unit)
    return Text(f"{shown} {named.en}".rstrip(), f"{shown} {named.zh}".rstrip())


def ratio(value: float | None, unit: str) -> Text:
    """An indicator of a rule: a share in percent, others in their own unit."""
    return same(percent(value)) if unit == "1" else quantity(value, unit)


def energy(mwh: float | None) -> str:
    """Electricity in MWh, GWh or TWh."""
    return _scaled(mwh, (("TWh", 1e6), ("GWh", 1e3), ("MWh", 1.0)))


def emissions(tonnes: float | None) -> str:
    """CO2 in t, kt or Mt."""
    return _scaled(tonnes, (("MtCO₂", 1e6), ("ktCO₂", 1e3), ("tCO₂", 1.0)))


def _scaled(value: float | None, steps: tuple[tuple[str, float], ...]) -> str:
    if value is None or not math.isfinite(value):
        return NONE
    name, size = next((s for s in steps if abs(value) >= 10 * s[1]), steps[-1])
    return f"{number(value / size)} {name}"


def money(value: float | None, currency: str = "CNY") -> Text:
    """An amount: millions in English, 万 (10⁴) and 亿 (10⁸) in Chinese."""
    if value is None or not math.isfinite(value):
        return same(NONE)
    size = abs(value)
    if size >= 1e5:
        english = f"{number(value / 1e6)} M {currency}"
    else:
        english = f"{number(value, decimals=0)} {currency}"
    yuan = "元" if currency == "CNY" else f" {currency}"
    if size >= 1e8:
        return Text(english, f"{number(value / 1e8, decimals=2)} 亿{yuan}")
    if size >= 1e4:
        return Text(english, f"{number(value / 1e4)} 万{yuan}")
    return Text(english, f"{number(value, decimals=0)} {yuan.strip()}")


def price(value: float | None, unit: str, currency: str = "CNY") -> Text:
    """Money per unit."""
    if not exists(value):
        return same(NONE)
    shown = unit_text(unit)
    yuan = "元" if currency == "CNY" else currency
    return Text(f"{number(value)} {currency}/{shown.en}", f"{number(value)} {yuan}/{shown.zh}")


def table_money(value: float | None) -> Text:
    """An amount in a table whose head says M money or 万元."""
    if value is None or not math.isfinite(value):
        return same(NONE)
    if abs(value) < 5e3:  # less than the last digit shown
        return same("0")
    return Text(number(value / 1e6, decimals=2), number(value / 1e4, decimals=0))
