"""A program on a disk that fills up: no file may grow beyond a limit, until the limit is lifted.

``python small_disk.py history|compaction|journal FOLDER`` writes until it is refused, goes on when
there is space again, and prints what was acknowledged and what was said, as one JSON object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from zeroplant.errors import InputError
from zeroplant.store import Batch, Entry, HistoryWriter, JournalWriter

START = datetime(2026, 11, 20, tzinfo=UTC)
LIMIT = 60_000  # bytes; more than a manifest or a head needs, less than what is written
ROWS = 500


def batch(number: int) -> Batch:
    """Random numbers, so that nothing can be compressed away."""
    moment = START + timedelta(seconds=number)
    values = np.random.default_rng(number).random(ROWS)
    return Batch([f"p{point}" for point in range(ROWS)], moment, values, moment)


def entries(number: int) -> list[Entry]:
    """Ten records; those of a day do not fit in the file of the day."""
    moments = [START + timedelta(minutes=100 * number + each) for each in range(10)]
    return [Entry(kind="note", event=at, known=at, payload={"is": "x" * 500}) for at in moments]


def fill(write: Callable[[int], object], count: int) -> tuple[int, list[str]]:
    """Write with and without space; how much was acknowledged, and what was said of the rest."""
    import resource  # which only Unix has

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    done, said = 0, list[str]()
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, most))
    while len(said) < 3:  # tried again and again, as a plant would
        try:
            write(done)
            done += 1
        except InputError as error:
            said.append(str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    for _ in range(count):
        write(done)
        done += 1
    return done, said


def main() -> None:
    """Do as the module says."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    if kind == "history":
        with HistoryWriter(folder) as history:
            done, said = fill(lambda number: history.append(batch(number)), 20)
    elif kind == "compaction":
        with HistoryWriter(folder) as history:

            def move(number: int) -> None:
                for each in range(4):  # each of which fits into the log
                    history.append(batch(4 * number + each))
                history.compact()  # but the day's file, merged, does not fit in the end

            done, said = fill(move, 5)
    else:
        with JournalWriter(folder) as journal:
            done, said = fill(lambda number: journal.append(entries(number)), 20)
    sys.stdout.write(json.dumps({"done": done, "said": said}))


if __name__ == "__main__":
    main()
