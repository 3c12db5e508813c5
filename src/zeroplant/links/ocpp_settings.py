"""Which charging and swap stations may dial in, and what they are called in the plant."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import load_yaml, problems_of
from zeroplant.links.link import Point
from zeroplant.units import Energy, Fraction, Power


def hashed(password: str) -> str:
    """What stands in the settings instead of a password.

    A bare hash keeps a secret only if nobody can guess it: let a machine draw the password, of at
    least 16 characters (OCPP 2.0.1, part 2, A05):
    ``python -c "import secrets; print(secrets.token_urlsafe(24))"``.
    """
    return sha256(password.encode()).hexdigest()


class View(BaseModel):
    """A point of the plant that is one of the station's in another unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str = Field(description="the station's point, such as charge")
    per: float = Field(default=1.0, gt=0, description="of the station's unit in one of the plant's")


class Station(BaseModel):
    """One charging station, or one swap station, whose slots are its connectors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identity: str = Field(pattern=r"^[A-Za-z0-9_.:-]{1,48}$", description="as it dials in")
    password: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of its password")
    name: str = Field(min_length=1, description="the plant's name of it, such as hub")
    connectors: int = Field(default=1, ge=1, le=200, description="EVSEs, or slots for batteries")
    most: Power = Field(description="power of the whole station")
    each: Power | None = Field(default=None, description="of one connector; else as the station")
    safe: Power = Field(ge=0, description="of one connector while nothing is commanded")
    unit: Literal["W", "A"] = Field(default="W", description="what its profiles are limited in")
    voltage: float = Field(default=230.0, gt=0, description="of one phase, where limited in A")
    phases: int = Field(default=3, ge=1, le=3, description="where limited in A")
    pack: Energy | None = Field(default=None, description="energy of a battery: a swap station")
    full: Fraction = Field(default=0.9, description="state of charge of a battery that may go out")
    points: dict[str, View] = Field(
        default={}, description="what the plant calls points otherwise, or has in another unit"
    )

    @model_validator(mode="after")
    def _viewed(self) -> Self:
        own = self.own_points()
        for name, view in self.points.items():
            if f"{self.name}.{view.of}" not in own:
                known = [each.removeprefix(f"{self.name}.") for each in own]
                problem = Problem(f"'{name}': the station has no point '{view.of}'",
                                  instead=suggestion(view.of, known))  # fmt: skip
                raise InputError(problem)
        return self

    @property
    def per_connector(self) -> float:
        """Most power of one connector, MW."""
        return self.most if self.each is None else min(self.each, self.most)

    def admits(self, password: str) -> bool:
        """Whether it is the station's password; takes the same time either way."""
        return compare_digest(hashed(password), self.password)

    def all_points(self) -> dict[str, Point]:
        """What can be read and set, by the plant's names too."""
        found = self.own_points()
        for name, view in self.points.items():
            of = found[f"{self.name}.{view.of}"]
            found[name] = Point(name, "", of.writable, of.least / view.per, of.most / view.per)
        return found

    def own_points(self) -> dict[str, Point]:
        """The whole station, and each connector."""
        rated = Point(f"{self.name}.charge", "MW", writable=True, most=self.most)
        points = [rated, Point(f"{self.name}.energy", "MWh"), Point(f"{self.name}.online", "")]
        for n in range(1, self.connectors + 1):
            own, most = f"{self.name}.{n}", self.per_connector
            points += [
                Point(f"{own}.charge", "MW", writable=True, most=most),
                Point(f"{own}.energy", "MWh"),
                Point(f"{own}.level", "", most=1.0),
                Point(f"{own}.plugged", "", most=1.0),
            ]
        if self.pack is not None:
            points += [
                Point(f"{self.name}.level", "MWh", most=self.pack * self.connectors),
                Point(f"{self.name}.packs", "", most=self.connectors),
                Point(f"{self.name}.full", "", most=self.connectors),
                Point(f"{self.name}.swaps", ""),
            ]
        return {point.name: point for point in points}


class _Stations(BaseModel):
    model_config = ConfigDict(extra="forbid")
    stations: tuple[Station, ...]

    @model_validator(mode="after")
    def _once(self) -> _Stations:
        if not self.stations:
            raise InputError(Problem("there are no stations", instead="list some"))
        for what in ("identity", "name"):
            seen: set[str] = set()
            for each in self.stations:
                value = getattr(each, what)
                if value in seen:
                    raise InputError(Problem(f"two stations have the {what} '{value}'"))
                seen.add(value)
        return self


def read_stations(path: str | Path) -> tuple[Station, ...]:
    """Stations from a YAML file. Raises InputError with a line for every problem."""
    file = load_yaml(path)
    try:
        return _Stations.model_validate(file.data).stations
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=_Stations)) from None
