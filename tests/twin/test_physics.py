"""A network as the twin's arrays, and what one step makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.twin.physics import TARGET, UNBOUNDED, Physics, physics_of
from zeroplant.twin.state import State, state_of
from zeroplant.twin.step_kernel import step
from zeroplant.waist import Network

START = datetime(2025, 6, 1, tzinfo=UTC)


def moved(physics: Physics, goals: dict[str, float]) -> State:
    """The state after one step in which every device reaches its goal at once."""
    state, flows = state_of(physics, 4.0), physics.network.flows
    state.least[:], state.most[:] = physics.least[0], physics.most[0]
    state.node_rate[:], state.store_rate[:] = physics.nodes.series[0], physics.stores.series[0]
    for flow in flows:
        state.goal[flow.index] = goals.get(flow.name, 0.0)
    step(
        state.hours, physics.sort, state.least, state.most, state.goal, np.ones(len(flows)),
        np.full(len(flows), np.inf), state.x, physics.pairs, physics.nodes.flow,
        physics.nodes.into, state.node_rate, state.arriving, physics.closers.order,
        physics.closers.first, physics.closers.entry, physics.closers.ended, physics.stores.flow,
        physics.stores.into, state.store_rate, state.keep, state.inflow, state.floor, state.cap,
        state.level, state.own, physics.spills, state.residual, state.lost,
    )  # fmt: skip
    return state


def test_heat_that_another_flow_limits_is_set_and_grows_with_it() -> None:
    net = Network(Axis(START, 4, 0.25))
    site, hot = net.node("site"), net.node("hot", carrier="hot water")
    run = net.flow("electrolyser.electrolysis", take=site, cap=100.0, role="conversion")
    heat = net.flow("electrolyser.recovered", give=hot, cap=run * 0.15)
    physics = physics_of(net, {})
    assert physics.sort[heat.index] == TARGET
    assert physics.most[0, heat.index] == UNBOUNDED  # the cap is worked out in every step
    (rule,) = physics.ruled
    x = np.zeros(2)
    x[run.index] = 80.0
    assert rule.flow == heat.index
    assert rule.cap(0, x, np.zeros(0)) == pytest.approx(12.0)


@pytest.mark.parametrize(("wanted", "used", "dumped"), [(30.0, 30.0, 16.0), (60.0, 46.0, 0.0)])
def test_a_use_takes_no_more_than_there_is(wanted: float, used: float, dumped: float) -> None:
    net = Network(Axis(START, 4, 0.25))
    stream = net.node("stream", carrier="slag", unit="t/h")
    net.flow("slag.made", give=stream, fixed=46.0)
    mill = net.flow("slag.mill", take=stream, cap=70.0)
    dump = net.flow("slag.disposed", take=stream, tags={"rejected"})
    state = moved(physics_of(net, {}), {"slag.mill": wanted})
    assert state.x[mill.index] == pytest.approx(used)
    assert state.x[dump.index] == pytest.approx(dumped)
    assert state.residual[stream.index] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("grid", [100.0, 20.0])
def test_what_a_heat_pump_lacks_the_boiler_makes_up_for_if_the_grid_has_it(grid: float) -> None:
    """Of 40 MW of steam the pump gives 12 at most: it takes half from 6 MW of waste heat.

    The boiler gives the rest; where the line is too small for that, every balance still closes.
    """
    net = Network(Axis(START, 4, 0.25))
    steam, waste = net.node("steam", carrier="lp steam"), net.node("waste", carrier="heat")
    site = net.node("site")
    net.flow("works.load", take=steam, fixed=40.0, role="load")
    lacking = net.flow("works.unserved", give=steam, role="unserved", cost=1000.0)
    pump = net.flow("pump.heat", give=steam, take={site: 0.5, waste: 0.5}, cap=60.0)
    boiler = net.flow("boiler.heat", give=steam, take={site: 1.0}, cap=60.0)
    net.flow("furnace.heat", give=waste, fixed=6.0)
    net.flow("furnace.cooled", take=waste, role="spill")
    bought = net.flow("grid.import", give=site, cap=grid, role="import", cost=80.0)
    x = moved(physics_of(net, {}), {"pump.heat": 11.99, "boiler.heat": 27.98}).x
    assert x[bought.index] == pytest.approx(min(34.0, grid))
    assert x[bought.index] == pytest.approx(0.5 * x[pump.index] + x[boiler.index])
    assert x[pump.index] + x[boiler.index] + x[lacking.index] == pytest.approx(40.0)
    assert (x[lacking.index] > 1.0) == (grid < 34.0)
