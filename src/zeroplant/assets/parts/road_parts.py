"""What a road in a plant file is made of: places, segments, trucks, and who drives where."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.errors import Problem
from zeroplant.transport import traffic
from zeroplant.transport.arrivals import Pack
from zeroplant.transport.road import Segment
from zeroplant.transport.traffic import Shape
from zeroplant.transport.truck import Truck
from zeroplant.units import (
    Energy,
    Fraction,
    Hours,
    Length,
    Mass,
    Money,
    Power,
    Quantity,
    Rate,
    Speed,
)

Area = Annotated[float, Quantity("m2")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """A place on the road: a junction, a port, a service area."""

    altitude: Length = Field(0.0, description="height above the sea")
    candidate: bool = Field(
        False, description="true where a swap station may stand, for 'zeroplant siting'"
    )
    site_cost: Money = Field(
        4.0e6, ge=0, description="a station there without lanes, packs and chargers; 3…5 M CNY"
    )


class Stretch(_Part):
    """A segment of road between two places, driven both ways."""

    from_: str = Field(alias="from", description="place at one end")
    to: str = Field(description="place at the other end")
    length: Length = Field(gt=0, description="length of the road")
    speed: Speed = Field(70 / 3.6, gt=0, description="speed of trucks; 60…80 km/h")
    altitudes: list[Length] | None = Field(
        None,
        description="heights at equal distances from one end to the other, both ends among them; "
        "left out, it rises evenly between the heights of its places",
    )
    tunnels: Length = Field(0.0, ge=0, description="how much of it is in tunnels; reported only")

    @model_validator(mode="after")
    def _possible(self) -> Stretch:
        problem = None
        if self.altitudes is not None and len(self.altitudes) < 2:
            problem = Problem("'altitudes' holds fewer than two heights", instead="give both ends")
        elif self.tunnels > self.length:
            problem = Problem("'tunnels' is longer than the segment", instead="write its share")
        if problem is not None:
            raise ValueError(problem)
        return self

    @property
    def ends(self) -> str:
        """Which segment it is, for messages."""
        return f"the segment from '{self.from_}' to '{self.to}'"

    def between(self, start: float, end: float) -> Segment:
        """The segment, with its places at these heights [m]."""
        heights = tuple(self.altitudes or (start, end))
        return Segment(self.from_, self.to, self.length, self.speed, heights, self.tunnels)


class TruckClass(_Part):
    """A class of electric trucks, and the battery pack it swaps."""

    empty: Mass = Field(18.0, gt=0, description="mass without a load, pack included; 16…20 t")
    loaded: Mass = Field(49.0, gt=0, description="mass with a load; 49 t is the limit in China")
    pack: str = Field(description="family of packs it takes, as its stations name it")
    energy: Energy = Field(gt=0, description="energy of its pack; 141…600 kWh")
    full: Fraction = Field(0.95, gt=0, description="state of charge with which it leaves a station")
    reserve: Fraction = Field(0.15, description="state of charge it does not go below")
    rolling: Rate = Field(0.006, gt=0, description="rolling resistance; 0.0055…0.007")
    drag: Area = Field(6.5, gt=0, description="drag coefficient times front area; 6…7 m2")
    efficiency: Fraction = Field(0.88, gt=0, description="from the battery to the wheels")
    regeneration: Fraction = Field(
        0.65, description="share of braking energy that returns to the battery; 0.6…0.7"
    )
    auxiliary: Power = Field(0.003, ge=0, description="power of everything but driving; 3 kW")
    motor: Power = Field(
        0.36, gt=0, description="power at the wheels: slower uphill, and most it regenerates"
    )

    @model_validator(mode="after")
    def _in_order(self) -> TruckClass:
        problem = None
        if self.loaded < self.empty:
            what = f"'loaded' {self.loaded:g} t is less than 'empty' {self.empty:g} t"
            problem = Problem(what, instead="write the whole mass of truck and load")
        elif self.reserve >= self.full:
            what = f"'reserve' {self.reserve:g} is not below 'full' {self.full:g}"
            problem = Problem(what, instead="write 0.15 and 0.95, for example")
        if problem is not None:
            raise ValueError(problem)
        return self

    @property
    def truck(self) -> Truck:
        """What decides its consumption."""
        return Truck(
            self.rolling,
            self.drag,
            self.efficiency,
            self.regeneration,
            self.auxiliary,
            self.motor,
        )

    @property
    def battery(self) -> Pack:
        """Its pack."""
        return Pack(self.energy, self.full, self.reserve)


class Trips(_Part):
    """Trucks that drive from one place to another, and usually back."""

    from_: str = Field(alias="from", description="place where they set out")
    to: str = Field(description="place where they go")
    truck: str = Field(description="class of the trucks")
    trucks: Rate = Field(ge=0, description="trucks that set out on a mean day, of any drive")
    electric: Fraction = Field(1.0, description="share of them that are electric")
    loaded: Fraction = Field(1.0, description="share with a load on the way there")
    loaded_back: Fraction = Field(0.0, description="share with a load on the way back")
    one_way: bool = Field(
        False,
        description="true: they come onto the road with a full pack and leave it at 'to'; else "
        "they drive back and forth for ever, and all their energy comes from the stations",
    )
    turnaround: Hours = Field(2.0, ge=0, description="hours at 'to' before they drive back")

    @model_validator(mode="after")
    def _two_ends(self) -> Trips:
        if self.from_ == self.to:
            what = f"trips begin and end at '{self.to}'"
            raise ValueError(Problem(what, instead="name two different places"))
        return self

    @property
    def way(self) -> str:
        """Which trips these are, for messages."""
        if self.one_way:
            return f"the way of '{self.truck}' from '{self.from_}' to '{self.to}'"
        return f"the round trip of '{self.truck}' between '{self.from_}' and '{self.to}'"


class Course(_Part):
    """When trucks set out: the course of a day and of a week; only proportions count."""

    workday: list[Rate] | None = Field(
        None, description="24 figures from midnight; left out, those of an expressway"
    )
    weekend: list[Rate] | None = Field(
        None, description="24 figures from midnight; left out, those of an expressway"
    )
    weekdays: list[Rate] | None = Field(
        None, description="7 figures from Monday; left out, those of an expressway"
    )
    holidays: Rate = Field(
        traffic.HOLIDAYS, ge=0, description="trucks on public holidays over those of a usual day"
    )

    @model_validator(mode="after")
    def _whole(self) -> Course:
        for name, count in (("workday", 24), ("weekend", 24), ("weekdays", 7)):
            figures = getattr(self, name)
            what = ""
            if figures is None:
                continue
            if len(figures) != count:
                what = f"'{name}' holds {len(figures)} figures, not {count}"
            elif min(figures) < 0 or sum(figures) <= 0:
                what = f"'{name}' holds a negative figure, or nothing but zeros"
            if what:
                instead = f"give {count} shares or counts, none below 0"
                raise ValueError(Problem(what, instead=instead))
        return self

    @property
    def shape(self) -> Shape:
        """The course as factors over time."""
        return Shape(
            tuple(self.workday or traffic.WORKDAY),
            tuple(self.weekend or traffic.WEEKEND),
            tuple(self.weekdays or traffic.WEEKDAYS),
            self.holidays,
        )
