"""What pipes deliver and when; what tanks hold and lose."""

from __future__ import annotations

import pytest

from zeroplant.thermal.pipe import delay_periods, kept
from zeroplant.thermal.tank import energy_per_volume, loss_rate


def test_a_pipe_loses_by_the_kilometre() -> None:
    """*Proves:* 2 %/km over 10 km leave 0.98¹⁰. *A wrong answer would be:* 0.98."""
    assert kept(10_000.0, 2e-5) == pytest.approx(0.98**10)


def test_whole_periods_under_way() -> None:
    """*Proves:* 10.8 km at 1.5 m/s are 2 h: 2 hours or 8 quarters; steam at 30 m/s arrives at
    once. *A wrong answer would be:* a delay in hours where periods are meant.
    """
    assert delay_periods(10_800.0, 1.5, 1.0) == 2
    assert delay_periods(10_800.0, 1.5, 0.25) == 8
    assert delay_periods(10_800.0, 30.0, 1.0) == 0
    assert delay_periods(8_100.0, 1.5, 1.0) == 2  # 1.5 h is rounded up


def test_a_tank_of_water() -> None:
    """*Proves:* 1,000 m³ over 40 K hold 46.5 MWh; at 0.15 W/(m³·K) and 15 °C around, a full tank
    of 90 °C loses 1,000·0.15·75 W = 11.25 kW, 0.58 % of it a day; cold water in cold air gains
    nothing. *A wrong answer would be:* losses by the 40 K.
    """
    assert 1000 * energy_per_volume(90.0, 50.0) == pytest.approx(46.52)
    rate = loss_rate(0.15, 90.0, 50.0, 15.0)
    assert rate * 46.52 == pytest.approx(11.25e-3)
    assert 24 * rate == pytest.approx(0.0058, abs=1e-4)
    assert loss_rate(0.15, 12.0, 6.0, [26.0, 0.0], chilled=True)[1] == 0.0
