"""History: what was measured or forecast, when it held, and when it became known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa

from zeroplant.errors import InputError, Problem
from zeroplant.store.batch import STAMP
from zeroplant.store.compaction import read_part
from zeroplant.store.durable import plainly
from zeroplant.store.frames import find_frames
from zeroplant.store.manifest import read_manifest
from zeroplant.store.moments import MICROS_PER_DAY, Moment, micros
from zeroplant.store.query import (
    COLUMNS,
    TAIL,
    Snapshot,
    condition,
    every_row,
    newest,
    without_copies,
)
from zeroplant.store.tail import MovedOn, Tail, TailBatch, damage, joined
from zeroplant.store.weighed import weighed

ATTEMPTS = 20
"""How often a question is asked again because the writer has just merged the files it was about."""

POINTS_OF_A_CHART = 50_000
STRETCH = 7 * MICROS_PER_DAY
"""Time of which values are weighed at once."""
WEIGHED = 20 * STRETCH
"""Points times that time: bounds what weighing needs of memory, however many points there are."""
ENGINE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    # Not four fifths of the machine, which is the engine's own choice: the control lives beside it.
    "memory_limit": "512MB",
    "max_temp_directory_size": "4GB",
    "threads": 2,
}
"""It fetches nothing, and what it needs of the machine is bounded: a question that needs more is
answered more slowly, or not, and nothing else suffers."""
SPILL = "spill-"
"""Beginning of the names of folders that engines put what they have no memory for into."""


class History:
    """Values of points by event time and known time, as they stand in a folder.

    Any number of processes may read while one writes; each question sees all that was acknowledged
    before it was asked. Answers are Arrow tables, sorted by point and event, times in UTC.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a history for reading. Raises InputError when the folder holds none."""
        self.folder = Path(folder)
        self._tail = Tail(self.folder)
        self._asking = threading.Condition(threading.Lock())
        self._under_way = 0
        self._engine: duckdb.DuckDBPyConnection | None = None
        read_manifest(self.folder)

    def read(
        self,
        points: str | Sequence[str],
        start: Moment | None = None,
        end: Moment | None = None,
        as_of: Moment | None = None,
    ) -> pa.Table:
        """The newest version of each value with an event from start up to, not including, end.

        With ``as_of``, the newest of those known by then. Columns: point, event, known, value,
        quality, source, arrival.
        """
        first, last, known = _maybe(start), _maybe(end), _maybe(as_of)
        where = condition(points, first, last, known)

        def question(now: Snapshot) -> str:
            chosen = newest(now, now.groups(first, last), where)
            return f"SELECT {COLUMNS} FROM ({chosen}) ORDER BY point, event"

        return self._ask(question).cast(KEPT_PLAIN)

    def versions(
        self,
        points: str | Sequence[str],
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> pa.Table:
        """Every version of the values, oldest first; columns as in `read`. Copies are left out."""
        first, last = _maybe(start), _maybe(end)
        where = condition(points, first, last, None)

        def question(now: Snapshot) -> str:
            rows = without_copies(now, now.groups(first, last), where)
            return f"SELECT {COLUMNS} FROM ({rows}) ORDER BY point, event, known, arrival"

        return self._ask(question).cast(KEPT_PLAIN)

    def last(
        self,
        points: str | Sequence[str],
        before: Moment | None = None,
        as_of: Moment | None = None,
    ) -> pa.Table:
        """For each point the value with the latest event, before a moment and as of another.

        Points without a value are absent. Columns as in `read`.
        """
        end, known = _maybe(before), _maybe(as_of)
        missing = [points] if isinstance(points, str) else list(points)
        found: list[pa.Table] = []
        below, step = end, 1
        since: int | None = end

        def question(now: Snapshot) -> str:
            nonlocal since
            groups = now.groups(None, below)[-step:]
            since = groups[0].first if groups else None
            rows = newest(now, groups, condition(missing, since, below, known))
            return (
                f"SELECT {COLUMNS} FROM ({rows}) QUALIFY row_number() OVER"
                " (PARTITION BY point ORDER BY event DESC) = 1"
            )

        while missing:  # from the newest files backwards, in growing strides
            found.append(self._ask(question).cast(KEPT_PLAIN))
            have = set(found[-1]["point"].to_pylist())
            missing = [name for name in missing if name not in have]
            if since is None:
                break
            below, step = since, step * 2
        table = pa.concat_tables(found) if found else KEPT_PLAIN.empty_table()
        return table.sort_by("point")

    def resample(
        self,
        points: str | Sequence[str],
        start: Moment,
        end: Moment,
        step: timedelta,
        as_of: Moment | None = None,
    ) -> pa.Table:
        """What the values did in each step from start up to end; steps without a number are absent.

        Columns: point, event (start of the step), mean, min, max, last, count, quality. The mean is
        that of the numbers, each counting the same; quality is the worst among them. Values that
        are not-a-number count in nothing.
        """
        first, width = micros(start), _width(step)
        last, known = micros(end), _maybe(as_of)
        where = condition(points, first, last, known)

        def question(now: Snapshot) -> str:
            rows = newest(now, now.groups(first, last), where)
            starts = f"make_timestamptz({_elapsed(first)} // {width} * {width} + {first})"
            return (
                f"SELECT point, {starts} event, avg(value) mean, min(value) min, max(value) max,"
                " arg_max(value, r.event) last, count(*) count, max(quality) quality"
                f" FROM ({rows}) r WHERE NOT isnan(value) GROUP BY point, {starts}"
                " ORDER BY point, event"
            )

        return self._ask(question).cast(RESAMPLED)

    def means(
        self,
        points: str | Sequence[str],
        start: Moment,
        end: Moment,
        step: timedelta,
        held: timedelta,
    ) -> pa.Table:
        """Means by time of each step from start up to end; steps in which nothing held are absent.

        A value holds until the next one, at most for ``held``; see `store.weighed`. Columns: point,
        event (start of the step), mean, last, covered (0 to 1: in how much of it a value held).
        """
        width, long = _width(step), _width(held)
        begin, stop = micros(start), micros(end)
        stretch = max(1, STRETCH // width) * width
        names = [points] if isinstance(points, str) else list(points)
        many = max(1, WEIGHED // (min(stretch, max(stop - begin, 1)) + long))
        found = [MEANS.empty_table()]
        for place, first in product(range(0, len(names), many), range(begin, stop, stretch)):
            last = min(first + stretch, stop)
            where = condition(names[place : place + many], first - long, last, None)

            def question(now: Snapshot, first: int = first, last: int = last, where: str = where,
                         ) -> str:  # fmt: skip
                rows = newest(now, now.groups(first - long, last), where)
                return weighed(rows, first, last, width, long)

            found.append(self._ask(question).cast(MEANS))
        return pa.concat_tables(found).sort_by([("point", "ascending"), ("event", "ascending")])

    def chart(
        self,
        point: str,
        start: Moment,
        end: Moment,
        as_of: Moment | None = None,
        most: int = POINTS_OF_A_CHART,
    ) -> pa.Table:
        """What to draw of a point: at most ``most`` rows of event, value, and of.

        Where there are more values, the least and the greatest of each of ``most / 2`` equal
        stretches of time stand for it, so that no peak is lost. Not-a-numbers are left out.
        ``of``, the same in all rows, is how many values there are.
        """
        if most < 2:
            raise InputError(Problem("a chart of fewer than two values is none"))
        first, last, known = micros(start), micros(end), _maybe(as_of)
        where = condition(point, first, last, known)
        width = max(1, -(-(last - first) // max(1, most // 2)))

        def question(now: Snapshot) -> str:
            return (
                f"WITH r AS MATERIALIZED (SELECT event, value FROM"
                f" ({newest(now, now.groups(first, last), where)}) WHERE NOT isnan(value)),"
                " ends AS (SELECT min(struct_pack(v := value, e := event)) low,"
                f" max(struct_pack(v := value, e := event)) high FROM r GROUP BY {_elapsed(first)}"
                f" // {width}), all_of AS (SELECT count(*) n FROM r)"
                f" SELECT event, value, n AS of FROM r, all_of WHERE n <= {most}"
                f" UNION (SELECT low.e, low.v, n FROM ends, all_of WHERE n > {most}"
                f" UNION SELECT high.e, high.v, n FROM ends, all_of WHERE n > {most})"
                " ORDER BY event"
            )

        return self._ask(question).cast(CHARTED)

    def points(self) -> list[str]:
        """Names of all points that ever had a value."""

        def question(now: Snapshot) -> str:
            rows = every_row(now, now.groups(), "true")
            return f"SELECT DISTINCT point FROM ({rows}) ORDER BY point"

        names: list[str] = self._ask(question)["point"].to_pylist()
        return names

    def verify(self) -> list[Problem]:
        """Read every byte that counts; what is damaged, one problem for each place."""
        problems: list[Problem] = []
        for part in read_manifest(self.folder).parts:
            try:
                if read_part(self.folder, part).num_rows != part.rows:
                    problems.append(Problem("rows are missing", where=f"days/{part.name}"))
            except FileNotFoundError:
                problems.append(Problem("is missing", where=f"days/{part.name}"))
            except (OSError, pa.ArrowException) as error:
                problems.append(Problem(f"is damaged: {error}", where=f"days/{part.name}"))
        for path in sorted(self.folder.glob("log/*.log")):
            with plainly(f"read {path}"):
                if lost := find_frames(path.read_bytes()).lost:
                    problems.append(damage(self.folder, lost))
        return problems

    def close(self) -> None:
        """Give back memory once what was asked is answered; a further question opens it again."""
        self._let_go()

    def _let_go(self) -> None:
        """Close the engine, and nothing else: a question that failed must not stop a writer."""
        with self._asking:  # an engine that is busy refuses to be closed
            self._asking.wait_for(lambda: not self._under_way)
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def _snapshot(self) -> Snapshot:
        """What counts now. Raises MovedOn when the writer was faster."""
        manifest = read_manifest(self.folder)
        return snapshot_of(self.folder, manifest.parts, self._tail.batches(manifest))

    def _ask(self, question: Callable[[Snapshot], str]) -> pa.Table:
        """The answer to a question about what counts now. Raises InputError for damaged files."""
        reason = "its files change faster than they can be read"
        for _ in range(ATTEMPTS):
            try:
                with self._asking:
                    now = self._snapshot()
                    connection = self._connection()
                    self._under_way += 1
                try:
                    return _answer(connection, question(now), now.tail)
                finally:
                    with self._asking:
                        self._under_way -= 1
                        self._asking.notify_all()
            except MovedOn:
                continue
            except duckdb.Error as error:
                if (read_manifest(self.folder)).parts != now.parts:
                    continue
                self._let_go()  # some errors leave the engine unusable
                reason = str(error).splitlines()[0]
                break
        raise InputError(Problem(f"cannot read the history: {reason}", where=str(self.folder)))

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to an engine that holds nothing."""
        if self._engine is None:
            spill = str(self.folder / f"{SPILL}{uuid4().hex}")  # made when it is needed, if ever
            self._engine = duckdb.connect(config=ENGINE | {"temp_directory": spill})
        return self._engine.cursor()


