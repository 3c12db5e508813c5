"""The feeder: which way reactive power goes, and where its limits of voltage come from."""

from __future__ import annotations

from math import acos, tan
from typing import Any

import numpy as np
import pytest

from tests.assets.small import axis, grid, near, of
from tests.assets.test_feeder import branch, feeder
from zeroplant.assets.chp import Chp
from zeroplant.assets.feeder import SUPPLY, Feeder
from zeroplant.assets.parts.feeder_findings import drawn
from zeroplant.axis import Axis
from zeroplant.rules import load as load_rule
from zeroplant.rules.pack import Pack
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution


def engine(time: Axis, **words: Any) -> tuple[Feeder, Solution]:
    """A gas engine of 10 MW behind 4 Ω; its heat is thrown away, its power is sold at the head."""
    line = feeder(branch("park", "a", r=1e-4, x=4.0), power_factor=0.9, **words)
    net = Network(time)
    net.node("park")
    net.node("a")
    gas, heat = net.node("gas", carrier="gas"), net.node("heat", carrier="heat")
    net.flow("gas bought", give=gas, cost=10.0)
    net.flow("thrown away", take=heat)
    words = {"kind": "chp", "from": "gas", "at": "a", "to": "heat", "power": 10.0}
    assets = {"line": line, "engine": Chp(**words), "grid": grid(400.0, export_price=300.0)}
    for name, asset in assets.items():
        asset.describe(Scope(net, name), None)
    line.conclude(Scope(net, "line"))
    return line, solve(net)


@pytest.mark.parametrize("absorbing", [1.0, 0.99])
def test_a_conversion_that_gives_is_generation(absorbing: float) -> None:
    """*Proves:* a gas engine's 10 MW are generation: by themselves they draw nothing, and at a
    power factor of 0.99 they absorb 0.1425 Mvar per MW, so the squared voltage falls by
    2·4·Q/100, less the little that 0.1 mΩ raises it. *A wrong answer would be:* the loads' 0.4843
    Mvar per MW, of which the voltage lets 3.49 MW through.
    """
    line, plan = engine(axis(1), absorbing=absorbing)
    assert near(of(plan, "engine.cogenerated"), 10.0)
    said = tan(acos(absorbing)) * 10.0
    assert near(drawn(line, Scope(plan.network, "line"), plan)[1], said)
    found = {each.key: each.value for each in line.findings(Scope(plan.network, "line"), plan)}
    assert np.isclose(found["lowest_voltage"] ** 2, 1 - 0.08 * said + 2e-5)


def test_limits_of_voltage_come_from_the_rule_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* a pack with other figures moves the limits that a file leaves out, and only those.
    *A wrong answer would be:* figures of a standard in code.
    """
    own = load_rule(SUPPLY).model_dump(by_alias=True)
    own["parameters"]["fall_medium"]["value"] = 0.05
    own["parameters"]["rise"]["value"] = 0.10
    pack = Pack.model_validate(own)
    monkeypatch.setattr("zeroplant.assets.feeder.load", lambda name: pack)
    line = feeder(branch("park", "a"), branch("a", "b", voltage=380.0))
    assert near(line.lows(), [0.95, 0.90])
    assert near(line.highs(), 1.10)
    assert near(feeder(branch("park", "a"), low=0.97).lows(), 0.97)
