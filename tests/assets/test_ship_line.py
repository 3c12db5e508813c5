"""Ship lines: what a timetable brings to the ports, and what a line says of itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import axis, grid, near, of, paid
from tests.assets.test_box_port import answer, found, port
from zeroplant.assets.box_port import BoxPort
from zeroplant.assets.demand import Demand
from zeroplant.assets.ship_line import ShipLine
from zeroplant.errors import InputError

VESSEL = {
    "speed": "19.4 km/h", "per_km": "132 kWh/km", "hotel": "150 kW", "fastest": "19.4 km/h",
    "boxes": 36, "cargo": "10000 t",
}  # fmt: skip


def line(**words: Any) -> ShipLine:
    """The 700-TEU ship over 150 km of still water and back, once a week, with boxes of 1 MWh."""
    usual = {
        "kind": "ship_line", "vessel": VESSEL, "box": {"energy": 1.0}, "home": "port",
        "legs": [{"to": "far", "length": "150 km", "stay": "6 h"}], "swaps": ["port"],
        "per_week": 1.0, "first": 6.0, "slack": 0.8, "lift": "6 min",
    }  # fmt: skip
    return ShipLine(**{**usual, **words})


def docks(**words: Any) -> BoxPort:
    """A port with boxes, slots and cranes enough."""
    return port(**{"boxes": 60.0, "slots": 60.0, "cranes": 4.0, **words})


def test_boxes_come_when_the_ship_is_home() -> None:
    """*Proves:* leaving Monday at 6, 33.6 h later all is done: the ship is home at 33.6 h less
    its stay and the exchange, and its boxes come from then on, 10 an hour, all that the trip
    emptied, and no others.
    *A wrong answer would be:* boxes at the hour of departure, or every week's boxes at once."""
    asset = line()
    voyage, count = asset.voyage, int(asset.voyage.exchanged[0])
    assert voyage.takes == pytest.approx(168 * 0.2, rel=1e-4)
    plan = answer(
        {"port": docks(), "line": asset, "grid": grid(100.0)}, axis(168, start="2025-01-06")
    )
    come = of(plan, "port.lifted off 0") + of(plan, "port.lifted off 1")
    assert come.sum() == pytest.approx(count)
    home = 6 + voyage.takes - asset.home_stay - count * 0.1
    inside = (np.arange(168) > home - 1) & (np.arange(168) < home + count * 0.1)
    assert near(come[~inside], 0.0)
    assert come.max() == pytest.approx(10.0)


def test_the_port_charges_what_the_ships_draw() -> None:
    """*Proves:* over a week the plant gives to the boxes what the voyage drew from them. *A wrong
    answer would be:* full boxes charged for every one exchanged, the last being half full."""
    asset = line(per_week=3.0, ships=3)
    plan = answer({"port": docks(), "line": asset, "grid": grid(100.0)}, axis(168))
    charged = of(plan, "port.charge").sum()
    assert charged == pytest.approx(3 * asset.voyage.energy.sum(), rel=1e-5)


def test_two_ports_share_the_way() -> None:
    """*Proves:* with boxes at both ends and 12 aboard the ship swaps at both, and each port
    charges what it handed over."""
    asset = line(vessel={**VESSEL, "boxes": 16}, swaps=["port", "far"])
    assets = {"port": docks(), "far": docks(), "line": asset, "grid": grid(100.0)}
    plan = answer(assets, axis(168))
    gained = asset.voyage.gained
    assert (gained > 1.0).all()
    assert of(plan, "port.charge").sum() == pytest.approx(gained[0], rel=1e-5)
    assert of(plan, "far.charge").sum() == pytest.approx(gained[1], rel=1e-5)


