"""Synthesis: recipes, turn-down, ramp, on and off, heat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.chains import NODES, answer, found, stand
from tests.assets.small import axis, grid, near, of, paid
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.assets.synthesis import LEAST, Synthesis
from zeroplant.errors import InputError
from zeroplant.units import SizeRange


def plant(**words: Any) -> Synthesis:
    """10 t/h of ammonia, as nimble as can be unless told otherwise."""
    usual = {"kind": "synthesis", "at": "park", "from": "h2", "to": "nh3", "product": "ammonia",
             "rate": 10.0, "turn_down": 0.0, "ramp": 9.0}  # fmt: skip
    return Synthesis(**{**usual, **words})


def world(works: Synthesis, price: Any = 3000.0, hydrogen: Any = None) -> dict[str, Any]:
    """Free hydrogen, power at 100 per MWh, a buyer at 3000 per tonne."""
    hydrogen = {"price": 0.0} if hydrogen is None else hydrogen
    return {
        "grid": grid(100.0),
        "tube": Supply(kind="supply", at="h2", **hydrogen),
        "works": works,
        "buyer": Offtake(kind="offtake", at=works.to, price=price),
    }


def test_a_tonne_of_ammonia() -> None:
    """*Proves:* 10 t take 1780 kg of hydrogen and 7 MWh; with 52.3 kWh/kg that is 10.0 MWh/t in
    all, in the middle of 9.5…10.5 (domain page 2h). *A wrong answer would be:* 178 kg.
    """
    plan = answer(world(plant()), axis(1))
    assert near(of(plan, "tube.bought"), 1780.0)
    assert near(of(plan, "grid.import"), 7.0)
    recipe = plant().recipe
    assert recipe.hydrogen * 52.3 + recipe.electricity == pytest.approx(10.0, abs=0.05)
    said = found(world(plant()), plan, "works")
    assert said["mean_load"] == pytest.approx(1.0)
    assert said["product_made"] == pytest.approx(87_600)


def test_no_product_out_of_nothing() -> None:
    """*Proves:* a tonne takes what is in it: 3·2.016/(2·17.031) t of hydrogen for ammonia, and
    44.009/32.042 t of CO2 for methanol; figures rounded to three digits go. *A wrong answer would
    be:* ammonia out of electricity.
    """
    assert LEAST["ammonia"][0] == pytest.approx(3 * 2.016 / (2 * 17.031), rel=3e-4)
    assert LEAST["methanol"] == pytest.approx((3 * 2.016 / 32.042, 44.009 / 32.042), rel=3e-4)
    assert plant(hydrogen=0.177).recipe.hydrogen == 0.177
    with pytest.raises(ValidationError, match=r"0.1 is less than the 0.1776 .* usually 0.178"):
        plant(hydrogen=0.1)
    works = {"product": "methanol", "to": "meoh", "co2": "co2"}
    assert plant(**works, co2_use=1.37).recipe.co2 == 1.37
    with pytest.raises(ValidationError, match=r"co2_use: 1 is less than the 1.37.* usually 1.4"):
        plant(**works, co2_use=1.0)
    with pytest.raises(ValidationError, match=r"hydrogen: 0\.178 is less than the 0\.1888"):
        plant(**works, hydrogen=0.178)


def test_a_tonne_of_methanol() -> None:
    """*Proves:* it takes 190 kg of hydrogen and 1.4 t of CO2, 10…11 MWh/t in all; its kilograms
    of hydrogen hold less than its CO2 weighs. *A wrong answer would be:* methanol out of hydrogen
    alone.
    """
    works = plant(product="methanol", to="meoh", co2="co2", rate=1.0)
    assets = world(works)
    assets["carbon"] = Supply(kind="supply", at="co2", price=300.0)
    plan = answer(assets, axis(1))
    assert near(of(plan, "tube.bought"), 190.0)
    assert near(paid(plan, "carbon", "co2 bought"), 420.0)
    assert 10 <= works.recipe.hydrogen * 52.3 + works.recipe.electricity <= 11
    with pytest.raises(ValidationError, match="give 'co2', the node of CO2"):
        plant(product="methanol", to="meoh")
    with pytest.raises(ValidationError, match="ammonia takes no CO2"):
        plant(co2="co2")


def test_it_runs_at_its_least_load_when_product_is_worth_nothing() -> None:
    """*Proves:* at 40 % it goes on where ammonia pays nothing. *A wrong answer would be:* a stop
    for an hour.
    """
    shape = np.array([1.0, 0.0])
    assets = world(plant(turn_down=0.4))
    assets["buyer"] = Offtake(kind="offtake", at="nh3", price=3000.0, price_shape=shape)
    assert near(of(answer(assets, axis(2)), "works.made"), [10, 4])


def test_without_hydrogen_it_falls_below_at_a_price() -> None:
    """*Proves:* with hydrogen for 1 t/h it runs at 1 t/h; the 3 t/h that lack to the least load
    cost 500 each and are named. *A wrong answer would be:* no answer.
    """
    short = {"price": 0.0, "most": 178.0}
    plan = answer(world(plant(turn_down=0.4, stop_price=500.0), hydrogen=short), axis(1))
    assert near(of(plan, "works.made"), 1.0)
    assert near(paid(plan, "works", "breach of works.least load"), 3 * 500)


def test_the_ramp_is_of_the_rating() -> None:
    """*Proves:* at 20 %/h of 10 t/h it takes two hours from 5 to 9 t/h. *A wrong answer would be:*
    20 % of what it makes.
    """
    limit = np.array([5.0, 9.0, 9.0])
    assets = world(plant(ramp=0.2))
    assets["buyer"] = Offtake(kind="offtake", at="nh3", price=3000.0, most=1.0, shape=limit)
    assert near(of(answer(assets, axis(3)), "works.made"), [5, 7, 9])


def test_on_and_off() -> None:
    """*Proves:* told that it may stop, it does where power is dearer than the product, pays each
    start, and jumps to its least load though the ramp is smaller. *A wrong answer would be:* half
    a plant running.
    """
    works = plant(turn_down=0.4, ramp=0.1, on_off=True, start_cost=1000.0)
    assets = world(works)
    assets["grid"] = grid(np.array([100.0, 1e5, 1e5, 100.0]))
    plan = answer(assets, axis(4))
    assert near(of(plan, "works.made"), [4, 0, 0, 4])
    assert near(paid(plan, "works", "starts"), 1000)
    with pytest.raises(ValidationError, match="'start_cost' needs whole numbers"):
        plant(start_cost=5.0)


def test_a_start_jumps_and_then_climbs() -> None:
    """*Proves:* shut down in a dear hour it starts at its least load of 40 % and then climbs by
    10 % an hour. *A wrong answer would be:* 4, 8, 10 t/h, the jump of a start in every hour.
    """
    assets = world(plant(turn_down=0.4, ramp=0.1, on_off=True))
    assets["grid"] = grid(np.array([1e5, 100.0, 100.0, 100.0]))
    assert near(of(answer(assets, axis(4)), "works.made"), [0, 4, 5, 6])


def test_heat_and_purchase() -> None:
    """*Proves:* a tonne gives up to 0.75 MWh of heat; the rating is bought by the t/h, written by
    the tonne and year as well. *A wrong answer would be:* heat that must be taken.
    """
    works = plant(rate=SizeRange(0, 10), heat="heat", capex="10 CNY/(t/a)", life=20.0)
    assets = world(works, 9000.0)
    assets["baths"] = Offtake(kind="offtake", at="heat", price=50.0, most=5.0)
    plan = answer(assets, axis(1))
    assert near(of(plan, "works.recovered"), 5.0)
    annuity = 0.06 / (1 - 1.06**-20) * 10 * 8760 * 10 / 8760
    assert near(paid(plan, "works", "annuity of synthesis"), annuity)


def test_what_cannot_be_weighed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* ammonia counted in MW is refused with what to write."""
    monkeypatch.setitem(NODES, "nh3", ("ammonia", "MW"))
    with pytest.raises(InputError, match="counts ammonia in MW, not by its mass; write unit: t/h"):
        stand({"grid": grid(), "works": plant()}, axis(1))