def snapshot_of(folder: Path, parts: tuple[Any, ...], tail: Sequence[TailBatch]) -> Snapshot:
    """Files and batches as one snapshot."""
    spans = tuple(span for batch in tail for span in batch.spans)
    return Snapshot(folder, parts, joined(tail), spans)


def _answer(connection: duckdb.DuckDBPyConnection, question: str, tail: pa.Table) -> pa.Table:
    try:
        connection.register(TAIL, tail)
        return connection.sql(question).to_arrow_table()
    finally:
        connection.close()


def _maybe(moment: Moment | None) -> int | None:
    return None if moment is None else micros(moment)


def _width(step: timedelta) -> int:
    """Microseconds of a step. Raises InputError where it has none."""
    width = step // timedelta(microseconds=1)
    if width < 1:
        raise InputError(Problem("a step of time is not positive"))
    return width


def _elapsed(first: int) -> str:
    """Microseconds from a moment to the event, as SQL."""
    return f"(epoch_us(event) - {first})"


KEPT_PLAIN = pa.schema(
    [
        ("point", pa.string()),
        ("event", STAMP),
        ("known", STAMP),
        ("value", pa.float64()),
        ("quality", pa.uint8()),
        ("source", pa.string()),
        ("arrival", pa.int64()),
    ]
)
RESAMPLED = pa.schema(
    [
        ("point", pa.string()),
        ("event", STAMP),
        *((name, pa.float64()) for name in ("mean", "min", "max", "last")),
        ("count", pa.int64()),
        ("quality", pa.uint8()),
    ]
)
MEANS = pa.schema(
    [("point", pa.string()), ("event", STAMP)]
    + [(name, pa.float64()) for name in ("mean", "last", "covered")]
)
CHARTED = pa.schema([("event", STAMP), ("value", pa.float64()), ("of", pa.int64())])
