"""A twin whose days do not end: new ones are drawn before the old are over, and it goes on in them.

Flows, levels, set-points and readings go on where they are. What only a kind with finer physics
knows (trucks that wait, temperatures of rooms) begins anew with each span.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from zeroplant.operate.standing import Standing
from zeroplant.twin.plant import Twin

AHEAD = 0.25
"""Part of a span before whose end the next one is drawn."""

AGAIN = timedelta(hours=1)
"""Time after which days that could not be drawn are drawn again."""
log = logging.getLogger(__name__)


class Endless:
    """A twin that goes on; ``draw`` gives the truth of the days from a moment on.

    ``twin`` is the one whose days these are; ``seed`` was its own.
    """

    def __init__(self, twin: Twin, seed: int, draw: Callable[[datetime], Standing]) -> None:
        self.twin, self._seed = twin, seed
        self._draw = draw
        self._drawing = ThreadPoolExecutor(1, thread_name_prefix="days")
        self._next: Future[Standing] | None = None
        self._begin()

    def _begin(self) -> None:
        axis = self.twin.standing.network.axis
        self._end = axis.start + axis.periods * axis.step
        self._soon = self._end - AHEAD * axis.periods * axis.step
        self._next = None

    def advance(self, seconds: float) -> None:
        """Let time pass, in whole steps; it waits for new days only where they come too late.

        Raises what drawing them raised, where it has failed until the old ones are over.
        """
        for _ in range(round(seconds / self.twin.seconds)):
            now = self.twin.clock.now()
            if now < self._end and self._next is not None and _failed(self._next):
                self._next, self._soon = None, now + AGAIN
            if now >= min(self._soon, self._end) and self._next is None:
                self._next = self._drawing.submit(self._draw, self._end)
            if now >= self._end and self._next is not None:
                self._go_on(self._next.result())
            self.twin.advance(self.twin.seconds)

    def _go_on(self, standing: Standing) -> None:
        before, self._seed = self.twin, self._seed + 1
        self.twin = Twin(standing, seed=self._seed, step=before.seconds, clock=before.clock)
        self.twin.take_over(before)
        self._begin()

    def close(self) -> None:
        """Draw no more days."""
        self._drawing.shutdown(wait=False, cancel_futures=True)


def _failed(drawing: Future[Standing]) -> bool:
    """Whether days could not be drawn; it is said why."""
    error = drawing.exception() if drawing.done() else None
    if error is not None:
        log.error("the next days could not be drawn; it is tried again: %r", error)
    return error is not None
