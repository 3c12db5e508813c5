"""Quantities as they are read at a glance."""

from __future__ import annotations

import pytest

from zeroplant.portal.figures import figure


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
