"""Batches: values of points that became known together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from zeroplant.errors import InputError, Problem
from zeroplant.store.moments import Moment, all_micros

Names: TypeAlias = "str | Sequence[str] | pa.Array"
"""One name for all rows, or one per row."""

WORDS = pa.dictionary(pa.int32(), pa.string())
STAMP = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("point", WORDS),
        ("event", STAMP),
        ("known", STAMP),
        ("value", pa.float64()),
        ("quality", pa.uint8()),
        ("source", WORDS),
    ]
)
"""Columns of a batch; kept rows also have ``arrival``, the number of the row as it came in."""

KEPT = SCHEMA.append(pa.field("arrival", pa.int64()))


class Batch:
    """Rows of point, event time, known time, value, quality and source.

    ``event`` is when a value held, ``known`` when the plant learned it: two rows of one point and
    event are versions of one value, and the later known is the newer. Of versions known at the same
    time the one that arrived later counts. ``quality`` is a code of 0…255: 0 is good, larger is
    worse. A value that is unknown is not-a-number, never zero.
    """

    def __init__(
        self,
        points: Names,
        event: ArrayLike | Moment,
        value: ArrayLike,
        known: ArrayLike | Moment,
        *,
        quality: ArrayLike = 0,
        source: Names = "",
    ) -> None:
        """Each argument is one for all rows or one per row. Raises InputError when they differ.

        Times are datetimes with a zone or numpy moments in UTC.
        """
        values = np.atleast_1d(_numbers(value, np.float64)) + 0.0  # no zero with a sign
        values[np.isnan(values)] = np.nan  # one not-a-number, so that a copy is seen as a copy
        columns: list[NDArray[Any]] = [
            all_micros(event),
            all_micros(known),
            values,
            _codes(quality),
        ]
        lengths = {array.size for array in columns if array.ndim} - {1}
        lengths |= {len(names) for names in (points, source) if not isinstance(names, str)}
        rows = max(lengths, default=1)
        if any(array.ndim > 1 for array in columns) or lengths - {rows}:
            counts = ", ".join(map(str, sorted(lengths)))
            raise InputError(Problem(f"columns of a batch have different lengths: {counts}"))
        event_, known_, value_, quality_ = (np.broadcast_to(each, (rows,)) for each in columns)
        arrays = [
            _words(points, rows, "point"),
            pa.array(event_).cast(STAMP),
            pa.array(known_).cast(STAMP),
            pa.array(value_),
            pa.array(quality_),
            _words(source, rows, "source"),
        ]
        self.rows = pa.record_batch(arrays, schema=SCHEMA)

    def __len__(self) -> int:
        return int(self.rows.num_rows)


def to_bytes(rows: pa.RecordBatch, arrival: int) -> bytes:
    """Rows of which the first has this number of arrival, as an Arrow stream (LZ4 inside)."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    rows = rows.replace_schema_metadata({"arrival": str(arrival)})
    with pa.ipc.new_stream(sink, rows.schema, options=options) as stream:
        stream.write_batch(rows)
    return bytes(sink.getvalue())


def from_bytes(content: bytes) -> pa.RecordBatch:
    """Rows with their numbers of arrival. Raises InputError for bytes of another kind."""
    try:
        with pa.ipc.open_stream(content) as stream:
            rows = stream.read_next_batch()
        return numbered(rows, int((rows.schema.metadata or {})[b"arrival"]))
    except (pa.ArrowException, OSError, KeyError, ValueError, StopIteration):
        what = "a part of a history was written by another version of zeroplant"
        raise InputError(Problem(what)) from None


def numbered(rows: pa.RecordBatch, arrival: int) -> pa.RecordBatch:
    """The rows with a column of their numbers of arrival, the first of which is given."""
    count = np.arange(arrival, arrival + rows.num_rows, dtype=np.int64)
    numbers = pa.Array.from_buffers(pa.int64(), len(count), [None, pa.py_buffer(count)])
    return pa.record_batch([*rows.columns, numbers], schema=KEPT)


def whole(column: pa.Int64Array) -> NDArray[np.int64]:
    """A column without gaps as it lies in memory.

    Here and in `numbered` not by way of Arrow's own conversions, which load pandas: a controller
    that begins anew is in haste.
    """
    return np.frombuffer(column.buffers()[1], np.int64, len(column), 8 * column.offset)


def _numbers(values: ArrayLike, kind: type[np.float64]) -> NDArray[np.float64]:
    try:
        return np.array(values, dtype=kind)
    except (TypeError, ValueError):
        raise InputError(Problem("a value of a batch is not a number")) from None


def _codes(quality: ArrayLike) -> NDArray[np.uint8]:
    codes = np.asarray(quality)
    whole = codes.dtype.kind in "iub"
    if not whole or (codes.size and not 0 <= codes.min() <= codes.max() <= 255):
        raise InputError(Problem("a quality is not a whole number from 0 to 255"))
    return codes.astype(np.uint8)


def _words(names: Names, rows: int, what: str) -> pa.DictionaryArray:
    """Names as an Arrow dictionary of strings."""
    if isinstance(names, str):
        repeated = pa.array(np.zeros(rows, np.int32))
        words = pa.DictionaryArray.from_arrays(repeated, pa.array([names], pa.string()))
    else:
        try:
            array = names if isinstance(names, pa.Array) else pa.array(names, pa.string())
            plain = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
            words = plain.cast(WORDS)
        except (pa.ArrowException, TypeError):
            raise InputError(Problem(f"a {what} of a batch is not a name")) from None
    if words.null_count or words.dictionary.null_count:
        raise InputError(Problem(f"a {what} of a batch is missing"))
    if what == "point":
        check_points(words.dictionary)
    return words


def check_points(names: pa.Array) -> None:
    """Names of points are printable and not empty. Raises InputError for the first other one."""
    good = pc.and_(pc.utf8_is_printable(names), pc.greater(pc.utf8_length(names), 0))
    if pc.all(good).as_py() is False:
        name = names.filter(pc.invert(good))[0].as_py()
        raise InputError(Problem(f"a point cannot be named {name!r}"))
