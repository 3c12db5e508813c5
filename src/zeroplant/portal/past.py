"""What was measured, for those who draw it or take it away: the plant's history, by its reader."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zeroplant.errors import InputError
from zeroplant.links.tasks import beside
from zeroplant.operate.measured import Means, means
from zeroplant.portal.repeated import repeated
from zeroplant.store import History
from zeroplant.store.moments import EPOCH

MOST = 50_000
"""Values in an answer: more than any screen has pixels, and no more than a browser bears."""
READ_ON = 60
"""Seconds between two looks at what was written since."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Asked:
    """A question about one point: events from ``start`` up to ``end``, as known at ``known``.

    ``step`` asks for what the values did in each step; without it they come as they are, or, where
    there are more than ``most``, by the least and greatest of each stretch.
    """

    point: str
    start: datetime
    end: datetime
    step: timedelta | None = None
    most: int = MOST
    known: datetime | None = None


class Past:
    """The history in a folder, opened when it is first there; for many threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = threading.Lock()
        self._history: History | None = None

    @property
    def begun(self) -> bool:
        """Whether anything was ever written down."""
        return self._folder.is_dir()

    def read(self, asked: Asked) -> pa.Table | None:
        """Rows by event: those of `History.chart`, or with a step those of `History.resample`.

        None where nothing was ever measured. Raises InputError where it cannot be read.
        """
        if not self.begun:
            return None
        history, span = self._open(), (asked.start, asked.end)
        if asked.step is not None:
            return history.resample(asked.point, *span, asked.step, asked.known)
        return history.chart(asked.point, *span, asked.known, asked.most)

    def means(self, names: Iterable[str], start: datetime, steps: int, step: timedelta) -> Means:
        """Mean and last value of points in each step, nan where nothing was.

        Raises InputError where there is no history, or it cannot be read.
        """
        return means(self._open(), names, start, steps, step)

    def followed(self) -> AbstractAsyncContextManager[None]:
        """Read on as it grows, as long as the context lasts, so that the first chart need not.

        What was written since the last night lies in a log, which takes seconds to read at once.
        """
        return beside(repeated(self._follow, READ_ON))

    async def _follow(self) -> None:
        await asyncio.to_thread(self._read_on)

    def _read_on(self) -> None:
        """Ask for next to nothing: the log is read for it up to its end."""
        if self.begun:
            with suppress(InputError):  # who asks for something is told why not
                self._open().resample("-", EPOCH, EPOCH + READ_ON * SECOND, SECOND)

    def close(self) -> None:
        """Give back memory."""
        with self._opening:
            if self._history is not None:
                self._history.close()

    def _open(self) -> History:
        with self._opening:
            if self._history is None:
                self._history = History(self._folder)
            return self._history


def milliseconds(events: pa.ChunkedArray) -> list[int]:
    """Moments as browsers count them: whole milliseconds since 1970, UTC."""
    micros = events.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    found: list[int] = pc.divide(micros, 1000).to_pylist()
    return found
