"""Print how fast history and journal take values in, beside bare Parquet writing and bare syncs.

See README.md. A thousand points, once a second, in batches of 10,000 rows: each is made from names
and numbers, acknowledged (on disk) and asked for again, all in one process. The bound writes the
same rows with pyarrow into one Parquet file and is asked nothing; the peer is a DuckDB file.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zeroplant.store import Batch, Entry, History, HistoryWriter, Journal, JournalWriter

POINTS = [f"county-base/inverter-{point:04d}/power" for point in range(1000)]
SECONDS = 10  # of each batch
BATCHES = 500
RECORDS = 50_000
START = np.datetime64("2026-11-20T20:00:00", "s")


def clocks() -> np.ndarray:
    """Seconds of the clock on the wall, and of the processor."""
    return np.array([time.perf_counter(), time.process_time()])


def timed(does: Callable[[], object]) -> np.ndarray:
    """What something takes, on both clocks."""
    start = clocks()
    does()
    return clocks() - start


def rows() -> Iterator[tuple[list[str], np.ndarray, np.ndarray]]:
    """Names, events and values (two decimals, as meters have) of each batch."""
    chance = np.random.default_rng(1)
    names = POINTS * SECONDS
    for batch in range(BATCHES):
        seconds = START + np.arange(batch * SECONDS, (batch + 1) * SECONDS)
        yield names, np.repeat(seconds, len(POINTS)), chance.normal(50, 10, len(names)).round(2)


def ingest(folder: Path) -> dict[str, float]:
    """Acknowledge all batches, and ask for the last value of a point after every tenth."""
    asked: list[float] = []
    spent, wait = np.zeros(2), 0.0
    with HistoryWriter(folder) as history:
        for number, (names, event, value) in enumerate(rows()):
            took = timed(lambda: history.append(Batch(names, event, value, event[-1])))  # noqa: B023
            spent += took
            wait = max(wait, took[0])
            if number % 10 == 9:
                start = time.perf_counter()
                row = history.last(POINTS[7]).to_pylist()[0]
                asked.append(time.perf_counter() - start)
                assert row["value"] == value[-len(POINTS) + 7]
        spent += timed(history.compact)
        parts = [path.stat().st_size for path in folder.glob("days/*/*.parquet")]
    many = BATCHES * SECONDS * len(POINTS)
    return {
        "values": many,
        "values_per_second": many / spent[0],
        "values_per_processor_second": many / spent[1],
        "processor_seconds": spent[1],
        "longest_append_s": wait,
        "read_your_write_median_ms": 1000 * float(np.median(asked)),
        "files": len(parts),
        "bytes_per_value": sum(parts) / many,
    }


def bound(folder: Path) -> np.ndarray:
    """The same rows with pyarrow alone, unsorted, never asked, one sync at the end."""

    def write() -> None:
        writer, file = None, folder / "bound.parquet"
        for names, event, value in rows():
            known = pa.array(np.full(len(event), event[-1]))
            table = pa.table({"point": names, "event": event, "known": known, "value": value})
            writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table)
        assert writer is not None
        writer.close()
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())

    return timed(write) - timed(lambda: list(rows()))  # making the numbers is not writing them


def peer(folder: Path) -> np.ndarray:
    """The same batches into a DuckDB file, a transaction each; copies and versions stay unseen."""
    con = duckdb.connect(folder / "peer.duckdb")
    con.execute("CREATE TABLE h (point VARCHAR, event TIMESTAMP, known TIMESTAMP, value DOUBLE)")

    def write() -> None:
        for names, event, value in rows():
            known = np.full(len(event), event[-1])
            table = pa.table({"point": names, "event": event, "known": known, "value": value})
            con.register("batch", table)
            con.execute("INSERT INTO h SELECT * FROM batch")
        con.execute("CHECKPOINT")

    took = timed(write) - timed(lambda: list(rows()))
    con.close()
    return took


def questions(folder: Path) -> dict[str, float]:
    """Median milliseconds of what a control room asks, in a process that only reads."""
    history, end = History(folder), START + BATCHES * SECONDS
    some = POINTS[::50]

    def median(does: Callable[[], object]) -> float:
        return 1000 * float(np.median([timed(does)[0] for _ in range(7)]))

    history.last(POINTS[0])
    return {
        "open_ms": median(lambda: History(folder).last(POINTS[0])),
        "last_of_20_points_ms": median(lambda: history.last(some)),
        "range_of_a_point_ms": median(lambda: history.read(POINTS[3], START, end)),
        "chart_of_a_point_ms": median(lambda: history.chart(POINTS[3], START, end, most=1000)),
        "minutes_of_20_points_ms": median(
            lambda: history.resample(some, START, end, timedelta(minutes=1))
        ),
    }


def journal(folder: Path) -> dict[str, float]:
    """Records a second by the size of a call, beside bare appends of the same bytes and syncs."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    payload = {"mw": 1.25, "to": "battery/1", "why": "schedule", "until": "2026-11-20T00:15Z"}
    entry = Entry(kind="command", event=at, known=at, key="battery/1 setpoint", payload=payload)
    found: dict[str, float] = {}
    with JournalWriter(folder) as writer:
        for size in (1, 100, 1000):
            calls = 200 if size == 1 else RECORDS // size
            took = timed(lambda: [writer.append([entry] * size) for _ in range(calls)])  # noqa: B023
            found[f"records_per_second_{size}_a_call"] = size * calls / took[0]
            if size == 1:
                found["calls_beside_bare_syncs"] = bare(folder, calls) / took[0]
            else:
                found[f"records_per_processor_second_{size}_a_call"] = size * calls / took[1]
    bytes_ = sum(path.stat().st_size for path in folder.glob("*.jsonl"))
    verdict = [Journal(folder).verify()]
    found["bytes_per_record"] = bytes_ / verdict[0].records
    took = timed(lambda: verdict.append(Journal(folder).verify()))
    found["verified_per_processor_second"] = verdict[0].records / took[1]
    took = timed(lambda: Journal(folder).replay(at))
    found["replayed_per_processor_second"] = verdict[0].records / took[1]
    found["open_for_writing_s"] = timed(lambda: JournalWriter(folder).close())[0]
    assert verdict[1].intact
    return found


def bare(folder: Path, calls: int) -> float:
    """Seconds of so many appends of 300 bytes with a sync each."""
    with (folder / "bare").open("wb", buffering=0) as file:

        def each() -> None:
            for _ in range(calls):
                file.write(b"x" * 300)
                os.fsync(file.fileno())

        return float(timed(each)[0])


def run() -> dict[str, object]:
    """All figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = ingest(folder / "history")
        least = bound(folder)
        history["processor_beside_bare_parquet"] = history["processor_seconds"] / least[1]
        other = peer(folder)
        history["processor_beside_duckdb"] = history["processor_seconds"] / other[1]
        history["clock_beside_duckdb"] = history["values"] / history["values_per_second"] / other[0]
        history["duckdb_bytes_per_value"] = (folder / "peer.duckdb").stat().st_size / history[
            "values"
        ]
        start = time.perf_counter()
        HistoryWriter(folder / "history").close()
        history["open_for_writing_s"] = time.perf_counter() - start
        return {
            "history": history,
            "questions": questions(folder / "history"),
            "journal": journal(folder / "journal"),
        }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
