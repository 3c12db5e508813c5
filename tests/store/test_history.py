"""History: whatever came in, in whatever order, reading is what a plain list of rows would say."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.store import Batch, History, HistoryWriter
from zeroplant.store.moments import MICROS_PER_DAY

START = datetime(2026, 11, 19, 18, tzinfo=UTC)
POINTS = ["a", "b", "it's"]


def at(step: int) -> datetime:
    """A moment; four of them make a day."""
    return START + timedelta(hours=6 * step)


Row = tuple[str, datetime, datetime, float, int]


@dataclass
class Naive:
    """A history as a list of rows in the order in which they arrived."""

    rows: list[Row] = field(default_factory=list)

    def add(self, rows: list[Row]) -> None:
        """Take rows in, copies not."""
        for row in rows:
            if _key(row) not in {_key(each) for each in self.rows}:
                self.rows.append(row)

    def read(self, points: list[str], start: datetime, end: datetime, known: datetime) -> list[Row]:
        """The newest version of each value."""
        newest: dict[tuple[str, datetime], Row] = {}
        for row in self.rows:  # in order of arrival, so that the later wins where known is equal
            old = newest.get(row[:2])
            inside = row[0] in points and start <= row[1] < end and row[2] <= known
            if inside and (old is None or row[2] >= old[2]):
                newest[row[:2]] = row
        return sorted(newest.values(), key=lambda row: row[:2])


def _key(row: Row) -> tuple[object, ...]:
    return (*row[:3], "nan" if np.isnan(row[3]) else row[3], row[4])


def rows_of(table: object) -> list[tuple[object, ...]]:
    """Rows of an answer in a form that can be compared."""
    return [
        _key((row["point"], row["event"], row["known"], row["value"], row["quality"]))
        for row in table.to_pylist()  # type: ignore[attr-defined]
    ]


ROW = st.tuples(
    st.sampled_from(POINTS),
    st.integers(0, 10).map(at),
    st.integers(0, 4).map(at),
    st.sampled_from([0.0, -0.0, 1.5, -2.0, float("nan")]),
    st.integers(0, 1),
)
DOING = st.one_of(st.lists(ROW, min_size=1, max_size=8), st.sampled_from(["compact", "open again"]))


@given(
    st.lists(DOING, max_size=12),
    st.sampled_from([1, 5, 10**6]),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 5)), max_size=3),
)
@settings(max_examples=30)
def test_reading_is_what_a_list_of_rows_says(
    doings: list[list[Row] | str], ahead: int, questions: list[tuple[int, int, int]]
) -> None:
    """Late, revised and doubled rows in any order; compacted, merged, closed and opened at will."""
    naive = Naive()
    with tempfile.TemporaryDirectory() as folder:
        history = HistoryWriter(folder, ahead=ahead)
        for doing in doings:
            if doing == "compact":
                history.compact()
            elif doing == "open again":
                history.close()
                history = HistoryWriter(folder, ahead=ahead)
            else:
                names, event, known, value, quality = zip(*doing, strict=True)
                history.append(Batch(list(names), event, value, known, quality=quality))
                naive.add(doing)  # type: ignore[arg-type]
        reader = History(folder)
        far = at(99)
        for asked in (history, reader):
            everything = [_key(row) for row in naive.read(POINTS, START, far, far)]
            assert rows_of(asked.read(POINTS)) == everything
        versions = sorted(naive.rows, key=lambda row: row[:3])
        assert rows_of(reader.versions(POINTS)) == [_key(row) for row in versions]
        for start, end, known in questions:
            wanted = naive.read(POINTS[1:], at(start), at(end), at(known))
            answer = reader.read(POINTS[1:], at(start), at(end), at(known))
            assert rows_of(answer) == [_key(row) for row in wanted]
            last = {row[0]: _key(row) for row in naive.read(POINTS, START, at(end), at(known))}
            answer = history.last(POINTS, at(end), at(known))
            assert rows_of(answer) == [last[name] for name in sorted(last)]
        assert history.points() == sorted({row[0] for row in naive.rows})
        assert history.verify() == []
        reader.close()
        history.close()


@pytest.fixture
def series(tmp_path: Path) -> Iterator[HistoryWriter]:
    """An hour of seconds of one point, half of it compacted, with one spike and one revision."""
    with HistoryWriter(tmp_path / "a [strange] * name?") as history:
        seconds = START + np.arange(3600) * timedelta(seconds=1)
        values = np.sin(np.arange(3600) / 100)
        values[1234] = 50.0
        values[77] = np.nan
        history.append(Batch("p", seconds[:1800], values[:1800], seconds[-1]))
        history.compact()
        history.append(Batch("p", seconds[1800:], values[1800:], seconds[-1], quality=2))
        late = START + timedelta(hours=2)
        history.append(Batch("p", seconds[100], 7.0, late, source="by hand"))
        yield history


def test_steps_hold_what_their_values_did(series: HistoryWriter) -> None:
    """Mean, least, greatest, last and worst quality of each step, of the newest versions only."""
    steps = series.resample("p", START, START + timedelta(hours=1), timedelta(minutes=15))
    values = np.sin(np.arange(3600) / 100)
    values[1234], values[100], values[77] = 50.0, 7.0, np.nan
    quarters = values.reshape(4, 900)
    assert steps["event"].to_pylist() == [START + timedelta(minutes=15 * i) for i in range(4)]
    for name, does in [("mean", np.nanmean), ("min", np.nanmin), ("max", np.nanmax)]:
        np.testing.assert_allclose(steps[name].to_numpy(), does(quarters, axis=1), rtol=1e-12)
    np.testing.assert_array_equal(steps["last"].to_numpy(), quarters[:, -1])
    assert steps["count"].to_pylist() == [899, 900, 900, 900]
    assert steps["quality"].to_pylist() == [0, 0, 2, 2]
    early = series.resample(
        "p", START, START + timedelta(minutes=15), timedelta(minutes=15), START + timedelta(hours=1)
    )
    values[100] = np.sin(1.0)
    assert early["max"][0].as_py() == np.nanmax(values[:900])


def test_means_of_many_points_are_asked_in_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounded memory: the same answer, in the same order, whatever is weighed at once."""
    names = [f"p{number}" for number in range(7)]
    quarter, end = timedelta(minutes=15), START + timedelta(days=3)
    with HistoryWriter(tmp_path) as history:
        for hour in range(72):
            moment = START + timedelta(hours=hour)
            history.append(Batch(names, moment, np.arange(7) + hour, moment))
        whole = history.means(names, START, end, quarter, quarter)
        asked = []
        real = history._ask
        monkeypatch.setattr(history, "_ask", lambda ask: asked.append(ask) or real(ask))
        monkeypatch.setattr("zeroplant.store.history.STRETCH", MICROS_PER_DAY)
        monkeypatch.setattr("zeroplant.store.history.WEIGHED", 4 * MICROS_PER_DAY)
        assert history.means(names, START, end, quarter, quarter).equals(whole)
        assert len(asked) == 9, "three points and a bit of time before a day, for three days"
        assert whole.num_rows == 7 * 72
        few = history.means(names, START, START + timedelta(hours=1), quarter, quarter)
        assert (few.num_rows, len(asked)) == (7, 10)
        assert history.means([], START, end, quarter, quarter).num_rows == 0


