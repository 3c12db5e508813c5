"""A small plant, solved, as a report would get it: wind, sun, a battery, the grid, two rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from zeroplant.assets import Finding
from zeroplant.assets.battery import Battery
from zeroplant.assets.solar import Solar
from zeroplant.assets.wind import Wind
from zeroplant.axis import Axis, Chain, Floats
from zeroplant.capital import (
    CapitalItem,
    DebtTerms,
    Project,
    Terms,
    YearLine,
    appraise,
    tornado,
)
from zeroplant.plan.result import Carbon, Cure, Finance
from zeroplant.rules import RuleChoice, RuleResult, account_of, apply, check, measured_account
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution

TERMS = Terms(debt=DebtTerms(share=0.7), years=20)
OLD_FACTOR = 0.53
RATE = 0.06


@dataclass(frozen=True)
class Plant:
    """What a report reads of a plant."""

    name: str
    assets: Mapping[str, Any]
    currency: str = "CNY"
    sites: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What a report is about."""

    plant: Plant
    network: Network
    solution: Solution
    rules: list[RuleResult]
    carbon: Carbon
    finance: Finance | None
    cures: list[Cure] = field(default_factory=list)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def axis(hours: float = 6.0, days: int = 365, chains: tuple[Chain, ...] = (Chain("base"),)) -> Axis:
    """A year from the first of January on the clock of Beijing."""
    start = datetime(2024, 12, 31, 16, tzinfo=UTC)
    return Axis(start, round(days * 24 / hours), hours, "Asia/Shanghai", chains)


def resources(time: Axis) -> tuple[Floats, Floats, Floats]:
    """Availability of sun and wind, and a load in MW; seeded."""
    draw = np.random.default_rng(7)
    day = np.arange(time.stages) * time.hours / 24
    summer = 1 - 0.25 * np.cos(2 * np.pi * day / 365)
    noon = np.maximum(0.0, np.sin((time.hour_of_day - 5.5) / 13 * np.pi))
    clouds = np.clip(0.75 + 0.25 * _weather(draw, time, 1.0), 0.1, 1.0)
    sun = np.where((time.hour_of_day > 5) & (time.hour_of_day < 19), noon, 0.0) * clouds * summer
    wind = np.clip(0.38 + 0.3 * _weather(draw, time, 2.0), 0.0, 1.0)
    load = (
        100 + 12 * np.sin((time.hour_of_day - 8) / 24 * 2 * np.pi) + 4 * draw.normal(size=day.size)
    )
    return np.clip(sun * 0.85, 0, 1), wind, load


def _weather(draw: np.random.Generator, time: Axis, days: float) -> Floats:
    """Smooth noise of unit variance that forgets itself within so many days."""
    width = max(1, round(24 * days / time.hours))
    noise = np.convolve(draw.normal(size=time.stages + width - 1), np.ones(width), "valid")
    return np.asarray(noise / np.sqrt(width))


def plant(name: str) -> Plant:
    """The assets as a plant file would give them."""
    sun, wind, _ = resources(axis())
    return Plant(
        name,
        {
            "wind": Wind(
                kind="wind",
                at="park",
                power=SizeRange(0, 400),
                availability=wind,
                capex=4.5e6,
                upkeep=1.1e5,
            ),
            "solar": Solar(
                kind="solar",
                at="park",
                power=SizeRange(0, 300),
                availability=sun,
                capex=2.8e6,
                upkeep=4e4,
            ),
            "battery": Battery(
                kind="battery", at="park", power=SizeRange(0, 200), hours=4.0, capex=7.5e5
            ),
        },
    )


def network(time: Axis, *, free: bool = True) -> Network:
    """The same at the waist, with a load and a grid beside it."""
    net = Network(time)
    park = net.node("park")
    sun, wind, load = resources(time)
    for who, share, capex, upkeep, top in (
        ("wind", wind, 4.5e6, 1.1e5, 400.0),
        ("solar", sun, 2.8e6, 4e4, 300.0),
    ):
        scope = Scope(net, who, rate=RATE)
        power = scope.capacity("power", SizeRange(0.0, top) if free else top / 2)
        scope.flow(
            "output",
            give=park,
            cap=power * share,
            role="generation",
            tags={"renewable", who},
            cost=2.0,
        )
        scope.invest(f"{who} power", power, capex, life=20, upkeep=upkeep)
    _battery(Scope(net, "battery", rate=RATE), park, SizeRange(0.0, 200.0) if free else 80.0)
    _park(Scope(net, "park load", rate=RATE), park, load)
    _grid(Scope(net, "grid", rate=RATE, carbon_price=80.0), park, time)
    return net


