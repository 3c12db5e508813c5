"""Matching what a converter takes with what green sources make, within each hour, day, month, year.

A kilowatt-hour is claimed once: converters that match with the same sources share them, under
one rule for all of them. Other users have no claim on the named sources, whatever they draw: who
sells green power to them as well must leave the sources of that power out here. A battery among
the sources moves energy between periods: what it discharges counts, what it charges is taken
away, so its losses are covered too.

EU hydrogen (Delegated Regulation (EU) 2023/1184, article 6): within the calendar month to the end
of 2029, within the hour from 2030, which the rule pack ``eu-rfnbo-hydrogen`` holds as data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from zeroplant.assets.base import AssetName
from zeroplant.axis import Axis, Span
from zeroplant.errors import InputError, Problem
from zeroplant.rules import load
from zeroplant.units import EnergyPrice
from zeroplant.waist import Affine, Network, Node, Scope, total_of
from zeroplant.waist.linear import Value

Within = Literal["hour", "day", "month", "year"]

HOURS: dict[Within, float] = {"hour": 1.0, "day": 24.0, "month": 730.0, "year": 8760.0}
BREACH = 4000.0
"""Default price of energy that is not matched, money per MWh: that of a broken rule."""


class Green(BaseModel):
    """Electricity that must be matched by green generation in the same span of time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    within: Within | None = Field(
        None, description="span in which both must meet: hour, day, month or year; or give pack"
    )
    pack: str | None = Field(
        None, description="rule pack that sets the span by the plan's year: eu-rfnbo-hydrogen"
    )
    sources: tuple[AssetName, ...] = Field(
        (),
        description="assets whose generation counts (batteries: what they move); all renewable "
        "ones if left out",
    )
    year: int | None = Field(None, description="year of the pack's figures; the plan's first")
    breach: EnergyPrice = Field(BREACH, gt=0, description="price of each MWh that is not matched")

    @field_validator("pack")
    @classmethod
    def _sets_a_span(cls, name: str | None) -> str | None:
        if name is not None:
            pack = load(name)
            if "matching_hours" not in pack.parameters:
                message = f"the rule pack '{name}' does not say within which span to match"
                raise ValueError(Problem(message, instead="write within: hour, or another pack"))
        return name

    def model_post_init(self, context: object, /) -> None:
        """One of the two says the span."""
        if (self.within is None) == (self.pack is None):
            message = "give either 'within' or 'pack'"
            raise ValueError(message)

    def span(self, axis: Axis) -> Within:
        """The span in which both must meet."""
        if self.within is not None:
            return self.within
        assert self.pack is not None
        pack = load(self.pack).model_copy(update={"year": self.year or axis.year})
        hours = pack.figure("matching_hours")
        return next(span for span, longest in HOURS.items() if hours <= longest)

    @property
    def tag(self) -> str:
        """What the flows of all converters that share these sources are marked by."""
        said = self.within or f"{self.pack} {self.year or ''}".strip()
        return f"green within {said} from {', '.join(sorted(self.sources)) or 'all'}"

    def lay(self, plant: Scope) -> None:
        """The rule for all converters of these sources; declared by the first of them."""
        claims = [flow for flow in plant.network.flows if self.tag in flow.tags]
        if claims[0].who != plant.who:
            return
        claimed = total_of(flow * _electric(flow.take) for flow in claims)
        over = _over(self.span(plant.axis), plant.axis)
        plant.budget(
            "green electricity",
            claimed - made_by(plant.network, self.sources),
            at_most=0.0,
            over=over,
            breach=self.breach,
            unit="MW" if over == "period" else "MWh",
        )


def made_by(network: Network, sources: Collection[str] = ()) -> Affine:
    """Green electricity of some assets, MW: generation, green imports, and what batteries move.

    Without names it is all renewable generation of the plant. InputError names a source that
    makes none.
    """
    generation = network.flows_of("generation", "renewable")
    if not sources:
        return total_of(flow * _electric(flow.give) for flow in generation)
    givers = [*generation, *network.flows_of("import", "green"), *network.flows_of("discharge")]
    parts: list[Affine] = []
    for source in sources:
        own = [flow for flow in givers if flow.who == source and np.any(_electric(flow.give))]
        given = [flow * _electric(flow.give) for flow in own]
        if not given:
            what = f"green.sources: '{source}' makes no green electricity"
            instead = "name wind, solar, hydro, a grid with 'green_premium', or a battery"
            raise InputError(Problem(what, instead=instead))
        charged = [f for f in network.flows_of("charge") if f.who == source]
        parts += [*given, *(flow * -_electric(flow.take) for flow in charged)]
    return total_of(parts)


def problems_of(green: Mapping[str, Green | None]) -> Iterator[tuple[str, Problem]]:
    """Sources that two converters claim in different ways."""
    wanting = {name: wish for name, wish in green.items() if wish is not None}
    names = list(wanting)
    for place, name in enumerate(names):
        for other in names[:place]:
            mine, theirs = wanting[name], wanting[other]
            free = mine.sources and theirs.sources
            disjoint = free and not set(mine.sources) & set(theirs.sources)
            if mine.tag != theirs.tag and not disjoint:
                what = f"it claims green sources that '{other}' claims in another way"
                instead = "give both the same sources and span, or sources of their own"
                yield name, Problem(what, instead=instead)
                break


def _over(within: Within, axis: Axis) -> Span:
    """The span of a budget; an hour of one period is that period, which costs the least."""
    if within == "hour":
        return "period" if axis.hours >= 1.0 else "hour"
    return "chain" if within == "year" else within


def _electric(nodes: Mapping[Node, Value]) -> Value:
    """Coefficient at nodes of electricity."""
    return sum((value for node, value in nodes.items() if node.carrier == "electricity"), 0.0)
