"""Energy of a year: who makes, stores, takes how much, and the shares people ask about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.report.facts.power import Power, electric, possible
from zeroplant.waist import Flow, Network
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution


@dataclass(frozen=True)
class FlowYear:
    """One flow of electricity over a year: MWh, peak MW, hours of full use, share curtailed.

    ``hours`` refer to the capacity that caps the flow; None where none does.
    """

    name: str
    kind: str
    mwh: float
    peak: float
    hours: float | None
    curtailed: float | None


@dataclass(frozen=True)
class Shares:
    """Shares of the year's energy, 0…1; None where there is nothing to share.

    self_use: renewable generation not exported, over renewable generation.
    self_supply: load and conversion not covered by import or left unserved.
    curtailment: available renewable energy that was not used.
    unserved: load that was not served.
    """

    self_use: float | None
    self_supply: float | None
    curtailment: float | None
    unserved: float | None


def flow_years(network: Network, solution: Solution) -> list[FlowYear]:
    """Every flow of electricity that is not inside the grid of the plant itself.

    Flows of one asset that do the same, such as the steps of charging its packs, are one row.
    """
    rows = []
    years = network.axis.years
    least = 1e-6 * max((solution.total(f) for f in network.flows_of("load")), default=0.0) / years
    for (who, side, role), flows in _alike(network).items():
        values = sum((solution.value(f) * c for f, c in flows), start=np.zeros(network.axis.stages))
        mwh = network.axis.total(values) / years
        if role == "unserved" and mwh <= least:
            continue
        hours, curtailed = None, None
        if role == "generation":
            rated = _rating(flows[0][0], network, solution)
            hours = mwh / rated if rated else None
            could = sum(network.axis.total(possible(f, solution) * c) for f, c in flows) / years
            curtailed = max(0.0, 1 - mwh / could) if could > 0 else None
        name = flows[0][0].name if len(flows) == 1 else f"{who}.{role or side}"
        if (side, role) == ("use", "conversion"):
            # The flow is called after what comes out of it; here is told what it takes.
            name = f"{who}.electricity used"
        rows.append(FlowYear(name, side, mwh, float(values.max(initial=0.0)), hours, curtailed))
    return rows


def _alike(network: Network) -> dict[tuple[str, str, str], list[tuple[Flow, Value]]]:
    """Flows between the plant's electricity and its outside, with their coefficient there.

    Those of one asset with the same side, role and tags belong together; flows of no asset stand
    alone.
    """
    found: dict[tuple[str, str, str], list[tuple[Flow, Value]]] = {}
    for flow in network.flows:
        given, taken = electric(flow.give), electric(flow.take)
        factor = given if given is not None else taken
        if factor is None or (given is not None and taken is not None):
            continue
        side = "supply" if given is not None else "use"
        alone = not flow.who or flow.role in ("", "import", "unserved")
        key = (flow.name if alone else flow.who, side, flow.role)
        found.setdefault(key, []).append((flow, factor))
    return found


def _rating(flow: Flow, network: Network, solution: Solution) -> float | None:
    """MW on the plate of the asset behind a flow: its capacity called power, if it has one."""
    found = network.capacities.get(f"{flow.who}.power")
    return None if found is None else solution.number(found[0])


def shares(power: Power) -> Shares:
    """The shares people ask about."""
    year = power.yearly
    made, could = year(power.renewable), year(power.available)
    exported, imported = year(power.get("export")), year(power.get("import"))
    missing, load = year(power.get("unserved")), year(power.load)
    taken = load + year(power.get("conversion"))
    return Shares(
        self_use=max(0.0, 1 - exported / made) if made > 0 else None,
        self_supply=max(0.0, 1 - (imported + missing) / taken) if taken > 0 else None,
        curtailment=max(0.0, 1 - made / could) if could > 0 else None,
        unserved=missing / load if load > 0 else None,
    )


@dataclass(frozen=True)
class Months:
    """MWh of each calendar month by kind, per year; ``months`` are numbers 1…12."""

    months: list[int]
    mwh: dict[str, Floats]


def months(power: Power) -> Months:
    """Sum each kind over the calendar months that occur."""
    axis = power.axis
    weight = axis.weight / axis.years
    numbers = np.unique(axis.month_of_year)
    sums: dict[str, Floats] = {
        key: np.bincount(axis.month_of_year, weight * values, 13)[numbers].astype(float)
        for key, values in power.series.items()
    }
    return Months([int(n) for n in numbers], sums)


@dataclass(frozen=True)
class Curve:
    """Values exceeded for so many hours of the year: ``hours`` rise, ``values`` fall."""

    hours: Floats
    values: Floats


def duration(values: Floats, power: Power, points: int = 400) -> Curve:
    """Duration curve, thinned to ``points`` with both ends kept."""
    order = np.argsort(-values, kind="stable")
    hours = np.cumsum(power.axis.weight[order]) / power.axis.years
    step = np.unique(np.linspace(0, values.size - 1, min(points, values.size)).astype(np.int64))
    return Curve(np.append(0.0, hours[step]), np.append(values[order[0]], values[order][step]))
