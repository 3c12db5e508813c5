"""The plan of the example, delivered by its homes one by one."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from zeroplant.assets.home_fleet import HomeFleet
from zeroplant.assets.parts.home_delivery import delivered
from zeroplant.plant import build, load_plant
from zeroplant.solve import solve
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

EXAMPLE = Path(__file__).parents[2] / "examples/home-fleet/plant.yaml"


@cache
def solved(start: str) -> tuple[HomeFleet, Scope, Solution]:
    """Three days of the example."""
    plant = load_plant(EXAMPLE, {"time.start": start, "time.years": "null", "time.periods": "72"})
    asset = plant.assets["homes"]
    assert isinstance(asset, HomeFleet)
    network = build(plant).network
    scope = Scope(network, "homes", rate=plant.rate, carbon_price=plant.carbon.price)
    return asset, scope, solve(network)


@pytest.mark.parametrize("start", ["2025-07-14", "2025-01-13"])
def test_the_homes_of_the_example_do_what_its_plan_asks(start: str) -> None:
    """*Proves:* over three days of summer and of winter, the schedules of all 10,500 steered
    devices of 20,000 homes add up to the plan's flows to 1 W, none outside its rating, energy or
    band by its own equation. *A wrong answer would be:* a plan that only its few stores can do.
    """
    asset, scope, answer = solved(start)
    fleet = asset._fleet
    assert fleet is not None
    found: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(72))
    devices = 0
    for name, share in delivered(asset, fleet, scope, answer):
        found[name] = found[name] + share.power.sum(axis=0)
        devices += len(share.members)
        assert share.beyond <= 1e-6
    assert devices > 10_000
    for name, total in found.items():
        if name == "batteries":
            wanted = sum(
                answer.value(scope.flow_named(f"charge {n}"))
                - answer.value(scope.flow_named(f"discharge {n}"))
                for n in (1, 2)
            )
        else:
            wanted = answer.value(scope.flow_named(name))
        assert np.abs(total - wanted).max() <= 1e-6, name
    assert np.ptp(found["batteries"]) > 1.0
    rooms = [each for name, each in found.items() if name.startswith("air")]
    assert np.ptp(np.sum(rooms, axis=0)) > 1.0


def test_firm_power_is_told_by_length_and_probability() -> None:
    """*Proves:* in July the fleet tells what it can give for a quarter of an hour to four hours,
    less for longer and for surer, and never more than all its machines and batteries have. *A
    wrong answer would be:* firm power that grows with the length of the call.
    """
    asset, scope, answer = solved("2025-07-14")
    told = {each.key: each.value for each in asset.findings(scope, answer)}
    for way in ("less", "more"):
        lengths = [told[f"firm_{way}_{h}h_p95"] for h in ("0_25", "0_5", "1", "2", "4")]
        assert lengths == sorted(lengths, reverse=True)
        assert lengths[0] > 100.0
        surer = [told[f"firm_{way}_1h_p{p}"] for p in (90, 95, 99)]
        assert surer == sorted(surer, reverse=True)
    fleet = asset._fleet
    assert fleet is not None
    steered = fleet.few.classes.power.sum() + sum(rooms.power.sum() for rooms in fleet.few.rooms)
    assert told["firm_more_0_25h_p95"] <= 1000.0 * steered
