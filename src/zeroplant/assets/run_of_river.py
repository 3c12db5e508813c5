"""Run-of-river hydro: what the river brings passes at once, by turbine or over the weir."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from zeroplant.assets.parts import curves
from zeroplant.assets.parts.low_head import LowHead
from zeroplant.assets.parts.water import Waterworks
from zeroplant.axis import Axis
from zeroplant.series import WaterFlowProfile
from zeroplant.units import Length, WaterFlow
from zeroplant.waist import Scope
from zeroplant.weather.site import Site

TailWater = Annotated[
    list[tuple[WaterFlow, Length]],
    Field(
        [(0.0, 0.0)],
        min_length=1,
        description="points of (flow in the river below, level there); straight in between",
    ),
]


class Weir(Waterworks):
    """What run-of-river plants and navigation complexes share: a level above, a river below.

    With no ``tail_water`` the level below is 0 m, so that ``head_water`` is the head.
    """

    head_water: Length = Field(description="normal level above the weir, over the same zero")
    tail_water: TailWater
    least_head: Length = Field(0.0, ge=0, description="head below which the turbines stand still")
    river_flow: WaterFlowProfile | None = Field(
        None,
        description="natural flow of the whole river here, for floods; the inflow if left out",
    )

    @model_validator(mode="after")
    def _tail_water_rises_and_leaves_a_head(self) -> Weir:
        if not curves.is_rising(self.tail_water):
            message = "the points of 'tail_water' must be ordered: more flow, no lower level"
            raise ValueError(message)
        if self.head_water <= self.tail_water[0][1]:
            message = "'head_water' must be above the lowest level of 'tail_water'"
            raise ValueError(message)
        return self

    @property
    def rated_head(self) -> float:
        """Head [m] at which the full turbine flow makes the full power."""
        return self.most_power / (self.falling * self.turbine_flow)

    def production(self, axis: Axis, level: float, pieces: int = 3) -> LowHead:
        """The production of its turbines with the water above at ``level``."""
        river = self.inflow if self.river_flow is None else self.river_flow
        return LowHead(
            falling=self.falling,
            level=level,
            tail=self.tail_water,
            turbine_flow=self.turbine_flow,
            rated_head=self.rated_head,
            least_head=self.least_head,
            river=river.on(axis),
            count=pieces,
        )


class RunOfRiver(Weir):
    """A weir without storage: turbined + spilled = inflow + what upstream works let through.

    ``P = 9.81e-3·efficiency·Q·(head_water − tail_water)``; see `LowHead` for its lines and for
    floods. With nothing upstream the river alone decides what can be generated.
    """

    title: ClassVar = ("Run-of-river hydro", "径流式水电")
    kind: Literal["run_of_river"]

    def describe(self, plant: Scope, site: Site | None) -> None:
        """Inflow, turbines and spill meet at the node of water."""
        river, production = self.river(plant), self.production(plant.axis, self.head_water)
        plant.flow("inflow", give=river, fixed=self.inflow.on(plant.axis), unit="m3/s")
        turbined, output = self.turbines(plant, production.cap, take=river)
        spilled = self.passing(plant, "spilled", take=river, role="spill")
        self.drawn(plant, take=river)
        production.tie(plant, output, turbined)
        self.wishes(plant, [turbined, spilled])
