"""Device templates: what a type of device can be asked and told, as data.

What all protocols have in common stands here; each adds how a point is addressed on its wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.links.budget import Limits
from zeroplant.links.gauge import Gauge, Side
from zeroplant.links.heartbeat import Heartbeat
from zeroplant.links.link import Point
from zeroplant.links.measures import Seconds, amount, inside_unit, into_plant

LONGEST = 120
"""Characters of a name."""


def _point_name(name: str) -> str:
    sound = name == name.strip() and not name.startswith(".") and 0 < len(name) <= LONGEST
    if not sound:
        instead = "begin with a letter or a digit, without spaces at the ends"
        raise ValueError(Problem(f"'{name}' cannot be a point's name", instead=instead))
    return name


def _rating_name(name: str) -> str:
    if not name.isidentifier():
        instead = "use letters, digits and '_', and begin with a letter"
        raise ValueError(Problem(f"'{name}' cannot be a rating's name", instead=instead))
    return name


PointName = Annotated[str, AfterValidator(_point_name)]
"""Of a point: as the plant calls it behind the name of the asset, so ``charge`` or ``output``."""

RatingName = Annotated[str, AfterValidator(_rating_name)]
Bound = float | str


class Section(BaseModel):
    """A strict, immutable part of a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Section):
    """What it is, in English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class WriteBudget(Section):
    """How often the device may be written to, where nothing is urgent."""

    interval: Seconds = Field(0.0, ge=0, description="least time between two changes of a point")
    change: float = Field(
        0.001, ge=0, le=0.1, description="least change worth a write, as a share of the range"
    )


class Beat(Section):
    """Signs of life, both ways."""

    ours: PointName | None = Field(None, description="point into which we write a counter")
    theirs: PointName | None = Field(None, description="point that changes while the device works")
    every: Seconds = Field(5.0, gt=0, description="time between two of our beats")
    timeout: Seconds = Field(30.0, gt=0, description="silence after which the other side is dead")


class Target(Section):
    """Where a set-point is written, and what a number means there if not what is read."""

    unit: str | None = Field(None, description="unit of what is written, if not that of the point")
    scale: float | None = Field(None, description="what a written number is multiplied with")
    of: str | None = Field(None, description="the rating of which what is written is a share")

    @property
    def differs(self) -> bool:
        """Whether numbers mean something else than those that are read."""
        return (self.unit, self.scale, self.of) != (None, None, None)


class TemplatePoint(Section):
    """A quantity of the device. Its direction is in its name."""

    about: str = Field("", description="what it is, where its name does not say it")
    unit: str = Field("1", description="unit on the wire, such as kW, %, degC, 1")
    part: Side | None = Field(
        None, description="which side of a signed number this is: positive or negative"
    )
    scale: float = Field(1.0, description="what the number on the wire is multiplied with")
    of: str | None = Field(None, description="the rating that a share on the wire is a share of")
    offset: float = Field(0.0, description="what is added after scaling, in the unit on the wire")
    least: Bound = Field(0.0, description="least sane value: a quantity or the name of a rating")
    most: Bound = Field(..., description="most sane value: a quantity or the name of a rating")
    sets: Literal["limit", "target"] = Field(
        "target", description="whether a set-point is followed, or only not exceeded"
    )
    fallback: Bound | None = Field(
        None, description="what is written when a set-point lapses that the device would keep"
    )

    @property
    def target(self) -> Target | None:
        """Where it is set, if it can be."""
        return getattr(self, "write", None)

    @property
    def writable(self) -> bool:
        """Whether it can be set."""
        return self.target is not None

    @model_validator(mode="after")
    def _sound(self) -> TemplatePoint:
        inside_unit(self.unit)
        if self.scale == 0.0:
            raise ValueError(Problem("scale is zero", instead="write what a number is worth"))
        if getattr(self, "read", None) is None and not self.writable:
            instead = "say where it is read, or where it is written"
            raise ValueError(Problem("the point has neither 'read' nor 'write'", instead=instead))
        return self


P = TypeVar("P", bound=TemplatePoint)


class DeviceTemplate(Section, Generic[P]):
    """A type of device. ``ratings`` are what a particular device is said by, with defaults."""

    title: Title
    notes: list[str] = []
    every: Seconds = Field(4.0, gt=0, description="time between two polls")
    deadline: Seconds = Field(2.0, gt=0, description="longest that a poll may take")
    ratings: dict[RatingName, str] = Field({}, description="such as rating: 1 MW")
    budget: WriteBudget = WriteBudget()
    heartbeat: Beat = Beat()
    points: dict[PointName, P] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> DeviceTemplate[P]:
        problems = [*self._unknown_ratings(), *self._broken_heartbeat()]
        for name, point in self.points.items():
            if point.of is None or point.of in self.ratings:
                problems += self._wrong_bounds(name, point)
        if problems:
            raise InputError(problems)
        return self

    def _unknown_ratings(self) -> list[Problem]:
        problems = []
        for name, text in self.ratings.items():
            try:
                amount(text)
            except InputError as error:
                problems += [each.at(where=f"ratings.{name}") for each in error.problems]
        for name, point in self.points.items():
            told = None if point.target is None else point.target.of
            for where, rating in (
                (f"points.{name}.of", point.of),
                (f"points.{name}.write.of", told),
            ):
                if rating is not None and rating not in self.ratings:
                    what, instead = f"no rating '{rating}'", suggestion(rating, self.ratings)
                    problems.append(Problem(what, where=where, instead=instead))
        return problems

    def _broken_heartbeat(self) -> list[Problem]:
        problems = []
        for side, wanted in (("ours", "write"), ("theirs", "read")):
            name = getattr(self.heartbeat, side)
            if name is None:
                continue
            if getattr(self.points.get(name), wanted, None) is None:
                what = f"'{name}' is no point with '{wanted}'"
                problems.append(Problem(what, where=f"heartbeat.{side}"))
        return problems

    def _wrong_bounds(self, name: str, point: P) -> list[Problem]:
        problems = []
        known: dict[str, float] = {}
        target = point.target
        if target is not None and (target.of is None or target.of in self.ratings):
            try:
                self._told(point, Point(name, self.unit(point)), {})
            except InputError as error:
                problems += [each.at(where=f"points.{name}.write") for each in error.problems]
        for key in ("least", "most", "fallback"):
            bound = getattr(point, key)
            try:
                known[key] = 0.0 if bound is None else self.value(point, bound, {})
            except InputError as error:
                problems += [each.at(where=f"points.{name}.{key}") for each in error.problems]
        if not problems and known["least"] > known["most"]:
            what = f"least ({known['least']:g}) is more than most ({known['most']:g})"
            problems.append(Problem(what, where=f"points.{name}"))
        outside = point.fallback is not None and not problems
        if outside and not known["least"] <= known["fallback"] <= known["most"]:
            what = f"the fallback {known['fallback']:g} lies outside least to most"
            problems.append(Problem(what, where=f"points.{name}.fallback"))
        return problems

    def rating(self, name: str, ratings: Mapping[str, str | float]) -> tuple[float, str]:
        """A rating of a particular device in the plant's unit, and that unit. Raises InputError."""
        usual, unit = amount(self.ratings[name])
        given = ratings.get(name)
        if isinstance(given, str):
            value, measured = amount(given)
            if measured != unit:
                what = f"'{given}' is not measured in {unit}"
                raise InputError(Problem(what, where=f"ratings.{name}"))
            return value, unit
        return (usual if given is None else float(given)), unit

    def unit(self, point: P) -> str:
        """The plant's unit of a point."""
        return inside_unit(point.unit) if point.of is None else amount(self.ratings[point.of])[1]

    def _told(self, point: P, into: Point, ratings: Mapping[str, str | float]) -> Gauge | None:
        """What a written number means, if not what a read one does. Raises InputError."""
        target = point.target
        if target is None or not target.differs:
            return None
        unit, scale = target.unit or point.unit, target.scale or 1.0
        measured = inside_unit(unit) if target.of is None else amount(self.ratings[target.of])[1]
        if measured != into.unit:
            what = f"what is written is measured in {measured}, the point in {into.unit}"
            raise InputError(Problem(what))
        factor, shift = into_plant(unit)
        worth = 1.0 if target.of is None else self.rating(target.of, ratings)[0]
        return Gauge(into, scale * factor * worth, shift * worth, point.part)

    def value(self, point: P, bound: Bound, ratings: Mapping[str, str | float]) -> float:
        """A bound of a point in the plant's unit. Raises InputError."""
        wanted = self.unit(point)
        if isinstance(bound, (int, float)):
            if bound != 0.0 and isfinite(bound) and wanted != "1":
                instead = f"write it with its unit, such as '{bound:g} {wanted}'"
                raise InputError(Problem(f"'{bound:g}' has no unit", instead=instead))
            return float(bound)
        if bound in self.ratings:
            value, unit = self.rating(bound, ratings)
        elif bound.isidentifier():
            instead = suggestion(bound, self.ratings) or "write a quantity such as '2 MW'"
            raise InputError(Problem(f"no rating '{bound}'", instead=instead))
        else:
            value, unit = amount(bound)
        if unit != wanted:
            what = f"'{bound}' is measured in {unit}, the point in {wanted}"
            raise InputError(Problem(what))
        return value

    def gauges(self, device: str, ratings: Mapping[str, str | float]) -> dict[str, Gauge]:
        """Every point of a particular device, by its name in the template. Raises InputError."""
        unknown = [name for name in ratings if name not in self.ratings]
        if unknown:
            what, instead = f"no rating '{unknown[0]}'", suggestion(unknown[0], self.ratings)
            raise InputError(Problem(what, where="ratings", instead=instead))
        gauges = {}
        for name, each in self.points.items():
            factor, shift = into_plant(each.unit)
            worth = 1.0 if each.of is None else self.rating(each.of, ratings)[0]
            fallback = None if each.fallback is None else self.value(each, each.fallback, ratings)
            point = Point(
                f"{device}.{name}",
                self.unit(each),
                each.writable,
                self.value(each, each.least, ratings),
                self.value(each, each.most, ratings),
                fallback,
            )
            added = (each.offset * factor + shift) * worth
            told = self._told(each, point, ratings)
            gauges[name] = Gauge(point, each.scale * factor * worth, added, each.part, told)
        return gauges

    def limits(self) -> Limits:
        """The write budget of each point."""
        return Limits(self.budget.interval, self.budget.change)

    def beats(self, device: str) -> Heartbeat:
        """The heartbeat of a particular device."""
        beat = self.heartbeat
        ours, theirs = (f"{device}.{name}" if name else "" for name in (beat.ours, beat.theirs))
        return Heartbeat(ours, theirs, beat.every, beat.timeout)