def test_what_a_line_says_of_itself() -> None:
    """*Proves:* at full speed all the way (a window just wide enough) it needs 132 kWh/km, 13.2 Wh
    per t·km, and displaces 3.9 t of fuel per 185.2 km (golden). *A wrong answer would be:* figures
    of one way, or of the slow voyage."""
    tight = (300 / 19.4 + 4 + 6 + 40 * 0.1) / 168
    asset = line(vessel={**VESSEL, "boxes": 48}, slack=1 - tight)
    plan = answer({"port": docks(), "line": asset, "grid": grid(100.0)}, axis(168))
    says = found(asset, "line", plan)
    assert says["energy_per_km"] == pytest.approx(132.0, rel=2e-3)
    assert says["energy_per_tkm"] == pytest.approx(0.0132, rel=2e-3)
    trips = 8760 / 168
    assert says["fuel_displaced"] == pytest.approx(trips * 3.9 * 300 / 185.2, rel=0.02)
    assert says["co2_displaced"] == pytest.approx(trips * 12.4 * 300 / 185.2, rel=0.02)
    assert says["freight_work"] == pytest.approx(trips * 300 * 10_000)


def test_ships_boxes_and_freight_are_in_the_ledger() -> None:
    """*Proves:* two ships with 36 boxes of 1 MWh each are bought and kept for a week of the year,
    and earn their freight for two trips in it."""
    asset = line(
        ships=2, per_week=2.0, ship_price=6e7, ship_upkeep=5e6, box_price=1e6, freight=0.05
    )
    plan = answer({"port": docks(), "line": asset, "grid": grid(100.0)}, axis(168))
    years = 168 / 8760
    assert near(paid(plan, "line", "upkeep of ships of the line"), 2 * 5e6 * years)
    rate = 0.06 / (1 - 1.06**-10)
    assert near(paid(plan, "line", "annuity of boxes aboard"), 72e6 * rate * years)
    assert near(paid(plan, "line", "freight"), -2 * 300 * 10_000 * 0.05)


def test_too_many_departures_are_refused() -> None:
    """*Proves:* one ship cannot leave every day for a trip of 26 h and more; the message says how
    long it takes. *A wrong answer would be:* a ship faster than its fastest."""
    with pytest.raises(InputError, match=r"at least .* h at full speed.*more ships"):
        answer({"port": docks(), "line": line(per_week=7.0, slack=0.0)}, axis(168))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"returns": False}, "must end at home"),
        ({"legs": [{"to": "port", "length": "9 km"}]}, "write returns: false"),
        ({"swaps": ["elsewhere"]}, "not on the way"),
        ({"vessel": {"fastest": 5.0, "boxes": 9}}, "or 'displacement'"),
        ({"vessel": {**VESSEL, "displacement": 9.0}}, "not both"),
        ({"vessel": {**VESSEL, "slowest": 9.0}}, "is above 'fastest'"),
        (
            {"vessel": {**VESSEL, "cargo": 0.0}, "freight": 0.3},
            "'freight' is earned by the 'cargo'",
        ),
        ({"vessel": {**VESSEL, "hotel": "3 MW"}}, "'hotel' alone takes 155 kWh/km"),
        (
            {
                "legs": [
                    {"to": "far", "length": "9 km"},
                    {"to": "far", "length": "9 km"},
                ]
            },
            "ends where it begins",
        ),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        line(**words)


def test_a_port_that_is_not_there_is_named() -> None:
    with pytest.raises(
        InputError, match="'port', which is no box port of the plant; add a box_port"
    ):
        answer({"line": line()}, axis(24))


def test_ports_without_boxes_and_with_others_are_named() -> None:
    """*Proves:* each wrong port is one problem of the line that names it."""
    load = Demand(kind="demand", at="park", load=1.0)
    both = line(swaps=["port", "far"])
    said = [str(p) for _, p in ShipLine.across({"line": both, "port": docks(), "far": load}, {})]
    assert said == ["'swaps' names 'far', which is no box port of the plant; write one of: port"]
    other = docks(box={"energy": 2.0})
    said = [str(p) for _, p in ShipLine.across({"line": line(), "port": other}, {})]
    assert "boxes (1 MWh, 0 to 1) are not those of the port 'port' (2 MWh, 0 to 1)" in said[0]
