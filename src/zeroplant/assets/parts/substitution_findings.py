"""What electrifying a use of fuel changes: money, energy and carbon, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.mix import cost_of, mix_of
from zeroplant.axis import Floats
from zeroplant.units.fuels import TCE
from zeroplant.waist import Node, Scope
from zeroplant.waist.solution import Solution

ELECTRICITY_TCE = 0.1229
"""tce per MWh of electricity at its calorific value (GB/T 2589)."""


@dataclass(frozen=True)
class Switch:
    """What the findings need: the node of electricity, and the fuel as it was [MW, money, tCO2]."""

    node: Node
    fuel_before: Floats
    fuel_price: Floats | float
    emission: float


def findings_of(plant: Scope, solution: Solution, switch: Switch) -> Iterator[Finding]:
    """Cost, energy and carbon of a year before and after, and what abatement costs.

    Electricity costs what it is worth at its node in each period and emits as the plant's supply
    does then; the carbon price is in neither cost.
    """
    axis, years = plant.axis, plant.axis.years
    taken = solution.value(plant.flow_named("electric use"))
    burnt = solution.value(plant.flow_named("fuel"))
    before, after = axis.total(switch.fuel_before), axis.total(burnt)
    electricity = axis.total(taken)
    cost_before = axis.total(switch.fuel_before * switch.fuel_price)
    bought = sum(
        entry.amount
        for entry in solution.ledger
        if entry.who == plant.who and entry.what.endswith("of new devices")
    )
    power = cost_of(solution, switch.node, taken)
    cost_after = axis.total(burnt * switch.fuel_price) + power + bought
    carbon_before = before * switch.emission
    carbon_after = after * switch.emission + axis.total(taken * mix_of(plant.network, solution))
    saved = (before - after) / TCE - electricity * ELECTRICITY_TCE
    yield _yearly(
        "cost_before", cost_before / years, "money/a", "yearly cost before", "替代前年费用"
    )
    yield _yearly("cost_after", cost_after / years, "money/a", "yearly cost after", "替代后年费用")
    yield _yearly("fuel_before", before / TCE / years, "tce/a", "fuel before", "替代前燃料")
    yield _yearly("fuel_after", after / TCE / years, "tce/a", "fuel after", "替代后燃料")
    yield _yearly("electricity", electricity / years, "MWh/a", "electricity for it", "替代电量")
    yield _yearly("tce_saved", saved / years, "tce/a", "energy saved", "节约标准煤")
    yield _yearly("carbon_before", carbon_before / years, "tCO2/a", "carbon before", "替代前碳排放")
    yield _yearly("carbon_after", carbon_after / years, "tCO2/a", "carbon after", "替代后碳排放")
    if electricity + after > 0:
        yield Finding(
            "electrification",
            electricity / (electricity + after),
            "1",
            ("electricity of final energy", "电气化率"),
        )
    avoided = carbon_before - carbon_after
    if avoided > 1e-6 * max(carbon_before, 1e-9):
        yield Finding(
            "abatement_cost",
            (cost_after - cost_before) / avoided,
            "money/tCO2",
            ("cost of abatement", "减排成本"),
            ("negative where it saves money", "负值表示减排且省钱"),
        )


def _yearly(key: str, value: float, unit: str, english: str, chinese: str) -> Finding:
    return Finding(key, value, unit, (english, chinese))
