"""One station's connection: nothing it sends can hurt more than itself."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ocpp.exceptions import OCPPError
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from zeroplant.links.backoff import LONGEST, STEP
from zeroplant.links.clock import Clock
from zeroplant.links.link import BUSY
from zeroplant.links.ocpp_handlers import HEARTBEAT, VERSIONS, TwoOne
from zeroplant.links.ocpp_profiles import Purpose
from zeroplant.links.ocpp_state import State

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=2.5 * HEARTBEAT)
"""A station that says nothing for so long is not there, whatever its socket says."""
MESSAGES_PER_SECOND, BURST = 20.0, 200.0
"""A station says a few messages a minute; what it stored while offline comes in one burst."""
MALFORMED = 20
"""Messages that are none; after so many the connection is closed."""
ANSWER = 10.0
"""Seconds to wait for a station's answer."""
POLICY, UNSUPPORTED = 1008, 1007


class Bucket:
    """A rate limit: ``rate`` a second, and ``burst`` at once (token bucket)."""

    def __init__(self, rate: float, burst: float, now: datetime) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, now

    def take(self, now: datetime) -> bool:
        """Whether one more is within the limit."""
        passed = max((now - self._at).total_seconds(), 0.0)
        self._left, self._at = min(self._burst, self._left + passed * self._rate), now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Session:
    """A connected station."""

    def __init__(self, connection: ServerConnection, state: State, clock: Clock) -> None:
        self.connection = connection
        self.since = self.heard = clock.now()
        self.malformed = 0
        self._clock, self._state = clock, state
        self._bucket = Bucket(MESSAGES_PER_SECOND, BURST, self.heard)
        protocol = VERSIONS[str(connection.subprotocol)]
        self.point: Any = protocol(
            state.station.identity, connection, response_timeout=ANSWER, logger=_quiet
        )
        self.point.begin(state, clock)
        self.unsafe = BUSY
        """Why nothing holds when a limit lapses; empty once the station has its safe default."""
        self._preparing: asyncio.Task[None] | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing has been heard for too long."""
        return self._clock.now() - self.heard > SILENCE

    async def run(self) -> None:
        """Take messages until the connection ends."""
        try:
            async for raw in self.connection:
                self.heard = self._clock.now()
                if not self._bucket.take(self.heard):
                    await self.connection.close(POLICY, "too many messages")
                    break
                await self._take(raw)
                if self.malformed > MALFORMED:
                    await self.connection.close(UNSUPPORTED, "no OCPP")
                    break
        except ConnectionClosed:
            pass
        finally:
            if self._preparing is not None:
                self._preparing.cancel()

    def prepare(self, *, anew: bool = False) -> None:
        """Begin to give the station what it needs; ``anew``: also if that has begun before."""
        if self._preparing is not None:
            if not anew:
                return
            self._preparing.cancel()
        self._preparing = asyncio.create_task(self._prepare())

    async def limit(self, purpose: Purpose, number: int, power: float, **more: Any) -> str:
        """Set a limit; why it was not accepted, or nothing. Raises TimeoutError, OSError."""
        return await self._answered(self.point.limit(purpose, number, power, **more))

    async def swap(self, token: str, request: int) -> str:
        """Ask for a battery; why there is none, or nothing. Raises TimeoutError, OSError."""
        if not isinstance(self.point, TwoOne):
            return f"OCPP {self.point.version} knows no swapping"
        return await self._answered(self.point.request_swap(token, request))

    async def _answered(self, asking: Awaitable[str]) -> str:
        try:
            return await asking
        except ConnectionClosed as error:
            raise ConnectionError(str(error)) from None
        except OCPPError as error:  # its answer is none, by its schema
            return str(error)

    async def _take(self, raw: str | bytes) -> None:
        """Hand a message to the library if it is one.

        The library answers nothing to an unknown action of 2.1, and keeps answers to questions
        that nobody asked; both are dealt with here.
        """
        message = _message(raw)
        if message is None:
            self.malformed += 1
            return
        kind = message[0]
        if kind != 2:
            if self.point._call_lock.locked():  # a question is open
                await self._route(raw)
            return
        if message[2] not in self.point.route_map:
            error = [4, message[1], "NotImplemented", "", {}]
            await self.connection.send(json.dumps(error))
            return
        await self._route(raw)
        self.prepare(anew=message[2] == "BootNotification")

    async def _route(self, raw: str | bytes) -> None:
        try:
            await self.point.route_message(raw)
        except ConnectionClosed:
            raise
        except Exception as error:  # of the library, on input it did not think of
            self.malformed += 1
            log.warning("%s: %r", self._state.station.identity, error)

    async def _prepare(self) -> None:
        """What a station needs once it is there: the safe default first of all."""
        try:
            await self._make_safe()
            await self.point.prepare()
        except (OSError, TimeoutError, ConnectionClosed, OCPPError) as error:
            log.warning("%s: not prepared: %r", self._state.station.identity, error)

    async def _make_safe(self) -> None:
        """Have the safe default stand, however often it is refused: many do while they start.

        Raises OSError when the connection is gone.
        """
        station, self.unsafe = self._state.station, BUSY
        for failures in count(1):
            try:
                why = await self.limit("TxDefaultProfile", 0, station.safe)
            except TimeoutError:
                why = "no answer in time"
            if not why:
                self.unsafe = ""
                return
            self.unsafe = f"limited, but without a safe default when that lapses: {why}"
            log.warning("%s: no safe default: %s", station.identity, why)
            await self._clock.sleep(min(STEP * failures, LONGEST))


def _message(raw: str | bytes) -> list[Any] | None:
    """The message, if it has the form of one (OCPP-J §4)."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, list) or len(message) < 3 or message[0] not in (2, 3, 4):
        return None
    if isinstance(message[0], bool) or not isinstance(message[1], str) or len(message[1]) > 36:
        return None
    if message[0] != 2:
        return message
    fits = len(message) == 4 and isinstance(message[2], str) and isinstance(message[3], dict)
    return message if fits else None


_quiet = logging.getLogger("zeroplant.links.ocpp.messages")
_quiet.setLevel(logging.CRITICAL)  # the library logs every message, and a traceback for each wrong
