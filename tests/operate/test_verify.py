"""Who follows: what is on its way is, and what stands still beside its set-point is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.operate.small_plant import small_plant
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


def test_one_that_was_caught_and_goes_on_is_no_alarm() -> None:
    """It stood a little above; told much less, it comes down as fast as it can."""
    told = [10.0] * 20 + [0.0] * 12
    flows = [12.0] * 20 + [12.0 - n for n in range(12)]
    verifier, place = watched(told, flows)
    assert verifier.reach.bottom[place] > 0.0
    assert not verifier.reach.fails[place]
