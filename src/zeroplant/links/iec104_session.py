"""One connection of a dispatch centre: what goes out on it, in which order, never without bound."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from zeroplant.links.iec104_asdu import Cause, MalformedError, Told, Type, information

if TYPE_CHECKING:
    from hat.drivers.iec60870 import apci

log = logging.getLogger(__name__)

EVENTS = 1000
"""Changes of state kept for a centre that reads slowly; the oldest go first."""
ANSWERS = 200
"""A centre that asks on without reading the answers is cut off."""
INTERROGATIONS = 4
"""Asked for at once; one more is refused."""


class Session:
    """One connection. Answers go first, then changes of state, an interrogation, and values last.

    Of values only the places are kept: who reads slowly gets the latest, not a queue of old ones.
    """

    def __init__(
        self,
        connection: apci.Connection,
        address: int,
        values: Callable[[set[int]], Iterator[bytes]],
    ) -> None:
        self.name = str(connection.info.remote_addr.host)
        self.active = False
        self.clock_off: timedelta | None = None
        """Its clock minus ours, at its last synchronisation: each centre has a clock of its own."""
        self._connection = connection
        self._address = address
        self._values = values
        self._answers: deque[bytes] = deque()
        self._events: deque[tuple[Type, Told]] = deque(maxlen=EVENTS)
        self._interrogations: deque[Iterator[bytes]] = deque()
        self._changed: set[int] = set()
        self._flow: Iterator[bytes] = iter(())
        self._wake = asyncio.Event()

    async def run(self, take: Callable[[Session, bytes], None]) -> None:
        """Hand on what comes until the connection ends, whatever comes."""
        sender = asyncio.create_task(self._send())
        try:
            while True:
                asdu = bytes(await self._connection.receive())
                if not self._connection.is_enabled or len(self._answers) > ANSWERS:
                    break  # it speaks before it was started, or asks without listening
                take(self, asdu)
                # Of many that wait, none keeps the rest of the plant waiting.
                await asyncio.sleep(0)
        except ConnectionError:
            pass
        except MalformedError:
            log.warning("%s: a malformed message; hanging up", self.name)
        finally:
            sender.cancel()
            self._connection.close()

    def answer(self, asdu: bytes) -> None:
        """Say something before all else."""
        self._answers.append(asdu)
        self._wake.set()

    def event(self, kind: Type, told: Told) -> None:
        """Tell a change of state; none is left out as long as the centre keeps up."""
        if self.active:
            self._events.append((kind, told))
            self._wake.set()

    def changed(self, places: set[int]) -> None:
        """Tell these values when there is time."""
        if self.active:
            self._changed |= places
            self._wake.set()

    def interrogated(self, messages: Iterator[bytes]) -> bool:
        """Queue an answer to an interrogation; no if there are too many already."""
        if len(self._interrogations) >= INTERROGATIONS:
            return False
        self._interrogations.append(messages)
        self._wake.set()
        return True

    def stop(self) -> None:
        """It is no longer started: what waits is dropped; a new start begins with the present."""
        self.active = False
        self._events.clear()
        self._changed.clear()
        self._interrogations.clear()
        self._flow = iter(())

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    async def _send(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while (asdu := self._next()) is not None:
                    await self._connection.send(asdu)
        except ConnectionError:
            pass

    def _next(self) -> bytes | None:
        """The next message, or nothing if there is nothing to say."""
        while True:
            if self._answers:
                return self._answers.popleft()
            message = next(self._flow, None)
            if message is not None:
                return message
            if self._events:
                events, self._events = self._events, deque(maxlen=EVENTS)
                self._flow = self._told(events)
            elif self._interrogations:
                self._flow = self._interrogations.popleft()
            elif self._changed:
                changed, self._changed = self._changed, set()
                self._flow = self._values(changed)
            else:
                return None

    def _told(self, events: deque[tuple[Type, Told]]) -> Iterator[bytes]:
        for kind, group in groupby(events, key=itemgetter(0)):
            objects = (told for _, told in group)
            yield from information(kind, Cause.SPONTANEOUS, self._address, objects)