def test_a_chart_loses_no_peak(series: HistoryWriter) -> None:
    """At most as many rows as asked for, and the spike is among them; all rows where they fit."""
    end = START + timedelta(hours=1)
    few = series.chart("p", START, end, most=100)
    assert len(few) <= 100
    kept = few["value"].to_numpy()
    assert {50.0, 7.0} <= set(kept)
    assert few["event"].to_pylist() == sorted(few["event"].to_pylist())
    assert set(few["of"].to_pylist()) == {3599}
    assert len(series.chart("p", START, end)) == 3599  # one is not a number
    with pytest.raises(InputError, match="fewer than two"):
        series.chart("p", START, end, most=1)


def test_each_question_sees_what_was_acknowledged_before_it(tmp_path: Path) -> None:
    """A reader of its own, opened before, sees every batch, through compaction and merging."""
    with HistoryWriter(tmp_path, ahead=30) as history:
        reader = History(tmp_path)
        for number in range(40):
            moment = START + timedelta(hours=number)
            history.append(Batch([f"p{i}" for i in range(10)], moment, number, moment))
            for asked in (history, reader):
                assert asked.last(["p3"])["value"].to_pylist() == [number]
                assert len(asked.read("p7")) == number + 1


@pytest.mark.parametrize("question", ["read", "versions", "last"])
def test_questions_that_cannot_be_asked(series: HistoryWriter, question: str) -> None:
    """One clear line for a moment without a zone or a point without a name."""
    ask = getattr(series, question)
    with pytest.raises(InputError, match="has no zone"):
        ask("p", datetime(2026, 1, 1))
    with pytest.raises(InputError, match="cannot be named"):
        ask(["p", ""])
    with pytest.raises(InputError, match="not text"):
        ask([5])
    assert len(ask(["unheard of"])) == len(ask([])) == 0
    with pytest.raises(InputError, match="not positive"):
        series.resample("p", START, START, timedelta(0))


