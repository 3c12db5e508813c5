"""Pumped storage: water lifted with cheap power, and let down again through turbines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from zeroplant.assets.base import Asset, AssetName, Bought, ElectricNode
from zeroplant.assets.battery import MONTH_HOURS
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts import curves
from zeroplant.assets.parts.direction import one_at_a_time
from zeroplant.assets.parts.water import FALLING_WATER, WATER, Waterworks
from zeroplant.axis import Floats
from zeroplant.errors import Problem
from zeroplant.units import (
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Hours,
    Length,
    PowerCapacity,
    Quantity,
    SizeRange,
    Volume,
)
from zeroplant.waist import Affine, Flow, Node, Scope, Store
from zeroplant.waist.linear import Value
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Levels = Annotated[
    list[tuple[Volume, Length]],
    Field(min_length=2, description="points of (water in the upper basin, head) as it fills"),
]
WaterPrice = Annotated[float, Quantity("money/m3", ge=0)]


class PumpedStorage(Asset, Bought):
    """Pump and turbine between an upper and a lower water.

    A m³/s that falls from ``head`` makes ``9.81e-3·turbine_efficiency·head`` MW, and takes
    ``9.81e-3·head/pump_efficiency`` MW to be lifted; 0.89 both ways give a round trip of 0.79.

    Left alone it is a closed pair: an upper basin of its own holds ``upper_volume``, or ``hours``
    of full power, and what is not above is below. The lower may hold less (``lower_volume``). Water
    that evaporates is lost above and must be made up. Or it is joined to the plant's rivers:
    ``lower`` and ``upper`` name works (a reservoir, a navigation complex) from whose water it
    pumps and into which it lets it fall, in m³/s, in the same balance as theirs.

    Where the basin's head varies, ``levels`` gives it over the water held (closed pairs only).
    What is stored is then potential energy, ``E = 9.81e-3·∫H dV``: lifting into and falling from
    any level changes it by just the power times its efficiency, so that no product of flow and head
    is needed and energy is exact. What falls with the head is the power of the turbines, which at
    ``head`` reach their rating: output ≤ rating·H(E)/head, where H(E) is concave and cut into
    three lines.

    Pump and turbine are one machine, as the runner that turns both ways is: ``capex`` and
    ``upkeep`` count for the larger of the two powers.
    """

    asset_class: ClassVar = "hydro"
    title: ClassVar = ("Pumped storage", "抽水蓄能")
    chinese: ClassVar[Mapping[str, str]] = {
        "turbine": "发电功率",
        "pump": "抽水功率",
        "machine": "可逆机组功率",
        "upper_volume": "上库有效库容",
        "lower_volume": "下库有效库容",
        "upper": "上库（电站）",
        "lower": "下库（电站）",
        "turbine_efficiency": "发电效率",
        "pump_efficiency": "抽水效率",
        "evaporation": "月蒸发损失率",
        "make_up": "补水价格",
        "capex_energy": "库容造价",
        "pumping": "抽水",
        "generating": "发电",
        "make-up water": "补水",
        "pumped storage": "抽水蓄能电站",
        "upper basin": "上库",
    }
    kind: Literal["pumped_storage"]
    at: ElectricNode = Field(description="node it takes from and feeds")
    turbine: PowerCapacity = Field(description="power of generating")
    pump: PowerCapacity | None = Field(
        None,
        description="power of pumping; that of generating if left out; capex is paid for the "
        "larger of the two",
    )
    head: Length = Field(gt=0, description="rated head, upper over lower water; 100…700 m")
    upper_volume: Volume | None = Field(None, gt=0, description="usable water of the upper basin")
    hours: Hours | None = Field(
        None, gt=0, description="instead of upper_volume: hours of generating at full power; 4…8"
    )
    lower_volume: Volume | None = Field(
        None, gt=0, description="usable water of the lower basin; no limit if left out"
    )
    upper: AssetName | None = Field(None, description="works that are the upper water")
    lower: AssetName | None = Field(None, description="works that are the lower water")
    levels: Levels | None = Field(None, description="head over the water held, if it varies")
    turbine_efficiency: Fraction = Field(0.89, gt=0, description="0.87…0.92")
    pump_efficiency: Fraction = Field(0.89, gt=0, description="0.87…0.92")
    evaporation: Fraction = Field(
        0.003, lt=1, description="share of the upper basin's water lost in a month; 0.002…0.01"
    )
    make_up: WaterPrice = Field(0.0, description="price of water that makes up for the loss")
    start: Fraction | None = Field(
        None,
        description="how full the basin is at first, and but for evaporation at the end; "
        "left out, the plan chooses",
    )
    running: EnergyPrice = Field(0.0, ge=0, description="operating cost per MWh generated")
    one_direction: bool = Field(
        False, description="true: never pump and generate at once, for negative prices (slow)"
    )
    capex_energy: EnergyCapacityPrice = Field(
        0.0, ge=0, description="purchase per MWh the upper basin holds, beside capex per MW"
    )

    @model_validator(mode="after")
    def _one_basin(self) -> PumpedStorage:
        given = sum(x is not None for x in (self.upper_volume, self.hours, self.levels))
        sized = isinstance(self.turbine, SizeRange)
        message = ""
        if self.upper is not None and given:
            message = (
                "the works 'upper' hold the water; leave out 'upper_volume', 'hours' and 'levels'"
            )
        elif self.upper is None and given != 1:
            message = "give one of 'upper_volume', 'hours' and 'levels', or works as 'upper'"
        elif self.upper is not None and self.upper == self.lower:
            message = f"'upper' and 'lower' are both '{self.upper}'; name two works"
        elif self.lower is not None and self.lower_volume is not None:
            message = "the works 'lower' hold the water; leave out 'lower_volume'"
        elif self.levels is not None and not curves.is_rising(self.levels):
            message = "the points of 'levels' must be ordered: more water, no lower head"
        elif self.levels is not None and self.levels[0][1] <= 0:
            message = "the heads of 'levels' must be above 0"
        elif self.levels is not None and self.lower is not None:
            message = "'levels' is for basins of its own; leave out 'lower', or give 'upper_volume'"
        elif self.levels is not None and sized:
            message = (
                "'levels' needs a given 'turbine'; write one power, or 'upper_volume' for a range"
            )
        if message:
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _the_start_fits_below(self) -> PumpedStorage:
        """What is above at first must have come from a lower basin that can hold it."""
        if self.start is None or self.lower_volume is None or self.upper is not None:
            return self
        held = float(self._room(Affine(_least(self.turbine))).constant)
        below = self.energy_of(self.lower_volume)
        if self.start * held > below * (1 + 1e-9):
            what = f"'start' {self.start:g} is more water than 'lower_volume' can hold"
            most = np.floor(1000 * below / held) / 1000
            raise ValueError(Problem(what, instead=f"write 'start' {most:g} or less"))
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Upper and lower waters that are no waterworks, and two storages on one."""
        works = [name for name, asset in assets.items() if isinstance(asset, Waterworks)]
        known = f"write one of: {', '.join(works)}" if works else "add a hydro_reservoir"
        joined: dict[str, str] = {}
        for name, asset in assets.items():
            if not isinstance(asset, cls):
                continue
            for key, place in (("upper", asset.upper), ("lower", asset.lower)):
                if place is None or place not in assets:
                    continue
                if place not in works:
                    yield name, Problem(f"'{key}' names '{place}', no waterworks", instead=known)
                elif place in joined:
                    what = f"'{place}' is joined to '{joined[place]}' already"
                    yield name, Problem(what, instead="join one pumped storage to each works")
                else:
                    joined[place] = name

    def prepare(self, plant: Scope) -> None:
        """Ask joined works for the water it takes from them; see `Waterworks.drawn`."""
        for works in filter(None, (self.upper, self.lower)):
            plant.network.node(f"{works}.drawn", **WATER)

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Pumping fills and generating empties the basin, or moves water between works."""
        node, turbine = plant.node(self.at), plant.capacity("turbine", self.turbine)
        pump = turbine if self.pump is None else plant.capacity("pump", self.pump)
        lift = self.pump_efficiency / (FALLING_WATER * self.head)
        fall = 1.0 / (self.turbine_efficiency * FALLING_WATER * self.head)
        charge = plant.flow(
            "pumping", cap=pump, role="charge",
            take={node: 1.0, **self._from(plant, self.lower, lift)},
            give=self._into(plant, self.upper, lift),
        )  # fmt: skip
        discharge = plant.flow(
            "generating", cap=turbine, role="discharge", cost=self.running,
            take=self._from(plant, self.upper, fall),
            give={node: 1.0, **self._into(plant, self.lower, fall)},
        )  # fmt: skip
        if self.one_direction:
            larger = self.turbine if self.pump is None else max(self.pump, self.turbine, key=_most)
            one_at_a_time(plant, "pumping now", charge, discharge, larger)
        if self.upper is None:
            self._basin(plant, charge, discharge, turbine)
        self.buy(plant, "pumped storage", self._machine(plant, pump, turbine))

    def _machine(self, plant: Scope, pump: Affine, turbine: Affine) -> Affine:
        """The power that is bought: the larger of pump and turbine."""
        if self.pump is None:
            return turbine
        if not (pump.terms or turbine.terms):
            return max(pump, turbine, key=lambda power: float(power.constant))
        if not (self.overnight or self.upkeep):
            return turbine
        both = (self.pump, self.turbine)
        size = SizeRange(max(map(_least, both)), max(map(_most, both)))
        machine = plant.capacity("machine", size)
        for name, power in (("pump", pump), ("turbine", turbine)):
            plant.budget(f"machine holds {name}", machine - power, at_least=0.0, unit="MW")
        return machine

    def _from(self, plant: Scope, works: str | None, rate: float) -> dict[Node, Value]:
        return {} if works is None else {plant.node(f"{works}.drawn"): rate}

    def _into(self, plant: Scope, works: str | None, rate: float) -> dict[Node, Value]:
        return {} if works is None else {plant.node(f"{works}.water"): rate}

    def energy_of(self, volume: float) -> float:
        """MWh of potential energy of so many m³ at the rated head."""
        return FALLING_WATER * self.head * volume / 3600.0

    @property
    def heads(self) -> tuple[Floats, Floats]:
        """Potential energy [MWh] and head [m] as the basin of varying head fills."""
        assert self.levels is not None
        table = np.asarray(self.levels, dtype=float)
        volume = np.linspace(table[0, 0], table[-1, 0], curves.GRID)
        energy = FALLING_WATER * curves.integral(self.levels, volume) / 3600.0
        return energy, curves.at(self.levels, volume)

    def _room(self, turbine: Affine) -> Affine:
        """What the upper basin holds, MWh of potential energy."""
        if self.levels is not None:
            return Affine(float(self.heads[0][-1]))
        if self.upper_volume is not None:
            return Affine(self.energy_of(self.upper_volume))
        assert self.hours is not None
        return turbine * (self.hours / self.turbine_efficiency)

    def _basin(self, plant: Scope, charge: Flow, discharge: Flow, turbine: Affine) -> None:
        """The upper basin, counted in MWh of potential energy."""
        room = self._room(turbine)
        plant.network.capacities[f"{plant.who}.upper basin"] = (room, "MWh")
        plant.invest("upper basin", room, self.capex_energy, unit="MWh",
                     life=self.life, asset_class="hydro")  # fmt: skip
        keep = (1.0 - self.evaporation) ** (plant.axis.hours / MONTH_HOURS)
        axis, floor = plant.axis, Affine(0.0)
        if self.start is not None:
            last = np.arange(axis.stages) % axis.periods == axis.periods - 1
            floor = room * (self.start * np.where(last, keep**axis.periods, 0.0))
        level = plant.store(
            "level",
            fill={charge: self.pump_efficiency},
            drain={discharge: 1.0 / self.turbine_efficiency},
            cap=room,
            floor=floor,
            keep=keep,
            start="cyclic" if self.start is None else room * self.start,
        )
        if self.lower_volume is not None:
            most = self.energy_of(self.lower_volume)
            plant.budget("lower basin", level, at_most=most, over="period", unit="MWh")
        if self.make_up and keep < 1.0:
            lost = (1.0 / keep - 1.0) / plant.axis.hours / self.energy_of(1.0)
            plant.line("make-up water", level * lost, self.make_up, unit="m3", kind="purchase")
        if self.levels is not None:
            self._falling_head(plant, discharge, level)

    def _falling_head(self, plant: Scope, discharge: Flow, level: Store) -> None:
        """Output ≤ rating·H(E)/rated head, with the level at the end of the period."""
        assert isinstance(self.turbine, float)
        energy, head = self.heads
        share = self.turbine / self.head
        if share * head[0] >= self.turbine:
            return
        lines = curves.concave_pieces(energy, head, 3)
        for number, (slope, constant) in enumerate(
            zip(lines.slope, lines.constant, strict=True), 1
        ):
            over = discharge - level * (share * float(slope))
            plant.budget(f"head {number}", over, at_most=share * float(constant), over="period",
                         unit="MW")  # fmt: skip

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Full cycles a year, and what comes back of what was pumped."""
        out = solution.total(plant.flow_named("generating"))
        taken = solution.total(plant.flow_named("pumping"))
        if taken > 0 and self.upper is None:
            yield Finding("recovered", out / taken, "1",
                          ("generated over pumped", "发电量与抽水电量之比"))  # fmt: skip
        if self.upper is None:
            room = solution.number(plant.network.capacities[f"{plant.who}.upper basin"][0])
            if room > 0:
                cycles = out / self.turbine_efficiency / room / plant.axis.years
                yield Finding("cycles", cycles, "1/a",
                              ("full emptyings a year", "年满放次数"))  # fmt: skip


def _most(power: float | SizeRange) -> float:
    return power.max if isinstance(power, SizeRange) else power


def _least(power: float | SizeRange) -> float:
    return power.min if isinstance(power, SizeRange) else power
