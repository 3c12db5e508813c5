"""A battery in each of 17 metered homes of California, over a year of their own load and PV."""

from __future__ import annotations

from datetime import UTC, datetime
from math import sqrt

import numpy as np
import pytest

from tests.shared import shared_data
from zeroplant.axis import Axis, Floats
from zeroplant.solve import solve
from zeroplant.waist import Network

RATINGS = (6.4, 5.0)
"""kWh and kW of the data's own scenario."""
ONE_WAY = sqrt(0.87)
HOURS = 8760


def series() -> tuple[Floats, Floats, Floats]:
    """Load and PV [kW] of each home, (homes, hours), and the time-of-use price [USD/kWh]."""
    import polars as pl

    folder = shared_data("homes_pv_battery_citylearn")
    table = pl.read_parquet(folder / "homes17_2016_17_hourly.parquet").sort("home", "hour_index")
    price = pl.read_parquet(folder / "homes17_env_hourly.parquet")["tou_usd_per_kwh"]
    load, made = (
        table[name].cast(pl.Float64).to_numpy().reshape(-1, HOURS) for name in ("load_kw", "pv_kw")
    )
    return load, made, price.cast(pl.Float64).to_numpy()


@pytest.mark.slow
def test_a_home_battery_is_never_dearer_than_none() -> None:
    """*Proves:* on each measured net load, with export at a fifth of the price, the best use of the
    battery costs no more than leaving it alone, energy in is energy out but for the losses, and
    the PV that stays at home rises by 10…35 points of a share. *A wrong answer would be:* a bill
    that rises, energy from nowhere, or self-use above 1.
    """
    load, made, price = series()
    before, after = [], []
    for own, sun in zip(load, made, strict=True):
        bill, kept, used, in_, out = best_use(own - sun, sun, price)
        idle = price @ np.maximum(own - sun, 0) - 0.2 * price @ np.maximum(sun - own, 0)
        assert bill <= idle + 1e-6
        assert in_ * 0.87 == pytest.approx(out, rel=1e-5, abs=1e-3)
        before.append(kept)
        after.append(used)
    gain = np.median(np.array(after) - before)
    print(f"self-use median {np.median(before):.3f} -> {np.median(after):.3f}")  # noqa: T201
    assert max(after) <= 1.0 + 1e-9
    assert 0.10 <= gain <= 0.35


def best_use(
    net_load: Floats, sun: Floats, price: Floats
) -> tuple[float, float, float, float, float]:
    """Bill, share of PV kept at home without and with the battery, energy in and out [kWh]."""
    net = Network(Axis(datetime(2016, 8, 1, tzinfo=UTC), HOURS))
    home = net.node("home")
    bought = net.flow("bought", give=home)
    sold = net.flow("sold", take=home)
    charge = net.flow("charge", take=home, cap=RATINGS[1])
    discharge = net.flow("discharge", give=home, cap=RATINGS[1])
    net.flow("need", take=home, fixed=np.maximum(net_load, 0))
    net.flow("spare", give=home, fixed=np.maximum(-net_load, 0))
    net.store("level", fill={charge: ONE_WAY}, drain={discharge: 1 / ONE_WAY}, cap=RATINGS[0])
    net.line("home", "bought", bought, price)
    net.line("home", "sold", sold, 0.2 * price, kind="revenue")
    answer = solve(net)
    spare = np.maximum(-net_load, 0).sum()
    return (
        answer.objective,
        1 - spare / sun.sum(),
        1 - answer.value(sold).sum() / sun.sum(),
        answer.value(charge).sum(),
        answer.value(discharge).sum(),
    )
