"""Roofs: inventory, uptake, rent, use at home, and the physics of solar plants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, entry, grid, load, near, of, paid
from zeroplant.assets.roofs import Roofs, RoofType
from zeroplant.assets.solar import Solar
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network, Scope
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generate
from zeroplant.weather.site import Site


def roofs(**words: Any) -> Roofs:
    """100 farmhouses of 20 kW, half of them fit, and 10 barns of 100 kW: 2 MW."""
    kinds = {
        "farmhouses": {"count": 100.0, "power": 0.02, "usable": 0.5, "availability": 0.5},
        "barns": {"count": 10.0, "power": 0.1, "usable": 1.0, "availability": 1.0},
    }
    return Roofs(**{"kind": "roofs", "at": "park", "roofs": kinds, **words})


def test_inventory_times_uptake() -> None:
    """*Proves:* 1 MW at half output and 1 MW at full, of which 60 % are taken up: 0.9 MW. *A wrong
    answer would be:* unfit roofs counted, or one output for all.
    """
    plan = answer({"roofs": roofs(uptake=0.6), "works": load(5.0)}, axis(2))
    assert near(of(plan, "roofs.output"), 0.9)
    assert near(plan.number(plan.network.capacities["roofs.power"][0]), 1.2)


def test_uptake_is_chosen_and_never_above_all() -> None:
    """*Proves:* dear roofs are not built, cheap ones all, and not more than there are. *A wrong
    answer would be:* 5 MW of roofs for 5 MW of load.
    """
    for capex, wanted in ((1e9, 0.0), (1e3, 1.0)):
        some = roofs(uptake=SizeRange(), capex=capex)
        plan = answer({"roofs": some, "works": load(5.0), "grid": grid()}, axis(2))
        assert near(plan.number(plan.network.capacities["roofs.uptake"][0]), wanted)


def test_rent_is_paid_by_the_roof_and_by_the_power() -> None:
    """*Proves:* half of 60 usable roofs at 1 000 a year and 1 MW at 80 000, for the part of the
    year that the axis is long; both to households. *A wrong answer would be:* rent for a year in
    a day, or for roofs that are not used.
    """
    some = roofs(uptake=0.5, rent=1000.0, rent_power=80_000.0, collective=20.0)
    plan = answer({"roofs": some, "works": load(5.0), "grid": grid()}, axis(24))
    assert near(paid(plan, "roofs", "roof rent"), 30 * 1000 / 365)
    assert near(paid(plan, "roofs", "roof rent by power"), 80_000 / 365)
    assert entry(plan, "roofs", "roof rent").to == "households"
    assert near(paid(plan, "roofs", "collective share"), 24 * 0.75 * 20)


def test_homes_use_their_roofs_first() -> None:
    """*Proves:* homes of 10 kW each under 60 roofs take 0.6 MW at 500, the rest goes to the node;
    at night they take nothing of the roofs. *A wrong answer would be:* homes that the node serves.
    """
    home = {"load": 0.01, "price": 500.0}
    sun = {"all": {"count": 60.0, "power": 0.05, "usable": 1.0, "availability": np.array([1.0, 0])}}
    some = roofs(roofs=sun, at_home=home)
    net = Network(axis(2))
    net.node("park")
    scope = Scope(net, "roofs")
    some.describe(scope, None)
    grid(export_price=100.0).describe(Scope(net, "grid"), None)
    plan = solve(net)
    assert near(of(plan, "roofs.used at home"), [0.6, 0])
    assert near(of(plan, "roofs.fed in"), [2.4, 0])
    found = {f.key: f.value for f in some.findings(scope, plan)}
    assert near(found["used_at_home"], 0.2)
    assert near(found["roofs"], 60)
    assert near(found["full_load_hours"], 4380)


@pytest.mark.parametrize("uptake", [0.5, SizeRange(0.5, 1.0)])
@pytest.mark.parametrize("export", [0.0, 900.0])
def test_homes_come_before_any_price(export: float, uptake: float | SizeRange) -> None:
    """*Proves:* under each kind of roof the lesser of load and output is used at home although
    homes pay nothing and exports earn 900: of 50 farmhouses of 10 kW and 10 barns of 100 kW at full
    output with loads of 20 kW, 50·0.01 + 10·0.02 MW of all, in the part that is built. *A wrong
    answer would be:* nothing at home because nothing is paid, or a barn's sun in a farmhouse.
    """
    some = roofs(uptake=uptake, capex=0.0 if export else 1e9, at_home={"load": 0.02})
    plan = answer({"roofs": some, "grid": grid(1000.0, export_price=export)}, axis(2))
    share = plan.number(plan.network.capacities["roofs.uptake"][0])
    assert near(share, 1.0 if export and isinstance(uptake, SizeRange) else 0.5)
    assert near(of(plan, "roofs.used at home"), share * 0.7)


def test_roofs_are_solar_plants() -> None:
    """*Proves:* one kind of roof facing south gives what a solar plant on a roof gives; facing east
    and west it gives less in the year and more before 8 h. *A wrong answer would be:* a second
    opinion of the sun.
    """
    time = axis(24 * 60, start="2025-05-01")
    table = climate("qingshuihe")
    site = Site("here", table.latitude, table.longitude, table.altitude, time.zone, time,
                generate(table, time, 1))  # fmt: skip
    south = RoofType(count=10, power=0.1, usable=1.0, tilt=20.0)
    sides = RoofType(count=10, power=0.1, usable=1.0, tilt=20.0, faces={"east": 0.5, "west": 0.5})
    mine = roofs(roofs={"a": south}).output(time, site)
    sun = Solar(kind="solar", at="park", power=1.0, tilt=20.0, mounting="roof", losses=0.13,
                dc_ac=1.15)  # fmt: skip
    assert near(mine, sun.from_weather(site))
    other = roofs(roofs={"a": sides}).output(time, site)
    assert other.sum() < mine.sum()
    early = time.hour_of_day < 7
    assert other[early].sum() > mine[early].sum()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"uptake": 1.5}, "more than all"),
        ({"uptake": {"max": 2.0}}, "more than all"),
        ({"roofs": {"a": {"count": 5.0, "faces": {"south": 0.5}}}}, "add up to 0.5"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        roofs(**words)
