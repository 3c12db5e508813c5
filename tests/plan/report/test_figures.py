"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.plan.report import figures
from zeroplant.plan.report.text import Text, listed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345.0, "12,345"),
        (12345.6, "12,346"),
        (123.4, "123"),
        (12.34, "12.3"),
        (0.5, "0.5"),
        (0.05678, "0.0568"),
        (0.0, "0"),
        (-1e-12, "0"),
        (-3.0, "\N{MINUS SIGN}3"),
        (9.999, "10"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_number(value: float | None, shown: str) -> None:
    """Three digits, none before the point lost, no trailing zeros, no minus nothing."""
    assert figures.number(value) == shown


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (2.345e9, "2,345 M CNY", "23.45 亿元"),
        (1.234e8, "123 M CNY", "1.23 亿元"),
        (9.9e7, "99 M CNY", "9,900 万元"),
        (5.25e6, "5.25 M CNY", "525 万元"),
        (2.5e4, "25,000 CNY", "2.5 万元"),
        (9999.0, "9,999 CNY", "9,999 元"),
        (-1.5e8, "\N{MINUS SIGN}150 M CNY", "\N{MINUS SIGN}1.50 亿元"),
    ],
)
def test_money(value: float, english: str, chinese: str) -> None:
    """1 万 = 10⁴ and 1 亿 = 10⁸; confusing 万 with a million would be wrong by 100."""
    assert figures.money(value) == Text(english, chinese)


def test_energy_and_emissions() -> None:
    """Units are chosen so that at least two digits stand before the point."""
    assert figures.energy(875_757.0) == "876 GWh"
    assert figures.energy(1390.0) == "1,390 MWh"
    assert figures.energy(2.5e7) == "25 TWh"
    assert figures.emissions(56_190.0) == "56.2 ktCO₂"


@given(st.floats(-1e12, 1e12))
def test_number_reads_back(value: float) -> None:
    """What is shown is the value to three digits, for any value."""
    shown = figures.number(value).replace(",", "").replace("\N{MINUS SIGN}", "-")
    assert float(shown) == pytest.approx(value, rel=5.1e-3, abs=1e-6)


def test_text_escapes_and_fills() -> None:
    """Both languages are escaped; a Text within a Text speaks the same language."""
    said = Text("{} <b>", "{} 与").format(Text("one & two", "一"))
    assert said == Text("one & two <b>", "一 与")
    assert "<b>" not in said.__html__()
    assert "&lt;b&gt;" in said.__html__()
    parts = [Text("a", "甲"), Text("b", "乙"), Text("c", "丙")]
    assert listed(parts) == Text("a, b and c", "甲、乙和丙")
