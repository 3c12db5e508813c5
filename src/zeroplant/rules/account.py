"""The energy account: the yearly quantities every rule speaks of, named once.

Proving fills it with measured numbers, planning with expressions of the network's flows and
sizes. A rule's formula is the same for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from zeroplant.errors import InputError, Problem
from zeroplant.waist.linear import Affine

T = TypeVar("T", float, Affine)


@dataclass(frozen=True)
class Quantity:
    """A named quantity of the account.

    ``default`` is what it is when nobody gives it; None if it must be given or measured.
    ``modelled`` says that `account_of` builds it from the network's flows. A plant may give what
    is not modelled; of ``partial`` quantities it may give what its assets leave out, and both add
    up.
    """

    unit: str
    title_en: str
    title_zh: str
    meaning: str
    default: float | None = None
    modelled: bool = False
    partial: bool = False

    @property
    def may_be_given(self) -> bool:
        """Whether a plant may say how much of it there is in a year."""
        return self.partial or not self.modelled


QUANTITIES: Mapping[str, Quantity] = {
    "new_energy_available": Quantity(
        "MWh",
        "available wind, solar and biomass energy",
        "新能源可用发电量",
        "What wind, solar and biomass plants could have delivered, curtailed energy included "
        "(总可用发电量). Planning: the integral of what caps the flow.",
        modelled=True,
    ),
    "new_energy_generated": Quantity(
        "MWh",
        "generated wind, solar and biomass energy",
        "新能源发电量",
        "What wind, solar and biomass plants delivered to the plant's electricity nodes; "
        "hydro is not new energy (新能源) in Chinese rules.",
        modelled=True,
    ),
    "hydro_generated": Quantity(
        "MWh",
        "generated hydro energy",
        "水电发电量",
        "What hydro plants delivered to the plant's electricity nodes.",
        0.0,
        modelled=True,
    ),
    "grid_export": Quantity(
        "MWh",
        "energy sent to the public grid",
        "上网电量",
        "All energy sent out to the public grid. All of it counts as renewable, whatever it "
        "passed through: the cautious reading where a battery trades with the grid.",
        0.0,
        modelled=True,
    ),
    "grid_import": Quantity(
        "MWh",
        "energy taken from the public grid",
        "下网电量",
        "All energy taken from the public grid, green energy included.",
        0.0,
        modelled=True,
    ),
    "green_import": Quantity(
        "MWh",
        "green energy bought over the grid",
        "绿电交易电量",
        "The part of the grid import that is bought as green power, certificate included.",
        0.0,
        modelled=True,
    ),
    "certificates": Quantity(
        "MWh",
        "certificates bought without energy",
        "单独购买的绿证电量",
        "Green certificates bought apart from energy, 1 MWh each.",
        0.0,
    ),
    "losses": Quantity(
        "MWh",
        "energy lost in storage and lines",
        "储能与线路损耗电量",
        "What storage and lines take from the plant's electricity nodes and do not give back, "
        "between generation and users; also the loss of what vehicles, or fuel made of "
        "electricity, give back. All of it counts as new energy, whatever was stored.",
        0.0,
        modelled=True,
    ),
    "load": Quantity(
        "MWh",
        "electricity consumption",
        "总用电量",
        "Electricity served to users and taken by converters (electrolysers, heat pumps, "
        "boilers); losses of batteries and lines are not consumption, nor is what comes back out "
        "of vehicles or of fuel made of electricity.",
        modelled=True,
    ),
    "fuel_electricity": Quantity(
        "MWh",
        "electricity made of fuels bought",
        "外购燃料自发电量",
        "Electricity that engines, turbines and fuel cells make of fuels, heat or hydrogen bought "
        "outside. It is consumed like any other, but as energy the fuel alone counts.",
        0.0,
        modelled=True,
    ),
    "renewable_fuel_electricity": Quantity(
        "MWh",
        "of it, new energy generated from biomass",
        "其中生物质等新能源发电量",
        "The part of `fuel_electricity` that stands in `new_energy_generated` as well.",
        0.0,
        modelled=True,
    ),
    "direct_emissions": Quantity(
        "tCO2",
        "emissions of fuels and processes",
        "燃料与工业过程排放",
        "CO2 from fuels burnt and processes run inside the boundary (scope 1).",
        0.0,
        modelled=True,
        partial=True,
    ),
    "other_energy": Quantity(
        "tce",
        "energy other than electricity",
        "电力以外的能源消费量",
        "Consumption of fuels, heat and steam bought, at calorific value (等价 is not meant).",
        0.0,
        modelled=True,
        partial=True,
    ),
    "other_clean_energy": Quantity(
        "tce",
        "clean energy other than electricity",
        "电力以外的清洁能源消费量",
        "The clean part of `other_energy`: biomass, solar heat, geothermal, green hydrogen.",
        0.0,
        modelled=True,
        partial=True,
    ),
    "distributed_capacity": Quantity(
        "MW",
        "new distributed generation",
        "新建分布式电源装机",
        "Rating of distributed generation that is new under the rule.",
    ),
    "distributed_controllable": Quantity(
        "MW",
        "of it, observable, measurable, adjustable and controllable",
        "其中可观可测可调可控装机",
        "The part of `distributed_capacity` with all four capabilities.",
    ),
    "solid_waste": Quantity(
        "t", "industrial solid waste", "工业固体废物产生量", "Generated over the year."
    ),
    "solid_waste_used": Quantity(
        "t",
        "industrial solid waste put to use",
        "工业固体废物综合利用量",
        "The part of `solid_waste` that is put to use.",
    ),
    "waste_heat": Quantity(
        "MWh",
        "recoverable waste heat, cold and pressure",
        "可利用余热余冷余压资源量",
        "What could be recovered over the year.",
    ),
    "waste_heat_used": Quantity(
        "MWh",
        "waste heat, cold and pressure used",
        "余热余冷余压利用量",
        "The part of `waste_heat` that is used.",
    ),
    "water_used": Quantity(
        "m3", "industrial water use", "工业用水总量", "Fresh and repeated use together."
    ),
    "water_reused": Quantity(
        "m3",
        "repeated industrial water use",
        "工业重复用水量",
        "The part of `water_used` that is repeated use.",
    ),
    "long_calls": Quantity(
        "1",
        "calls of ships that must use shore power",
        "应使用岸电的靠泊艘次",
        "Calls at berths with shore power that last longer than the rule's least stay.",
    ),
    "calls_on_shore_power": Quantity(
        "1", "of them, on shore power", "其中使用岸电艘次", "The part of `long_calls` that used it."
    ),
    "village_wind": Quantity(
        "MW", "wind power of villages", "村级风电装机", "Rating of the wind power of all villages."
    ),
    "villages": Quantity("1", "villages with wind power", "建设风电的村数", "How many there are."),
    "reverse_peak": Quantity(
        "MW",
        "highest flow back through a transformer",
        "变压器最大反送功率",
        "The highest power that flows from a district back to the grid.",
    ),
    "transformer_rating": Quantity(
        "MW", "rating of that transformer", "该变压器额定容量", "Apparent power in MVA."
    ),
}
"""What may stand in an account, in which unit, and what it means."""


def known(names: Mapping[str, object], where: str) -> list[Problem]:
    """One problem for each name that is no quantity of the account."""
    listed = ", ".join(QUANTITIES)
    return [
        Problem(f"'{name}' is no quantity of the energy account", where, f"write one of: {listed}")
        for name in names
        if name not in QUANTITIES
    ]


def with_given(account: Mapping[str, T], given: Mapping[str, T]) -> dict[str, T]:
    """An account with what a plant gives: beside what its assets model, or in its place."""
    both = dict(account)
    for name, value in given.items():
        beside = QUANTITIES[name].partial and name in account
        both[name] = account[name] + value if beside else value
    return both


def complete(account: Mapping[str, float]) -> dict[str, float]:
    """Measured numbers, with the defaults of what is not mentioned; InputError on other names."""
    problems = known(account, "account")
    if problems:
        raise InputError(problems)
    defaults = {n: q.default for n, q in QUANTITIES.items() if q.default is not None}
    return defaults | {name: float(value) for name, value in account.items()}
