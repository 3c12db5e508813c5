"""Prices that are told from outside reach the plan as prices of what is bought and sold."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tests.operate.small_plant import START
from tests.shared import ROOT
from zeroplant.axis import Axis, Floats
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.price_signals import WithPrices, price_lines, told_prices
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import load_plant
from zeroplant.waist import Network

QUARTER = timedelta(minutes=15)


def network() -> Network:
    """Bought by the hour of the day, sold at a flat price."""
    net = Network(Axis(START, 96, 0.25))
    node = net.node("site")
    price = np.where(np.arange(96) < 48, 300.0, 500.0)
    bought = net.flow("grid.import", give=node, cap=60.0, role="import", who="grid")
    net.flow("grid.export", take=node, cap=60.0, role="export", who="grid", cost=-200.0)
    net.line("grid", "energy bought", bought, price, unit="MWh")
    return net


def test_what_is_told_takes_the_place_of_the_plant_s_own_price() -> None:
    net = network()
    assert price_lines(net) == {"import": "grid: energy bought"}  # a flat price is no series
    now = START + timedelta(minutes=20)
    told = {"import": [(START + timedelta(hours=1), START + timedelta(hours=2), 999.0)],
            "export": [(START, None, 1.0)]}  # fmt: skip
    (made,) = told_prices(net, told, now, 12).values()
    assert made.start == START + QUARTER
    assert made.mean().tolist() == [300.0] * 3 + [999.0] * 4 + [300.0] * 5
    (endless,) = told_prices(net, {"import": [(START, None, 7.0)]}, now, 500).values()
    assert endless.mean().tolist() == [7.0] * 95
    assert (
        told_prices(net, {"import": [(START, START + QUARTER, 7.0)]}, now, 4)["grid: energy bought"]
        .mean()
        .tolist()
        == [300.0] * 4
    )


def test_a_mapping_stays_the_same_until_something_changes() -> None:
    newest: list[dict[str, Forecast]] = [{}]
    told: dict[str, tuple[tuple[object, None, float], ...]] = {}
    priced = WithPrices(lambda: newest[0], lambda: told)  # type: ignore[arg-type,return-value]
    priced.stand(network())
    assert priced(START) is newest[0]
    told["import"] = ((START, None, 7.0),)
    made = priced(START)
    assert made is not newest[0]
    assert priced(START + timedelta(minutes=1)) is made
    assert priced(START + QUARTER) is not made


def test_forecasts_made_anew_are_planned_with_wherever_they_lie() -> None:
    """What is dropped leaves its place in memory to what comes after it."""
    count = 0

    def newest() -> dict[str, Forecast]:
        nonlocal count
        count += 1
        return {str(count): Forecast("", START, START, QUARTER, np.ones(1), np.ones((1, 1)))}

    priced = WithPrices(newest, lambda: {"import": ((START, None, 7.0),)})
    priced.stand(network())
    for number in range(1, 20):
        assert str(number) in priced(START)


def test_a_plan_buys_where_it_is_told_to_be_cheap() -> None:
    """The county base on a day of much wind; for an hour, who takes from the grid is paid."""
    plant = load_plant(ROOT / "examples" / "county-base")
    standing: Standing = stand(plant, start=START, days=1)

    def bought(prices: dict[str, Forecast]) -> Floats:
        made = Scheduler(standing, Settings(futures=1)).plan(START, {}, prices, deadline=60.0)
        assert made.status == "optimal"
        return made.power["grid.import"][32:36]

    told = {"import": [(START + 32 * QUARTER, START + 36 * QUARTER, -500.0)]}
    paid = bought(told_prices(standing.network, told, START, 96))
    assert (paid > bought({}) + 10.0).all()
