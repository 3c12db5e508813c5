"""Compaction: rows in order, without copies, in few Parquet files for each day."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zeroplant.store.batch import KEPT
from zeroplant.store.durable import sync_folder
from zeroplant.store.manifest import Part
from zeroplant.store.moments import MICROS_PER_DAY, day_of

LARGEST = 4_000_000
"""Rows up to which files of a day are merged; bounds what compaction needs of memory (~1 GB)."""

MERGED = 3
"""Files that are merged at least, together with new rows."""


def by_day(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each day of events in UTC."""
    if not rows.num_rows:
        return
    event = _whole(rows["event"])
    if event.min() // MICROS_PER_DAY == event.max() // MICROS_PER_DAY:  # as nearly always
        yield day_of(int(event[0])), rows
        return
    days = event // MICROS_PER_DAY
    if (np.diff(days) < 0).any():
        order = np.argsort(days, kind="stable")
        rows, days = rows.take(pa.array(order)), days[order]
    edges = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
    for start, end in pairwise(edges):
        yield day_of(int(days[start]) * MICROS_PER_DAY), rows.slice(start, end - start)


def tidy(rows: pa.Table) -> tuple[pa.Table, bool]:
    """Rows by point, event and known time, each once, and whether no event has two versions.

    A row that equals another in all but source and arrival is a copy; the first to arrive stays.
    """
    rows = rows.unify_dictionaries().combine_chunks()
    names = rows["point"].chunk(0)
    sequence = pc.sort_indices(names.dictionary).to_numpy()
    rank = np.empty(len(sequence), np.int32)
    rank[sequence] = np.arange(len(sequence))
    point = rank[names.indices.to_numpy()]
    event, known = _whole(rows["event"]), _whole(rows["known"])
    order = np.lexsort((known, event, point))
    plain = not _like_the_one_before(order, point, event).any()
    if not plain and _like_the_one_before(order, point, event, known).any():
        value = rows["value"].to_numpy().view(np.int64)
        quality = rows["quality"].to_numpy()
        arrival = rows["arrival"].to_numpy()
        order = np.lexsort((arrival, quality, value, known, event, point))
        order = order[~_like_the_one_before(order, point, event, known, value, quality)]
        plain = not _like_the_one_before(order, point, event).any()
    return rows.take(pa.array(order)), plain


def merged_with(rows: int, parts: Iterable[Part]) -> list[Part]:
    """Which files of a day, given oldest first, are rewritten together with so many new rows.

    The newest ones, while each is no larger than all that is gathered, and only when there are some
    of them: as in counting, a row is rewritten as often as the file it ends in has a digit more.
    """
    chosen: list[Part] = []
    for part in reversed(list(parts)):
        if part.rows > rows or part.rows + rows > LARGEST:
            break
        chosen.append(part)
        rows += part.rows
    return chosen if len(chosen) >= MERGED else []


def read_part(folder: Path, part: Part) -> pa.Table:
    """All rows of a file. Raises OSError or ArrowException when it is damaged."""
    path = folder / "days" / part.name
    names = ["point", "source"]
    table = pq.read_table(
        path, partitioning=None, read_dictionary=names, page_checksum_verification=True
    )
    return table.select(KEPT.names).cast(KEPT)


def write_part(folder: Path, name: str, rows: pa.Table) -> Part:
    """Write the rows of a day and have them on disk. Raises OSError, and leaves nothing then."""
    rows, plain = tidy(rows)
    path = folder / "days" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            pq.write_table(
                rows,
                file,
                compression="zstd",
                row_group_size=131_072,
                use_dictionary=["point", "source", "quality", "value"],
                column_encoding=dict.fromkeys(["event", "known", "arrival"], "DELTA_BINARY_PACKED"),
                write_page_checksum=True,
            )
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        sync_folder(path.parent.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    event = _whole(rows["event"])
    return Part(name, rows.num_rows, int(event.min()), int(event.max()), plain)


def _like_the_one_before(
    order: NDArray[np.int64], *columns: NDArray[np.generic]
) -> NDArray[np.bool_]:
    """Which rows of an order equal the row before them in all these columns."""
    same = np.zeros(len(order), bool)
    same[1:] = True
    for column in columns:
        ordered = column[order]
        same[1:] &= ordered[1:] == ordered[:-1]
    return same


def _whole(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Stamps as whole numbers."""
    return np.asarray(column.cast(pa.int64()).to_numpy())
