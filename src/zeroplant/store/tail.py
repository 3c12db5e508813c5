"""The tail of a history: what was acknowledged and is not in Parquet files yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from zeroplant.errors import Problem
from zeroplant.store.batch import KEPT, from_bytes, whole
from zeroplant.store.durable import plainly
from zeroplant.store.frames import find_frames
from zeroplant.store.manifest import Manifest
from zeroplant.store.moments import MICROS_PER_DAY


class MovedOn(Exception):  # noqa: N818 - no error: the caller looks at the manifest again
    """The writer has put rows elsewhere since the manifest was read."""


def segment_path(folder: Path, number: int) -> Path:
    """The write-ahead segment of this number."""
    return folder / "log" / f"{number:08d}.log"


def segments(folder: Path) -> list[int]:
    """Numbers of the write-ahead segments there are, in order."""
    return sorted(int(path.stem) for path in folder.glob("log/*.log") if path.stem.isdecimal())


@dataclass(frozen=True)
class TailBatch:
    """Rows of a batch, and the first and last event of each day in it."""

    rows: pa.RecordBatch
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, rows: pa.RecordBatch) -> TailBatch:
        """A batch with its spans."""
        events = whole(rows["event"].cast(pa.int64()))
        if not events.size:
            return cls(rows, ())
        first, last = int(events.min()), int(events.max())
        if first // MICROS_PER_DAY == last // MICROS_PER_DAY:  # as nearly always
            return cls(rows, ((first, last),))
        events = np.sort(events)
        cuts = np.flatnonzero(np.diff(events // MICROS_PER_DAY)) + 1
        runs = np.split(events, cuts)
        return cls(rows, tuple((int(run[0]), int(run[-1])) for run in runs))


@dataclass(frozen=True)
class _Segment:
    """What was read of a segment: up to where, what stands behind, bytes of damage, batches."""

    end: int = 0
    behind: int = 0
    lost: int = 0
    batches: list[TailBatch] = field(default_factory=list)


class Tail:
    """Reads the write-ahead segments of a folder, and goes on where it stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[int, _Segment] = {}

    def batches(self, manifest: Manifest) -> list[TailBatch]:
        """All batches behind the manifest. Raises MovedOn when it is out of date, InputError."""
        numbers = [number for number in segments(self._folder) if number >= manifest.log]
        if manifest.log not in numbers:  # deleted after its rows went into Parquet files
            raise MovedOn
        self._read = {number: self._more(number) for number in numbers}
        return [batch for number in numbers for batch in self._read[number].batches]

    @property
    def lost(self) -> int:
        """Bytes of damage. What stands at the very end is none: it was cut short in writing."""
        *earlier, last = [self._read[number] for number in sorted(self._read)]
        return sum(each.lost + each.behind for each in earlier) + last.lost

    def end(self, number: int) -> int:
        """Where the whole frames of a segment end."""
        return self._read[number].end

    def _more(self, number: int) -> _Segment:
        before = self._read.get(number, _Segment())
        path = segment_path(self._folder, number)
        with plainly(f"read {path}"):
            try:
                with path.open("rb") as file:
                    file.seek(before.end)
                    data = file.read()
            except FileNotFoundError:
                raise MovedOn from None
        found = find_frames(data)
        added = [TailBatch.of(from_bytes(content)) for content in found.whole]
        return _Segment(
            before.end + found.end,
            len(data) - found.end,
            before.lost + found.lost,
            before.batches + added,
        )


def joined(batches: Sequence[TailBatch]) -> pa.Table:
    """Batches as one table; their dictionaries stay their own."""
    return pa.Table.from_batches([batch.rows for batch in batches], schema=KEPT)


def damage(folder: Path, lost: int) -> Problem:
    """What to say about bytes of the log that are no frames."""
    what = f"{lost} bytes in the middle of its log are damaged; the rows in them are lost"
    return Problem(what, where=str(folder))
