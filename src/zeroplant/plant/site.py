"""The sites of a plant, as its file says them."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from zeroplant.errors import Problem, suggestion
from zeroplant.plant.section import Section
from zeroplant.series.weatherfile import Source
from zeroplant.series.zones import zone_info
from zeroplant.units import Angle, Length
from zeroplant.weather.climate import climates


class WeatherFile(Section):
    """Weather from a file instead of a climate's generator."""

    file: str = Field(min_length=1, description="path, from the plant file's folder")
    source: Source = Field("epw", description="what it is")
    zone: str | None = Field(None, description="clock of a table's stamps")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str | None) -> str | None:
        if name is not None:
            zone_info(name)
        return name


class SitePlace(Section):
    """A place with its weather: generated from a climate, or read from a file."""

    latitude: Angle | None = Field(None, ge=-90, le=90, description="north positive")
    longitude: Angle | None = Field(None, ge=-180, le=180, description="east positive")
    altitude: Length | None = Field(None, description="above the sea")
    climate: str | None = Field(None, description="a climate that ships with zeroplant")
    seed: int = Field(1, ge=0, description="which of the climate's years of weather")
    weather: WeatherFile | None = Field(None, description="weather from a file")

    @field_validator("climate")
    @classmethod
    def _climate_exists(cls, name: str | None) -> str | None:
        if name is not None and name not in climates():
            instead = suggestion(name, climates())
            raise ValueError(Problem(f"there is no climate '{name}'", instead=instead))
        return name

    @model_validator(mode="after")
    def _one_weather(self) -> SitePlace:
        if self.climate is not None and self.weather is not None:
            what = "'climate' and 'weather' both say what weather it has"
            raise ValueError(Problem(what, instead="leave one of them out"))
        if self.climate is None and self.weather is None:
            instead = "write a 'climate', or 'weather' with a file"
            raise ValueError(Problem("the site has no weather", instead=instead))
        if self.weather is not None and (self.latitude is None or self.longitude is None):
            what = "a site with a weather file must say where it lies"
            raise ValueError(Problem(what, instead="write 'latitude' and 'longitude'"))
        return self
