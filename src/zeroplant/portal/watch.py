"""The newest image of the plant, read once for everybody who looks."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import Gauge

from zeroplant.links.tasks import beside
from zeroplant.portal.moments import age
from zeroplant.portal.repeated import repeated
from zeroplant.portal.views import event_of

LOOK_EVERY = 0.5
"""Seconds; the controller writes at most once a second."""
ASK_EVERY = 5.0
"""Seconds after which a silent stream says that it lives, and the viewer's right is looked at."""


class Watch:
    """Follows ``live.json`` and wakes all who wait for news; none of them reads the disk.

    ``worded`` puts an image into words for people, once for all of them.
    """

    def __init__(
        self,
        path: Path,
        viewers: Gauge,
        worded: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        self._path, self._viewers, self._worded = path, viewers, worded
        self._stamp: tuple[int, int] | None = None
        self._event = b""
        self._news = asyncio.Condition()
        self.image: dict[str, Any] | None = None
        self.viewers: Counter[int] = Counter()
        """How many streams each person follows, by their number."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look, as long as the context lasts."""
        return beside(repeated(self._look, LOOK_EVERY))

    async def events(self, welcome: Callable[[], bool], person: int = 0) -> AsyncIterator[bytes]:
        """Server-sent events: the image now, and each that follows it; the same bytes for all.

        They end when ``welcome``, which is asked every few seconds, says no: somebody who was shut
        out sees nothing more.
        """
        self._viewers.inc()
        self.viewers[person] += 1
        sent, asked = b"", time.monotonic()
        try:
            while True:
                if time.monotonic() - asked >= ASK_EVERY:
                    asked = time.monotonic()
                    if not await asyncio.to_thread(welcome):
                        return
                if self._event and self._event is not sent:
                    sent = self._event
                    yield sent
                    continue
                try:
                    async with asyncio.timeout(ASK_EVERY), self._news:
                        await self._news.wait()
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._viewers.dec()
            self.viewers -= Counter([person])

    def age(self, now: datetime) -> float:
        """Seconds since the newest image was written; infinite while there is none."""
        return age(self.image, now)

    async def _look(self) -> None:
        if await asyncio.to_thread(self._read):
            async with self._news:
                self._news.notify_all()

    def _read(self) -> bool:
        """Take the file if it is another one than before; whether it was."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp == self._stamp:
                return False
            content = self._path.read_bytes()
            image = json.loads(content)
        except (OSError, ValueError, RecursionError):  # not there, or no image: look again
            return False
        if not isinstance(image, dict):
            return False
        image = self._worded(image)
        self._stamp, self.image = stamp, image
        self._event = event_of(image)
        return True
