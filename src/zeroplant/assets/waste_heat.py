"""Waste heat: streams that must be cooled or heated, and what of their heat can be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.assets.base import Asset, Bought, HeatNode
from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis, Floats
from zeroplant.series import FractionProfile
from zeroplant.thermal.pinch import Cascade, Streams, cascade
from zeroplant.thermal.recovery import Band, cells, moved, spread
from zeroplant.units import EnergyPrice, Power, PowerCapacity, Quantity, SizeRange, Temperature
from zeroplant.waist import Affine, Flow, Node, Scope, total_of
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site

Kelvin = Annotated[float, Quantity("K", ge=0, le=100)]
UNHEATED_PRICE = 20_000.0
"""Default price of heat that a cold stream lacks, CNY/MWh: the same as that of unserved energy."""


OWN = ("rejected", "unheated")
"""Names of the asset's own flows, beside which streams are named."""


class Stream(BaseModel):
    """A stream of constant heat capacity that must be cooled, or heated, between two temperatures.

    One that condenses or boils has a small difference, such as 100 degC to 99.9 degC.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Temperature = Field(alias="from", description="temperature it comes with")
    to: Temperature = Field(description="temperature it must be brought to")
    heat: Power = Field(gt=0, description="heat it gives or takes on the way when it is there")
    presence: FractionProfile | None = Field(
        None, description="share of it that is there, over time; always all if left out"
    )

    @model_validator(mode="after")
    def _hot_or_cold(self) -> Stream:
        if self.from_ == self.to:
            message = (
                f"it comes and leaves with {self.to:g} degC; for one that condenses write "
                f"'to: {self.to - 0.1:g} degC', for one that boils 'to: {self.to + 0.1:g} degC'"
            )
            raise ValueError(message)
        return self

    @property
    def hot(self) -> bool:
        """Whether it gives heat."""
        return self.from_ > self.to

    def duty(self, axis: Axis) -> Floats:
        """Heat in each stage, MW, shape (stages,)."""
        there = 1.0 if self.presence is None else self.presence.on(axis)
        return self.heat * axis.full(there)


class HeatLevel(BaseModel):
    """A node of heat and the temperatures between which its water is heated or cools."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    node: HeatNode = Field(description="node of heat")
    supply: Temperature = Field(description="temperature of its supply")
    return_: Temperature | None = Field(
        None, alias="return", description="temperature of its return; left out: that of the supply"
    )

    @model_validator(mode="after")
    def _supply_is_warmer(self) -> HeatLevel:
        if self.return_ is not None and self.return_ > self.supply:
            message = f"'return' {self.return_:g} degC is above 'supply' {self.supply:g} degC"
            raise ValueError(message)
        return self

    def band(self, approach: float, *, gives: bool) -> Band:
        """Its temperatures in the cascade."""
        back = self.supply if self.return_ is None else self.return_
        return moved(self.supply, back, approach, gives=gives)


class Outlet(HeatLevel):
    """A node of heat that is fed from hot streams, and the rating of the exchanger."""

    power: PowerCapacity = Field(SizeRange(), description="rating of the exchanger; free to choose")