def test_a_folder_that_is_no_history(tmp_path: Path) -> None:
    """Reading makes nothing; it says what is missing."""
    with pytest.raises(InputError, match=r"is no history; manifest.json is missing"):
        History(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("compacted", [False, True])
def test_a_copy_that_comes_again_changes_nothing(tmp_path: Path, compacted: bool) -> None:
    """A batch sent again after a contradicting one does not win by it, wherever the rows stand."""
    with HistoryWriter(tmp_path) as history:
        for value in (1.0, 2.0, 1.0):
            history.append(Batch("p", START, value, START))
            if compacted:
                history.compact()
        assert history.read("p")["value"].to_pylist() == [2.0]
        assert history.versions("p")["value"].to_pylist() == [1.0, 2.0]


def test_a_reader_misses_nothing_while_files_come_and_go(tmp_path: Path) -> None:
    """Another thread writes and compacts without pause; each answer holds all acknowledged."""
    HistoryWriter(tmp_path).close()
    reader, acknowledged = History(tmp_path), [0]

    def write() -> None:
        with HistoryWriter(tmp_path, ahead=6) as history:
            for number in range(80):
                moment = START + timedelta(minutes=20 * number)
                history.append(Batch(POINTS, moment, number, moment))
                acknowledged[0] = number + 1

    writing = threading.Thread(target=write)
    writing.start()
    asked = 0
    while writing.is_alive() or not asked:
        before = acknowledged[0]
        assert len(reader.versions(POINTS)) >= 3 * before
        asked += 1
    writing.join()
    assert len(reader.versions(POINTS)) == 240
    assert asked > 3


def test_closing_waits_for_what_was_asked(tmp_path: Path) -> None:
    """Whoever closes beside questions cuts none of them short, and the next one opens again."""
    count = 200_000
    events = np.datetime64(at(0).replace(tzinfo=None), "us") + np.arange(count).astype("m8[s]")
    with HistoryWriter(tmp_path) as writer:
        writer.append(Batch("a", events, np.ones(count), events[-1]))
    history, ended = History(tmp_path), threading.Event()
    answers: list[int] = []

    def ask() -> None:
        while not ended.is_set():
            answers.append(history.chart("a", at(0), at(10_000)).num_rows)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(20):
            before = len(answers)
            while len(answers) == before and asking.is_alive():
                history.close()
    finally:
        ended.set()
        asking.join()
    assert len(answers) >= 20
    history.close()
