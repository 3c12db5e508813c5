"""The plant as a controlled station of IEC 60870-5-104, for one or more dispatch centres.

hat-drivers keeps the frames: their numbers, the windows k and w, the time-outs t1 to t3. Here is
what they carry: interrogation, measured values and states as they change, commands, clock.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, Self

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.links.iec104_asdu import (
    EVERYBODY,
    HEAD,
    Cause,
    Type,
    answer,
    header,
    moment,
    object_address,
    stamp,
)
from zeroplant.links.iec104_commands import KINDS, Command, Commands, OnCommand, OnRelease
from zeroplant.links.iec104_image import Image
from zeroplant.links.iec104_points import PointList, read_points
from zeroplant.links.iec104_session import Session
from zeroplant.links.link import Reading

if TYPE_CHECKING:
    from hat.drivers import net
    from hat.drivers.iec60870 import apci

log = logging.getLogger(__name__)

__all__ = ["Command", "Contact", "Outstation", "PointList", "Settings", "read_points"]

PORT = 2404
STATION = 20
"""The qualifier of interrogation that means the whole station."""


@dataclass(frozen=True)
class Settings:
    """How the protocol is kept. Seconds; the figures given are those of IEC 60870-5-104 §9.6."""

    k: int = 12
    """Messages sent without being acknowledged."""
    w: int = 8
    """Messages received before they are acknowledged."""
    t1: float = 15.0
    """Without an acknowledgement for so long, the connection is closed."""
    t2: float = 10.0
    """Received messages are acknowledged after this at the latest."""
    t3: float = 20.0
    """A test frame goes out so often; its answer is waited for t1."""
    select: float = 30.0
    """A selection lapses."""
    stale: float = 10.0
    """A command with a time tag further away than this is refused."""
    clock: float = 60.0
    """A centre's clock further away than this is not believed."""
    connections: int = 4
    """At once."""
    from_one: int = 2
    """At once from one address, so that a peer cannot take every place."""
    redundant: bool = False
    """One centre with two front ends: the last that starts is served, the other is hung up."""
    allowed: tuple[str, ...] = ()
    """Networks that may connect, such as 10.1.0.0/16; empty: all."""


@dataclass(frozen=True)
class Contact:
    """Whether a centre is there: what falls back to the plant's own schedule depends on it.

    ``heard`` is now while one is connected and started, since the protocol itself tests the line
    and hangs up after t3 + t1 at the latest; ``commanded`` is when it last set something.
    """

    connected: int
    heard: datetime | None
    commanded: datetime | None
    clock_off: timedelta | None
    """A centre's clock minus ours, at its last synchronisation; of several the furthest off."""
    peers: tuple[str, ...] = ()
    """Addresses of those connected and started."""
    since: datetime | None = None
    """Since when one is there, or none is."""


