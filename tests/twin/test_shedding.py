"""Breakers of the twin: load goes off as told, comes back by itself, and the relay comes on top."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.relay import COMES_BACK, TRIPS, Relay


def told(twin: Twin, value: float, seconds: float = 60.0) -> None:
    until = twin.clock.now() + timedelta(seconds=seconds)
    assert twin.write(twin.places(["factories.unserved"]), np.array([value]), until).all()


def flow(twin: Twin, name: str) -> float:
    return float(twin.state.x[twin.physics.network.flow_named(name).index])


def test_load_is_shed_within_seconds_and_back_when_the_set_point_lapses(county: Prepared) -> None:
    twin = Twin(county.truth, seed=3, step=4.0)
    twin.advance(8.0)
    told(twin, 10.0)
    twin.advance(12.0)
    assert flow(twin, "factories.unserved") == pytest.approx(10.0, abs=0.1)
    place = twin.points.index["factories.unserved"]
    assert twin.read()[0][place] == pytest.approx(10.0, abs=0.2)
    twin.advance(70.0)
    assert flow(twin, "factories.unserved") == pytest.approx(0.0, abs=1e-3)
    assert twin.account.flows[:, twin.physics.network.flow_named("factories.unserved").index].any()


def test_no_more_is_shed_than_there_is(county: Prepared) -> None:
    twin = Twin(county.truth, seed=3, step=4.0)
    told(twin, 1e4)
    twin.advance(30.0)
    assert flow(twin, "factories.unserved") <= flow(twin, "factories.load") * 1.05


def test_the_relay_sheds_beside_what_was_shed_by_command(county: Prepared) -> None:
    """A command that is too little leaves the connection over: the relay makes up for the rest."""
    twin = Twin(county.truth, seed=3, step=4.0)
    twin.advance(4.0)
    state, grid = twin.state, twin.physics.network.flow_named("grid.import").index
    off = twin.physics.network.flow_named("factories.unserved").index
    relay = Relay(grid, np.full(twin.physics.network.axis.stages, 50.0), [off])
    state.x[grid], state.x[off], state.most[off] = 60.0, 20.0, 80.0
    for _ in range(round(TRIPS / state.seconds)):
        relay.watch(state)
    assert state.least[off] == pytest.approx(20.0 + 60.0 - 0.97 * 50.0)
    state.x[grid] = 40.0
    for _ in range(round(COMES_BACK / state.seconds) + 1):
        relay.watch(state)
    assert 0.0 < state.least[off] < 31.5
