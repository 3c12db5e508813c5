"""A twin whose days do not end."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.shared import ROOT
from zeroplant.operate.standing import Standing, stand
from zeroplant.plant import load_plant
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.endless import Endless
from zeroplant.twin.plant import Twin

SIZES = {
    "wind.power": 150.0, "sun.power": 280.0, "battery.power": 90.0, "battery.energy": 500.0,
    "grid.connection": 100.0,
}  # fmt: skip


def test_it_goes_on_where_it_is_when_its_days_are_over() -> None:
    plant = load_plant(ROOT / "examples" / "county-base")
    drawn: list[datetime] = []

    def draw(start: datetime) -> Standing:
        drawn.append(start)
        return stand(plant, start=start, days=1, horizon=0, sizes=SIZES)

    first = draw(datetime(2025, 7, 7))
    begin = first.network.axis.start
    twin = Twin(first, seed=1, step=60.0, clock=SimulatedClock(begin))
    endless = Endless(twin, 1, draw)
    endless.advance(86400.0 - 60.0)
    charge = twin.places(["battery.charge"])
    until = twin.clock.now() + timedelta(minutes=30)
    twin.write(charge, np.array([20.0]), until)
    endless.advance(60.0)
    level, said = twin.state.level.copy(), twin.read()[0]
    endless.advance(60.0)
    assert endless.twin is not twin
    assert drawn == [datetime(2025, 7, 7), begin + timedelta(days=1)]
    assert endless.twin.clock.now() == begin + timedelta(days=1, minutes=1)
    place = endless.twin.physics.network.store_named("battery.level").index
    gained = endless.twin.state.level[place] - level[place]
    assert gained == pytest.approx(20.0 / 60.0, rel=0.1)  # the set-point still holds
    assert np.isfinite(said).all()
    endless.advance(86400.0)
    assert len(drawn) == 3
    endless.close()


def test_days_that_cannot_be_drawn_are_drawn_again_and_at_the_end_it_is_said() -> None:
    plant = load_plant(ROOT / "examples" / "county-base")
    first = stand(plant, start=datetime(2025, 7, 7), days=1, horizon=0, sizes=SIZES)
    tried: list[datetime] = []

    def draw(start: datetime) -> Standing:
        tried.append(start)
        message = "no weather"
        raise RuntimeError(message)

    clock = SimulatedClock(first.network.axis.start)
    endless = Endless(Twin(first, seed=1, step=900.0, clock=clock), 1, draw)
    for _ in range(95):
        endless.advance(900.0)
        time.sleep(0.002)  # drawing has a thread of its own
    assert 3 <= len(tried) <= 6  # once an hour in the last quarter of the day
    with pytest.raises(RuntimeError, match="no weather"):
        endless.advance(3600.0)
    endless.close()
