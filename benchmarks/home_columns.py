"""A few inner stores, or column generation, for homes within a plant: cost, gap and time of both.

`python benchmarks/home_columns.py [--homes 300]` prints JSON: a node with a connection, a solar
park, two prices and homes with rooms, batteries and cars, over three days of summer and of
winter from noon to noon, when no car is at home and no room is away from its thermostat. The exact
bound is the dual bound of the columns; the few stores are `homes.aggregate` in one linear plan.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.homes.aggregate import Grouping, aggregate
from zeroplant.homes.baseload import household_load
from zeroplant.homes.columns import Known, Node, plan_together
from zeroplant.homes.devices import THOUSAND, batteries_as_fleet, cars_as_fleet, rooms_as_fleet
from zeroplant.homes.population import Mix, Population, draw
from zeroplant.homes.room_store import Climate
from zeroplant.solve import solve
from zeroplant.solve.fleet.tables import Fleet
from zeroplant.waist import Network
from zeroplant.waist.linear import total_of

DAYS, ONE_WAY, WEAR, ZONE = 3, 0.87**0.5, 50.0, "Asia/Shanghai"
DEVICES = ("room", "battery", "car", "roof")
RANGES = {
    "power": (0.75e-3, 1.1e-3), "resistance": (7e3, 12e3), "capacity": (1e-4, 3e-4),
    "cop": (3.3, 4.5), "heating_cop": (2.6, 3.6), "summer": (25.5, 26.5),
    "winter": (18.0, 20.0), "band": (1.5, 2.0), "gains": (1e-4, 2e-4), "aperture": (0.2, 0.8),
    "battery_energy": (5e-3, 15e-3), "battery_power": (3e-3, 6e-3),
    "car_energy": (4e-3, 10e-3), "car_power": (3.3e-3, 7e-3), "leaves": (6.5, 8.5),
    "returns": (17.0, 20.0), "roof": (5e-3, 15e-3),
}  # fmt: skip


def climate_of(season: int, seed: int) -> Climate:
    """Three generated days from noon."""
    day = "2025-07-14T12:00" if season > 0 else "2025-01-13T12:00"
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(ZONE))
    axis = Axis(begin, 24 * DAYS, 1.0, ZONE)
    rng = np.random.default_rng(seed)
    hour = axis.hour_of_day
    air = (33.0 if season > 0 else 5.0) + 4.0 * np.cos((hour - 15) * np.pi / 12)
    air = air + np.repeat(rng.normal(0, 1.5, DAYS), 24)
    light = np.clip(np.sin((hour - 6) * np.pi / 12), 0, None) * rng.uniform(0.3, 0.9, len(hour))
    return Climate(axis, air, light, np.full(axis.stages, season, dtype=np.int64))


def node_of(climate: Climate, load: Floats, homes: int) -> Node:
    """A connection both ways, a solar park of 2 kW a home, time-of-use and feed-in prices."""
    hour = climate.axis.hour_of_day
    buy = np.where((hour >= 17) & (hour < 22), 900.0, 560.0)
    buy = np.where((hour < 8) | ((hour >= 11) & (hour < 13)), 320.0, buy)
    prices = np.stack([buy, np.full(len(buy), -200.0), np.zeros(len(buy))])
    connection = np.full(len(buy), 2.2e-3 * homes)
    most = np.stack([connection, connection, 2e-3 * homes * climate.sun])
    return Node(np.array([1.0, -1.0, 1.0]), prices, most, load)


def few_stores(
    population: Population, climate: Climate, node: Node, grouping: Grouping
) -> tuple[float, Floats, Known]:
    """Cost of the node with the few stores, as the plant has them; its price and their schedule.

    Price and schedule in money per kWh and kW, rooms, batteries and cars each together.
    """
    axis = climate.axis
    few = aggregate(population, axis, climate, grouping)
    net = Network(axis)
    town = net.node("town")
    for number, gives in enumerate(node.gives):
        way: dict[str, Any] = {"give": town} if gives > 0 else {"take": town}
        flow = net.flow(f"flow {number}", cap=node.most[number], **way)
        net.line("town", f"{number}", flow, node.price[number])
    unserved = net.flow("unserved", give=town)
    net.line("town", "unserved", unserved, 1e5)
    net.flow("load", take=town, fixed=node.load + few.load)
    ends = np.arange(axis.stages) == axis.stages - 1
    for number, promise in enumerate(few.promises):
        works = (promise.pull > 0) & (promise.energy > 0)
        fill = np.where(works, promise.energy / np.where(works, promise.pull, 1.0), 1.0)
        flow = net.flow(f"rooms {number}", take=town, floor=promise.floor, cap=promise.cap)
        net.store(
            f"rooms {number}", fill={flow: fill}, inflow=-promise.base * fill,
            keep=np.where(promise.keep > 0, promise.keep, 1.0), start=0.0,
            floor=np.where(ends, 0.0, -promise.down * promise.energy),
            cap=np.where(ends, 0.0, promise.up * promise.energy),
        )  # fmt: skip
    wear = []
    for number, (power, energy) in enumerate(
        zip(few.classes.power, few.classes.energy, strict=True)
    ):
        charge = net.flow(f"charge {number}", take=town, cap=float(power))
        give = net.flow(f"give {number}", give=town, cap=float(power))
        net.store(f"batteries {number}", fill={charge: ONE_WAY}, drain={give: 1 / ONE_WAY},
                  cap=float(energy), start=0.0)  # fmt: skip
        wear.append(give)
    net.line("homes", "wear", total_of(wear), WEAR)
    for number, group in enumerate(few.cars):
        flow = net.flow(f"cars {number}", take=town, cap=group.cap)
        net.store(f"cars {number}", fill={flow: 1.0}, inflow=-group.leaving, cap=group.energy,
                  start=0.0)  # fmt: skip
    answer = solve(net, solver="highs")

    def power(*names: str) -> Floats:
        flows = [flow for flow in net.flows if flow.name.startswith(names)]
        return sum((answer.value(flow) for flow in flows), np.zeros(axis.stages))

    given = power("give")
    kinds = np.stack([power("rooms"), power("charge") - given, power("cars")]) * THOUSAND
    return (
        answer.objective, answer.price(town) / THOUSAND,
        Known(kinds, np.array([0.0, WEAR * given.sum(), 0.0])),
    )  # fmt: skip


def run(homes: int, season: int) -> dict[str, Any]:
    """Both ways, for one season."""
    everyone = dict.fromkeys(DEVICES, 1.0)
    shares = {"room": 0.6, "battery": 0.3, "car": 0.3, "roof": 0.0}
    population = draw(homes, Mix(shares, everyone, RANGES), 1)
    climate = climate_of(season, 3)
    node = node_of(climate, household_load(climate.axis, homes, 2.2), homes)
    idle = np.zeros(climate.axis.stages)
    parts: list[Fleet] = [
        rooms_as_fleet(population.rooms, climate, idle),
        batteries_as_fleet(population.batteries, idle, hours=1.0, one_way=ONE_WAY, wear=WEAR),
        cars_as_fleet(population.cars, climate.axis, idle),
    ]
    fleet = joined(parts)
    kilo = Node(node.gives, node.price / 1e3, node.most * 1e3, node.load * 1e3)
    found: dict[str, Any] = {"homes": homes, "devices": len(fleet)}
    kinds = np.repeat(np.arange(3), [len(p) for p in parts])
    exact = plan_together(fleet, np.arange(len(fleet)), kilo, gap=1e-6, rounds=80, smoothing=0.5)
    uncontrolled = idle_cost(population, climate, node)
    few, price, known = few_stores(population, climate, node, Grouping())
    possible = uncontrolled - exact.bound
    found |= {"no steering": uncontrolled, "exact: cost": exact.cost, "exact: bound": exact.bound}
    for name, grouping in (("as the plant has them", Grouping()), ("many", Grouping(8, 6, 4))):
        begin = time.process_time()
        cost, _, _ = few_stores(population, climate, node, grouping)
        found[f"few stores, {name}: gap of cost, of possible saving, CPU s"] = [
            cost / exact.bound - 1, (cost - exact.bound) / possible, time.process_time() - begin,
        ]  # fmt: skip
    found["few stores: gap proven by one pass of columns"] = 0.0
    rng = np.random.default_rng(0)
    one, ten = kinds, kinds * 10 + rng.integers(0, 10, len(fleet))
    for name, group, start in (
        ("3 groups", one, None), ("30 groups", ten, None),
        ("a group each", np.arange(len(fleet)), None), ("3 groups from the few stores", one, known),
    ):  # fmt: skip
        for rounds in (1, 5, 10, 20, 40) if start is not None else (10, 20, 40):
            begin = time.process_time()
            each = plan_together(
                fleet, group, kilo, gap=1e-4, rounds=rounds, known=start,
                first=None if start is None else price,
            )  # fmt: skip
            found[f"columns, {name}, {each.rounds} rounds: gap, of saving, proven, CPU s"] = [
                each.cost / exact.bound - 1, (each.cost - exact.bound) / possible, each.gap,
                time.process_time() - begin,
            ]  # fmt: skip
            if start is not None and rounds == 1:
                key = "few stores: gap proven by one pass of columns"
                found[key] = (few - each.bound) / few
            if each.rounds < rounds:
                break
    return found


def idle_cost(population: Population, climate: Climate, node: Node) -> float:
    """What the node costs while thermostats rule, batteries rest and cars charge on return."""
    nobody = replace(
        population,
        rooms=replace(population.rooms, joins=np.zeros(len(population.rooms), dtype=bool)),
        batteries=replace(
            population.batteries, joins=np.zeros(len(population.batteries), dtype=bool)
        ),
        cars=replace(population.cars, joins=np.zeros(len(population.cars), dtype=bool)),
    )
    return few_stores(nobody, climate, node, Grouping())[0]


def joined(parts: list[Fleet]) -> Fleet:
    """Several fleets over the same steps as one."""
    from zeroplant.solve.fleet.tables import CONSTANTS, SERIES, Rows

    rows = {
        name: Rows.each(np.concatenate([getattr(p, name).table[getattr(p, name).row]
                                        for p in parts]))
        for name in SERIES
    }  # fmt: skip
    numbers = {name: np.concatenate([getattr(p, name) for p in parts]) for name in CONSTANTS}
    return Fleet(**rows, **numbers, hours=parts[0].hours)


def main() -> None:
    """Print both seasons."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--homes", type=int, default=300)
    homes = options.parse_args().homes
    print(json.dumps({"summer": run(homes, 1), "winter": run(homes, -1)}, indent=2))


if __name__ == "__main__":
    main()
