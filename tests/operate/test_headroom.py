"""Energy that is kept for what may come otherwise than expected."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.by_hand import forecast, house, standing
from zeroplant.operate.headroom import KEPT, keep_ready, lacking
from zeroplant.operate.scheduler import Scheduler, Settings

SPREAD = np.array([0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 4.0])
DEAR_NOW = np.where(np.arange(16) < 8, 500.0, 50.0)


def planned(settings: Settings, *, load: float = 5.0) -> np.ndarray:
    """Levels of a battery of 20 MWh that earns most when it is emptied at once."""
    net = house(load=load)
    net.line("grid", "hours of need", net.flow_named("export"), DEAR_NOW, kind="revenue")
    plant = standing(net, worth=0.0)
    told = {"sun": forecast(net, "sun", SPREAD)}
    begin = net.axis.start
    return Scheduler(plant, settings).plan(begin, {"level": 10.0}, told).level["level"]


def test_errors_of_series_add_up_as_if_independent() -> None:
    net = house(sun=3.0)
    one = {"sun": forecast(net, "sun", SPREAD)}
    both = {**one, "load": forecast(net, "load", SPREAD * 0.75)}
    other = {**one, "price": forecast(net, "price", SPREAD * 100.0)}
    assert lacking(net, one) == pytest.approx(2.0)
    assert lacking(net, both) == pytest.approx(2.5)
    assert lacking(net, other) == pytest.approx(2.0)  # money is no power
    assert lacking(net, {}) == 0.0


def test_a_store_is_not_emptied_below_what_may_be_lacking() -> None:
    plain = Settings(futures=1, edge=0.0, ready=0.0)
    assert planned(plain).min() == pytest.approx(0.0, abs=1e-6)
    kept = Settings(futures=1, edge=0.01, ready=0.5)
    assert planned(kept).min() == pytest.approx(0.01 * 20.0 + 0.5 * 2.0, abs=1e-6)


def test_it_is_used_before_load_stays_unserved() -> None:
    """56 MW of load behind 49.5 MW and 2 MW of sun: the battery gives its last for it."""
    levels = planned(Settings(futures=1, edge=0.01, ready=0.5), load=56.0)
    assert levels.min() == pytest.approx(0.0, abs=1e-6)


def test_stores_that_are_no_plain_ones_keep_nothing() -> None:
    net = house()
    net.stores[0].inflow = 1.0
    keep_ready(net, 0.01, 1.0)
    assert not [flow for flow in net.flows if flow.name.startswith(KEPT)]
