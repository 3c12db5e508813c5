"""What a plant file may say."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, SerializeAsAny, field_validator, model_validator

from zeroplant.assets import Asset
from zeroplant.assets.base import FUELS, HEAT
from zeroplant.axis import Axis
from zeroplant.capital import Terms
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.plant.names import Name
from zeroplant.plant.risk import Risk
from zeroplant.plant.scenarios import Scenario, check_probabilities, with_chains
from zeroplant.plant.section import Section
from zeroplant.plant.site import SitePlace
from zeroplant.plant.time import Time
from zeroplant.rules import RuleChoice
from zeroplant.units import CarbonPrice, Emissions, parse
from zeroplant.units.spellings import CURRENCIES

Unit = Literal["MW", "kg/h", "t/h", "m3/s"]
CARRIERS: dict[str, Unit] = {
    **dict.fromkeys(("electricity", *HEAT, "chilled water", *FUELS), "MW"),
    "hydrogen": "kg/h",
    "ammonia": "t/h",
    "methanol": "t/h",
    "co2": "t/h",
    "water": "m3/s",
}
"""Carriers with a name that others rely on, and the unit of their flows; a plant may have more."""


class NodePlace(Section):
    """A balance in the plant that assets connect to."""

    carrier: str = Field("electricity", min_length=1, description="what is balanced there")
    unit: Unit = Field("MW", description="unit of its flows; if left out, that of its carrier")

    @field_validator("carrier")
    @classmethod
    def _spelt_right(cls, carrier: str) -> str:
        """Any word will do, but for a slip of the pen in one that rules and reports go by."""
        near = get_close_matches(carrier.lower(), CARRIERS, n=1, cutoff=0.8)
        if near and carrier not in CARRIERS:
            instead = f"did you mean '{near[0]}'?"
            raise ValueError(Problem(f"there is no carrier '{carrier}'", instead=instead))
        return carrier

    @model_validator(mode="before")
    @classmethod
    def _unit_of_its_carrier(cls, said: Any) -> Any:
        """A carrier brings its unit; materials of other names are weighed."""
        if isinstance(said, dict) and "carrier" in said and "unit" not in said:
            return {**said, "unit": CARRIERS.get(str(said["carrier"]), "t/h")}
        return said

    @model_validator(mode="after")
    def _unit_that_others_rely_on(self) -> NodePlace:
        """Kinds count on the unit of a carrier; only water may be weighed as well."""
        usual = CARRIERS.get(self.carrier, self.unit)
        if self.unit != usual and not (self.carrier == "water" and self.unit == "t/h"):
            what = f"{self.carrier} flows in {usual}, not in {self.unit}"
            raise ValueError(Problem(what, "unit", "leave the unit out"))
        return self


class CarbonTerms(Section):
    """What the plant pays for emissions, and how much it may emit."""

    price: CarbonPrice = Field(0.0, ge=0, description="paid per tCO2 emitted")
    cap: Emissions | None = Field(
        None, ge=0, description="most per year of 8,760 h: 100 tCO2/a, or 100 tCO2"
    )
    breach: CarbonPrice = Field(10_000.0, gt=0, description="price at which the cap may be broken")

    @field_validator("cap", mode="before")
    @classmethod
    def _yearly(cls, said: Any) -> Any:
        """The cap is one of a year, so its unit may say so; other units are told of as they are."""
        if not isinstance(said, str) or "/" not in said:
            return said
        try:
            return f"{parse(said, 'tCO2/a')!r} tCO2"
        except InputError:
            return said


class Plant(Section):
    """A plant as its file says it; quantities in inside units."""

    zeroplant: Literal[1] = Field(description="version of the file's form, which is 1")
    name: str = Field(min_length=1, max_length=200, description="what the plant is called")
    description: str = Field("", description="what it is for, in a sentence")
    currency: str = Field("CNY", description="the plant's currency, by its code")
    time: Time = Field(default_factory=Time, description="the horizon of the plan")
    sites: dict[Name, SitePlace] = Field({}, description="places with weather")
    nodes: dict[Name, NodePlace] = Field(
        min_length=1, description="balances that assets connect to"
    )
    assets: dict[Name, SerializeAsAny[Asset]] = Field(
        min_length=1, description="what the plant is made of"
    )
    rules: list[RuleChoice] = Field([], description="rule packs the plan must keep")
    carbon: CarbonTerms = Field(
        default_factory=CarbonTerms, description="price and cap of emissions"
    )
    finance: Terms | None = Field(None, description="terms on which the project is valued")
    scenarios: dict[Name, Scenario] = Field(
        {}, description="what may come, planned for all at once"
    )
    risk: Risk | None = Field(None, description="how much more bad outcomes count than good ones")

    _folder: Path = PrivateAttr(Path())
    _places: dict[str, tuple[SitePlace, ...]] | None = PrivateAttr(None)

    def model_post_init(self, context: Any, /) -> None:
        """Keep the folder of the file, which its paths start from."""
        self._folder = Path((context or {}).get("folder", "."))

    @field_validator("currency")
    @classmethod
    def _currency_exists(cls, code: str) -> str:
        if code not in CURRENCIES:
            problem = Problem(f"there is no currency '{code}'", instead=_meant_currency(code))
            raise ValueError(problem)
        return code

    @field_validator("scenarios")
    @classmethod
    def _likely(cls, scenarios: dict[str, Scenario]) -> dict[str, Scenario]:
        check_probabilities(scenarios)
        return scenarios

    @property
    def folder(self) -> Path:
        """Where the plant file stands."""
        return self._folder

    @property
    def axis(self) -> Axis:
        """The time axis: the weather years of each scenario, one after the other."""
        return with_chains(self.time.axis, self.scenarios)

    @property
    def is_whole(self) -> bool:
        """Whether the series and the weather of its scenarios, if any, are in it."""
        return not self.scenarios or self._places is not None

    def site_places(self, name: str) -> tuple[SitePlace, ...]:
        """A site in each scenario; one entry where there are no scenarios."""
        return (self.sites[name],) if self._places is None else self._places[name]

    def in_scenarios(self, places: dict[str, tuple[SitePlace, ...]]) -> Plant:
        """The same plant with its sites in each scenario; its series are by scenario already."""
        plant = self.model_copy()
        plant._places = places
        return plant

    def site_name(self, asset: Asset) -> str | None:
        """The site whose weather an asset has: the one it names, or the first; None without."""
        named: str | None = getattr(asset, "site", None)
        return named or next(iter(self.sites), None)

    @property
    def rate(self) -> float:
        """Yearly interest of annuities: the real discount rate, or 6 % without finance terms."""
        return 0.06 if self.finance is None else self.finance.real_rate


def _meant_currency(written: str) -> str:
    spelt = (code for code, all_ in CURRENCIES.items() if written in all_.split())
    code = next(spelt, None)
    return f"did you mean '{code}'?" if code else suggestion(written, CURRENCIES)
