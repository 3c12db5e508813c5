"""The central system charging and swap stations dial in to; each station is a link of the plant.

OCPP over WebSocket (OCPP-J), 1.6, 2.0.1 and 2.1, with every message checked against its schema by
the `ocpp` library. An identity in an address is no authentication: each station has a password
(security profile 1; with ``tls`` profile 2), one session, a rate limit, and its own transactions.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from ssl import SSLContext
from typing import TYPE_CHECKING, Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.links.link import Acknowledgement, Point, Reading, Setpoint
from zeroplant.links.ocpp_handlers import VERSIONS
from zeroplant.links.ocpp_session import Bucket, Session
from zeroplant.links.ocpp_settings import Station, hashed, read_stations
from zeroplant.links.ocpp_state import State, Swap

if TYPE_CHECKING:
    from websockets.asyncio.server import Server

log = logging.getLogger(__name__)

__all__ = ["CentralSystem", "Station", "StationLink", "Swap", "hashed", "read_stations"]

LARGEST = 256 * 1024
"""Bytes of a message."""
PING, PONG = 20.0, 20.0
"""Seconds between signs of life of the connection itself, and the patience with them."""
FAREWELL = 1.0
"""Seconds to wait for a station to agree that its connection is closed."""
STILL_THERE = 3.0
"""Seconds an older session has to answer when its station dials in again."""
ATTEMPTS_PER_SECOND, ATTEMPTS = 0.2, 10.0
"""Of failed log-ins, for each station from each network; strangers share theirs."""
REMEMBERED = 10_000
"""Of these, so many are remembered."""


class StationLink:
    """One station, as a link. It is the station that connects, so ``open`` only looks."""

    def __init__(self, station: Station, clock: Clock) -> None:
        self.station = station
        self.state = State(station)
        self.session: Session | None = None
        self._clock = clock
        self._points = station.all_points()

    @property
    def name(self) -> str:
        """As it dials in: the plant may reach its asset by another device beside."""
        return self.station.identity

    @property
    def points(self) -> Mapping[str, Point]:
        """The whole station, and each connector or slot."""
        return self._points

    async def open(self) -> None:
        """Look whether it has dialled in. Raises ConnectionError if not."""
        self._there()

    async def close(self) -> None:
        """Nothing: the station stays connected as long as the central system listens."""

    async def read(self) -> Mapping[str, Reading]:
        """What it told last. Raises ConnectionError if it is not there, TimeoutError if silent."""
        self._there()
        found = self.state.readings(self._clock.now())
        for name, view in self.station.points.items():
            of = found[f"{self.station.name}.{view.of}"]
            found[name] = replace(of, value=of.value / view.per)
        return found

    async def write(self, setpoints: Sequence[Setpoint]) -> list[Acknowledgement]:
        """Limit the power of the station or of connectors, until the set-points lapse."""
        session = self._there()
        return [await self._write(session, each) for each in setpoints]

    async def request_swap(self, token: str) -> tuple[int, str]:
        """Ask a swap station (OCPP 2.1) for a full battery; its number, and why not or nothing.

        What then comes in and goes out is in ``state.swaps``, under the same number.
        """
        request = secrets.randbelow(2**31 - 1)
        return request, await self._there().swap(token, request)

    def _there(self) -> Session:
        if self.session is None:
            message = f"{self.station.identity} is not connected"
            raise ConnectionError(message)
        if self.session.silent:
            message = f"{self.station.identity} is silent"
            raise TimeoutError(message)
        return self.session

    async def _write(self, session: Session, wish: Setpoint) -> Acknowledgement:
        now = self._clock.now()
        point = self._points.get(wish.point)
        why = ""
        if point is None or not point.writable:
            why = "no such set-point"
        elif not point.least <= wish.value <= point.most:
            why = f"outside of {point.least:g} to {point.most:g}"
        elif wish.until <= now:
            why = "it has lapsed"
        else:
            session.prepare()
            # A limit is set in any case: less than without it the station never is. But as long as
            # it would lapse into nothing it does not count as taken, and an alarm says so.
            why = await self._limit(session, self._meant(wish), now) or session.unsafe
        return Acknowledgement(wish.point, not why, self._clock.now(), why)

    def _meant(self, wish: Setpoint) -> Setpoint:
        """The set-point of the station's own point."""
        view = self.station.points.get(wish.point)
        if view is None:
            return wish
        return Setpoint(f"{self.station.name}.{view.of}", wish.value * view.per, wish.until)

    async def _limit(self, session: Session, wish: Setpoint, now: datetime) -> str:
        """Set the limits that together are the wish; why not, or nothing."""
        place = wish.point.removeprefix(f"{self.station.name}.").removesuffix(".charge")
        if place == "charge":  # the whole: a cap, under which connectors may take what they can
            why = await session.limit("ChargePointMaxProfile", 0, wish.value, until=wish.until)
            each = min(wish.value, self.station.per_connector)
            return why or await session.limit("TxDefaultProfile", 0, each, until=wish.until)
        number = int(place)
        running = self.state.connectors[number].transaction
        if running is None:
            return await session.limit("TxDefaultProfile", number, wish.value, until=wish.until)
        return await session.limit(
            "TxProfile", number, wish.value, until=wish.until, transaction=running
        )


