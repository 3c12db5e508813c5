"""What trucks draw on a cold road, and what their station buys for them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.assets.small import axis, grid, of, paid
from tests.assets.test_road import road
from zeroplant.assets.base import Asset
from zeroplant.assets.road import Road
from zeroplant.assets.swap_station import SwapStation
from zeroplant.axis import Axis
from zeroplant.solve import solve
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site, Weather


@pytest.mark.parametrize("lanes", [3.0, 0.0])
@pytest.mark.parametrize("energy", [0.14, 0.09])
def test_what_is_driven_in_the_cold_is_bought(energy: float, lanes: float) -> None:
    """*Proves:* at -30 °C trucks with packs of 140 kWh leave home with 95 %, come to the station
    below 15 %, and with 90 kWh below 0; the energy bought, less the losses of charging, is what
    was driven and the change in the packs, and the trucks pay for all of it. Where no
    lane serves them, they take nothing. *A wrong answer
    would be:* packs topped up to 15 % for nothing.
    """
    time = axis(24)
    zeros, cold = np.zeros(24), np.full(24, -30.0)
    weather = Weather(zeros, zeros, zeros, cold, zeros, np.full(24, 1e5))
    site = Site("ridge", 29.0, 107.0, 400.0, "Asia/Shanghai", time, weather)
    trucks = {"tractor": {"pack": "qiji", "energy": f"{energy} MWh"}}
    way = road(trucks=trucks, site="ridge")
    pack = {"energy": energy, "count": 60.0}
    station = SwapStation(
        kind="swap_station", at="park", packs={"qiji": pack}, chargers=60.0, lanes=lanes,
        price=1000.0,
    )  # fmt: skip
    bought, plan = charged(time, way, station, site)
    (stream,) = way._driven
    done = stream.swaps
    assert done.charge.min() < (0.15 if energy > 0.1 else 0.0)
    needed = float((done.consumed + done.change)[0]) * 240
    if not lanes:
        assert bought == pytest.approx(0.0, abs=1e-6)
        return
    assert 0.95 * bought == pytest.approx(needed, rel=1e-6)
    assert needed > 240 * 0.8 * energy
    assert paid(plan, "swap", "swap fees") == pytest.approx(-1000.0 * needed, rel=1e-6)
    found = {each.key: each.value for each in station.findings(Scope(plan.network, "swap"), plan)}
    assert found["energy_per_swap"] == pytest.approx(1e3 * needed / 240, rel=1e-6)


def charged(time: Axis, way: Road, station: SwapStation, site: Site) -> tuple[float, Solution]:
    """MWh that a station buys for the trucks of a road, and its plan."""
    net = Network(time)
    net.node("park")
    assets: dict[str, Asset] = {"road": way, "swap": station, "grid": grid(100.0)}
    scopes = {name: Scope(net, name) for name in assets}
    for name, asset in assets.items():
        asset.prepare(scopes[name])
    for name, asset in assets.items():
        asset.describe(scopes[name], site)
    plan = solve(net)
    return float(of(plan, "grid.import").sum()), plan
