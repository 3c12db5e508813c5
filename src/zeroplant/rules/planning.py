"""Rules at the waist: the energy account of a network, and a budget for every binding indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zeroplant.errors import InputError, Problem
from zeroplant.rules.account import QUANTITIES, with_given
from zeroplant.rules.evaluators import Indicator
from zeroplant.rules.pack import Pack
from zeroplant.rules.returns import BOUGHT, ELECTRICITY, MWH, VEHICLE, Returns, returns_of
from zeroplant.waist.linear import Affine, Linear, Value, affine, total_of
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Node

TCE_PER_MWH = 3.6 / 29.3076
"""Standard coal: 7,000 kcal/kg, which is 29.3076 GJ/t (GB/T 2589)."""
ENERGY_TCE = {carrier: energy * TCE_PER_MWH for carrier, energy in MWH.items()}
"""tce per unit·h of energy that may be bought beside electricity."""
HOURLY = {"m3/s": 3600.0, "kg/h": 1e-3}
"""What an hour of one unit of a flow brings, in m3 or t, where it is not 1."""
WATER = "water use"
PAIRS = {
    "waste heat": "waste_heat",
    "solid waste": "solid_waste",
    WATER: "water_used",
}
"""Tags of flows that stand for a whole (heat that could be recovered, waste that arises, water
that is used); with the tag "reused" as well they are the part put to use. Where a flow is tagged
"rejected" instead, the rest is put to use. As quantities the parts are called by `USED`."""
USED = {
    "waste_heat": "waste_heat_used",
    "solid_waste": "solid_waste_used",
    "water_used": "water_reused",
}


class Solved(Protocol):
    """What is needed of a solution."""

    def total(self, thing: Linear, /) -> float:
        """Flows integrated over the horizon, sizes and constants counted once."""
        ...


@dataclass(frozen=True)
class Laid:
    """A rule as it was laid on a network: the pack, its indicator, and the budget that holds it."""

    pack: Pack
    indicator: Indicator[Affine]
    budget: Budget


def account_of(network: Network) -> dict[str, Affine]:
    """The energy account of a network, as expressions a budget over the horizon integrates.

    Read from the flows' roles and tags, at nodes that carry electricity: "generation", and
    "conversion" of biomass, tagged "renewable" (new energy, unless tagged "hydro"), "import"
    (tagged "green" where bought as green power), "export", "load" less "unserved", and what
    "conversion" flows take. Losses are what "charge" flows take and "discharge" flows do not give
    back, and what "transfer" flows take more than they give. What vehicles, or fuel made of
    electricity, give back was not consumed, and what it lost on its way is a loss
    (`returns_of`). Available energy is what caps a flow, integrated; a flow without a finite cap
    makes all it can.

    At other nodes, flows tagged "bought" are energy other than electricity; all emissions but
    those of imported power are direct. Waste heat, solid waste and water use are there only if
    the plant has flows of them (`PAIRS`).
    """
    makers = [*network.flows_of("generation"), *network.flows_of("conversion")]
    renewable = [f for f in makers if "renewable" in f.tags and _given(f) is not None]
    new = [f for f in renewable if "hydro" not in f.tags]
    hydro = [f for f in renewable if "hydro" in f.tags]
    imports = [f for f in network.flows_of("import") if _given(f) is not None]
    exports = [f for f in network.flows_of("export") if _taken(f) is not None]
    returns = returns_of(network)
    account = {
        "new_energy_available": total_of(_available(network, flow) for flow in new),
        "new_energy_generated": total_of(_at(flow, _given(flow)) for flow in new),
        "hydro_generated": total_of(_at(flow, _given(flow)) for flow in hydro),
        "grid_export": total_of(exports),
        "grid_import": total_of(imports),
        "green_import": total_of(flow for flow in imports if "green" in flow.tags),
        "losses": _losses(network) + returns.lost,
        "load": _consumption(network, returns),
        "direct_emissions": _direct_emissions(network),
        "other_energy": _bought_energy(network),
        "other_clean_energy": _bought_energy(network, "renewable"),
        "fuel_electricity": returns.from_fuel,
        "renewable_fuel_electricity": returns.renewable_from_fuel,
        **_reused(network),
    }
    years = network.axis.years
    for name, quantity in QUANTITIES.items():
        if not quantity.modelled and quantity.default is not None:
            account[name] = Affine(quantity.default * years)
    return account


def measured_account(account: Mapping[str, Affine], solution: Solved) -> dict[str, float]:
    """The same account in numbers: every expression integrated with the solution's values."""
    return {name: solution.total(expression) for name, expression in account.items()}


