"""What an event of a home fleet brings back."""

from __future__ import annotations

import numpy as np

from tests.assets.small import answer, grid
from tests.assets.test_home_fleet import KEEP, fleet, july, place, rooms
from zeroplant.waist import Scope


def test_rebound_is_what_an_event_brings_back() -> None:
    """*Proves:* after a cut c of two hours rooms of a time constant of 2 h are at −c·(1 + k), k =
    exp(−½); the third hour's losses leave k of it, so k·(1 + k) of 2 comes back: 48.7 %. *A wrong
    answer would be:* what a tariff moves, which may be more than all.
    """
    time = july(72)
    homes = fleet(rooms=rooms(event_hours=2.0))
    plan = answer({"homes": homes, "grid": grid(np.full(72, 500.0))}, time, site=place(time))
    found = {each.key: each for each in homes.findings(Scope(plan.network, "homes"), plan)}
    assert np.isclose(found["rebound"].value, KEEP * (1 + KEEP) / 2, rtol=1e-3)
