"""Which charging and swap stations may dial in, and what they are called in the plant."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.files import load_yaml, problems_of
from zeroplant.links.link import Point
from zeroplant.units import Energy, Power


def hashed(password: str) -> str:
    """What stands in the settings instead of a password.

    A bare hash keeps a secret only if nobody can guess it: let a machine draw the password, of at
    least 16 characters (OCPP 2.0.1, part 2, A05):
    ``python -c "import secrets; print(secrets.token_urlsafe(24))"``.
    """
    return sha256(password.encode()).hexdigest()


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

    @property
    def per_connector(self) -> float:
        """Most power of one connector, MW."""
        return self.most if self.each is None else min(self.each, self.most)

    def admits(self, password: str) -> bool:
        """Whether it is the station's password; takes the same time either way."""
        return compare_digest(hashed(password), self.password)

    def points(self) -> dict[str, Point]:
        """What can be read and set: the whole station, and each connector."""
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
