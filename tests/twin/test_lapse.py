"""A controller that dies leaves a plant whose devices come to rest by themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image, micros
from zeroplant.twin import kpi
from zeroplant.twin.faults import Asked, Trouble
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.run import Simulation

CYCLE = 4.0


def test_when_control_dies_every_set_point_lapses_in_its_device(county: Prepared) -> None:
    """Nobody says anything any more: each holds its set-point while it is valid, then rests."""
    orders = [Asked(kind="target", value=95.0, at=0.05, lasts=2.0)]
    run = Simulation(
        replace(county, days=0.25 / 24.0),  # type: ignore[arg-type]
        cycle=CYCLE, forecaster="persistence", trouble=Trouble(orders=orders),
    )  # fmt: skip

    async def dead() -> None:
        """In place of an orderly end, which puts stores to rest."""

    run.loop.end = dead  # type: ignore[method-assign]
    run.run()
    twin, network = run.twin, run.twin.physics.network
    place = network.flow_named("battery.discharge").index
    before = float(twin.state.x[place])
    assert before > 5.0
    # Half of its validity at most has gone since it was told the last time.
    twin.advance(run.settings.validity / 2.0 - 2.0 * CYCLE)
    assert twin.state.x[place] > 0.5 * before
    twin.advance(run.settings.validity + 300.0)
    stores = [network.flow_named(f"battery.{name}").index for name in ("charge", "discharge")]
    np.testing.assert_allclose(twin.state.x[stores], 0.0, atol=0.5)
    assert twin.account.violations == 0
    assert kpi.open_balance(twin.account) < 1e-6


@pytest.mark.parametrize("cycle", [4.0, 60.0])
def test_no_set_point_lapses_between_two_cycles(county: Prepared, cycle: float) -> None:
    """Also when a write is lost now and then: the next one comes before the last one lapses."""
    run = Simulation(
        replace(county, days=1.0 / 24.0),  # type: ignore[arg-type]
        cycle=cycle, forecaster="persistence",
    )  # fmt: skip
    network, twin = run.twin.physics.network, run.twin
    told = [network.flow_named(f"battery.{name}").index for name in ("charge", "discharge")]
    left: list[float] = []

    def look(_: Image, decision: Decision) -> None:
        after(_, decision)
        now = micros(decision.at)
        left.extend((twin._until[told] - now) / 1e6)

    after, run.loop.after = run.loop.after, look
    run.run()
    assert min(left) >= 2.0 * cycle
