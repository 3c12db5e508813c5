"""Who follows: what is on its way is, and what stands still beside its set-point is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.small_plant import small_network, small_plant
from zeroplant.operate.controller import Controller
from zeroplant.operate.verify import Verifier


def watched(told: list[float], flows: list[float]) -> tuple[Verifier, int]:
    """A verifier that has seen a battery do this with these set-points, every four seconds."""
    controller = small_plant().controller
    verifier, place = controller.verifier, controller.points.index["battery.discharge"]
    count = controller.points.flows
    nothing, measured = np.full(count, np.nan), np.ones(count, bool)
    for number, (wish, flow) in enumerate(zip(told, flows, strict=True)):
        set_, seen = np.zeros(count), np.zeros(count)
        set_[place], seen[place] = wish, flow
        verifier.judge(4.0 * number, 4.0, seen, nothing, measured)
        verifier.commanded(set_, 4.0)
    return verifier, place


@pytest.mark.parametrize("step", [0.2, 1.0])
def test_a_slow_device_on_its_way_follows(step: float) -> None:
    """A mill that comes down by its ramp while it is told less and less."""
    flows = [max(30.0 - step * n, 2.0) for n in range(60)]
    told = [max(30.0 - 2.0 * step * n, 2.0) for n in range(60)]
    verifier, place = watched(told, flows)
    assert verifier.reach.follows[place]
    assert not verifier.reach.fails[place]


def test_one_that_stands_still_does_not_and_is_told_of() -> None:
    verifier, place = watched([30.0] * 5 + [10.0] * 25, [30.0] * 30)
    assert verifier.reach.bottom[place] == 30.0
    assert verifier.reach.fails[place]


def test_one_that_stops_a_little_beside_is_no_alarm() -> None:
    """A room that is warm already takes a little less; nobody counts on more, nobody is called."""
    verifier, place = watched([30.0] * 40, [26.0] * 40)
    assert verifier.reach.ceiling[place] == 26.0
    assert not verifier.reach.fails[place]


def hub(told: float, takes: float, seconds: float, *, room: bool = False) -> Verifier:
    """A verifier that has seen a hub of chargers (or a room) take so much for so long."""
    net = small_network()
    load = net.flow("hub.charge", take=net.nodes[0], cap=20.0, role="load", tags={"vehicle"})
    if room:
        net.store("hub.rooms", fill={load: 3.0}, inflow=-10.0, cap=40.0, start=20.0)
    controller = Controller(net)
    verifier, place = controller.verifier, controller.points.index["hub.charge"]
    count = controller.points.flows
    set_, seen = np.zeros(count), np.zeros(count)
    set_[place], seen[place] = told, takes
    for number in range(round(seconds / 4.0)):
        verifier.judge(4.0 * number, 4.0, seen, np.full(count, np.nan), np.ones(count, bool))
        verifier.commanded(set_, 4.0)
    return verifier


def test_cars_that_are_full_are_no_alarm_before_a_new_plan_has_counted_them() -> None:
    short = hub(told=15.0, takes=5.0, seconds=600.0)
    assert not short.reach.follows.all()  # nobody counts on more
    assert not short.reach.fails.any()
    assert hub(told=15.0, takes=5.0, seconds=1000.0).reach.fails.any()


def test_chargers_that_take_more_than_they_may_are_told_of_at_once() -> None:
    assert hub(told=5.0, takes=15.0, seconds=120.0).reach.fails.any()


def test_rooms_that_keep_their_band_are_no_alarm() -> None:
    """They may not be cooled less, whatever is told; nobody counts on less."""
    held = hub(told=5.0, takes=15.0, seconds=1000.0, room=True)
    assert not held.reach.follows.all()
    assert not held.reach.fails.any()
    assert hub(told=15.0, takes=5.0, seconds=1000.0, room=True).reach.fails.any()


def test_far_off_for_a_moment_is_not_far_off_for_long() -> None:
    """A little beside all the time, and far beside for seconds: nothing that lasts."""
    verifier, place = watched([10.0] * 30 + [3.0] * 3 + [10.0] * 5, [12.0] * 38)
    assert verifier.reach.bottom[place] > 0.0
    assert not verifier.reach.fails[place]


def test_one_that_was_caught_and_goes_on_is_no_alarm() -> None:
    """It stood a little above; told much less, it comes down as fast as it can."""
    told = [10.0] * 20 + [0.0] * 12
    flows = [12.0] * 20 + [12.0 - n for n in range(12)]
    verifier, place = watched(told, flows)
    assert verifier.reach.bottom[place] > 0.0
    assert not verifier.reach.fails[place]


@pytest.mark.parametrize(("water", "fails"), [(60.0, False), (20.0, True)])
def test_a_turbine_is_judged_by_the_lower_of_its_set_points(water: float, fails: bool) -> None:
    """Told 10 MW at most and 60 m³/s, it gives 4 MW: by the water it is told, or by too little."""
    net = small_network()
    let = net.flow("mill.turbined", cap=100.0)
    net.store("mill.pond", drain={let: 0.0036}, cap=5.0, start=2.5)
    output = net.flow("mill.output", give=net.nodes[0], cap=20.0, role="generation")
    net.budget("mill.power", output - let * 0.2, at_most=0.0, over="period")
    controller = Controller(net)
    index, verifier = controller.points.index, controller.verifier
    count = controller.points.flows
    told, seen = np.zeros(count), np.zeros(count)
    told[[index["mill.output"], index["mill.turbined"]]] = 10.0, 60.0
    seen[[index["mill.output"], index["mill.turbined"]]] = 4.0, water
    for number in range(30):
        verifier.judge(4.0 * number, 4.0, seen, np.full(count, 20.0), np.ones(count, bool))
        verifier.commanded(told, 4.0)
    assert verifier.reach.ceiling[index["mill.output"]] == 4.0  # nobody counts on more
    assert verifier.reach.fails[index["mill.output"]] == fails
