"""Amounts along an axis: millions in English, 万 or 亿 in Chinese, at the same places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.text import Text

MILLION = 1e-6
"""Charts of money count in millions of the currency."""


@dataclass(frozen=True)
class Amounts:
    """How a chart of money is labelled; Chinese numbers are millions times ``factor``."""

    unit: Text
    factor: float

    def label(self, millions: float, digits: int = 4) -> Text:
        """An amount in both languages."""
        return Text(number(millions, digits), number(millions * self.factor, digits))


def amounts(millions: Floats, currency: str) -> Amounts:
    """亿 (100 million) where the chart reaches five of them, 万 (a hundredth million) below."""
    large = float(np.abs(millions).max(initial=0.0)) >= 500.0
    yuan = "元" if currency == "CNY" else currency
    unit = Text(f"M {currency}", f"{'亿' if large else '万'}{yuan}")
    return Amounts(unit, 0.01 if large else 100.0)