class Outstation:
    """The plant, as dispatch centres see it. Used as ``async with``, or opened and closed."""

    def __init__(
        self,
        points: PointList,
        on_command: OnCommand,
        on_release: OnRelease = lambda _: False,
        *,
        settings: Settings = Settings(),
        clock: Clock | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        self.port = 0
        self.names = frozenset(each.name for each in points.points)
        """What is told, by the plant's names."""
        self.commanded = frozenset(each.name for each in points.commands)
        """What may be commanded."""
        self._points, self._settings, self._tls = points, settings, tls
        self._clock = clock or SystemClock()
        self._image = Image(points)
        self._commands = Commands(
            points, on_command, on_release,
            select_seconds=settings.select, stale_seconds=settings.stale,
        )  # fmt: skip
        self._allowed = [ip_network(each) for each in settings.allowed]
        self._sessions: list[Session] = []
        self._server: net.Server | None = None
        self._heard: float | None = None
        self._commanded: datetime | None = None
        self._there: tuple[bool, datetime | None] = False, None

    async def open(self, host: str = "127.0.0.1", port: int = PORT) -> None:
        """Listen. Raises OSError if the port cannot be had."""
        from hat.drivers import net
        from hat.drivers.iec60870 import apci

        extra: dict[str, Any] = {"ssl": self._tls} if self._tls else {}
        self._server = await apci.listen(
            self._connected,
            net.TcpAddress(None, None),  # the socket is given instead
            response_timeout=self._settings.t1,
            supervisory_timeout=self._settings.t2,
            test_timeout=self._settings.t3,
            send_window_size=self._settings.k,
            receive_window_size=self._settings.w,
            send_queue_size=self._settings.k,
            sock=self._listening(host, port),
            **extra,
        )
        self.port = self._server.info.addresses[0].port

    def _listening(self, host: str, port: int) -> socket.socket:
        """A socket whose connections die although something is still to be sent to a dead peer."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Named as TCP, since asyncio sends small messages at once (no Nagle) only where it is.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections inherit it
            seconds = self._settings.t1 + self._settings.t3
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * seconds))
        return listening

    async def close(self) -> None:
        """Hang up everywhere and stop listening."""
        if self._server:
            await self._server.async_close()
            self._server = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def publish(self, readings: Mapping[str, Reading]) -> None:
        """Take the plant's readings, and tell what changed; other names are passed over."""
        values, states = self._image.put(readings)
        for session in self._sessions:
            session.changed(values)
            for place in states:
                session.event(*self._image.event(place))

    def contact(self) -> Contact:
        """Whether a centre is there, and when it last set something."""
        now = self._clock.now()
        peers = tuple(session.name for session in self._sessions if session.active)
        if peers:
            self._heard = self._clock.count()
        if self._there[0] != bool(peers):
            self._there = bool(peers), now
        heard = None
        if self._heard is not None:  # by the clock as it is now, however it was set since
            heard = now - timedelta(seconds=self._clock.count() - self._heard)
        offs = [each.clock_off for each in self._sessions if each.clock_off is not None]
        off = max(offs, key=abs, default=None)
        return Contact(len(peers), heard, self._commanded, off, peers, self._there[1])

    async def _connected(self, connection: apci.Connection) -> None:
        peer = ip_address(connection.info.remote_addr.host.split("%")[0])
        allowed = not self._allowed or any(peer in network for network in self._allowed)
        here = sum(session.name == str(connection.info.remote_addr.host) for session in
                   self._sessions)  # fmt: skip
        full = len(self._sessions) >= self._settings.connections or here >= self._settings.from_one
        if not allowed or full:
            log.warning("%s: connection refused", peer)
            connection.close()
            return
        session = Session(connection, self._points.common_address, self._image.spontaneous)
        self._sessions.append(session)
        with connection.register_enabled_cb(lambda on: self._started(session, on=on)):
            self._started(session, on=connection.is_enabled)
            try:
                await session.run(self._take)
            finally:
                self._sessions.remove(session)
                self._ended(session)

    def _started(self, session: Session, *, on: bool) -> None:
        if not on:
            self._ended(session)
            return
        session.active = True
        if self._settings.redundant:
            for other in self._sessions:
                if other is not session and other.active:
                    other.close()

    def _ended(self, session: Session) -> None:
        if session.active:
            self._heard = self._clock.count()
        session.stop()
        self._commands.forget(session)

    def _take(self, session: Session, asdu: bytes) -> None:
        """Answer one message of a centre. Raises MalformedError."""
        head = header(asdu)
        everybody = head.address == EVERYBODY and head.type in (Type.INTERROGATION, Type.CLOCK)
        handle = self._handlers.get(head.type)
        if handle is None:
            session.answer(answer(asdu, Cause.UNKNOWN_TYPE, negative=True))
        elif head.address != self._points.common_address and not everybody:
            session.answer(answer(asdu, Cause.UNKNOWN_ADDRESS, negative=True))
        else:
            # Called by the address of all, a station answers with its own (IEC 60870-5-101, 7.2.4).
            own = self._points.common_address.to_bytes(2, "little")
            handle(session, asdu[:4] + own + asdu[6:], head.cause)

    @property
    def _handlers(self) -> dict[int, Callable[[Session, bytes, int], None]]:
        commands = dict.fromkeys(map(int, KINDS), self._command)
        return commands | {
            Type.INTERROGATION: self._interrogation,
            Type.READ: self._read,
            Type.CLOCK: self._synchronise,
            Type.TEST: self._test,
        }

    def _command(self, session: Session, asdu: bytes, _: int) -> None:
        off = session.clock_off or timedelta()
        carried = self._commands.take(session, asdu, self._clock.now(), off)
        if carried:
            self._commanded = carried.at
            # A point of the same name echoes what now holds.
            self.publish({carried.point: Reading(carried.value, carried.at)})

    def _interrogation(self, session: Session, asdu: bytes, cause: int) -> None:
        if cause != Cause.ACTIVATION:
            session.answer(answer(asdu, Cause.UNKNOWN_CAUSE, negative=True))
            return
        known = asdu[HEAD + 3 :] == bytes([STATION])
        if not known or not session.interrogated(self._everything(asdu)):
            session.answer(answer(asdu, Cause.CONFIRMATION, negative=True))

    def _everything(self, asdu: bytes) -> Iterator[bytes]:
        yield answer(asdu, Cause.CONFIRMATION)
        yield from self._image.interrogated()
        yield answer(asdu, Cause.TERMINATION)

    def _read(self, session: Session, asdu: bytes, cause: int) -> None:
        if cause != Cause.REQUEST:
            session.answer(answer(asdu, Cause.UNKNOWN_CAUSE, negative=True))
            return
        found = self._image.requested(object_address(asdu))
        session.answer(found or answer(asdu, Cause.UNKNOWN_OBJECT, negative=True))

    def _synchronise(self, session: Session, asdu: bytes, cause: int) -> None:
        """Note how far the centre's clock is from ours; ours is kept by the machine, not by it."""
        if cause != Cause.ACTIVATION:
            session.answer(answer(asdu, Cause.UNKNOWN_CAUSE, negative=True))
            return
        now = self._clock.now()
        off = moment(asdu[HEAD + 3 :], self._points.tz) - now
        believed = abs(off) <= timedelta(seconds=self._settings.clock)
        if believed:
            session.clock_off = off
        else:
            log.warning("%s: its clock is off by %s", session.name, off)
        ours = asdu[: HEAD + 3] + stamp(now, self._points.tz)
        session.answer(answer(ours, Cause.CONFIRMATION, negative=not believed))

    def _test(self, session: Session, asdu: bytes, cause: int) -> None:
        wrong = cause != Cause.ACTIVATION
        session.answer(
            answer(asdu, Cause.UNKNOWN_CAUSE if wrong else Cause.CONFIRMATION, negative=wrong)
        )
