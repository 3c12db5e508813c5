"""Home fleet: thousands of homes at one node, as a few stores whose promises the homes can keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr, model_validator

from zeroplant.assets.base import Asset, ElectricNode, SiteName
from zeroplant.assets.battery import MONTH_HOURS
from zeroplant.assets.demand import UNSERVED_PRICE
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.home_devices import HomeBatteries, HomeCars, HomeRoofs, HomeRooms
from zeroplant.assets.parts.home_words import CHINESE
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.homes.aggregate import Aggregate, Grouping, aggregate, sustained
from zeroplant.homes.baseload import household_load
from zeroplant.homes.population import Mix, Population, draw, read_homes
from zeroplant.homes.room_store import Climate, Promise
from zeroplant.homes.surplus import surplus
from zeroplant.series import EnergyPriceProfile, PowerProfile
from zeroplant.units import Energy, EnergyPrice
from zeroplant.waist import Affine, Flow, Node, Scope
from zeroplant.waist.linear import total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

BUSIEST = 0.01
"""Share of the cooling season's hours, those of the highest use, by which firm power is told."""


@dataclass(frozen=True)
class Fleet:
    """The homes on one axis at one site: who they are, and what they are to the plant."""

    axis: Axis
    site: Site | None
    population: Population
    climate: Climate | None
    few: Aggregate

    @property
    def usual(self) -> Floats:
        """Power [MW] of the steered rooms by their own thermostats."""
        return np.asarray(sum((p.base for p in self.few.promises), np.zeros(self.axis.stages)))

    def held(self, hours: float) -> Floats:
        """Cut [MW] of the rooms that can be held for so long from each stage on."""
        cuts = (sustained(promise, hours, self.axis) for promise in self.few.promises)
        return np.asarray(sum(cuts, np.zeros(self.axis.stages)))

    def busiest(self, hours: float) -> NDArray[np.bool_]:
        """Hours of the cooling season in which the rooms use most, early enough in their day."""
        stages = np.arange(self.axis.stages)
        if self.climate is None or not self.few.promises:
            return np.zeros(len(stages), dtype=bool)
        left = (self.climate.starts[self.climate.day + 1] - stages) * self.axis.hours
        season = (self.climate.season > 0) & (left > hours)
        if not season.any():
            return season
        return np.asarray(season & (self.usual >= np.quantile(self.usual[season], 1 - BUSIEST)))


