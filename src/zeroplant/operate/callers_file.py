"""Who may call on the plant from outside: a file that names centre, stations and server."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from zeroplant.errors import InputError, Problem
from zeroplant.files import load_yaml, problems_of
from zeroplant.links.address import is_open
from zeroplant.units import Power, Quantity

Seconds = Annotated[float, Quantity("s", gt=0)]
Level = Annotated[int, Field(ge=1, le=3)]


def _place(said: str) -> str:
    host, colon, port = said.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536):
        raise InputError(Problem(f"'{said}' is no HOST:PORT", instead="write 127.0.0.1:2404"))
    return said


def _network(said: str) -> str:
    try:
        ip_network(said)
    except ValueError:
        problem = Problem(f"'{said}' is no network", instead="write one such as 10.1.0.0/16")
        raise InputError(problem) from None
    return said


def _open(place: str) -> bool:
    """Whether others than this machine can call there."""
    return is_open(place.rpartition(":")[0].strip("[]"))


def _enciphered(said: str) -> str:
    """A server is told a secret: in clear only within this machine."""
    url = urlsplit(said)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise InputError(Problem(f"'{said}' is no address of a server", instead="write https://…"))
    if url.scheme == "http" and is_open(url.hostname):
        said = f"the secret would go to {url.hostname} in clear"
        raise InputError(Problem(said, instead="write https://"))
    return said


Url = Annotated[str, AfterValidator(_enciphered)]
Place = Annotated[str, AfterValidator(_place)]
Network = Annotated[str, AfterValidator(_network)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DispatchSection(_Section):
    """A dispatch centre that speaks IEC 60870-5-104."""

    listen: Place = "127.0.0.1:2404"
    points: str = Field(description="its point list, a YAML file beside this one")
    allowed: tuple[Network, ...] = Field(default=(), description="networks it may come from")
    redundant: bool = Field(default=False, description="one centre with two front ends")
    lost: Seconds = Field(default=900.0, description="commands outlive the connection by this")
    valid: Seconds = Field(
        default=3600.0,
        description="targets and powers whose point states no validity lapse after this",
    )
    fail_safe_export: Power | None = Field(
        default=None, description="the most that may be exported while the centre is lost"
    )

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        """IEC 60870-5-104 knows no passwords: who may come is all there is."""
        if _open(self.listen) and not self.allowed:
            said = f"anybody could command the plant at {self.listen}"
            raise InputError(Problem(said, instead="write 'allowed:' with the centre's networks"))
        return self


class StationsSection(_Section):
    """Charging and swap stations that speak OCPP."""

    listen: Place = "127.0.0.1:9000"
    file: str = Field(description="the stations, a YAML file beside this one")
    certificate: str | None = Field(default=None, description="for TLS, a PEM file beside this one")
    key: str | None = Field(default=None, description="its private key, where it has a file")

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        """A station's password goes over the line: in clear only within this machine."""
        if self.certificate is None and (self.key or _open(self.listen)):
            said = f"stations would tell their passwords in clear at {self.listen}"
            instead = "write 'certificate:' and 'key:', or listen at 127.0.0.1 behind a proxy"
            raise InputError(Problem(said, instead=instead))
        return self


class ResponseSection(_Section):
    """A server of demand response that speaks OpenADR 3."""

    url: Url = Field(description="its address, up to the version")
    token_url: Url | None = Field(
        default=None, description="where tokens are had, if not from the server itself"
    )
    client: str = Field(min_length=1, description="our client id; the secret is in the environment")
    name: str = Field(default="zeroplant", min_length=1, description="our name in its programs")
    programs: tuple[str, ...] = Field(default=(), description="those taken part in; empty: all")
    every: Seconds = 10.0
    levels: dict[Level, Power] = Field(default={}, description="most import at SIMPLE levels")


class CallersFile(_Section):
    """The file; every part may be left out."""

    dispatch_centre: DispatchSection | None = None
    stations: StationsSection | None = None
    demand_response: ResponseSection | None = None


def read_callers(path: str | Path) -> CallersFile:
    """The file, its own files named from where it stands. Raises InputError with all problems."""
    file = load_yaml(path)
    try:
        found = CallersFile.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=CallersFile)) from None
    folder = Path(path).parent
    centre, stations = found.dispatch_centre, found.stations
    if centre:
        centre = centre.model_copy(update={"points": str(folder / centre.points)})
    if stations:
        files = {"file": stations.file, "certificate": stations.certificate, "key": stations.key}
        named = {name: str(folder / each) for name, each in files.items() if each}
        stations = stations.model_copy(update=named)
    return found.model_copy(update={"dispatch_centre": centre, "stations": stations})
