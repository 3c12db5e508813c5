"""What was done from the machine's command line while the service held its diary.

It stands in a journal of its own beside the diary; the service takes it over, so that the diary has
everything that anybody did to the people of the plant.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from zeroplant.errors import InputError
from zeroplant.files import write_atomic
from zeroplant.links.tasks import beside
from zeroplant.portal.repeated import repeated
from zeroplant.store import Journal, Record

BESIDE = "people-by-hand"
"""Folder of that journal, in the plant's data; its ``.taken`` is how many were taken over."""
LOOK_EVERY = 5.0
"""Seconds."""
log = logging.getLogger("zeroplant.portal")


class ByHand:
    """The journal beside the diary; ``note`` writes one of its records into the diary."""

    def __init__(self, data: Path, note: Callable[[Record], None]) -> None:
        self._folder, self._note = data / BESIDE, note
        self._taken = self._folder / ".taken"
        self._seen: tuple[tuple[str, int], ...] = ()
        self._told = ""

    def followed(self) -> AbstractAsyncContextManager[None]:
        """Take over what is there and what comes, as long as the context lasts."""
        return beside(repeated(self._follow, LOOK_EVERY))

    async def _follow(self) -> None:
        await asyncio.to_thread(self._look)

    def _look(self) -> None:
        """Take over what has been added; what cannot be is tried again, and told once."""
        try:
            files = sorted(self._folder.glob("*.jsonl"))
            stamp = tuple((path.name, path.stat().st_size) for path in files)
            if stamp and stamp != self._seen:
                self._take_over()
                self._seen = stamp
        except (InputError, OSError, ValueError) as error:
            if str(error) != self._told:
                self._told = str(error)
                log.warning("not in the diary is what was done to people by hand: %s", error)

    def _take_over(self) -> None:
        taken = int(self._taken.read_text()) if self._taken.exists() else 0
        for record in Journal(self._folder).read():
            if record.number > taken:
                self._note(record)
                write_atomic(self._taken, str(record.number))
