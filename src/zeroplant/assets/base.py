"""What every asset kind shares: a name, a place in the plant, and one method that says itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from zeroplant.assets.findings import Finding
from zeroplant.errors import Problem
from zeroplant.units import PowerPrice, PowerPriceYear, YearlyRate, Years
from zeroplant.waist import Affine, Scope
from zeroplant.waist.solution import Solution
from zeroplant.weather.site import Site


@dataclass(frozen=True)
class Refers:
    """Marks a field that holds the name of something else in the plant file.

    ``carriers``: what the node of that name may carry; any carrier if left out.
    """

    to: Literal["node", "site", "asset"]
    carriers: tuple[str, ...] = ()


HEAT = ("heat", "hp steam", "lp steam", "hot water")
FUELS = ("gas", "biomass", "coal", "diesel")

NodeName = Annotated[str, Refers("node")]
ElectricNode = Annotated[str, Refers("node", ("electricity",))]
HeatNode = Annotated[str, Refers("node", HEAT)]
ColdNode = Annotated[str, Refers("node", ("chilled water",))]
HydrogenNode = Annotated[str, Refers("node", ("hydrogen",))]
GasNode = Annotated[str, Refers("node", ("gas",))]
FuelNode = Annotated[str, Refers("node", FUELS)]
SiteName = Annotated[str, Refers("site")]
AssetName = Annotated[str, Refers("asset")]


class Asset(BaseModel, ABC):
    """A kind of asset: validated parameters, and how it says itself at the waist.

    Quantities are in inside units (MW, MWh, h, m³/s, money per MWh); a plant file writes them
    with their units.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: ClassVar[tuple[str, str]]
    """What the kind is called, in English and Chinese."""

    leads: ClassVar[bool] = False
    """Whether it is described before others, which look at what it brings them."""

    chinese: ClassVar[Mapping[str, str]] = {}
    """Chinese for the words this kind brings to a report, where no other kind has them already:
    its parameters (``lanes``, ``packs.energy``), the parts after the dot in names of flows, stores
    and capacities, and what its ledger lines are for. A part that is called like a parameter and is
    something else has a dot before it (``.plugs``); ``{}`` stands for a name or number of the
    user's (``"to {}": "送往 {}"``)."""

    def prepare(self, plant: Scope) -> None:
        """Declare the nodes to which other assets may connect, before any asset is described."""

    @abstractmethod
    def describe(self, plant: Scope, site: Site | None) -> None:
        """Declare nodes, flows, stores, sizes, budgets and ledger lines.

        ``site`` is the place with its weather, given to assets that need weather.
        """

    def conclude(self, plant: Scope) -> None:
        """Declare rules that speak of other assets' flows, after every asset is described."""

    def as_run(self) -> Self:
        """The asset as it is said where the plant runs, and its levels are measured.

        What a plan of the year keeps back for surprises is there when they come.
        """
        return self

    def findings(self, plant: Scope, solution: Solution) -> Iterator[Finding]:
        """What the kind can say of the solved plant beside sizes, flows and money."""
        yield from ()

    @classmethod
    def across(
        cls, assets: Mapping[str, Asset], carriers: Mapping[str, str]
    ) -> Iterator[tuple[str, Problem]]:
        """Problems between assets that no asset has alone, with the name of the asset.

        ``carriers`` says what each node carries; nodes that are wrong in the file are left out.
        """
        yield from ()

    @property
    def needs_weather(self) -> bool:
        """Whether `describe` reads the site's weather."""
        return False


class Bought(BaseModel):
    """What buying and keeping one kind of power equipment costs."""

    capex: PowerPrice = Field(
        0.0, ge=0, description="purchase and construction; VAT as the finance terms say"
    )
    upkeep: PowerPriceYear = Field(
        0.0, ge=0, description="fixed operation and maintenance per year"
    )
    life: Years = Field(25.0, ge=1, description="years until it is replaced")
    fade: YearlyRate = Field(
        0.0, ge=0, le=0.2, description="yearly loss of output; in the cash flow, not the dispatch"
    )

    asset_class: ClassVar = "generation"
    """Class of the tax regime by which it is written down."""

    @property
    def overnight(self) -> float:
        """What a MW costs to buy."""
        return self.capex

    def buy(self, plant: Scope, what: str, capacity: Affine, unit: str = "MW") -> None:
        """Put annuity and upkeep of ``capacity`` into the ledger."""
        plant.invest(
            what,
            capacity,
            self.overnight,
            life=self.life,
            upkeep=self.upkeep,
            fade=self.fade,
            asset_class=self.asset_class,
            unit=unit,
        )
