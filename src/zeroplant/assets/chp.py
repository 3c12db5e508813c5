"""Combined heat and power: back-pressure, or extraction of heat from a condensing turbine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.base import FUELS, Asset, Bought, ElectricNode, HeatNode, Refers
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.commitment import OnOff, ramped
from zeroplant.thermal.fuels import per_mwh
from zeroplant.units import EnergyPrice, Fraction, Power, PowerCapacity, Quantity
from zeroplant.waist import Flow, Node, Scope, affine
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

BurntNode = Annotated[str, Refers("node", ("hydrogen", *FUELS))]
HourlyRate = Annotated[float, Quantity("1/h", gt=0)]


class Chp(Asset, Bought, OnOff):
    """A plant that makes electricity and heat from one fuel.

    *Back-pressure* (an engine, a gas turbine with a waste-heat boiler, a back-pressure turbine):
    electricity and heat always in the proportion of their efficiencies.

    *Extraction-condensing*, with ``condensing_efficiency``: any mixture of running with full
    extraction of heat (``electric_efficiency`` and ``heat_efficiency``) and without heat
    (``condensing_efficiency``). This is the usual feasible region of power P and heat Q,
    P ≥ Q·η_e/η_h (back-pressure line) and P + β·Q ≤ rating with the power lost per heat
    β = (η_c − η_e)/η_h, cut by ``most_heat`` where the extraction has a limit of its own.

    ``power`` is the electric rating: with full heat for back-pressure, without heat for
    extraction. Efficiencies do not change with the load. Electricity from biomass counts as
    renewable generation. Fuel and its emissions are paid where it is bought.
    """

    title: ClassVar = ("Combined heat and power", "热电联产")
    chinese: ClassVar[Mapping[str, str]] = {
        "electric_efficiency": "发电效率",
        "heat_efficiency": "供热效率",
        "condensing_efficiency": "纯凝发电效率",
        "most_heat": "最大供热功率",
        "load_ramp": "负荷爬坡率",
        "on_off": "启停",
        "min_load": "最小负荷率",
        "start_cost": "单次启动成本",
        "min_up": "最短运行时间",
        "min_down": "最短停机时间",
        "cogenerated": "供热工况出力",
        "condensing": "纯凝工况出力",
        "units on": "运行台数",
        "units on: starts": "启动次数",
        "starts": "启动",
        "chp": "热电联产机组",
    }
    kind: Literal["chp"]
    from_: BurntNode = Field(alias="from", description="node of the fuel it burns")
    at: ElectricNode = Field(description="node it gives electricity to")
    to: HeatNode = Field(description="node it gives heat to")
    power: PowerCapacity = Field(description="electric rating; without heat if it may condense")
    electric_efficiency: Fraction = Field(
        0.36, gt=0, description="electricity per fuel while giving all the heat it can; 0.30…0.42"
    )
    heat_efficiency: Fraction = Field(
        0.43, gt=0, description="heat per fuel while giving all the heat it can; 0.40…0.45"
    )
    condensing_efficiency: Fraction | None = Field(
        None, description="electricity per fuel without heat; left out, it cannot run without heat"
    )
    most_heat: Power | None = Field(None, ge=0, description="most heat it can give")
    load_ramp: HourlyRate | None = Field(
        None, description="most the load changes in an hour, per rating, such as 0.3 1/h"
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh of electricity")

    @model_validator(mode="after")
    def _no_more_than_the_fuel(self) -> Chp:
        message = ""
        if self.electric_efficiency + self.heat_efficiency > 1:
            message = "'electric_efficiency' and 'heat_efficiency' add up to more than the fuel"
        elif (
            self.condensing_efficiency is not None
            and self.condensing_efficiency < self.electric_efficiency
        ):
            message = (
                f"'condensing_efficiency' {self.condensing_efficiency:g} is below "
                f"'electric_efficiency' {self.electric_efficiency:g}; giving heat costs electricity"
            )
        if message:
            raise ValueError(message)
        return self

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One flow of electricity for each way of running; their mixture is the region.

        The rating is a rule and no cap: a cap of renewable power is what was available of it.
        """
        power = plant.capacity("power", self.power)
        heat = {plant.node(self.to): self.heat_efficiency / self.electric_efficiency}
        ways = [self._way(plant, "cogenerated", self.electric_efficiency, heat)]
        load = affine(ways[0])
        if self.condensing_efficiency is not None:
            ways.append(self._way(plant, "condensing", self.condensing_efficiency, {}))
            # In terms of the electricity that the same fuel would make without heat.
            load = ways[0] * (self.condensing_efficiency / self.electric_efficiency) + ways[1]
        on = self.commit(plant, load, power)
        if on is None:
            plant.budget("rating", load - power, at_most=0.0, over="period", unit="MW")
        if self.load_ramp is not None:
            ramped(plant, load, power, self.load_ramp, on=on, least_share=self.min_load)
        if self.most_heat is not None:
            given = ways[0] * (self.heat_efficiency / self.electric_efficiency)
            limit = self.most_heat
            plant.budget("most heat", given, at_most=limit, over="period", unit="MW")
        self.buy(plant, "chp", power)

    def _way(self, plant: Scope, name: str, efficiency: float, heat: Mapping[Node, float]) -> Flow:
        """Electricity made in one way of running, with its fuel and its heat."""
        fuel, electricity = plant.node(self.from_), plant.node(self.at)
        words: dict[str, Any] = {"role": "conversion"}
        if fuel.carrier == "biomass":
            words = {"role": "generation", "tags": {"renewable", "biomass"}}
        return plant.flow(
            name,
            take={fuel: per_mwh(fuel.carrier) / efficiency},
            give={electricity: 1.0, **heat},
            cost=self.running,
            **words,
        )

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """The share of the fuel that became electricity or heat."""
        with_heat = solution.total(plant.flow_named("cogenerated"))
        made = with_heat * (1.0 + self.heat_efficiency / self.electric_efficiency)
        fuel = with_heat / self.electric_efficiency
        if self.condensing_efficiency is not None:
            without = solution.total(plant.flow_named("condensing"))
            made, fuel = made + without, fuel + without / self.condensing_efficiency
        if fuel > 0:
            title = ("Use of the fuel, electricity and heat", "燃料综合利用率")
            yield Finding("fuel_use", made / fuel, "1", title)