class HomeFleet(Asset):
    """Homes with load, air-conditioners, batteries, roofs and cars, steered as one.

    Every home has figures of its own, drawn from the ranges of each section (``seed``) or read
    from a ``table``; the plan sees a few stores whose limits are inner approximations: whatever
    it plans, the homes can do, each within its own band, ratings and hours. Rooms are 1R1C with
    a thermostat; the plan moves them within their bands around what the thermostats would do.
    Home batteries are split without loss between prototypes of different hours. Cars are charged
    alike while all of a group are at home. How the proofs go is told in the explanation of home
    fleets. Homes that do not join, do not communicate or opt out keep their habits.

    The homes pay ``price`` for all they use and get what ``pay`` and ``ready`` say. Batteries
    are worked with the plant's energy: charging is not sold, discharging not bought. Roofs with
    a ``capex`` are the plant's, and so is what they give. Roofs with a ``feed_in`` are the homes':
    a home uses its own output first, pays ``price`` for the rest, and gets ``feed_in`` for what is
    left over, curtailed or not. Who feeds in when is settled home by home by their usual use; a
    home asked to use more or less then gains or loses that price.
    """

    title: ClassVar = ("Home fleet", "户用灵活资源聚合")
    chinese: ClassVar[Mapping[str, str]] = CHINESE
    kind: Literal["home_fleet"]
    at: ElectricNode = Field(description="node they are connected to")
    site: SiteName | None = Field(None, description="site whose weather they have; the first")
    homes: int | None = Field(None, ge=1, le=1_000_000, description="how many; or give a table")
    table: str | None = Field(
        None, description="CSV or Parquet file with a row for each home, instead of 'homes'"
    )
    seed: int = Field(1, ge=0, description="which homes are drawn from the ranges")
    yearly_use: Energy = Field(
        2.2, ge=0, description="of a home in a year, without air-conditioner and car; 1.5…3 MWh"
    )
    load: PowerProfile | None = Field(
        None, description="load of all homes without both, instead of 'yearly_use'"
    )
    price: EnergyPriceProfile | None = Field(
        None, description="tariff the homes pay the plant; nothing if the plant is their own"
    )
    unserved: EnergyPrice = Field(
        UNSERVED_PRICE, gt=0, description="price of energy that is not served; in no purse"
    )
    rooms: HomeRooms | None = Field(None, description="air-conditioners")
    batteries: HomeBatteries | None = Field(None, description="home batteries")
    roofs: HomeRoofs | None = Field(None, description="photovoltaics on the roofs")
    cars: HomeCars | None = Field(None, description="cars charged at home")

    _folder: Path = PrivateAttr(Path())
    _fleet: Fleet | None = PrivateAttr(None)

    def model_post_init(self, context: Any, /) -> None:
        """Keep the folder of the plant file, which the path of the table starts from."""
        self._folder = Path((context or {}).get("folder", "."))

    @model_validator(mode="after")
    def _one_source(self) -> HomeFleet:
        if (self.homes is None) == (self.table is None):
            message = "give either 'homes', how many, or a 'table' of them"
            raise ValueError(message)
        return self

    @property
    def needs_weather(self) -> bool:
        """Where there are rooms or roofs."""
        return self.rooms is not None or self.roofs is not None

    def fleet(self, axis: Axis, site: Site | None) -> Fleet:
        """The homes and what they promise; kept for the findings of the same plan."""
        known = self._fleet
        if known is not None and known.axis is axis and known.site is site:
            return known
        population = self._population()
        climate = None
        if self.rooms is not None:
            assert site is not None
            climate = _climate(axis, site, self.rooms)
        few = aggregate(population, axis, climate, self._grouping())
        found = Fleet(axis, site, population, climate, few)
        self._fleet = found
        return found

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Fixed load and roofs; a charge, a discharge and a level for each store."""
        node, fleet = plant.node(self.at), self.fleet(plant.axis, site)
        own = self._household(plant.axis, fleet.population.count)
        load = plant.flow("load", take=node, fixed=own + fleet.few.load, role="load")
        steered = [*self._cool(plant, node, fleet), *self._charge_cars(plant, node, fleet)]
        most = own + fleet.few.load + sum(np.asarray(flow.cap.constant) for flow in steered)
        unserved = plant.flow("unserved", give=node, cap=most, role="unserved")
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")
        output = np.zeros(plant.axis.stages)
        if self.roofs is not None:
            output = self._shine(plant, node, fleet.population, self.roofs, site)
        served = total_of([load, *steered]) - unserved
        self._settle(plant, served, fleet, own + fleet.few.load + fleet.usual, output)
        if self.batteries is not None:
            self._trade(plant, node, fleet.few, self.batteries)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What the homes can do, what they did, and what seeing them as a few stores costs."""
        from zeroplant.assets.parts.home_findings import findings_of

        if self._fleet is not None:
            yield from findings_of(self, self._fleet, plant, solution)

    def firm(self, fleet: Fleet) -> float:
        """MW by which the rooms can be relied on for an event in their busiest hours."""
        if self.rooms is None:
            return 0.0
        busy = fleet.busiest(self.rooms.event_hours)
        held = fleet.held(self.rooms.event_hours)[busy]
        return float(np.quantile(held, 0.1)) if held.size else 0.0

    def _population(self) -> Population:
        if self.table is None:
            assert self.homes is not None
            return draw(self.homes, self._mix(), self.seed)
        try:
            return read_homes(self._folder / self.table, self._mix(), self.seed)
        except InputError as error:
            raise InputError(
                Problem(f"{self.table}: {each.what}", instead=each.instead)
                for each in error.problems
            ) from None

    def _mix(self) -> Mix:
        """Shares and ranges of all sections; a section that is left out has no share."""
        rooms, cars = self.rooms or HomeRooms(share=0.0), self.cars or HomeCars(share=0.0)
        batteries = self.batteries or HomeBatteries(share=0.0)
        roofs = self.roofs or HomeRoofs(share=0.0, capex=0.0)
        ranges = {
            name: getattr(rooms, name).range
            for name in ("power", "cop", "heating_cop", "resistance", "capacity", "summer",
                         "winter", "band", "gains", "aperture")
        }  # fmt: skip
        ranges |= {name: getattr(cars, name).range for name in ("leaves", "returns")}
        for device, section in (("battery", batteries), ("car", cars)):
            ranges[f"{device}_power"] = section.power.range
            ranges[f"{device}_energy"] = section.energy.range
        return Mix(
            share={
                "room": rooms.share * rooms.in_use,
                "battery": batteries.share,
                "car": cars.share,
                "roof": roofs.share,
            },
            joining={
                "room": rooms.accepts * rooms.reachable,
                "battery": batteries.accepts,
                "car": cars.accepts,
                "roof": 1.0,
            },
            ranges=ranges | {"roof": roofs.power.range},
        )

    def _grouping(self) -> Grouping:
        rooms, batteries, cars = self.rooms, self.batteries, self.cars
        return Grouping(
            rooms=1 if rooms is None else rooms.groups,
            batteries=1 if batteries is None else batteries.groups,
            cars=1 if cars is None else cars.groups,
            opt_out=0.0 if rooms is None else rooms.opt_out,
            usable=1.0 if batteries is None else 1.0 - batteries.reserve,
        )

    def _household(self, axis: Axis, homes: int) -> Floats:
        if self.load is not None:
            return self.load.on(axis)
        return household_load(axis, homes, self.yearly_use)

    def _cool(self, plant: Scope, node: Node, fleet: Fleet) -> list[Flow]:
        """A flow and a level for each group of rooms; the level is cold (or warmth) held ready."""
        flows: list[Flow] = []
        for number, promise in enumerate(fleet.few.promises, 1):
            name = f"air conditioning {number}"
            flow = plant.flow(name, take=node, floor=promise.floor, cap=promise.cap, role="load")
            fill = _per_power(promise, plant.axis.hours)
            plant.store(
                f"rooms {number}",
                fill={flow: fill},
                inflow=-promise.base * fill,
                keep=np.where(promise.keep > 0, promise.keep, 1.0),
                floor=-promise.down * promise.energy,
                cap=np.where(_at_rest(promise, plant.axis), 1.0, promise.up * promise.energy),
            )
            flows.append(flow)
        if self.rooms is not None and flows:
            self._compensate(plant, fleet, self.rooms, total_of(flows))
        return flows

    def _compensate(self, plant: Scope, fleet: Fleet, rooms: HomeRooms, power: Affine) -> None:
        """Energy used less than usual: paid for, and limited to so many events in a day.

        Events cannot be counted in a linear plan; their energy can: so many times a day what the
        best event of the day would cut, from rest and held for its hours.
        """
        if rooms.ready:
            firm = self.firm(fleet)
            price = rooms.ready * plant.axis.years
            plant.line("readiness", firm, price, unit="MW", to="homes")
        if not rooms.pay and rooms.events_per_day is None:
            return
        usual = fleet.usual
        reduced = plant.flow("reduced", cap=float(usual.max(initial=0.0)))
        plant.budget("less than usual", power + reduced, at_least=usual, over="period", unit="MW")
        if rooms.pay:
            plant.line("reduction", reduced, rooms.pay, to="homes")
        if rooms.events_per_day is not None:
            assert fleet.climate is not None
            day, first = fleet.climate.day, fleet.climate.starts[:-1]
            deepest = np.maximum.reduceat(fleet.held(rooms.event_hours), first)[day]
            keep = np.ones(plant.axis.stages)
            keep[first] = 0.0
            plant.store(
                "reduced today",
                fill={reduced: 1.0},
                keep=keep,
                cap=deepest * rooms.events_per_day * rooms.event_hours,
                start=0.0,
            )

    def _charge_cars(self, plant: Scope, node: Node, fleet: Fleet) -> list[Flow]:
        """A flow and a level for each group of cars; the energy of the day leaves with them."""
        flows: list[Flow] = []
        for number, group in enumerate(fleet.few.cars, 1):
            flow = plant.flow(
                f"car charging {number}", take=node, cap=group.cap, role="load", tags={"vehicle"}
            )
            plant.store(f"cars {number}", fill={flow: 1.0}, inflow=-group.leaving, cap=group.energy)
            flows.append(flow)
        return flows

    def _shine(
        self, plant: Scope, node: Node, homes: Population, roofs: HomeRoofs, site: Site | None
    ) -> Floats:
        """The flow of the roofs; returns what a MW of them gives."""
        from zeroplant.weather.solar import solar_availability

        assert site is not None
        power = plant.capacity("roof power", float(homes.roofs.sum()))
        output = solar_availability(
            site, tilt=roofs.tilt, azimuth=roofs.azimuth, mounting="roof", losses=roofs.losses
        )
        tags = {"renewable", "solar"}
        plant.flow("roof output", give=node, cap=power * output, role="generation", tags=tags)
        plant.invest(
            "roof power", power, roofs.capex or 0.0, upkeep=roofs.upkeep, life=roofs.life,
            asset_class="generation",
        )  # fmt: skip
        return output

    def _settle(
        self, plant: Scope, served: Affine, fleet: Fleet, usual: Floats, output: Floats
    ) -> None:
        """What homes pay for what they take, and get for what their own roofs feed in.

        The bill of a home bends where it begins to feed in, which no linear plan can follow; here
        it goes on straight from its usual use. Where ``feed_in`` is below ``price`` the plant
        never earns more by that than by the bent bill.
        """
        sold = served
        if self.roofs is not None and self.roofs.feed_in is not None:
            roofs = fleet.population.roofs
            feeding, theirs = surplus(roofs, output, usual / fleet.population.count)
            made = plant.flow("roof potential", fixed=output * float(roofs.sum()))
            sold = served * (1.0 - feeding) - made * (1.0 - theirs)
            fed = -served * feeding + made * theirs
            plant.line("roof feed-in", fed, self.roofs.feed_in.on(plant.axis), kind="purchase",
                       to="homes")  # fmt: skip
        if self.price is not None:
            tariff = self.price.on(plant.axis)
            plant.line("energy sold", sold, tariff, kind="revenue", to="homes")

    def _trade(self, plant: Scope, node: Node, few: Aggregate, own: HomeBatteries) -> None:
        """Each class of batteries, empty at its reserve; the whole plate is bought."""
        one_way = sqrt(own.round_trip)
        keep = (1.0 - own.self_discharge) ** (plant.axis.hours / MONTH_HOURS)
        discharged: list[Flow] = []
        for number, (power, energy) in enumerate(
            zip(few.classes.power, few.classes.energy, strict=True), 1
        ):
            charge = plant.flow(f"charge {number}", take=node, cap=float(power), role="charge")
            discharge = plant.flow(
                f"discharge {number}", give=node, cap=float(power), cost=own.wear, role="discharge"
            )
            plant.store(
                f"batteries {number}",
                fill={charge: one_way},
                drain={discharge: 1.0 / one_way},
                keep=keep,
                cap=float(energy),
            )
            discharged.append(discharge)
        if own.pay:
            plant.line("discharge paid", total_of(discharged), own.pay, to="homes")
        plate = plant.capacity("battery energy", float(few.batteries.energy.sum()), unit="MWh")
        rating = plant.capacity("battery power", float(few.batteries.power.sum()))
        words: dict[str, Any] = {"life": own.life, "asset_class": "battery"}
        plant.invest("home battery energy", plate, own.capex, unit="MWh", **words)
        plant.invest("home battery power", rating, 0.0, upkeep=own.upkeep, **words)


