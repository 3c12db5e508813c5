"""Tank: levels, limits, losses, compression, and the peer's store and contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.chains import answer
from tests.assets.small import axis, grid, near, of, paid
from zeroplant.assets.offtake import Offtake
from zeroplant.assets.supply import Supply
from zeroplant.assets.tank import Tank
from zeroplant.units import SizeRange

CHEAP_FIRST = np.array([1.0, 9.0])


def tank(**words: Any) -> Tank:
    """100 kg of hydrogen without losses, unless told otherwise."""
    return Tank(**{"kind": "tank", "at": "h2", "capacity": 100.0, **words})


def trade(store: Tank, **words: Any) -> dict[str, Any]:
    """50 kg/h wanted for two hours, the first cheap."""
    return {
        "tube": Supply(kind="supply", at="h2", price=10.0, price_shape=CHEAP_FIRST),
        "buyer": Offtake(kind="offtake", at="h2", least=50.0, unserved=1000.0),
        "tank": store,
        **words,
    }


def test_it_carries_from_cheap_to_dear() -> None:
    """*Proves:* 100 kg are bought at 10, 50 wait. *A wrong answer would be:* 50 at 90."""
    plan = answer(trade(tank()), axis(2))
    assert near(of(plan, "tank.level"), [50, 0])
    assert near(plan.objective, 100 * 10)


@pytest.mark.parametrize(
    ("words", "kept"),
    [({"capacity": 30.0}, 30.0), ({"fill": 20.0}, 20.0), ({"empty": 10.0}, 10.0)],
)
def test_limits_bind(words: dict[str, float], kept: float) -> None:
    """*Proves:* what it holds, lets in and lets out each limit what can wait."""
    plan = answer(trade(tank(**words)), axis(2))
    assert near(of(plan, "tank.emptied"), [0, kept])


def test_losses_of_filling_and_of_waiting() -> None:
    """*Proves:* of what is filled in a tenth is lost, of what waits 1 − 0.5^(1/24) in an hour:
    50 kg need 50 / 0.9 / 0.9715. *A wrong answer would be:* half lost in an hour.
    """
    keep = 0.5 ** (1 / 24)
    plan = answer(trade(tank(fill_loss=0.1, daily_loss=0.5)), axis(2))
    assert near(of(plan, "tank.filled"), [50 / 0.9 / keep, 0])


def test_compression_takes_electricity() -> None:
    """*Proves:* 50 kg at 2 kWh/kg take 0.1 MWh at 400. *A wrong answer would be:* 100 MWh."""
    store = tank(compression="2 kWh/kg", compressor="park")
    plan = answer(trade(store, grid=grid(400.0)), axis(2))
    assert near(of(plan, "grid.import"), [0.1, 0])
    assert near(plan.objective, 100 * 10 + 40)


def test_what_was_there_is_there_again() -> None:
    """*Proves:* a tank that is half full at the start is half full at the end, but for what is
    lost; without a start it may begin as it ends. *A wrong answer would be:* stock sold off.
    """
    plan = answer(trade(tank(start=0.5)), axis(2))
    assert near(of(plan, "tank.level"), [100, 50])
    lossy = answer(trade(tank(start=0.5, daily_loss=0.5)), axis(2))
    assert near(of(lossy, "tank.level")[-1], 50 * 0.5 ** (2 / 24))


def test_it_is_bought_by_what_it_holds() -> None:
    """*Proves:* 50 kg at 3000 per kg save 80 each; where they cost more, none are bought."""
    years, rate = 2 / 8760, 0.06 / (1 - 1.06**-25)
    plan = answer(trade(tank(capacity=SizeRange(0, 999), capex=3000.0)), axis(2))
    assert near(plan.number(plan.network.capacities["tank.capacity"][0]), 50.0)
    assert near(paid(plan, "tank", "annuity of tank"), 50 * 3000 * rate * years)
    dear = answer(trade(tank(capacity=SizeRange(0, 999), capex=9e6)), axis(2))
    assert near(dear.number(dear.network.capacities["tank.capacity"][0]), 0.0)


def test_water_is_held_in_cubic_metres() -> None:
    """*Proves:* a basin of 1800 m³ is filled by 0.5 m³/s in an hour. *A wrong answer would be:*
    0.5 m³.
    """
    assets = {
        "well": Supply(kind="supply", at="tap", price=1.0, price_shape=CHEAP_FIRST),
        "town": Offtake(kind="offtake", at="tap", least=1.0, unserved=1000.0),
        "basin": Tank(kind="tank", at="tap", capacity="1800 m3"),
    }
    plan = answer(assets, axis(2))
    assert near(of(plan, "basin.emptied"), [0, 0.5])
    assert near(of(plan, "basin.level"), [1800, 0])


def test_nobody_is_paid_for_buying_it() -> None:
    """*Proves:* a purchase below nothing is refused; nothing is not. *A wrong answer would be:* the
    largest tank, for the money."""
    with pytest.raises(ValidationError, match="'-4000 CNY/kg' is below 0; write 0 or more"):
        tank(capex="-4000 CNY/kg")
    assert tank(capex=0.0).capex is not None


def test_compression_names_its_node() -> None:
    """*Proves:* electricity for nothing is refused."""
    with pytest.raises(ValidationError, match="give both or neither"):
        tank(compression="2 kWh/kg")
    (found,) = Tank.across({"cell": tank(at="park")}, {"park": "electricity"})
    assert "write kind: battery" in str(found[1])
