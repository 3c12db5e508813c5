"""Standing plants small enough to solve by hand, and forecasts for them."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from tests.waist.micro import park, small
from zeroplant.axis import Floats
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.standing import Standing
from zeroplant.waist import Network

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])


def standing(network: Network, worth: float = 100.0, **levels: float) -> Standing:
    """A network as a standing plant; stores are worth the same at any end."""
    ends = np.full(network.axis.stages, worth)
    return Standing(
        plant=cast(Any, None), sizes={}, network=network, rule_prices={}, levels=levels,
        worth={store.name: ends for store in network.stores}, year=cast(Any, None),
    )  # fmt: skip


def forecast(network: Network, key: str, quantiles: Floats) -> Forecast:
    """The same quantiles in all steps."""
    axis = network.axis
    values = np.repeat(np.asarray(quantiles, dtype=float)[:, None], axis.periods, axis=1)
    return Forecast(key, axis.start, axis.start, axis.step, LEVELS, values)


def house(load: Floats | float = 5.0, sun: Floats | float = 0.0, power: float = 10.0) -> Network:
    """A load, sun, a lossless battery of 20 MWh and a grid of 50 MW, over 16 quarter-hours.

    Wear makes it rest where it is asked for nothing.
    """
    net = small(16, 0.25)
    here = park(net)
    net.flow("load", take=here, fixed=np.broadcast_to(load, 16) + 0.0, role="load", who="load")
    net.flow("unserved", give=here, cap=100.0, cost=2e4, role="unserved", who="load")
    net.flow("sun", give=here, cap=np.broadcast_to(sun, 16) + 0.0, role="generation")
    charge = net.flow("charge", take=here, cap=power, role="charge")
    discharge = net.flow("discharge", give=here, cap=power, cost=5.0, role="discharge")
    net.store("level", fill={charge: 1.0}, drain={discharge: 1.0}, cap=20.0, start=10.0)
    bought = net.flow("import", give=here, cap=50.0, role="import")
    sold = net.flow("export", take=here, cap=50.0, role="export")
    net.line("grid", "bought", bought, 101.0, kind="purchase")
    net.line("grid", "sold", sold, 99.0, kind="revenue")
    return net
