"""Ship line: electric ships on a timetable, their speeds, and the boxes they exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset
from zeroplant.assets.box_port import Box, BoxPort
from zeroplant.assets.findings import Finding
from zeroplant.axis import HOURS_PER_YEAR, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.ship import ADMIRALTY, DieselShip, Propulsion
from zeroplant.transport.timetable import WEEK, Timetable
from zeroplant.units import (
    EnergyPrice,
    Fraction,
    Hours,
    Length,
    Mass,
    Money,
    Power,
    Quantity,
    Rate,
    Speed,
    Years,
)
from zeroplant.waist import Affine, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

if TYPE_CHECKING:
    from zeroplant.transport.voyage import RoundTrip, Voyage

EnergyPerWay = Annotated[float, Quantity("MWh/km", gt=0)]
FreightPrice = Annotated[float, Quantity("money/t/km", ge=0)]
YearlyMoney = Annotated[float, Quantity("money/a", ge=0)]


class Vessel(BaseModel):
    """What one ship is: its power from ``per_km`` at ``speed``, or from its ``displacement``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    speed: Speed | None = Field(
        None, gt=0, description="water speed at which it needs per_km; 17…19 km/h"
    )
    per_km: EnergyPerWay | None = Field(
        None, description="energy per km there, hotel load included; 120 TEU 21, 700 TEU 132 kWh/km"
    )
    displacement: Mass | None = Field(
        None, gt=0, description="instead of speed and per_km: loaded displacement"
    )
    admiralty: Rate = Field(
        ADMIRALTY,
        gt=0,
        description="Admiralty coefficient in kW, t, kn; 400…600, shallow water 300",
    )
    hotel: Power = Field(0.1, ge=0, description="load at any speed; 0.05…0.2 MW")
    drive: Fraction = Field(0.90, gt=0, description="efficiency from the boxes to the shaft")
    slowest: Speed = Field(1.5, gt=0, description="least speed through the water, for steering")
    fastest: Speed = Field(gt=0, description="greatest speed through the water")
    boxes: int = Field(ge=1, description="battery boxes aboard")
    cargo: Mass = Field(0.0, ge=0, description="mean cargo aboard, for kWh and CO2 per t·km")

    @model_validator(mode="after")
    def _one_power(self) -> Vessel:
        pair = (self.speed is not None, self.per_km is not None)
        message = ""
        if self.displacement is None and not all(pair):
            message = "give 'speed' and 'per_km', or 'displacement'"
        elif self.displacement is not None and any(pair):
            message = "give either 'displacement' or 'speed' and 'per_km', not both"
        elif self.slowest > self.fastest:
            message = f"'slowest' {self.slowest:g} m/s is above 'fastest' {self.fastest:g} m/s"
        elif self.per_km is not None and self.speed is not None:
            least = self.hotel / self.speed / 3.6
            if self.per_km <= least:
                message = f"'hotel' alone takes {1000 * least:.3g} kWh/km at this 'speed', "
                message += "no less than 'per_km'; write less 'hotel'"
        if message:
            raise ValueError(message)
        return self

    @property
    def propulsion(self) -> Propulsion:
        """Its power by speed."""
        rest = {"drive": self.drive, "hotel": self.hotel}
        if self.displacement is not None:
            return Propulsion.admiralty(self.displacement, self.admiralty, **rest)
        assert self.speed is not None
        assert self.per_km is not None
        return Propulsion.calibrated(self.speed, self.per_km, **rest)


class Way(BaseModel):
    """The water to the next port."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field(description="name of the port at its end")
    length: Length = Field(gt=0, description="of the waterway")
    current: Speed = Field(0.0, description="along the ship; negative where it comes against it")
    limit: Speed | None = Field(None, gt=0, description="greatest speed over ground allowed there")
    stay: Hours = Field(0.0, ge=0, description="in the port at its end, but for exchanging boxes")


class Diesel(BaseModel):
    """The diesel ship that would sail instead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    main: Rate = Field(
        DieselShip.main, gt=0, description="t of fuel per MWh at the shaft; 0.175…0.20"
    )
    auxiliary: Rate = Field(
        DieselShip.auxiliary, gt=0, description="t of fuel per MWh of hotel load; 0.20…0.23"
    )
    carbon: Rate = Field(
        DieselShip.carbon, gt=0, description="tCO2 per t of fuel; IPCC 2006 diesel"
    )