def _battery(scope: Scope, park: Any, given: float | SizeRange) -> None:
    power = scope.capacity("power", given)
    energy = power * 4.0
    scope.network.capacities["battery.energy"] = (energy, "MWh")
    charge = scope.flow("charge", take=park, cap=power, role="charge")
    out = scope.flow("discharge", give=park, cap=power, role="discharge", cost=8.0)
    scope.store("level", fill={charge: 0.93}, drain={out: 1 / 0.93}, cap=energy)
    scope.invest("battery energy", energy, 7.5e5, life=12, unit="MWh")


def _park(scope: Scope, park: Any, load: Floats) -> None:
    wanted = scope.flow("load", take=park, fixed=load, role="load")
    missing = scope.flow("unserved", give=park, cap=load, role="unserved")
    scope.line("unserved energy", missing, 20000.0, kind="penalty")
    scope.line("energy sold", wanted - missing, 460.0, kind="revenue", to="grid")


def _grid(scope: Scope, park: Any, time: Axis) -> None:
    price = 420 + 130 * np.sin((time.hour_of_day - 12) / 24 * 2 * np.pi)
    bought = scope.flow("import", give=park, cap=60.0, role="import")
    sold = scope.flow("export", take=park, cap=40.0, role="export")
    scope.line("energy bought", bought, price, kind="purchase", to="grid")
    scope.line("energy exported", sold, 180.0, kind="revenue", to="grid")
    scope.line("capacity charge", 60.0, 25e3 * 12 * time.years, unit="MW", kind="charge", to="grid")
    scope.emit("emissions of imported power", bought * OLD_FACTOR)


def result(
    name: str = "Qingshuihe county base 清水河县基地",
    time: Axis | None = None,
    terms: Terms | None = TERMS,
    choices: tuple[Any, ...] = ("cn-direct-connection-650",),
    *,
    free: bool = True,
) -> Result:
    """The sample, planned."""
    time = axis() if time is None else time
    net = network(time, free=free)
    packs = [RuleChoice.model_validate(choice).resolve(2027) for choice in choices]
    account = account_of(net)
    apply(packs, net, account)
    answer = solve(net)
    measured = measured_account(account, answer)
    rules = check(packs, measured, years=time.years)
    emitted = measured["grid_import"] * OLD_FACTOR / time.years
    load = measured["load"] / time.years
    return Result(
        plant=plant(name),
        network=net,
        solution=answer,
        rules=rules,
        carbon=Carbon(emitted, load * OLD_FACTOR, emitted / load, 0.81, 0.95),
        finance=None if terms is None else finance(net, answer, terms),
        seconds={"build": 0.02, "solve": answer.seconds},
    )


def finance(net: Network, answer: Solution, terms: Terms) -> Finance:
    """Cash flow of the ledger."""
    years = net.axis.years
    lives = {"wind": 20.0, "solar": 25.0, "battery": 12.0}
    items = tuple(
        CapitalItem(
            purchase.line.who,
            purchase.overnight * answer.number(purchase.line.quantity),
            life=lives[purchase.line.who],
            asset_class="battery" if purchase.line.who == "battery" else "generation",
            degradation=0.004,
            equipment=0.7,
            construction=0.2,
        )
        for purchase in net.investments
    )
    kinds = ("revenue", "fixed", "running", "purchase", "charge", "emission")
    lines = tuple(
        YearLine(
            e.who,
            e.what,
            e.kind,
            e.quantity / years,
            e.unit,
            e.price,
            e.amount / years,
            with_generation=e.kind == "running",
        )
        for e in answer.ledger
        if e.kind in kinds
    )
    energy = sum(answer.total(f) for f in net.flows_of("generation")) / years
    project = Project(items, lines, energy=energy)
    return Finance(project, terms, appraise(project, terms), tornado(project, terms))


def hourly() -> Result:
    """A year of hours with given sizes, which is quick to solve."""
    return result(time=axis(1.0), free=False)
