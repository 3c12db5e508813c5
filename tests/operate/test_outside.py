"""What comes from outside is found at the waist, whatever kinds a plant is made of."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.county import county
from tests.waist.micro import park, small
from zeroplant.operate.outside import following, is_known, outside, series
from zeroplant.waist import Network


def plant() -> Network:
    """A sun, a load, a river, a tariff, and trucks that a road sends to a station."""
    net = small(96, 0.25)
    here, gate = park(net), net.node("gate", unit="1/h")
    noise = np.random.default_rng(1).uniform(1.0, 2.0, 96)
    net.flow("sun", give=here, cap=noise, role="generation")
    net.flow("load", take=here, fixed=noise, role="load")
    net.flow("road", give={gate: 0.5}, fixed=noise, unit="1/h")
    net.flow("trucks", take={gate: 0.25}, fixed=2.0 * noise, unit="1/h")
    net.store("lake", inflow=noise - 1.5, unit="m3", start=1.0)
    bought = net.flow("bought", give=here, role="import")
    net.line("grid", "energy", bought, np.where(np.arange(96) < 40, 300.0, 500.0))
    net.flow("unserved", give=here, cap=noise, role="unserved")
    return net


def test_kinds_and_what_a_calendar_knows() -> None:
    """Generation is possible, loads must be, stores have inflows, lines have prices."""
    found = outside(plant())
    assert {key: (each.kind, each.known) for key, each in found.items()} == {
        "sun": ("possible", False),
        "load": ("load", False),
        "road": ("load", False),
        "lake": ("inflow", False),
        "grid: energy": ("price", True),
    }
    assert found["lake"].rating == pytest.approx(0.5, abs=0.02)  # the larger side counts


def test_what_others_settle_is_not_from_outside() -> None:
    """Trucks at the station are those the road sent."""
    assert [(flow.name, node.name) for flow, node in following(plant())] == [("trucks", "gate")]


def test_series_by_key() -> None:
    """Values in every stage, numbers spread; unknown keys are told of."""
    net = plant()
    assert series(net, "load") == pytest.approx(net.flow_named("load").cap.constant)
    assert series(net, "grid: energy").shape == (96,)
    with pytest.raises(KeyError):
        series(net, "wind")


def test_every_day_the_same_is_known() -> None:
    """A timetable of many values is a calendar as well; noise is not."""
    net = small(96 * 2, 0.25)
    day = np.random.default_rng(2).uniform(size=96)
    assert is_known(np.tile(day, 2), net.axis)
    assert not is_known(np.random.default_rng(3).uniform(size=192), net.axis)


def test_the_county_base_has_wind_sun_and_load_to_forecast() -> None:
    """Of its prices all come from contracts."""
    found = outside(county().network)
    unknown = {key for key, each in found.items() if not each.known}
    assert unknown == {"factories.load", "wind.output", "sun.output"}