class ShipLine(Asset):
    """Electric ships that carry their energy in boxes and sail by a timetable.

    A round trip from ``home`` along ``legs``, and with ``returns`` back the same way against the
    opposite current. Power through the water is ``k·v³`` at the shaft, calibrated or by the
    Admiralty formula, over the drive's efficiency, plus the hotel load. How fast the ship sails on
    each leg is decided, so that the energy of the trip is least within the time that ``ships``
    and ``per_week`` leave for it; and so are the ports among ``swaps`` where boxes are exchanged,
    and how many. This is a small mixed-integer plan of its own, made before that of the plant:
    the timetable is fixed, and all the plant sees of a ship are boxes, which the ports store.

    Boxes come to the ports as the cranes lift them, one after the other, all but the last of them
    empty. What the ships pay for energy is said at the port. Fuel and CO2 saved, against a diesel
    ship with the same speeds, are findings.
    """

    title: ClassVar = ("Ship line", "电动船航线")
    chinese: ClassVar[Mapping[str, str]] = {
        "vessel.speed": "标定航速",
        "vessel.per_km": "单位航程电耗",
        "vessel.displacement": "排水量",
        "vessel.admiralty": "海军系数",
        "vessel.hotel": "船上生活及辅助负荷",
        "vessel.drive": "推进效率",
        "vessel.slowest": "最低航速",
        "vessel.fastest": "最高航速",
        "vessel.boxes": "船载电池箱数",
        "vessel.cargo": "平均载货量",
        "box.energy": "电池箱容量",
        "box.soc_min": "电池箱最低荷电状态",
        "box.soc_max": "电池箱最高荷电状态",
        "diesel.main": "主机油耗",
        "diesel.auxiliary": "辅机油耗",
        "diesel.carbon": "燃油碳排放系数",
        "home": "母港",
        "legs": "航段",
        "legs.current": "水流速度",
        "legs.limit": "限速",
        "legs.stay": "停靠时间",
        "returns": "是否原路返回",
        "home_stay": "母港停留时间",
        "swaps": "换电港",
        "ships": "船舶艘数",
        "per_week": "每周航次",
        "first": "每周首航时刻",
        "slack": "时间裕度",
        "reserve": "电量备用",
        "lift": "单箱吊装时间",
        "handling": "单箱作业费",
        "energy_price": "航行规划用电价",
        "ship_price": "单船造价",
        "ship_upkeep": "单船年运维费",
        "box_price": "电池箱单价",
        "box_life": "电池箱寿命",
        "freight": "运价",
        "boxes at {} {}": "{} 到港电池箱（第{}级）",
        "ships of the line": "船舶",
        "boxes aboard": "船载电池箱",
    }
    kind: Literal["ship_line"]
    vessel: Vessel = Field(description="the ships, all alike")
    box: Box = Field(default_factory=Box, description="the boxes, as those of the ports")
    home: str = Field(description="port where round trips begin and end")
    legs: list[Way] = Field(min_length=1, description="from home, port after port")
    returns: bool = Field(True, description="true: back the same way, the current turned round")
    home_stay: Hours = Field(4.0, ge=0, description="at home in each trip, but for boxes")
    swaps: list[str] = Field(min_length=1, description="box ports of the plant on the way")
    ships: int = Field(1, ge=1, description="ships in service")
    per_week: Rate = Field(gt=0, description="round trips begun in a week, evenly apart")
    first: Hours = Field(
        6.0, ge=0, lt=WEEK, description="first departure, from Monday 0:00 of the plant's clock"
    )
    slack: Fraction = Field(0.05, lt=1, description="share of a round trip's time kept free")
    reserve: Fraction = Field(0.1, lt=1, description="share of the charge aboard never planned")
    lift: Hours = Field(1.0 / 6.0, gt=0, description="to exchange one box; up to 10 min")
    handling: Money = Field(100.0, ge=0, description="weighed for each box exchanged; in no purse")
    energy_price: EnergyPrice = Field(
        600.0, gt=0, description="weighed for energy when the voyage is planned; in no purse"
    )
    diesel: Diesel = Field(default_factory=Diesel, description="the ship they replace")
    ship_price: Money = Field(0.0, ge=0, description="purchase of a ship without boxes")
    ship_upkeep: YearlyMoney = Field(0.0, description="fixed cost of a ship and year, crew too")
    life: Years = Field(25.0, ge=1, description="years until a ship is replaced")
    box_price: Annotated[float, Quantity("money/MWh", ge=0)] = Field(
        0.0, description="purchase of the boxes aboard per MWh on the plate; 1.0…1.3 CNY/Wh"
    )
    box_life: Years = Field(10.0, ge=1, description="years until boxes are replaced")
    freight: FreightPrice = Field(0.0, description="earned per t·km of cargo")

    @model_validator(mode="after")
    def _a_round_trip(self) -> ShipLine:
        ports = [self.home, *(leg.to for leg in self.legs)]
        message = ""
        if not self.returns and ports[-1] != self.home:
            message = f"the last leg ends at '{ports[-1]}'; with returns: false it must end at "
            message += f"home, '{self.home}'"
        elif self.returns and ports[-1] == self.home:
            message = "the legs come home already; write returns: false"
        elif any(here == there for here, there in pairwise(ports)):
            message = "a leg ends where it begins; name the next port"
        elif missing := [port for port in self.swaps if port not in ports]:
            message = f"'swaps' names '{missing[0]}', which is not on the way: {', '.join(ports)}"
        elif self.freight and not self.vessel.cargo:
            message = "'freight' is earned by the 'cargo' of the vessel; give it too, or leave out "
            message += "'freight'"
        if message:
            raise ValueError(message)
        return self

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Swap ports that are no box ports, or have other boxes."""
        ports = [name for name, asset in assets.items() if isinstance(asset, BoxPort)]
        for name, line in assets.items():
            if not isinstance(line, cls):
                continue
            for place in line.swaps:
                port = assets.get(place)
                if port is None:
                    continue  # it may be there and broken; if it is not, `describe` says so
                if not isinstance(port, BoxPort):
                    yield name, _no_port(place, ports)
                elif port.box != line.box:
                    what = f"its boxes ({_said(line.box)}) are not those of the port '{place}' "
                    what += f"({_said(port.box)})"
                    yield name, Problem(what, instead="write the same 'box' for both")

    @property
    def round_trip(self) -> RoundTrip:
        """The voyage to be planned."""
        from zeroplant.transport.voyage import Leg, RoundTrip

        ways = [
            (leg.to, leg.length / 1000.0, leg.current, leg.limit or np.inf, leg.stay)
            for leg in self.legs
        ]
        legs, here, stay = [], self.home, self.home_stay
        for to, km, current, limit, then in ways:
            legs.append(Leg(here, to, km, current, limit, stay))
            here, stay = to, then
        if self.returns:
            back = [self.home, *(way[0] for way in ways)]
            for place in range(len(ways) - 1, -1, -1):
                to, km, current, limit, _ = ways[place]
                legs.append(Leg(to, back[place], km, -current, limit, stay))
                stay = ways[place - 1][4] if place else 0.0
        return RoundTrip(
            propulsion=self.vessel.propulsion,
            legs=tuple(legs),
            slowest=self.vessel.slowest,
            fastest=self.vessel.fastest,
            window=self.ships * WEEK / self.per_week * (1.0 - self.slack),
            boxes=self.vessel.boxes,
            energy=self.box.usable,
            swaps=frozenset(self.swaps),
            reserve=self.reserve,
            lift=self.lift,
            handling=self.handling,
            price=self.energy_price,
        )

    @property
    def voyage(self) -> Voyage:
        """The planned voyage. Raises InputError where it cannot be made."""
        from zeroplant.transport.voyage import sail

        return sail(self.round_trip)

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Boxes that come to the ports, by class of charge; ships, boxes aboard, and freight."""
        for port in dict.fromkeys(self.swaps):
            classes = sum(node.name.startswith(f"{port}.arrivals ") for node in plant.network.nodes)
            if not classes:
                raise InputError(_no_port(port, []))
            for k, rate in enumerate(self.boxes_at(port, PackClasses(classes, 0.0, 1.0), plant)):
                if rate.any():
                    node = plant.node(f"{port}.arrivals {k}")
                    plant.flow(f"boxes at {port} {k}", give=node, fixed=rate, unit="1/h")
        ships, energy = Affine(float(self.ships)), self.box.energy * self.vessel.boxes
        years = plant.axis.years
        plant.invest("ships of the line", ships, self.ship_price, upkeep=self.ship_upkeep,
                     life=self.life, asset_class="machinery", unit="1")  # fmt: skip
        plant.invest("boxes aboard", ships * energy, self.box_price, life=self.box_life,
                     asset_class="battery", unit="MWh")  # fmt: skip
        if self.freight:
            done = self._yearly(self.vessel.cargo * self.voyage.km) * years
            plant.line("freight", done, self.freight, unit="t·km", kind="revenue", to="shippers")

    def boxes_at(self, port: str, classes: PackClasses, plant: Scope) -> Floats:
        """Boxes an hour that ships bring to a port, by class and stage, shape (classes, stages)."""
        voyage, table = self.voyage, Timetable(self.per_week, self.first)
        rates = np.zeros((classes.count, plant.axis.stages))
        for place, leg in enumerate(voyage.trip.legs):
            count = int(voyage.exchanged[place])
            if leg.start != port or not count:
                continue
            shares = classes.shares(voyage.left_in(place)).mean(axis=0)
            busy = table.busy(plant.axis, voyage.begins[place], count * self.lift)
            rates += np.multiply.outer(shares, busy / self.lift)
        return rates

    def _yearly(self, per_trip: float) -> float:
        return per_trip * self.per_week * HOURS_PER_YEAR / WEEK

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """Energy by way and freight, speeds, boxes, and what a diesel ship would burn."""
        voyage, vessel = self.voyage, self.vessel
        energy, under_way = float(voyage.energy.sum()), float(voyage.hours.sum())
        diesel = DieselShip(self.diesel.main, self.diesel.auxiliary, self.diesel.carbon)
        fuel = diesel.fuel(vessel.propulsion, energy, under_way)
        yield Finding("energy_per_km", 1000.0 * energy / voyage.km, "kWh/km",
                      ("electricity per km, from the boxes", "单位航程电耗（电池侧）"))  # fmt: skip
        yield Finding("mean_speed", voyage.km / under_way, "km/h",
                      ("mean speed over ground", "平均对地航速"))  # fmt: skip
        yield Finding("round_trip_hours", voyage.takes, "h", ("round trip", "往返时间"))
        yield Finding("boxes_per_trip", float(voyage.exchanged.sum()), "",
                      ("boxes exchanged per round trip", "每往返换箱数"))  # fmt: skip
        if vessel.cargo:
            yield Finding("energy_per_tkm", 1000.0 * energy / voyage.km / vessel.cargo, "kWh/t·km",
                          ("electricity per t·km", "单位货运周转量电耗"))  # fmt: skip
            yield Finding("freight_work", self._yearly(vessel.cargo * voyage.km), "t·km/a",
                          ("freight work a year", "年货运周转量"))  # fmt: skip
        note = (
            "a diesel ship at the same speeds; the power's own emissions are counted at its source",
            "按同航速柴油船计；电力排放在电源侧计入",
        )
        yield Finding("fuel_displaced", self._yearly(fuel), "t/a",
                      ("fuel displaced a year", "年替代燃油"), note)  # fmt: skip
        yield Finding("co2_displaced", self._yearly(fuel) * self.diesel.carbon, "tCO2/a",
                      ("CO2 of that fuel", "对应燃油碳排放"), note)  # fmt: skip


def _no_port(name: str, ports: list[str]) -> Problem:
    what = f"'swaps' names '{name}', which is no box port of the plant"
    return Problem(what, instead=f"write one of: {', '.join(ports)}" if ports else "add a box_port")


def _said(box: Box) -> str:
    return f"{box.energy:g} MWh, {box.soc_min:g} to {box.soc_max:g}"
