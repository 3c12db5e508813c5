"""What the plant's electricity emits: imports, and engines that burn what is bought."""

from __future__ import annotations

import numpy as np
import pytest

from tests.assets.chains import answer, wind
from tests.assets.small import axis, grid, load, near
from zeroplant.assets.chp import Chp
from zeroplant.assets.electrolyser import Electrolyser
from zeroplant.assets.fuel_cell import FuelCell
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.parts.mix import mix_of
from zeroplant.assets.supply import Supply
from zeroplant.assets.tank import Tank

GAS = 2.16 / (1.33 * 29.3076 / 3.6)
"""tCO2/MWh: 2.16 kg/m³ at 1.33 kgce/m³."""


def test_a_gas_engine_emits_its_fuel() -> None:
    """*Proves:* 2 MW of wind beside 4 MW of 10 MW of gas, which gives 4 MW of heat too: half of
    the gas counts for electricity, 5 · 0.1995 t over 6 MWh. *A wrong answer would be:* nothing, so
    that hydrogen of gas is green; or all of the gas, the heat for nothing.
    """
    engine = Chp(**{"kind": "chp", "from": "gas", "at": "park", "to": "heat", "power": 10.0,
                    "electric_efficiency": 0.4, "heat_efficiency": 0.4})  # fmt: skip
    plan = answer({
        "engine": engine, "sun": wind(2.0, 1.0), "works": load(6.0),
        "gas": Supply(kind="supply", at="gas", price=300.0),
        "heat": Offtake(kind="offtake", at="heat", least=4.0, unserved=1e4),
    }, axis(1))  # fmt: skip
    assert near(mix_of(plan.network, plan), [5 * GAS / 6])


@pytest.mark.parametrize("factor", [0.0, 0.01])
def test_bought_hydrogen_emits_what_it_is_said_to(factor: float) -> None:
    """*Proves:* 60 kg a MWh at 10 kg of CO2 each are 0.6 t/MWh in a fuel cell. *A wrong answer
    would be:* none, or a division by no supply at all.
    """
    plan = answer({
        "works": load(1.0), "tube": Supply(kind="supply", at="h2", price=20.0,
                                           emission_factor=factor),
        "cell": FuelCell(**{"kind": "fuel_cell", "at": "park", "from": "h2", "power": 5.0}),
    }, axis(1))  # fmt: skip
    assert near(mix_of(plan.network, plan), [60 * factor])


def test_own_hydrogen_waits_like_a_battery() -> None:
    """*Proves:* what a fuel cell makes of the plant's own hydrogen is no supply: beside 1 MW of
    imports at 0.5 t/MWh the mix is 0.5. *A wrong answer would be:* half of it, clean by delay.
    """
    plan = answer({
        "grid": grid(np.array([1.0, 900.0]), 50.0, emission_factor=0.5),
        "works": load(np.array([1.0, 2.0])),
        "cells": Electrolyser(kind="electrolyser", at="park", to="h2", power=20.0),
        "tank": Tank(kind="tank", at="h2", capacity="900 kg"),
        "cell": FuelCell(**{"kind": "fuel_cell", "at": "park", "from": "h2", "power": 1.0}),
    }, axis(2))  # fmt: skip
    assert near(mix_of(plan.network, plan), [0.5, 0.5])