def _per_power(promise: Promise, hours: float) -> Floats:
    """Heat [MWh] that a MWh of electricity stores in the rooms of a group; 1 where it cannot."""
    works = (promise.pull > 0) & (promise.energy > 0)
    pull = np.where(works, promise.pull, 1.0)
    return np.where(works, promise.energy / (pull * hours), 1.0)


def _at_rest(promise: Promise, axis: Axis) -> NDArray[np.bool_]:
    """Stages in which a group cannot leave rest, because it begins there and has no choice.

    Its level is 0 there whatever its bound says; leaving the bound open keeps the level a
    variable, and its equation one that solvers need not treat as a rule without unknowns.
    """
    rests = (promise.down == 0) & (promise.up == 0)
    still = (promise.lowest == 0) & (promise.highest == 0)
    before = np.roll(rests, 1)
    found = rests & before & still
    found[axis.periods - 1 :: axis.periods] = False  # one in each chain must hold the others
    return np.asarray(found)


def _climate(axis: Axis, site: Site, rooms: HomeRooms) -> Climate:
    """The weather of the rooms, and their season in each stage."""
    month = axis.month_of_year
    season = np.zeros(axis.stages, dtype=np.int64)
    season[np.isin(month, rooms.months(rooms.cooling))] = 1
    season[np.isin(month, rooms.months(rooms.heating))] = -1
    return Climate(axis, site.weather.temp_air, site.weather.ghi / 1000.0, season)
