"""What homes have, as a plant file says it: rooms, batteries, roofs and cars of a home fleet."""

from __future__ import annotations

from typing import Annotated, Generic, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    field_validator,
    model_validator,
)

from zeroplant.homes import figures
from zeroplant.homes.population import Range
from zeroplant.series import EnergyPriceProfile
from zeroplant.series.clock import months_of
from zeroplant.units import (
    Angle,
    EnergyCapacityPrice,
    EnergyPrice,
    Fraction,
    Hours,
    PowerPrice,
    PowerPriceYear,
    Rate,
    Years,
)

Rating = Annotated[float, figures.RATING]
Content = Annotated[float, figures.CONTENT]
Cop = Annotated[float, figures.COP]
Resistance = Annotated[float, figures.RESISTANCE]
HeatCapacity = Annotated[float, figures.HEAT_CAPACITY]
SetPoint = Annotated[float, figures.SET_POINT]
Band = Annotated[float, figures.BAND]
Gain = Annotated[float, figures.GAIN]
Aperture = Annotated[float, figures.APERTURE]
HourOfDay = Annotated[float, figures.HOUR_OF_DAY]
Number = TypeVar("Number", bound=float)


class _Section(BaseModel):
    """A part of the fleet: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Spread(_Section, Generic[Number]):
    """The range in which a figure of the homes lies; all values in it are equally likely."""

    min: Number = Field(description="smallest")
    max: Number = Field(description="largest")

    @model_validator(mode="wrap")
    @classmethod
    def _one_for_all(cls, said: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        """One figure is a range of its own; what is wrong with it is said once."""
        if isinstance(said, bool) or not isinstance(said, (str, int, float)):
            return read(said)
        try:
            return read({"min": said, "max": said})
        except ValidationError as error:
            raise error.errors()[0]["ctx"]["error"] from None

    @model_validator(mode="after")
    def _in_order(self) -> Spread[Number]:
        if self.min > self.max:
            message = "'min' is above 'max'; exchange the two"
            raise ValueError(message)
        return self

    @property
    def range(self) -> Range:
        """Both ends."""
        return self.min, self.max


def spread(low: float, high: float) -> Spread[float]:
    """A default range, in inside units."""
    return Spread[float](min=low, max=high)


class HomeRooms(_Section):
    """Air-conditioned rooms and the programme that steers their thermostats.

    Defaults are typical of split air-conditioners in rooms of 15…20 m² (domain knowledge, medium
    to high confidence): they are not measurements of any place.
    """

    share: Fraction = Field(0.9, description="share of homes with an air-conditioner")
    in_use: Fraction = Field(0.6, description="share of them running in the season; 0.3…0.6")
    accepts: Fraction = Field(0.7, description="share whose owners join; 0.6…0.8")
    reachable: Fraction = Field(0.9, description="share of those that communicate; 0.85…0.95")
    opt_out: Fraction = Field(
        0.1, lt=1, description="share of those that leave when it matters; not counted"
    )
    power: Spread[Rating] = Field(
        spread(0.75e-3, 1.1e-3), description="electric rating; 0.75…1.1 kW"
    )
    cop: Spread[Cop] = Field(
        spread(3.3, 4.5), description="of cooling at 35 °C outdoors, falling 2 % per K"
    )
    heating_cop: Spread[Cop] = Field(
        spread(2.6, 3.6), description="of heating at 7 °C outdoors, falling 2 % per K colder"
    )
    resistance: Spread[Resistance] = Field(
        spread(7e3, 12e3), description="kelvin per power that leaks out; 7…12 K/kW"
    )
    capacity: Spread[HeatCapacity] = Field(
        spread(1e-4, 3e-4), description="air and contents; 0.10…0.30 kWh/K"
    )
    summer: Spread[SetPoint] = Field(
        spread(25.5, 26.5), description="set point of cooling; 24…28 degC"
    )
    winter: Spread[SetPoint] = Field(
        spread(18.0, 20.0), description="set point of heating; 18…22 degC"
    )
    band: Spread[Band] = Field(
        spread(1.5, 2.0), description="how far it may move from the set point; up to 2 K"
    )
    gains: Spread[Gain] = Field(
        spread(1e-4, 2e-4), description="heat of people and things, on average"
    )
    aperture: Spread[Aperture] = Field(
        spread(0.2, 0.8), description="sun that comes in, as area of horizontal irradiance"
    )
    cooling: str | None = Field("6-9", description="months in which rooms are cooled")
    heating: str | None = Field("12-2", description="months in which they are heated")
    events_per_day: Rate | None = Field(
        2.0, ge=0, description="times a day that homes may be asked to use less; no limit if null"
    )
    event_hours: Hours = Field(2.0, gt=0, description="length of one such event")
    pay: EnergyPrice = Field(0.0, ge=0, description="paid to homes per MWh used less than usual")
    ready: PowerPriceYear = Field(
        0.0, ge=0, description="paid to homes per firm MW that stands ready"
    )
    groups: int = Field(3, ge=1, le=8, description="stores by which the plan sees the rooms")

    @field_validator("cooling", "heating")
    @classmethod
    def _months(cls, text: str | None) -> str | None:
        if text is not None:
            months_of(text)
        return text

    @model_validator(mode="after")
    def _one_season_at_a_time(self) -> HomeRooms:
        both = set(self.months(self.cooling)) & set(self.months(self.heating))
        if both:
            listed = ", ".join(str(month) for month in sorted(both))
            message = f"month {listed} stands in 'cooling' and in 'heating'; leave it in one"
            raise ValueError(message)
        return self

    @staticmethod
    def months(text: str | None) -> list[int]:
        """Months 1…12 of a range such as 12-2."""
        return [] if text is None else [month + 1 for month in months_of(text)]


class HomeBatteries(_Section):
    """Batteries behind the meters; owners who do not join are not counted.

    The plant works them with its own energy, whoever has bought them: charging is not sold to the
    homes, discharging is not bought from them, and the losses are the plant's. Owners get ``pay``.
    """

    share: Fraction = Field(0.1, description="share of homes with a battery")
    accepts: Fraction = Field(0.9, description="share whose owners join")
    power: Spread[Rating] = Field(spread(3e-3, 6e-3), description="AC power; 3…6 kW")
    energy: Spread[Content] = Field(spread(5e-3, 15e-3), description="on the plate; 5…15 kWh")
    round_trip: Fraction = Field(0.87, gt=0, description="AC to AC efficiency; 0.85…0.88")
    reserve: Fraction = Field(
        0.25, lt=1, description="share kept for outages; 0.20…0.30, empty below it"
    )
    self_discharge: Fraction = Field(0.02, lt=1, description="share lost in a month; 0.01…0.03")
    wear: EnergyPrice = Field(0.0, ge=0, description="set aside per MWh discharged; 40…80 CNY")
    pay: EnergyPrice = Field(0.0, ge=0, description="paid to homes per MWh discharged")
    capex: EnergyCapacityPrice = Field(
        0.0, ge=0, description="purchase by the plant per MWh; household 1.2…2.0 CNY/Wh"
    )
    upkeep: PowerPriceYear = Field(0.0, ge=0, description="fixed upkeep per MW and year")
    life: Years = Field(12.0, ge=1, description="years until they are replaced")
    groups: int = Field(2, ge=1, le=8, description="stores by which the plan sees the batteries")


class HomeRoofs(_Section):
    """Photovoltaics on the roofs, all tilted alike; what homes do not use flows to the node.

    Say whose they are: the plant's, by ``capex`` (0 if they are paid for), or the homes' own, by
    ``feed_in``, the price the plant pays for what a home does not use itself.
    """

    share: Fraction = Field(0.3, description="share of homes with modules")
    power: Spread[Rating] = Field(spread(5e-3, 30e-3), description="DC rating; 5…30 kW")
    tilt: Angle = Field(20.0, ge=0, le=90, description="from the horizontal")
    azimuth: Angle = Field(180.0, ge=0, lt=360, description="clockwise from north")
    losses: Fraction = Field(0.13, lt=1, description="soiling, wiring, shade, outage; 0.12…0.16")
    capex: PowerPrice | None = Field(
        None, ge=0, description="purchase by the plant; household 2.2…2.8 CNY/W; or give feed_in"
    )
    feed_in: EnergyPriceProfile | None = Field(
        None,
        description="paid to homes that own their roofs, for what they feed in beyond their own "
        "use; mostly the benchmark price of coal power, 0.25…0.45 CNY/kWh",
    )
    upkeep: PowerPriceYear = Field(
        0.0, ge=0, description="fixed upkeep per MW and year, of roofs the plant has bought"
    )
    life: Years = Field(25.0, ge=1, description="years until they are replaced")

    @model_validator(mode="after")
    def _one_owner(self) -> HomeRoofs:
        message = ""
        if (self.capex is None) == (self.feed_in is None):
            message = (
                "say whose the roofs are: give either 'capex', if the plant buys them, or "
                "'feed_in', what it pays homes that own them"
            )
        elif self.feed_in is not None and self.upkeep:
            message = "'upkeep' is paid by the homes that own the roofs; leave it out"
        if message:
            raise ValueError(message)
        return self


class HomeCars(_Section):
    """Cars charged at home, every day alike."""

    share: Fraction = Field(0.15, description="share of homes with an electric car")
    accepts: Fraction = Field(0.7, description="share whose owners join; others charge on return")
    power: Spread[Rating] = Field(spread(3.3e-3, 7e-3), description="of the charger; 3.3…7 kW")
    energy: Spread[Content] = Field(
        spread(4e-3, 10e-3), description="used a day, at the plug; 4…10 kWh"
    )
    leaves: Spread[HourOfDay] = Field(spread(6.5, 8.5), description="hour of the day it leaves")
    returns: Spread[HourOfDay] = Field(spread(17.0, 20.0), description="hour of the day it returns")
    groups: int = Field(1, ge=1, le=4, description="stores by which the plan sees the cars")
