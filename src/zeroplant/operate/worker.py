"""Work that no cycle waits for: done at once in a simulation, in a thread of its own in real time.

What has such work is told how it gets done (``do``), and holds no thread itself.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

Work = Callable[[], None]
Do = Callable[[Work], None]
"""How work is done: `at_once`, or `Worker.do`."""


def at_once(work: Work) -> None:
    """Do it here and now."""
    work()


class Worker:
    """A thread that does what it is given, in order; what fails is in the log, and ends nothing.

    One that ``waits`` does nothing before `begin`: a controller that starts is in haste.
    """

    def __init__(self, name: str, *, waits: bool = False) -> None:
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        if not waits:
            self._thread.start()

    def begin(self) -> None:
        """Do what waits, and from now on what comes."""
        if self._thread.ident is None:
            self._thread.start()

    def do(self, work: Work) -> None:
        """Have it done; returns at once."""
        self._queue.put(work)

    def close(self, patience: float = 5.0) -> None:
        """Do what waits, for so many seconds at most; what is not done by then is in the log.

        One that never began is left so.
        """
        if self._thread.ident is None:
            return
        self._queue.put(None)
        self._thread.join(patience)
        if self._thread.is_alive():
            name, left = self._thread.name, self._queue.qsize() - 1
            log.error("%s: not done within %g s; %d more wait", name, patience, max(left, 0))

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                work()
            except Exception:  # the plant goes on, whatever it is
                log.exception("%s", self._thread.name)
