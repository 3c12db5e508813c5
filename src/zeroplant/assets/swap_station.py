"""Battery-swap station for trucks: packs, lanes, chargers, a queue, and energy given back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from zeroplant.assets.base import Asset, ElectricNode
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts import swap_promise
from zeroplant.assets.parts.pack_family import CountCapacity, PackFamily
from zeroplant.assets.parts.swap_stock import VISITORS, Rules, Stock
from zeroplant.assets.parts.swap_words import CHINESE
from zeroplant.errors import InputError, Problem
from zeroplant.series import Constant, EnergyPriceProfile, PowerProfile
from zeroplant.transport.packs import EFFICIENCY
from zeroplant.units import (
    Fraction,
    Hours,
    Money,
    Power,
    PowerCapacity,
    PowerPrice,
    Quantity,
    Rate,
    SizeRange,
    Years,
)
from zeroplant.waist import Affine, Flow, Scope, total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

MoneyPerHour = Annotated[float, Quantity("money/h")]
MoneyPerYear = Annotated[float, Quantity("money/a")]
EARLY = 10.0
"""Price of a pack that is full before its time, as a multiple of that of one that is missing."""


class SwapStation(Asset):
    """A station where trucks leave an empty battery pack and take a full one, in minutes.

    It is a fuel station, a load, and the most valuable flexible battery of the plant: its packs
    may be charged at any time, as long as a full one is in the rack when a truck comes.

    **Packs.** Those of each family are counted by class of charge, from ``soc_min`` to
    ``soc_max``. Charging moves them from class to class, a swap takes a full pack out and puts
    the truck's in. Packs are conserved; ``efficiency`` is lost between node and pack, each way.

    **What is promised can be done within the hour.** Trucks come at any minute, and a pack that
    comes at minute 50 is not full at minute 59. So at the end of a period no class holds packs
    that came too late to reach it, and at its beginning the packs of higher classes cover the
    trucks that come while others are charged, and a spare. The spare is for trucks that come by
    chance (Poisson): one more than the quantile ``service_level`` of those that come in one
    charging time, less their mean. A pack missing of it costs as much as a truck that waits, and
    ``headroom`` of the chargers stays free for surprises. The schedule is then run through a
    simulation of single trucks, lanes, packs and chargers, and what it found is reported.

    **Trucks** come by themselves (``trucks`` of a family) or from a road. They wait at
    ``waiting_price``, or are turned away at a price; neither money is in anybody's purse. A lane
    gives at most ``swaps_per_day``: 168 at Zizhong on the Chengdu–Chongqing expressway (domain
    page §2c), 7 an hour, though a swap itself takes 3…5 minutes. The plan knows this limit, not
    the queue before it: trucks that come by chance wait long for a lane that is nearly always
    taken, which only the simulation sees.

    **Few chargers.** Where trucks come, sizes that are chosen are at least one charger, and a
    transformer that carries it: times of charging are those at full power. Below two chargers, or
    a transformer for two, packs queue for them, and more are in hand. A station so small is best
    planned with whole ones: ``{max: 10, step: 1}`` (slower), or a number.
    """

    title: ClassVar = ("Battery-swap station", "换电站")
    chinese: ClassVar[Mapping[str, str]] = CHINESE
    kind: Literal["swap_station"]
    at: ElectricNode = Field(description="node it is connected to")
    packs: dict[str, PackFamily] = Field(min_length=1, description="its packs, by family")
    classes: int = Field(
        4, ge=2, le=10, description="levels of charge in which packs are counted; 4…5"
    )
    lanes: CountCapacity = Field(1.0, description="swap lanes")
    swaps_per_day: Rate = Field(
        168.0, gt=0, description="swaps a lane sustains in a day, driving in and out included"
    )
    swap_time: Hours = Field(
        5 / 60, gt=0, description="from the truck's stop to its pack in the rack; 3…5 min"
    )
    chargers: CountCapacity = Field(7.0, description="chargers, one pack each; 7 in 7+1 stations")
    charger_power: Power = Field(0.28, gt=0, description="AC power of a charger; 240…360 kW")
    efficiency: Fraction = Field(
        EFFICIENCY, gt=0, description="from the node into a pack, and back from it"
    )
    connection: PowerCapacity | None = Field(
        None, description="transformer, for what is taken and given; 2…2.5 MVA; none: no limit"
    )
    headroom: Fraction = Field(
        0.25,
        lt=1,
        description="share of chargers and transformer that the plan leaves for surprises",
    )
    v2g: bool = Field(False, description="true: packs may give energy back to the node")
    auxiliary: PowerProfile = Field(
        Constant(0.0), description="what the station itself draws: robot, cooling, light; 10…30 kW"
    )
    service_level: Fraction = Field(
        0.99, gt=0, lt=1, description="share of trucks that are to find a full pack"
    )
    spare: Rate | None = Field(
        None, ge=0, description="packs in hand beyond those expected, instead of service_level"
    )
    price: EnergyPriceProfile | None = Field(
        None,
        description="paid by trucks for the energy they carry away beyond what they bring; "
        "0.9…1.3 CNY/kWh; nothing if the trucks are the plant's own",
    )
    service_fee: Money = Field(0.0, ge=0, description="paid by trucks per swap, beside the energy")
    waiting_price: MoneyPerHour = Field(
        120.0, ge=0, description="of a truck that waits, and of a pack missing in the rack"
    )
    turned_away: Money = Field(
        1000.0, ge=0, description="price of a truck that is not served; in no purse"
    )
    capex_lane: Money = Field(
        0.0, ge=0, description="lane, robot, building; a station is 3…5 M CNY without packs"
    )
    upkeep_lane: MoneyPerYear = Field(0.0, ge=0, description="staff and upkeep per lane and year")
    capex_charger: PowerPrice = Field(0.0, ge=0, description="chargers; 300…600 CNY/kW")
    capex_connection: PowerPrice = Field(0.0, ge=0, description="transformer and its line")
    life: Years = Field(
        15.0, ge=1, description="years until lanes, chargers and transformer are replaced"
    )

    _runs: bool = PrivateAttr(default=False)

    @model_validator(mode="after")
    def _consistent(self) -> SwapStation:
        problems = [*self._misfits()]
        if self.swap_time * self.swaps_per_day > 24.0 * (1 + 1e-9):
            most = int(24.0 / self.swap_time)
            what = f"{self.swaps_per_day:g} swaps a day take longer than a day"
            instead = f"write at most {most}, or a shorter swap_time"
            problems.append(Problem(what, "swaps_per_day", instead=instead))
        if problems:
            raise InputError(problems)
        return self

    def _misfits(self) -> Iterator[Problem]:
        """Names of families that cannot be, or that fit nothing."""
        for name, family in self.packs.items():
            if "." in name or not name.strip():
                what = f"'{name}' cannot be the name of a family"
                yield Problem(what, "packs", instead="write a name without dots")
            for other in family.also_fits:
                if other == name or other not in self.packs:
                    what = f"'{other}' is no other family of this station"
                    known = ", ".join(each for each in self.packs if each != name)
                    instead = f"write one of: {known}" if known else "leave it out"
                    yield Problem(what, f"packs.{name}.also_fits", instead=instead)

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Stations to which nobody comes."""
        served = {name for each in assets.values() for name in getattr(each, "stations", ())}
        for name, station in assets.items():
            if not isinstance(station, cls) or name in served:
                continue
            for family, packs in station.packs.items():
                if packs.trucks is None:
                    what = f"no trucks come for its packs '{family}'"
                    instead = "give them 'trucks', or name the station under 'stations' of a road"
                    yield name, Problem(what, f"packs.{family}", instead=instead)

    def prepare(self, plant: Scope) -> None:
        """Nodes to which a road brings trucks: one for each family and class of charge."""
        for stock in self.stocks(plant):
            if stock.family.trucks is None:
                for number in range(self.classes):
                    plant.own_node(stock.node_name(number), carrier="swaps", unit="1/h")
                plant.own_node(stock.lacking_name, carrier="swaps", unit="1/h")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Trucks come, packs are charged and swapped, and what is promised is in hand."""
        stocks, node = self.stocks(plant), plant.node(self.at)
        lanes = plant.capacity("lanes", self.lanes, unit="lanes")
        least = 1.0 if any(stock.arrivals.any() for stock in stocks) else 0.0
        chargers = plant.capacity("chargers", _at_least(self.chargers, least), unit="chargers")
        transformer = self._transformer(plant, least * self._strongest(stocks))
        counts = {} if least == 0.0 else {"chargers": chargers}
        if counts and transformer is not None:
            counts["connection"] = self.carried(plant, stocks, transformer)
        few = swap_promise.few_chargers(plant, counts)
        for stock in stocks:
            stock.say(node)
        self._serve(plant, stocks, lanes)
        for stock in stocks:
            self._hold(plant, stock, few)
        self._draw(plant, stocks, chargers * self.charger_power, transformer)
        plant.invest("swap lanes", lanes, self.capex_lane, upkeep=self.upkeep_lane,
                     life=self.life, unit="lanes")  # fmt: skip
        plant.invest("swap chargers", chargers, self.capex_charger * self.charger_power,
                     life=self.life, unit="chargers")  # fmt: skip

    def as_run(self) -> Self:
        """With the part of its chargers that plans leave for surprises, which have come then."""
        station = self.model_copy()
        station._runs = True
        return station

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """How the station is used, what it could shift, and how its schedule serves trucks."""
        from zeroplant.assets.parts.swap_findings import findings_of

        yield from findings_of(self, plant, solution)

    def stocks(self, plant: Scope) -> list[Stock]:
        """The packs of each family, not yet said."""
        rules = Rules(
            self.classes, self.charger_power, self.efficiency, self.swap_time,
            self.service_level, self.spare, self.v2g,
            EARLY * self.waiting_price if self._runs else None,
        )  # fmt: skip
        alone = len(self.packs) == 1
        return [Stock(plant, name, family, rules, alone) for name, family in self.packs.items()]

    def recalled(self, plant: Scope) -> list[Stock]:
        """The packs of each family, with their words found again in the network."""
        stocks = {stock.name: stock for stock in self.stocks(plant)}
        for stock in stocks.values():
            stock.recall()
        for name, truck, pack in self.swap_names():
            swap = plant.flow_named(name)
            stocks[truck].served.append(swap)
            stocks[pack].given.append(swap)
        return list(stocks.values())

    def swap_names(self) -> Iterator[tuple[str, str, str]]:
        """Name of each flow of swaps, with the families of the truck and of the pack it takes."""
        for pack, family in self.packs.items():
            if len(self.packs) == 1:
                yield "swaps", pack, pack
            else:
                yield f"swaps {pack}", pack, pack
                for truck in family.also_fits:
                    yield f"swaps {truck} with {pack}", truck, pack

    @property
    def lane_rate(self) -> float:
        """Swaps per hour that a lane sustains."""
        return self.swaps_per_day / 24.0

    def _serve(self, plant: Scope, stocks: list[Stock], lanes: Affine) -> None:
        """Full packs to trucks of each family, from it and from others that fit; the money."""
        by_name = {stock.name: stock for stock in stocks}
        swaps: list[Flow] = []
        for name, truck, pack in self.swap_names():
            swap = plant.flow(name, cap=lanes * self.lane_rate, unit="1/h", tags=VISITORS)
            by_name[truck].served.append(swap)
            by_name[pack].given.append(swap)
            swaps.append(swap)
        if len(swaps) > 1:
            busy = total_of(swaps) - lanes * self.lane_rate
            plant.budget("lanes", busy, at_most=0.0, over="period", unit="1/h")
        if self.price is not None:
            energy = total_of(stock.handed_out - stock.taken_in for stock in stocks)
            price = self.price.on(plant.axis)
            plant.line("swap fees", energy, price, kind="revenue", to="trucks")
        if self.service_fee:
            plant.line("swap service", total_of(swaps), self.service_fee, unit="swaps",
                       kind="revenue", to="trucks")  # fmt: skip

    def _hold(self, plant: Scope, stock: Stock, few: Affine) -> None:
        """Packs of a family, the trucks that wait for them, and what both cost."""
        family = stock.family
        packs = plant.capacity(stock.word("packs"), family.count, unit="packs")
        plant.invest(stock.word("swap packs"), packs, family.capex * family.energy,
                     life=family.life, asset_class="battery", unit="packs")  # fmt: skip
        waiting = swap_promise.queue(stock)
        stock.keep()
        swap_promise.keep_time(stock, self._held(plant, stock, packs), waiting)
        missing = swap_promise.promise(stock, few)
        if family.wear_price:
            plant.line(stock.word("pack wear"), stock.charged, family.wear_price)
        assert stock.turned is not None
        turned = stock.turned
        for what, quantity, price, unit in (
            ("trucks waiting", waiting, self.waiting_price, "truck·h"),
            ("packs missing in the rack", missing, self.waiting_price, "pack·h"),
            ("trucks turned away", turned, self.turned_away, "trucks"),
        ):
            plant.line(stock.word(what), quantity, price, unit=unit, kind="penalty")

    @staticmethod
    def _held(plant: Scope, stock: Stock, packs: Affine) -> Affine:
        """Packs of a family at the station; their number changes where others' trucks take them.

        At the end there are as many as at the beginning.
        """
        brought = [swap for swap in stock.served if swap not in stock.given]
        lost = [swap for swap in stock.given if swap not in stock.served]
        if not brought and not lost:
            return packs
        axis = plant.axis
        last = np.arange(axis.stages) % axis.periods == axis.periods - 1
        held = plant.store(
            stock.word("packs in the rack"), fill=dict.fromkeys(brought, 1.0),
            drain=dict.fromkeys(lost, 1.0), start=packs, floor=packs * last.astype(float),
            unit="packs",
        )  # fmt: skip
        return held.affine()

    @staticmethod
    def _strongest(stocks: list[Stock]) -> float:
        """MW of the charger that takes most of all families."""
        return max(stock.power for stock in stocks)

    def carried(self, plant: Scope, stocks: list[Stock], transformer: Affine) -> Affine:
        """Chargers that a transformer of so many MW carries beside the station's own load."""
        own = float(self.auxiliary.on(plant.axis).max())
        return (transformer - own) * (1.0 / self._strongest(stocks))

    def _transformer(self, plant: Scope, least: float) -> Affine | None:
        """MW of the transformer; a chosen one carries ``least`` beside the station's own load."""
        if self.connection is None:
            return None
        enough = least + float(self.auxiliary.on(plant.axis).max()) if least else 0.0
        return plant.capacity("connection", _at_least(self.connection, enough))

    def _draw(self, plant: Scope, stocks: list[Stock], power: Affine, most: Affine | None) -> None:
        """Limits of the chargers and of the transformer, and what the station itself draws."""
        drawn = total_of(stock.drawn for stock in stocks)
        given = total_of(stock.returned for stock in stocks)
        self._limit(plant, "chargers", drawn + given, power)
        own, dark = self.auxiliary.on(plant.axis), Affine()
        if own.any():
            node = plant.node(self.at)
            plant.flow("auxiliary", take=node, fixed=own, role="load")
            flow = plant.flow("unserved", give=node, cap=own, role="unserved")
            plant.line("unserved energy", flow, UNSERVED_PRICE, kind="penalty")
            dark = flow.affine()
        if most is not None:
            # Of what it draws itself, all may go through the transformer, for it is no surprise.
            self._limit(plant, "connection", drawn, most + dark - own)
            if self.v2g:
                back = given - most + dark
                plant.budget("connection back", back, at_most=own, over="period", unit="MW")
            plant.invest("swap connection", most, self.capex_connection, life=self.life,
                         asset_class="grid")  # fmt: skip

    def _limit(self, plant: Scope, what: str, busy: Affine, most: Affine) -> None:
        """Keep the power in use below what is there, less the part that is left for surprises.

        Where the plant runs they have come: then that part is taken once it costs less than a
        pack that is missing for as long as it is charged.
        """
        kept = busy - most * (1.0 - self.headroom)
        if not self._runs:
            plant.budget(what, kept, at_most=0.0, over="period", unit="MW")
            return
        plant.budget(what, busy - most, at_most=0.0, over="period", unit="MW")
        price = self.waiting_price / self.charger_power
        plant.budget(f"{what} kept free", kept, at_most=0.0, over="period", breach=price, unit="MW")


def _at_least(given: float | SizeRange, least: float) -> float | SizeRange:
    """A size that is chosen is not below ``least``, if its range goes that far."""
    if not isinstance(given, SizeRange):
        return given
    most = given.max
    if given.step is not None and math.isfinite(most):
        most = math.floor(most / given.step + 1e-9) * given.step
    return given if most < least else replace(given, min=max(given.min, least))
