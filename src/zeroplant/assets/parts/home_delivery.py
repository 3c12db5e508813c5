"""From a solved plant back to its homes: a schedule for each that adds up to the plan."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.assets.battery import MONTH_HOURS
from zeroplant.axis import Floats
from zeroplant.homes.deliver import (
    BatteryRules,
    Share,
    StorePlan,
    deliver_batteries,
    deliver_cars,
    deliver_rooms,
)
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:  # every module of this folder is loaded at once
    from zeroplant.assets.home_fleet import Fleet, HomeFleet


def store_plan(asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution) -> StorePlan:
    """What the plan asks of the few stores of a home fleet."""

    def flows(name: str, count: int) -> list[Floats]:
        return [solution.value(plant.flow_named(f"{name} {n + 1}")) for n in range(count)]

    few, periods = fleet.few, fleet.axis.periods
    kinds = len(few.classes.hours) if asset.batteries is not None else 0
    none = np.zeros((0, fleet.axis.stages))
    level = [
        solution.value(plant.store_named(f"batteries {n + 1}"))[periods - 1] for n in range(kinds)
    ]
    return StorePlan(
        rooms=flows("air conditioning", len(few.promises)),
        charge=np.array(flows("charge", kinds)) if kinds else none,
        discharge=np.array(flows("discharge", kinds)) if kinds else none,
        level=np.array(level),
        cars=flows("car charging", len(few.cars)),
    )


def delivered(
    asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution
) -> Iterator[tuple[str, Share]]:
    """The schedule of every steered home, some homes at a time, with the name of its flow.

    Batteries come under the name ``batteries``. For an axis of one chain.
    """
    few, plan = fleet.few, store_plan(asset, fleet, plant, solution)
    if asset.rooms is not None and fleet.climate is not None:
        for number, (rooms, promise) in enumerate(zip(few.rooms, few.promises, strict=True)):
            power, left = plan.rooms[number], asset.rooms.opt_out
            for share in deliver_rooms(rooms, fleet.climate, promise, power, opt_out=left):
                yield f"air conditioning {number + 1}", share
    if asset.batteries is not None and len(plan.charge):
        own = asset.batteries
        keep = (1.0 - own.self_discharge) ** (fleet.axis.hours / MONTH_HOURS)
        rules = BatteryRules(sqrt(own.round_trip), 1.0 - own.reserve, keep)
        for share in deliver_batteries(few.batteries, few.classes, plan, rules, fleet.axis.hours):
            yield "batteries", share
    for number, group in enumerate(few.cars):
        share = deliver_cars(fleet.population.cars, group, fleet.axis, plan.cars[number])
        yield f"car charging {number + 1}", share