class CentralSystem:
    """Listens for stations. ``links`` holds them all by identity, connected or not."""

    def __init__(
        self,
        stations: Sequence[Station],
        *,
        clock: Clock | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        self.port = 0
        self._clock, self._tls = clock or SystemClock(), tls
        self.links = {each.identity: StationLink(each, self._clock) for each in stations}
        self._failures: dict[tuple[str, str], Bucket] = {}
        self._server: Server | None = None

    async def open(self, host: str = "127.0.0.1", port: int = 9000) -> None:
        """Listen. Raises OSError if the port cannot be had."""
        self._server = await serve(
            self._serve,
            host,
            port,
            ssl=self._tls,
            subprotocols=list(VERSIONS),  # type: ignore[arg-type]
            process_request=self._greet,
            max_size=LARGEST,
            ping_interval=PING,
            ping_timeout=PONG,
            close_timeout=FAREWELL,
            compression=None,  # small messages; and nothing that grows on arrival
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def close(self) -> None:
        """Hang up everywhere and stop listening."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        """Let a station in, or say why not: 401 who, 409 already here, 429 too often."""
        identity, password = _credentials(request.headers)
        link = self.links.get(identity)
        # By station: others behind the same address (a gateway, a proxy) are not locked out.
        who = _network_of(str(connection.remote_address[0])), identity if link else ""
        if who in self._failures and not self._failures[who].take(self._clock.now()):
            return _response(HTTPStatus.TOO_MANY_REQUESTS)
        if link is None or _identity(request.path) != identity or not link.station.admits(password):
            self._failed(who)
            return _response(HTTPStatus.UNAUTHORIZED)
        self._failures.pop(who, None)
        if link.session is not None and await _alive(link.session):
            log.warning("%s: a second session refused", identity)
            return _response(HTTPStatus.CONFLICT)
        return None

    def _failed(self, who: tuple[str, str]) -> None:
        log.warning("%s: log-in refused %s", *who)
        bucket = Bucket(ATTEMPTS_PER_SECOND, ATTEMPTS, self._clock.now())
        self._failures.setdefault(who, bucket)
        while len(self._failures) > REMEMBERED:  # addresses are cheap to invent
            del self._failures[next(iter(self._failures))]

    async def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        link = self.links[_identity(request.path)] if request else None
        if link is None or connection.subprotocol is None:
            return
        old, link.session = link.session, Session(connection, link.state, self._clock)
        session = link.session
        if old is not None:
            old.connection.transport.abort()  # it answers no more, nor would it a farewell
        try:
            await session.run()
        finally:
            if link.session is session:
                link.session = None


async def _alive(session: Session) -> bool:
    """Whether an older session still answers; one that does not makes way."""
    try:
        async with asyncio.timeout(STILL_THERE):
            await (await session.connection.ping())
    except Exception:
        return False
    return True


def _network_of(address: str) -> str:
    """The address, or of IPv6 the network that one customer has (64 bits)."""
    found = ip_address(address.split("%", maxsplit=1)[0])
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _identity(path: str) -> str:
    """The last part of the address is the station's identity (OCPP-J §3.1)."""
    return path.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2]


def _credentials(headers: Headers) -> tuple[str, str]:
    """User and password of HTTP's basic authentication; empty if there are none."""
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password


def _response(status: HTTPStatus) -> Response:
    headers = Headers({"Content-Length": "0", "Connection": "close"})
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="stations"'
    return Response(status.value, status.phrase, headers)
