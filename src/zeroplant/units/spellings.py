"""How units are written: every accepted spelling and the name it stands for."""

from __future__ import annotations

import re
from difflib import get_close_matches

from zeroplant.errors import InputError, Problem

NAMES: dict[str, str] = {
    # name in the registry: spellings accepted from users, the first one shown back to them
    "W": "W 瓦",
    "kW": "kW 千瓦 kVA kvar kWp kVAr",
    "MW": "MW 兆瓦 MVA Mvar MWp",
    "kWan": "万千瓦",
    "GW": "GW 吉瓦 GWp",
    "Wh": "Wh",
    "kWh": "kWh 千瓦时 度",
    "MWh": "MWh 兆瓦时",
    "kWanh": "万千瓦时 万kWh",
    "GWh": "GWh 吉瓦时",
    "TWh": "TWh",
    "yikWh": "亿千瓦时 亿kWh",
    "J": "J",
    "kJ": "kJ",
    "MJ": "MJ",
    "GJ": "GJ",
    "TJ": "TJ",
    "tce": "tce 吨标准煤",
    "s": "s second seconds 秒",
    "min": "min minute minutes 分钟",
    "h": "h hour hours 小时",
    "d": "d day days 天 日",
    "month": "month months 月",
    "a": "a year years yr 年",
    "mm": "mm 毫米",
    "cm": "cm 厘米",
    "m": "m 米",
    "km": "km 公里 千米",
    "kn": "kn knot knots",
    "m2": "m2 m² m^2 平方米",
    "km2": "km2 km² km^2 平方公里",
    "ha": "ha 公顷",
    "mu": "亩",
    "L": "L 升",
    "m3": "m3 m³ m^3 立方米 Nm3 Nm³ 标方",
    "wanm3": "万m3 万m³ 万立方米",
    "hm3": "hm3 hm³",
    "yim3": "亿m3 亿m³ 亿立方米",
    "g": "g 克",
    "kg": "kg 千克 公斤",
    "t": "t tonne tonnes 吨",
    "gCO2": "gCO2 gCO₂ gCO2e",
    "kgCO2": "kgCO2 kgCO₂ kgCO2e",
    "tCO2": "tCO2 tCO₂ tCO2e",
    "MtCO2": "MtCO2",
    "Pa": "Pa",
    "hPa": "hPa mbar",
    "kPa": "kPa",
    "MPa": "MPa",
    "bar": "bar",
    "V": "V",
    "kV": "kV 千伏",
    "A": "A",
    "kA": "kA",
    "ohm": "ohm Ω Ohm 欧姆 欧",
    "mohm": "mΩ mohm 毫欧",
    "K": "K",
    "degC": "degC °C ℃ 摄氏度",
    "deg": "deg ° degree degrees",
    "percent": "% percent",
    "permille": "‰",
    "pu": "pu p.u.",
    "money": "money",
}
"""Reactive and apparent power (kvar, kVA, MVA) and peak watts (kWp, MWp) are read as plain power:
the plant is planned in active power."""

CURRENCIES: dict[str, str] = {
    "CNY": "CNY RMB yuan 元 人民币 ￥",
    "EUR": "EUR € euro",
    "USD": "USD $ dollar",
    "GBP": "GBP £",
    "JPY": "JPY 日元",
    "KRW": "KRW",
    "INR": "INR",
    "AUD": "AUD",
    "CAD": "CAD",
    "CHF": "CHF",
    "HKD": "HKD",
    "SGD": "SGD",
}

MULTIPLES: dict[str, tuple[str, str]] = {
    # spelling: (name in the registry, currency it is in)
    "万元": ("wanmoney", "CNY"),
    "亿元": ("yimoney", "CNY"),
    "角": ("dimoney", "CNY"),
    "分": ("centimoney", "CNY"),
}

_UNIT_OF = {spelling: name for name, all_ in NAMES.items() for spelling in all_.split()}
_CURRENCY_OF = {spelling: code for code, all_ in CURRENCIES.items() for spelling in all_.split()}
_FACTOR = re.compile(r"\s*([/*·]?)\s*(\(?)\s*([^\s/*·()]+)\s*(\)?)")

Factors = tuple[tuple[str, int], ...]
"""Names in the registry, each with the exponent +1 or -1."""


def factors(unit: str, currency: str) -> Factors:
    """Read a unit such as ``CNY/kW/month`` or ``CNY/(kW*month)`` as factors of known names.

    Raises InputError for a name that is not known, with the nearest one that is.
    """
    text = re.sub(r"\s+per\s+", "/", unit.strip()).replace("**", "^")
    found: list[tuple[str, int]] = []
    inside, at = 0, 0  # inside: the sign in front of an open bracket
    while at < len(text):
        match = _FACTOR.match(text, at)
        if match is None or text.count("(") != text.count(")"):
            raise InputError(Problem(f"'{unit}' is not a unit", instead="write one such as 'MW'"))
        operator, opened, name, closed = match.groups()
        sign = -1 if operator == "/" else 1
        if opened:
            inside, sign = sign, 1
        if name != "1":
            found.append((_name(name, currency), sign * (inside or 1)))
        if closed:
            inside = 0
        at = match.end()
    return tuple(found)


def _name(spelling: str, currency: str) -> str:
    """Name in the registry of one spelling; money only in the plant's own currency."""
    if spelling in _UNIT_OF:
        return _UNIT_OF[spelling]
    name, code = MULTIPLES.get(spelling, ("money", _CURRENCY_OF.get(spelling)))
    if code is None:
        raise InputError(Problem(f"'{spelling}' is not a unit", instead=_advice(spelling)))
    if code != currency:
        what = f"'{spelling}' is not the plant's currency, {currency}"
        raise InputError(Problem(what, instead=f"write the amount in {currency}"))
    return name


def _advice(spelling: str) -> str:
    """What may have been meant by an unknown spelling."""
    known = [*_UNIT_OF, *_CURRENCY_OF, *MULTIPLES]
    same = [name for name in known if name.lower() == spelling.lower()]
    near = same or get_close_matches(spelling, known, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else "write one such as 'MW', 'kWh' or 'CNY/kWh'"
