"""A calm answer: as good as the solver's, and nothing moves for nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from zeroplant.axis import Axis
from zeroplant.solve import solve
from zeroplant.waist import Flow, Network


def sunny(hours: int) -> tuple[Network, list[Flow]]:
    """Free sun beyond the load, behind a lossy cable, with a battery: energy could be burnt."""
    axis = Axis(datetime(2025, 1, 1, tzinfo=UTC), hours)
    net = Network(axis)
    roof, park = net.node("roof"), net.node("park")
    net.flow("load", take=park, fixed=10.0)
    light = np.clip(np.sin((axis.hour_of_day - 6) / 12 * np.pi), 0, None)
    energy = net.size("energy", upper=80.0, unit="MWh")
    net.line("battery", "annuity", energy, 100.0, unit="MWh", kind="investment")
    net.flow("sun", give=roof, cap=60.0 * light, role="generation")
    forth = net.flow("forth", take=roof, give={park: 0.95}, cap=50.0)
    back = net.flow("back", take=park, give={roof: 0.95}, cap=50.0)
    charge = net.flow("charge", take=park, cap=energy / 4)
    discharge = net.flow("discharge", give=park, cap=energy / 4)
    net.store("level", fill={charge: 0.93}, drain={discharge: 1 / 0.93}, cap=energy)
    net.flow("import", give=park, cap=50.0, cost=500.0)
    return net, [forth, back, charge, discharge]


def test_nothing_moves_for_nothing() -> None:
    """The staged solver's plan has no hour in which opposed flows run together.

    Proves: among equally good answers the one with the least flow is taken, to a kW of 50 MW, at
    the same cost as HiGHS's. A wrong answer would be: spare sun burnt in the battery,
    or sent there and back.
    """
    net, (forth, back, charge, discharge) = sunny(1200)
    staged, highs = solve(net, solver="staged"), solve(net, solver="highs")
    assert staged.solver == "staged"
    assert abs(staged.objective - highs.objective) <= 1e-7 * abs(highs.objective)
    assert np.minimum(staged.value(charge), staged.value(discharge)).max() < 1e-3
    assert np.minimum(staged.value(forth), staged.value(back)).max() < 1e-3