def apply(
    packs: Iterable[Pack], network: Network, account: Mapping[str, Affine] | None = None
) -> list[Laid]:
    """Lay every binding indicator of the packs on a network.

    Each becomes the budget ``numerator − limit·denominator ≥ 0`` (or ≤ 0) over the horizon,
    divided so that it is in MWh of electricity. It may be broken at the pack's ``breach`` price
    per MWh, so a rule that cannot be kept is named, priced and measured instead of leaving the
    plan without an answer. Raises InputError where a quantity a rule needs is neither modelled
    nor given.
    """
    account = account_of(network) if account is None else account
    years = network.axis.years
    laid, problems = [], []
    for pack in packs:
        given = {name: affine(value * years) for name, value in pack.given.items()}
        for spec in pack.indicators:
            if not spec.binding:
                continue
            try:
                indicator = pack.evaluate(spec, with_given(account, given))
            except KeyError as missing:
                problems.append(_missing(pack, spec.name, str(missing.args[0])))
                continue
            name = f"{pack.name}: {spec.name}"
            budget = network.budget(name, indicator.slack, at_least=0.0, breach=pack.breach)
            laid.append(Laid(pack, indicator, budget))
    if problems:
        raise InputError(problems)
    return laid


def _missing(pack: Pack, indicator: str, name: str) -> Problem:
    unit = QUANTITIES[name].unit
    return Problem(
        f"{indicator} needs the plant's yearly {name}",
        pack.name,
        f"write given: {{{name}: … {unit}}}, or off: [{indicator}]",
    )


def _electric(nodes: Mapping[Node, Value]) -> Value | None:
    """Sum of the coefficients at nodes of electricity; None if there is none."""
    found = [coefficient for node, coefficient in nodes.items() if node.carrier == ELECTRICITY]
    return sum(found[1:], start=found[0]) if found else None


def _given(flow: Flow) -> Value | None:
    return _electric(flow.give)


def _taken(flow: Flow) -> Value | None:
    return _electric(flow.take)


def _at(flow: Flow, coefficient: Value | None) -> Affine:
    """The flow as it arrives at, or leaves, the nodes of electricity."""
    return flow * (0.0 if coefficient is None else coefficient)


def _available(network: Network, flow: Flow) -> Affine:
    """What a plant could have delivered: its cap, where it has one."""
    coefficient = _given(flow)
    cap = flow.cap if np.all(np.isfinite(flow.cap.constant)) else affine(flow)
    return network.total(cap * (0.0 if coefficient is None else coefficient))


def _losses(network: Network) -> Affine:
    """What storage and lines take from nodes of electricity and do not give back to them."""
    discharge = [f for f in network.flows_of("discharge") if VEHICLE not in f.tags]
    takers = [*network.flows_of("charge"), *network.flows_of("transfer")]
    givers = [*discharge, *network.flows_of("transfer")]
    taken = [_at(f, _taken(f)) for f in takers if _taken(f) is not None]
    given = [-_at(f, _given(f)) for f in givers if _given(f) is not None]
    return total_of([*taken, *given])


def _consumption(network: Network, returns: Returns) -> Affine:
    """Load served and what converters take, at nodes of electricity.

    Less what came back out of vehicles or fuel cells, its losses, and what tanks took between.
    """
    takers = [*network.flows_of("load"), *network.flows_of("conversion")]
    served = [_at(f, _taken(f)) for f in takers if _taken(f) is not None and _given(f) is None]
    unserved = [-_at(f, _given(f)) for f in network.flows_of("unserved") if _given(f) is not None]
    return total_of([*served, *unserved, -returns.unused, -returns.compressed])


def _direct_emissions(network: Network) -> Affine:
    """Emissions of fuels and processes: all but those that imported power brings, tCO2."""
    imports = {flow for flow in network.flows_of("import") if _given(flow) is not None}
    lines = [line for line in network.lines if line.kind == "emission"]
    return total_of(line.quantity for line in lines if not line.quantity.variables & imports)


def _bought_energy(network: Network, tag: str = BOUGHT) -> Affine:
    """Fuels, heat and hydrogen bought outside, tce at calorific value; with a tag those of it."""
    bought = [flow for flow in network.flows if {BOUGHT, tag} <= flow.tags]
    return total_of(
        flow * (ENERGY_TCE[node.carrier] * coefficient)
        for flow in bought
        for node, coefficient in flow.give.items()
        if node.carrier in ENERGY_TCE
    )


def _reused(network: Network) -> dict[str, Affine]:
    """What could be put to use and what is, for the wholes that the plant has flows of."""
    found: dict[str, Affine] = {}
    for tag, name in PAIRS.items():
        flows = [flow for flow in network.flows if tag in flow.tags]
        if not flows:
            continue
        rejected = _amount(flow for flow in flows if "rejected" in flow.tags)
        whole = _amount(flow for flow in flows if "rejected" not in flow.tags)
        reused = _amount(flow for flow in flows if "reused" in flow.tags)
        found[name] = whole
        found[USED[name]] = whole - rejected if rejected.terms else reused
    return found


def _amount(flows: Iterable[Flow]) -> Affine:
    """Flows together, in what an hour of them brings: m3, t or MWh."""
    return total_of(flow * HOURLY.get(flow.unit, 1.0) for flow in flows)