class WasteHeat(Asset, Bought):
    """Streams of a works, which heat each other and the park's heat nodes where hot enough.

    In every period heat passes down a cascade of temperatures, from hot streams to cold ones and
    to the nodes in ``feeds``, always over at least the temperature difference ``approach``
    (transshipment model of Papoulias and Grossmann, 1983). Where all streams are always there,
    this is the target of pinch analysis. Heat too cold for a node may feed one of a lower
    temperature, from which a heat pump lifts it. What cold streams still lack comes from
    ``heated_by``, or is unheated at a price; what is left of the hot streams is rejected. Heat
    is not kept from one period to the next: connect a thermal store to a node that is fed.

    ``capex`` and ``upkeep`` are those of heat exchangers, per MW: on every feed, and between
    streams on the highest heat that cold streams get by recovery. The network of exchangers
    itself, their number and area, is not designed.
    """

    title: ClassVar = ("Waste heat", "余热")
    chinese: ClassVar[Mapping[str, str]] = {
        "streams": "物流",
        "feeds": "供热出口",
        "heated_by": "补充热源",
        "streams.from": "来流温度",
        "streams.to": "目标温度",
        "streams.heat": "热负荷",
        "streams.presence": "在线率",
        "feeds.node": "受热节点",
        "feeds.supply": "供水温度",
        "feeds.return": "回水温度",
        "feeds.power": "换热器功率",
        "heated_by.node": "热源节点",
        "heated_by.supply": "热源供水温度",
        "heated_by.return": "热源回水温度",
        "approach": "最小传热温差",
        "recovery": "物流间换热器功率",
        "rejection": "散热成本",
        "unheated": "缺热",
        "rejected": "排放热量",
        "rejection of heat": "散热",
        "unheated streams": "物流缺热",
        "heat exchangers": "换热器",
    }
    kind: Literal["waste_heat"]
    streams: dict[str, Stream] = Field(min_length=1, description="hot and cold streams, by name")
    feeds: list[Outlet] = Field([], description="nodes of heat that hot streams may feed")
    heated_by: list[HeatLevel] = Field([], description="nodes of heat that help cold streams")
    approach: Kelvin = Field(10.0, description="least temperature difference over an exchanger")
    recovery: PowerCapacity = Field(
        SizeRange(), description="most heat that streams give each other; free to choose"
    )
    rejection: EnergyPrice = Field(0.0, ge=0, description="cost per MWh of heat rejected")
    unheated: EnergyPrice = Field(
        UNHEATED_PRICE, gt=0, description="price of heat that cold streams lack; in no purse"
    )

    @model_validator(mode="after")
    def _somebody_gives_and_takes(self) -> WasteHeat:
        message = ""
        hot = [stream for stream in self.streams.values() if stream.hot]
        if not hot and not self.heated_by:
            message = "no stream is hot and nothing else heats; add one, or 'heated_by'"
        elif len(hot) == len(self.streams) and not self.feeds:
            message = "all streams are hot and nobody takes their heat; add 'feeds'"
        if node := _twice(self.feeds):
            message = f"'feeds' names '{node}' twice; keep one of them"
        if node := _twice(self.heated_by):
            message = (
                f"'heated_by' names '{node}' twice; keep the hotter, whose heat also serves "
                "colder streams"
            )
        own = {*OWN, *(f"→ {feed.node}" for feed in self.feeds)}
        own |= {f"{level.node} →" for level in self.heated_by}
        for name in self.streams:
            if name in own:
                message = f"a stream cannot be called '{name}'; name it after where it comes from"
        if message:
            raise ValueError(message)
        for feed in self.feeds:
            self._hot_enough(feed)
        return self

    def _hot_enough(self, feed: Outlet) -> None:
        """Refuse a feed that no stream and no helper can bring to its temperature."""
        sources = [stream.from_ for stream in self.streams.values() if stream.hot]
        sources += [level.supply for level in self.heated_by]
        hottest = max(sources)
        if feed.supply + self.approach > hottest:
            message = (
                f"feeding '{feed.node}' at {feed.supply:g} degC takes heat of "
                f"{feed.supply + self.approach:g} degC, and the hottest has {hottest:g} degC; "
                "feed a node of a lower temperature and lift its heat by a heat_pump"
            )
            raise ValueError(message)

    def describe(self, plant: Scope, site: Site | None) -> None:
        """A cascade of cells: streams fill and draw, heat passes down, the rest is rejected."""
        edges = cells(list(self._bands))
        nodes = [
            plant.own_node(f"{top:g}…{bottom:g} °C", carrier="waste heat", unit="MW")
            for top, bottom in pairwise(edges)
        ]

        def of(band: Band) -> dict[Node, float]:
            shares = zip(nodes, spread(band, edges), strict=True)
            return {node: float(share) for node, share in shares if share > 0}

        for name, stream in self.streams.items():
            band = moved(stream.from_, stream.to, self.approach, gives=stream.hot)
            side = "give" if stream.hot else "take"
            duty = stream.duty(plant.axis)
            tags = {"stream", "waste heat"} if stream.hot else {"stream"}
            plant.flow(name, **{side: of(band)}, fixed=duty, tags=tags)
        for place, edge in enumerate(edges[1:-1]):
            plant.flow(f"↓ {edge:g} °C", take=nodes[place], give=nodes[place + 1])
        rejected = plant.flow("rejected", take=nodes[-1], tags={"waste heat", "rejected"})
        if self.rejection:
            plant.line("rejection of heat", rejected, self.rejection)
        helped = []
        for level in self.heated_by:
            band, node = level.band(self.approach, gives=True), plant.node(level.node)
            help_ = plant.flow(f"{level.node} →", take=node, give=of(band), role="conversion")
            helped.append(help_)
        ratings = [self._feed(plant, feed, of(feed.band(self.approach, gives=False)))
                   for feed in self.feeds]  # fmt: skip
        if any(not stream.hot for stream in self.streams.values()):
            lacking = plant.flow("unheated", give=nodes[0], role="unserved")
            plant.line("unheated streams", lacking, self.unheated, kind="penalty")
            ratings += self._between_streams(plant, [*helped, lacking])
        self.buy(plant, "heat exchangers", total_of(ratings))

    @property
    def _bands(self) -> Iterator[Band]:
        for stream in self.streams.values():
            yield moved(stream.from_, stream.to, self.approach, gives=stream.hot)
        for feed in self.feeds:
            yield feed.band(self.approach, gives=False)
        for level in self.heated_by:
            yield level.band(self.approach, gives=True)

    def _feed(self, plant: Scope, feed: Outlet, taken: Mapping[Node, float]) -> Affine:
        """Heat from the cascade to a node; returns the rating of its exchanger."""
        name = f"→ {feed.node}"
        rating = plant.capacity(name, feed.power)
        node = plant.node(feed.node)
        plant.flow(name, take=dict(taken), give=node, cap=rating, role="conversion")
        return rating

    def _between_streams(self, plant: Scope, helped: list[Flow]) -> list[Affine]:
        """The rating of exchangers between streams, where it costs or is limited."""
        free = self.recovery == SizeRange() and not (self.overnight or self.upkeep)
        if free or not any(stream.hot for stream in self.streams.values()):
            return []
        rating = plant.capacity("recovery", self.recovery)
        cold = self._duty(plant.axis, hot=False)
        own = cold - total_of(helped) - rating
        plant.budget("recovery", own, at_most=0.0, over="period", unit="MW")
        return [rating]

    def _duty(self, axis: Axis, *, hot: bool) -> Floats:
        """Heat of all hot or all cold streams in each stage, MW, shape (stages,)."""
        found = [s.duty(axis) for s in self.streams.values() if s.hot == hot]
        return np.sum(found, axis=0) if found else np.zeros(axis.stages)

    @cached_property
    def design(self) -> Cascade:
        """The pinch analysis of the streams alone, all of them there."""
        return cascade(self._streams(np.array([s.heat for s in self.streams.values()])))

    def _streams(self, duty: Floats) -> Streams:
        starts = np.array([stream.from_ for stream in self.streams.values()])
        ends = np.array([stream.to for stream in self.streams.values()])
        return Streams(starts, ends, duty, self.approach)

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What could be recovered in a year and what is, the pinch, utilities before and after."""
        axis, years = plant.axis, plant.axis.years
        hot, cold = (axis.total(self._duty(axis, hot=side)) / years for side in (True, False))
        rejected = solution.total(plant.flow_named("rejected")) / years
        helpers = [plant.flow_named(f"{level.node} →") for level in self.heated_by]
        note = ("all heat that the hot streams give", "热物流放出的全部热量")
        yield Finding("recoverable", hot, "MWh/a", ("Recoverable waste heat", "可回收余热"), note)
        yield Finding("recovered", hot - rejected, "MWh/a", ("Recovered waste heat", "已回收余热"))
        if hot > 0:
            title = ("Share of waste heat used", "余热利用率")
            yield Finding("share_used", (hot - rejected) / hot, "1", title)
        title = ("Cooling of streams without recovery", "无回收时冷却量")
        yield Finding("cooling_before", hot, "MWh/a", title)
        yield Finding("cooling_after", rejected, "MWh/a", ("Cooling with recovery", "回收后冷却量"))
        if cold > 0:
            lacking = plant.flow_named("unheated")
            helped = solution.total(total_of([*helpers, lacking])) / years
            helped = helped if helped > 1e-6 * cold else 0.0  # rounding of the solver
            duties = np.stack([s.duty(axis) for s in self.streams.values()], axis=-1)
            least = axis.total(cascade(self._streams(duties)).hot_utility) / years
            before = ("Heating of streams without recovery", "无回收时加热量")
            yield Finding("heating_before", cold, "MWh/a", before)
            after = ("Heating with recovery", "回收后加热量")
            yield Finding("heating_after", helped, "MWh/a", after)
            target = ("Least heating, pinch target", "最小加热量（夹点目标）")
            yield Finding("heating_target", least, "MWh/a", target)
        for place, temperature in enumerate(self.design.pinches):
            key = "pinch" if place == 0 else f"pinch_{place + 1}"
            note = (
                "middle between hot and cold streams, all there",
                "冷热物流中间温度，全部运行时",
            )
            yield Finding(key, temperature, "degC", ("Pinch temperature", "夹点温度"), note)


def _twice(levels: Sequence[HeatLevel]) -> str | None:
    """The first node, by its name, that is named twice."""
    nodes = [level.node for level in levels]
    return min((node for node in nodes if nodes.count(node) > 1), default=None)
