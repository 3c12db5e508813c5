"""Fuel cell: hydrogen to electricity and heat."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.assets.chains import NODES, answer, stand
from tests.assets.small import axis, load, near, of
from zeroplant.assets.fuel_cell import FuelCell
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.errors import InputError


def cell(**words: Any) -> FuelCell:
    """5 MW of half the heating value, unless told otherwise."""
    return FuelCell(**{"kind": "fuel_cell", "at": "park", "from": "h2", "power": 5.0, **words})


def world(works: FuelCell, least: float) -> dict[str, Any]:
    """Hydrogen at 20 per kg and a load."""
    tube = Supply(kind="supply", at="h2", price=20.0)
    return {"tube": tube, "cell": works, "works": load(least)}


def test_a_megawatt_hour_takes_sixty_kilograms() -> None:
    """*Proves:* at 50 % of 33.33 kWh/kg a MWh takes 60 kg. *A wrong answer would be:* 30 (no
    efficiency), or 51 (of the higher heating value).
    """
    plan = answer(world(cell(), 1.0), axis(1))
    assert near(of(plan, "tube.bought"), 60.0)
    assert near(plan.objective, 1200.0)


def test_its_heat_may_be_used_or_let_go() -> None:
    """*Proves:* 2 MW of electricity leave 2 × 0.35/0.5 = 1.4 MW of heat, of which as much is used
    as is wanted.
    """
    assets = world(cell(heat="heat"), 2.0)
    assets["baths"] = Offtake(kind="offtake", at="heat", price=1.0)
    assert near(of(answer(assets, axis(1)), "cell.recovered"), 1.4)
    assets["baths"] = Offtake(kind="offtake", at="heat", price=1.0, most=0.5)
    assert near(of(answer(assets, axis(1)), "cell.recovered"), 0.5)


def test_least_load_with_on_and_off() -> None:
    """*Proves:* 1 MW is below 40 % of 5 MW, so the load is not served. *A wrong answer would be:*
    1 MW out of a cell that cannot.
    """
    plan = answer(world(cell(on_off=True, min_load=0.4), 1.0), axis(1))
    assert near(of(plan, "cell.output"), 0.0)
    assert near(of(plan, "works.unserved"), 1.0)


def test_contradictions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* more than the hydrogen holds is refused, and hydrogen that is not in kg/h; heat
    that nobody takes does not count."""
    with pytest.raises(ValidationError, match="together are more than the hydrogen holds"):
        cell(efficiency=0.7, heat_share=0.4, heat="warm")
    assert cell(efficiency=0.7, heat_share=0.4).heat is None
    monkeypatch.setitem(NODES, "h2", ("hydrogen", "MW"))
    with pytest.raises(InputError, match="counts hydrogen in MW, not in kg/h"):
        stand({"cell": cell()}, axis(1))
