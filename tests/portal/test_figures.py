"""Quantities as they are read at a glance."""

from __future__ import annotations

from math import inf

import pytest

from zeroplant.portal.figures import exact, figure, plain


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.35, "MW", "350 kW"), (-0.201, "MW", "−201 kW"), (115.2, "MW", "115 MW"),
        (-3e-16, "MW", "0 MW"), (4e-7, "MWh", "0 MWh"), (2e-6, "MW", "0.002 kW"),
        (None, "MW", "unknown"), (1746460.4, "1/h", "1,746,460 /h"), (0.00489, "1", "0"),
        (0.5134, "packs", "0.51 packs"),
    ],
)  # fmt: skip
def test_a_quantity_in_the_unit_people_read(value: float | None, unit: str, said: str) -> None:
    """Small ones in the finer unit; what arithmetic leaves of nothing is nothing."""
    assert figure(value, unit).en == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1234.56, "1,234.56 MW"), (-1234567.25, "−1,234,567.25 MW"), (40.0, "40 MW"),
        (1e6, "1,000,000 MW"), (0.1, "0.1 MW"), (-0.0, "0 MW"), (2.5e-7, "0.00000025 MW"),
    ],
)  # fmt: skip
def test_what_is_sent_is_said_to_its_last_digit(value: float, said: str) -> None:
    assert exact(value, "MW").en == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (123.4567, "123.457"), (12345.0, "12,345"), (-80.5, "−80.5"),
        (inf, "∞"), (-inf, "−∞"),
    ],
)  # fmt: skip
def test_what_it_is_compared_with_is_said_in_six_digits(value: float, said: str) -> None:
    assert plain(value) == said
