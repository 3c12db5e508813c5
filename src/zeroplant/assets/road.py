"""Road: electric trucks on a mountain expressway, and what they bring to its swap stations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from zeroplant.assets.base import Asset, SiteName
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.road_findings import findings_of
from zeroplant.assets.parts.road_match import problems_of
from zeroplant.assets.parts.road_parts import Course, Place, Stretch, Trips, TruckClass
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series import Constant, Profile, ProfileOf
from zeroplant.transport.arrivals import cold_factors
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.reach import Path
from zeroplant.transport.road import Roads, Route, Segment
from zeroplant.transport.stream import Driven, Stream
from zeroplant.transport.tour import tour
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

STEEPEST = 0.15
"""Expressways stay below 6 % and mountain roads below 10 % (JTG B01); more is a slip."""


class Road(Asset):
    """A road with electric trucks that swap their packs, and nothing of its own to decide.

    The trucks of each trip take the quickest way. What they draw per km follows from mass, grade,
    speed and air (C_rr, C_dA, η; 1.42 kWh/km for 49 t at 70 km/h on the flat), with regeneration
    downhill and, where a ``site`` gives the temperature, up to a fifth more at -10 °C. A truck
    swaps where what is left would not reach the next station with its reserve. So each station
    has its arrivals per hour, and how full the packs are that come in.

    ``stations`` puts swap stations of the plant at places of the road. Without any the road is a
    road to be planned: ``zeroplant siting`` finds where stations must stand.
    """

    title: ClassVar = ("Road with swap trucks", "换电重卡公路")
    leads: ClassVar = True
    chinese: ClassVar[Mapping[str, str]] = {
        "swap {}": "{} 换电车流",
        "places": "地点",
        "places.altitude": "海拔",
        "places.candidate": "候选站址",
        "places.site_cost": "站址固定投资",
        "segments": "路段",
        "segments.length": "长度",
        "segments.speed": "车速",
        "segments.altitudes": "沿线高程",
        "segments.tunnels": "隧道长度",
        "trucks": "车型",
        "trucks.empty": "空车质量",
        "trucks.loaded": "满载质量",
        "trucks.pack": "电池包型号",
        "trucks.energy": "电池包电量",
        "trucks.full": "出站荷电状态",
        "trucks.reserve": "保留荷电状态",
        "trucks.rolling": "滚动阻力系数",
        "trucks.drag": "风阻面积",
        "trucks.efficiency": "驱动效率",
        "trucks.regeneration": "制动回收率",
        "trucks.auxiliary": "辅助功率",
        "trucks.motor": "电机功率",
        "trips": "车流",
        "trips.truck": "车型",
        "trips.trucks": "日均发车数",
        "trips.electric": "电动车占比",
        "trips.loaded": "去程重载率",
        "trips.loaded_back": "返程重载率",
        "trips.one_way": "单程",
        "trips.turnaround": "折返停留时间",
        "stations": "换电站",
        "traffic": "车流倍数",
        "course": "车流时间分布",
        "course.workday": "工作日小时分布",
        "course.weekend": "周末小时分布",
        "course.weekdays": "一周分布",
        "course.holidays": "节假日系数",
    }
    kind: Literal["road"]
    site: SiteName | None = Field(None, description="site with its winter; mild if left out")
    places: dict[str, Place] = Field(min_length=2, description="places, by their names")
    segments: list[Stretch] = Field(min_length=1, description="road between two places each")
    trucks: dict[str, TruckClass] = Field(min_length=1, description="truck classes, by name")
    trips: list[Trips] = Field(min_length=1, description="who drives where")
    stations: dict[str, str] = Field(
        {}, description="swap stations of the plant, each with the place where it stands"
    )
    traffic: Annotated[Profile, ProfileOf("1", ge=0)] = Field(
        Constant(1.0), description="multiplies all trucks, over time if it is a series"
    )
    course: Course = Field(Course(), description="when trucks set out")

    _driven: list[Driven] = PrivateAttr(default_factory=list)

    @model_validator(mode="after")
    def _names(self) -> Road:
        """Places and trucks that are named must be there, and every trip have a way."""
        problems = list(self._unknown()) or list(self._walls()) or list(self._lost())
        if problems:
            raise InputError(problems)
        return self

    def _unknown(self) -> Iterator[Problem]:
        """Names of no place or truck class, each where it stands."""
        named: list[tuple[str, str, str]] = []
        for number, segment in enumerate(self.segments):
            named.append((f"segments.{number}.from", "place", segment.from_))
            named.append((f"segments.{number}.to", "place", segment.to))
        for number, trips in enumerate(self.trips):
            named.append((f"trips.{number}.from", "place", trips.from_))
            named.append((f"trips.{number}.to", "place", trips.to))
            named.append((f"trips.{number}.truck", "truck class", trips.truck))
        named += [(f"stations.{name}", "place", place) for name, place in self.stations.items()]
        known: dict[str, list[str]] = {
            "place": list(self.places),
            "truck class": list(self.trucks),
        }
        for where, what, name in named:
            if name not in known[what]:
                instead = suggestion(name, known[what])
                yield Problem(f"the road has no {what} '{name}'", where, instead)

    def _walls(self) -> Iterator[Problem]:
        """Heights that no truck climbs are a slip in a unit."""
        for number, segment in enumerate(self._segments()):
            steps = len(segment.altitudes) - 1
            steepest = max(np.abs(np.diff(segment.altitudes)) * steps / segment.length)
            if steepest > STEEPEST:
                what = f"{self.segments[number].ends} rises by {100 * steepest:.0f} %"
                instead = "check its length, and the altitudes of it and its places"
                yield Problem(what, f"segments.{number}", instead)

    def _lost(self) -> Iterator[Problem]:
        """Trips without a way."""
        for number, trips in enumerate(self.trips):
            try:
                self.route(trips)
            except InputError as error:
                yield from (problem.at(where=f"trips.{number}") for problem in error.problems)

    @property
    def needs_weather(self) -> bool:
        """Only with a site: its temperature."""
        return self.site is not None

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Stations that are none, packs that do not fit, and ways that cannot be driven."""
        for name, road in assets.items():
            if isinstance(road, cls):
                paths = [(path, truck) for path, truck, _, _ in road.paths()]
                for problem in problems_of(road.stations, paths, assets):
                    yield name, problem

    def describe(self, plant: Scope, site: Site | None) -> None:
        """One fixed flow into each station and pack family, spread over the classes of charge."""
        temperature = None if site is None else site.weather.temp_air
        self._driven = []
        found = self._arrivals(plant, temperature)
        for (station, family), packs in found.items():
            total = packs[:-1].sum(axis=0)
            share = packs / np.where(total > 0, total, 1.0)
            names = [f"arrivals {family} {number}" for number in range(len(packs) - 1)]
            names.append(f"lacking {family}")
            nodes = [
                plant.node(f"{station}.{name}")
                for name, each in zip(names, share, strict=True)
                if each.any()
            ]
            share = share[share.any(axis=1)]
            give = dict(zip(nodes, share, strict=True))
            many = sum(other == station for other, _ in found) > 1
            name = f"{station} {family}" if many else station
            plant.flow(name, give=give, fixed=total, unit="1/h")

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What was driven and taken, and how many trucks come to each station."""
        flows = [flow for flow in plant.network.flows if flow.who == plant.who]
        trucks = {flow.name.partition(".")[2]: solution.total(flow) for flow in flows}
        yield from findings_of(self._driven, trucks, plant.axis)

    @property
    def driven(self) -> list[Driven]:
        """Its trucks as they were driven when the plant was built, stream by stream."""
        return self._driven

    def route(self, trips: Trips) -> Route:
        """The way of trips. Raises InputError where there is none."""
        return Roads(list(self.places), self._segments()).route(trips.from_, trips.to)

    def paths(self) -> Iterator[tuple[Path, TruckClass, Trips, float]]:
        """Each trip with each load, and the share of its trucks that have it."""
        for trips in self.trips:
            truck = self.trucks[trips.truck]
            route, battery = self.route(trips), truck.battery
            backs = (0.0,) if trips.one_way else (0.0, 1.0)
            for there, back in product((1.0, 0.0), backs):
                share = _chance(trips.loaded, there)
                share *= 1.0 if trips.one_way else _chance(trips.loaded_back, back)
                if share > 0.0:
                    load = truck.loaded - truck.empty
                    driven = tour(
                        route,
                        truck.truck,
                        truck.empty,
                        cargo=load * there,
                        cargo_back=load * back,
                        ring=not trips.one_way,
                        turnaround=trips.turnaround,
                    )
                    number = trips.trucks * trips.electric * share
                    yield Path(trips.way, driven, battery, number), truck, trips, share

    def streams(self, axis: Axis, temperature: Floats | None) -> list[Stream]:
        """Trucks over time, each trip with each load by itself; air temperature in °C."""
        clock = self.course.shape.on(axis) * self.traffic.on(axis) / 24.0
        factors, cold = cold_factors(temperature, axis.stages)
        return [
            Stream(path, truck.pack, path.trucks * clock, factors, cold)
            for path, truck, _, _ in self.paths()
        ]

    def _arrivals(self, plant: Scope, temperature: Floats | None) -> dict[tuple[str, str], Floats]:
        """Packs by class and stage for each station and family; several at a place share alike.

        The last row is what packs below the lowest class lack to it, in packs per hour.
        """
        found: dict[tuple[str, str], Floats] = {}
        for stream in self.streams(plant.axis, temperature) if self.stations else []:
            fit = [name for name in self.stations if _class_count(plant, name, stream.family)]
            places = {self.stations[name] for name in fit}
            if stream.path.tour.ring and not places & set(stream.path.tour.places):
                what = f"on {stream.path.name} no station has packs '{stream.family}'"
                raise InputError(Problem(what, instead="put a swap station there"))
            driven = stream.driven(plant.axis, places)
            self._driven.append(driven)
            for station in fit:
                place = self.stations[station]
                sharing = sum(self.stations[other] == place for other in fit)
                pack = stream.path.pack
                count = _class_count(plant, station, stream.family)
                classes = PackClasses(count, pack.reserve, pack.full)
                lacking = driven.lacking(place, classes)
                packs = np.vstack([driven.at(place, classes), lacking]) / sharing
                key = (station, stream.family)
                found[key] = found[key] + packs if key in found else packs
        return found

    def _segments(self) -> list[Segment]:
        heights = {name: place.altitude for name, place in self.places.items()}
        return [each.between(heights[each.from_], heights[each.to]) for each in self.segments]


def _class_count(plant: Scope, station: str, family: str) -> int:
    """In how many classes of charge a station takes back packs of a family; 0 if it does not."""
    start = f"{station}.arrivals {family} "
    return sum(node.name.startswith(start) for node in plant.network.nodes)


def _chance(share: float, loaded: float) -> float:
    return share if loaded else 1.0 - share
