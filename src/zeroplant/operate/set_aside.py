"""Damaged records are put aside as they are, and new ones begun: no plant is left alone for them.

A journal or a history that is not as it was written is evidence, and is not gone on with. But a
controller that waits for somebody to look at it controls nothing meanwhile.
"""

from __future__ import annotations

import logging
from datetime import datetime

from zeroplant.operate.folder import STAMP, PlantFolder
from zeroplant.operate.recording import Recording
from zeroplant.store import Entry
from zeroplant.store.durable import DamagedError, plainly, sync_folder

log = logging.getLogger(__name__)

BOOKS = 2
"""The journal and the history."""


def opened(folder: PlantFolder, now: datetime) -> Recording:
    """The records of a plant to write to, new ones in place of damaged ones.

    Those are found beside them, named by the moment (UTC); the recording says so (``damaged``),
    and so does the first entry after that. Raises InputError where nothing can be written.
    """
    damaged: list[str] = []
    while True:
        try:
            recording = Recording(folder)
        except DamagedError as error:
            if len(damaged) == BOOKS:
                raise
            damaged.append(_put_aside(error, now))
            continue
        recording.damaged = "; ".join(damaged)
        if damaged:
            said = {
                "en": f"records before this one were damaged and put aside: {recording.damaged}",
                "zh": f"此前的记录已损坏，另行保存：{recording.damaged}",
            }
            entry = Entry(kind="note", key="damaged", event=now, known=now, payload=said)
            recording.note([entry])
        return recording


def _put_aside(error: DamagedError, now: datetime) -> str:
    """Rename the folder of what is damaged; its new name."""
    log.error("%s", error)
    place = error.folder
    name = f"{place.name}.damaged-{now.strftime(STAMP)}"
    with plainly(f"put {place} aside"):
        place.rename(place.with_name(name))
        sync_folder(place.parent)
    return name
