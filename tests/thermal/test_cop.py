"""COPs of machines between temperatures, against the domain page's figures."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.thermal.cop import cooling_cop, heating_cop, iced


def test_hot_water_from_waste_heat() -> None:
    """*Proves:* 80 °C from 35 °C at 0.45…0.5 of Carnot is 3.5…4 (domain page, 2f). *A wrong answer
    would be:* 0.9 (a ratio of °C), or 7.8 (Carnot itself).
    """
    assert heating_cop(80.0, 35.0, 0.45) == pytest.approx(3.53, abs=0.01)
    assert heating_cop(80.0, 35.0, 0.5) == pytest.approx(3.92, abs=0.01)


@pytest.mark.parametrize(("sink", "source"), [(120.0, 35.0), (120.0, 45.0), (150.0, 60.0)])
def test_steam_from_waste_heat(sink: float, source: float) -> None:
    """*Proves:* steam of 120…150 °C from warm water has a COP of 2…2.5 at 0.45 of Carnot."""
    assert 2.0 <= heating_cop(sink, source, 0.45) <= 2.5


def test_cold_water_against_summer_air() -> None:
    """*Proves:* 7 °C water against air of 21…27 °C (and 10 K more at the condenser) has the 5…6.5
    of centrifugal chillers (domain page, 2f). *A wrong answer would be:* the COP of heating, 1
    more.
    """
    cop = cooling_cop(7.0, np.array([21.0, 27.0]) + 10.0, 0.55)
    assert cop == pytest.approx([0.55 * 280.15 / 24, 0.55 * 280.15 / 30])
    assert ((cop > 5.0) & (cop < 6.5)).all()


def test_cops_have_limits() -> None:
    """*Proves:* a source as warm as the sink gives the highest COP, a far colder one 1 (a
    resistance). *A wrong answer would be:* a division by zero, or heat from nothing.
    """
    assert heating_cop(60.0, np.array([60.0, 70.0, 59.99]), 0.5, most=7.0) == pytest.approx(7.0)
    assert heating_cop(300.0, -100.0, 0.1) == 1.0


def test_ice_between_minus_ten_and_five() -> None:
    """*Proves:* air of −10…5 °C costs the share lost to defrosting, other air nothing."""
    left = iced(np.array([-10.1, -10.0, 0.0, 5.0, 5.1]), 0.1)
    assert left == pytest.approx([1.0, 0.9, 0.9, 0.9, 1.0])
