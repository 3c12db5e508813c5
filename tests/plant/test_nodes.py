"""Nodes of a plant file: carriers bring their units."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from zeroplant.plant.schema import NodePlace


@pytest.mark.parametrize(
    ("carrier", "unit"),
    [("electricity", "MW"), ("lp steam", "MW"), ("gas", "MW"), ("hydrogen", "kg/h"),
     ("co2", "t/h"), ("water", "m3/s"), ("fly ash", "t/h")],
)  # fmt: skip
def test_a_carrier_brings_its_unit(carrier: str, unit: str) -> None:
    """*Proves:* hydrogen is weighed in kg, fuels count by their heat, materials in tonnes.
    *A wrong answer would be:* hydrogen in MW, which no electrolyser here could feed.
    """
    assert NodePlace(carrier=carrier).unit == unit


def test_process_water_may_be_weighed() -> None:
    """*Proves:* the one carrier with two usual units has both."""
    assert NodePlace(carrier="water", unit="t/h").unit == "t/h"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"carrier": "hydrogen", "unit": "t/h"}, "hydrogen flows in kg/h, not in t/h"),
        ({"carrier": "hydrogn"}, "did you mean 'hydrogen'?"),
    ],
)
def test_another_unit_or_a_slip_of_the_pen_is_refused(said: dict[str, str], says: str) -> None:
    """*Proves:* a node on whose unit kinds rely cannot have another one."""
    with pytest.raises(ValidationError, match=says.replace("?", r"\?")):
        NodePlace(**said)
