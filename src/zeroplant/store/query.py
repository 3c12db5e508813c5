"""Questions to a history, as SQL for DuckDB: which files are read, and which version counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zeroplant.errors import InputError, Problem
from zeroplant.store.batch import KEPT, check_points
from zeroplant.store.manifest import Part

COLUMNS = ", ".join(KEPT.names)
TAIL = "tail_rows"
"""What the rows of the tail are called in a query."""


@dataclass(frozen=True)
class Snapshot:
    """A history at one moment of its writing: Parquet files and the rows behind them."""

    folder: Path
    parts: tuple[Part, ...]
    tail: pa.Table
    spans: tuple[tuple[int, int], ...]
    """First and last event of each batch of the tail, day by day."""

    def groups(self, start: int | None = None, end: int | None = None) -> list[Group]:
        """Sources that may hold events from start up to end, oldest first.

        Two sources whose events lie in the same stretch of time are in one group, so that all
        versions of an event are found together.
        """
        sources = [Group(part.first, part.last, (part,), False) for part in self.parts]
        sources += [Group(first, last, (), True) for first, last in self.spans]
        groups: list[Group] = []
        for source in sorted(sources, key=lambda each: each.first):
            if groups and source.first <= groups[-1].last:
                groups[-1] = groups[-1].joined(source)
            else:
                groups.append(source)
        after = [group for group in groups if start is None or group.last >= start]
        return [group for group in after if end is None or group.first < end]


@dataclass(frozen=True)
class Group:
    """Parquet files, and perhaps the tail, with all versions of the events from first to last."""

    first: int
    last: int
    parts: tuple[Part, ...]
    tail: bool

    def joined(self, other: Group) -> Group:
        """Both as one."""
        last = max(self.last, other.last)
        return Group(self.first, last, self.parts + other.parts, self.tail or other.tail)

    @property
    def plain(self) -> bool:
        """Whether no event has two versions, so that there is nothing to choose."""
        return len(self.parts) == 1 and not self.tail and self.parts[0].plain


def condition(
    points: Sequence[str] | str, start: int | None, end: int | None, as_of: int | None
) -> str:
    """The rows of some points with events from start up to end, known at a moment.

    Raises InputError when a name is none.
    """
    names = [points] if isinstance(points, str) else list(points)
    try:
        check_points(pa.array(names, pa.string()))
    except (pa.ArrowException, TypeError):
        raise InputError(Problem("a point's name is not text")) from None
    said = [f"point IN ({', '.join(map(quoted, names))})" if names else "false"]
    said += [f"event >= {stamp(start)}"] if start is not None else []
    said += [f"event < {stamp(end)}"] if end is not None else []
    said += [f"known <= {stamp(as_of)}"] if as_of is not None else []
    return " AND ".join(said)


def every_row(snapshot: Snapshot, groups: Sequence[Group], where: str) -> str:
    """All rows of groups, copies too."""
    parts = [part for group in groups for part in group.parts]
    tail = any(group.tail for group in groups)
    selects = [f"SELECT {COLUMNS} FROM {TAIL} WHERE {where}"] if tail or not parts else []
    if parts:
        selects.append(f"SELECT {COLUMNS} FROM {_files(snapshot.folder, parts)} WHERE {where}")
    return " UNION ALL ".join(selects)


def without_copies(snapshot: Snapshot, groups: Sequence[Group], where: str) -> str:
    """The rows of groups, of copies the first to arrive."""
    same = "point, event, known, value, quality"
    return (
        f"SELECT {same}, arg_min(source, arrival) source, min(arrival) arrival"
        f" FROM ({every_row(snapshot, groups, where)}) GROUP BY {same}"
    )


def newest(snapshot: Snapshot, groups: Sequence[Group], where: str) -> str:
    """One row for each point and event: the latest known, and of those the last to arrive."""
    plain = [group for group in groups if group.plain]
    mixed = [group for group in groups if not group.plain]
    selects = [every_row(snapshot, plain, where)] if plain else []
    if mixed or not plain:
        rows = without_copies(snapshot, mixed, where)
        selects.append(
            f"SELECT {COLUMNS} FROM ({rows}) QUALIFY row_number() OVER"
            " (PARTITION BY point, event ORDER BY known DESC, arrival DESC) = 1"
        )
    return " UNION ALL ".join(f"({select})" for select in selects)


def quoted(text: str) -> str:
    """Text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def stamp(micros: int) -> str:
    """A moment as SQL."""
    return f"make_timestamptz({micros})"


def _files(folder: Path, parts: Sequence[Part]) -> str:
    # The characters that DuckDB would take for a pattern stand for themselves.
    escape = str.maketrans({character: f"[{character}]" for character in "*?["})
    head = str(folder / "days").translate(escape)
    paths = ", ".join(quoted(f"{head}/{part.name}") for part in parts)
    return f"read_parquet([{paths}], hive_partitioning = false)"
