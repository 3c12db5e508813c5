"""What was taken now comes back, in each device and in the sum."""

from __future__ import annotations

import numpy as np
import pytest

from tests.solve.fleet.split.pools import pool
from zeroplant.solve.fleet.split import rebound


@pytest.mark.parametrize("keep", [1.0, 0.9])
def test_devices_are_back_at_their_plan_or_say_how_far(keep: float) -> None:
    """Re-simulated step by step: the level apart from the plan ends at what is left.

    Without leak and with the same efficiency both ways, what comes back is what was taken.
    """
    now = pool(2000, 3)
    draw = np.random.default_rng(3)
    rest = draw.uniform(now.least, now.most)
    power = draw.uniform(now.least, now.most)
    steps = 8
    found = rebound(now, power, rest, np.full(4, keep), steps)
    assert found.energy.sum() == pytest.approx(found.profile.sum() * now.hours)
    lossless = now.kind == 3
    apart = now.hours * (power - rest)[lossless]
    if keep == 1.0:
        left = found.left[lossless]
        assert found.energy[lossless] + apart == pytest.approx(left, abs=1e-9)
        # Limits allow at most so much per step; who could be back, is.
        room = np.where(power > rest, rest - now.least, now.most - rest)[lossless]
        able = room * steps * now.hours >= np.abs(apart) + 1e-9
        assert left[able] == pytest.approx(0.0, abs=1e-9)
        assert able.sum() > 100
    else:
        # The leak forgives a part: less comes back than was taken.
        assert (np.abs(found.energy[lossless]) <= np.abs(apart) + 1e-9).all()
        assert np.abs(found.energy[lossless]).sum() < 0.9 * np.abs(apart).sum()
