"""Records wait in memory while the disk refuses, and none that was acknowledged is lost."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from zeroplant.errors import InputError, Problem
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.recording import Recording
from zeroplant.store import Batch, Entry, History, Journal

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def entry(number: int) -> Entry:
    at = NOW + timedelta(seconds=number)
    return Entry(kind="note", key=str(number), event=at, known=at)


def until(true: Callable[[], object]) -> None:
    """Wait for another thread."""
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen within a minute")


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    monkeypatch.setattr("zeroplant.operate.lane.PAUSE", 0.02)
    recording = Recording(PlantFolder(tmp_path), most_said=50, most_values=3)
    yield recording
    recording.close()


def refuse(recording: Recording, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refused(*_: object) -> None:
        raise InputError(Problem("cannot write: no space left on device"))

    monkeypatch.setattr(getattr(recording, name), "append", refused)


def test_what_is_handed_over_is_kept(recording: Recording) -> None:
    recording.note([entry(k) for k in range(5)])
    recording.values(Batch(["a", "b"], NOW, [1.0, 2.0], NOW))
    recording.file(recording.folder.live, {"at": 1})
    recording.close()
    assert [r.key for r in Journal(recording.folder.journal).read()] == list("01234")
    assert History(recording.folder.history).points() == ["a", "b"]
    assert json.loads(recording.folder.live.read_text()) == {"at": 1}


def test_a_full_disk_is_told_and_nothing_is_lost_when_it_has_room_again(
    recording: Recording,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        refuse(recording, patch, "journal")
        for number in range(20):
            recording.note([entry(number)])
        until(lambda: "no space" in recording.trouble)
    until(lambda: not recording.trouble and not recording.waiting)
    recording.note([entry(20)])
    recording.close()
    journal = Journal(recording.folder.journal)
    assert [r.key for r in journal.read()] == [str(k) for k in range(21)]
    assert journal.verify().intact


def test_what_has_to_be_dropped_is_counted_and_noted(recording: Recording) -> None:
    with pytest.MonkeyPatch.context() as patch:
        refuse(recording, patch, "journal")
        recording.note([entry(0)])
        until(lambda: recording.trouble)
        for number in range(1, 81):
            recording.note([entry(number)])
        assert recording.lost >= 25
    until(lambda: not recording.trouble and not recording.waiting)
    recording.close()
    records = list(Journal(recording.folder.journal).read())
    gap = [r for r in records if r.key == "gap"]
    assert len(gap) == 1
    assert str(recording.lost) in gap[0].payload["en"]
    assert records[-1].key == "80"


@pytest.mark.parametrize("error", [MemoryError("no memory"), OSError(5, "i/o error"), KeyError(1)])
@pytest.mark.parametrize("broken", ["journal", "history"])
def test_whatever_goes_wrong_is_told_and_tried_again_and_the_rest_goes_on(
    recording: Recording, broken: str, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    def all_in() -> None:
        recording.note([entry(0)])
        recording.values(Batch("a", NOW, 1.0, NOW))
        recording.file(recording.folder.live, {"at": 1})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(getattr(recording, broken), "append", fail)
        all_in()
        until(lambda: type(error).__name__ in recording.trouble)
        assert recording.trouble.startswith(broken)
        assert "\n" not in recording.trouble
        until(recording.folder.live.exists)
        if broken == "history":
            until(lambda: recording.written == 1)
        else:
            until(lambda: recording.history.points() == ["a"])
    until(lambda: not recording.trouble and not recording.waiting)
    recording.close()
    assert [r.key for r in Journal(recording.folder.journal).read()] == ["0"]
    assert History(recording.folder.history).points() == ["a"]


def test_a_file_that_cannot_be_replaced_waits_and_the_others_do_not(recording: Recording) -> None:
    folder = recording.folder
    folder.live.mkdir()
    recording.file(folder.live, {"at": 1})
    recording.file(folder.schedule, {"made": 1})
    until(lambda: "files: " in recording.trouble and folder.schedule.exists())
    folder.live.rmdir()
    until(lambda: not recording.trouble)
    assert json.loads(folder.live.read_text()) == {"at": 1}


def test_an_entry_that_cannot_be_said_does_not_stop_the_journal(recording: Recording) -> None:
    poison = Entry(kind="note", key="p", event=NOW, known=NOW, payload={"value": float("nan")})
    recording.note([entry(0), poison, entry(1)])
    until(lambda: recording.written == 3)
    recording.close()
    records = list(Journal(recording.folder.journal).read())
    assert [r.key for r in records] == ["0", "'p'", "1"]
    assert "was lost" in records[1].payload["en"]


def test_handing_over_never_waits_for_the_disk(recording: Recording) -> None:
    with pytest.MonkeyPatch.context() as patch:
        writing, there = threading.Event(), threading.Event()

        def hangs(_: object) -> None:
            writing.set()
            there.wait(60.0)

        patch.setattr(recording.journal, "append", hangs)
        recording.note([entry(0)])
        assert writing.wait(60.0)
        begun = time.monotonic()
        for number in range(1, 40):
            recording.note([entry(number)])
        there.set()
        assert time.monotonic() - begun < 30.0


def test_what_waits_is_bounded_by_its_size_and_not_by_its_pieces(recording: Recording) -> None:
    """One batch or entry of a large plant weighs as much as many of a small one."""
    with pytest.MonkeyPatch.context() as patch:
        refuse(recording, patch, "journal")
        refuse(recording, patch, "history")
        wide = {"setpoints": {str(n): n for n in range(20)}}
        for number in range(6):
            recording.note([replace(entry(number), payload=wide)])
            recording.values(Batch(["a", "b"], NOW, number, NOW))
        until(lambda: "journal" in recording.trouble and "history" in recording.trouble)
        until(lambda: recording.waiting == 2 + 1)
        assert recording.lost == 4 + 2 * 5  # entries, and values


def test_what_is_confirmed_is_in_the_journal_first(recording: Recording) -> None:
    """An answer waits until the record of it is on the disk."""
    answer = recording.folder.answer("one")
    with pytest.MonkeyPatch.context() as patch:
        refuse(recording, patch, "journal")
        recording.note([entry(0), entry(1)], then={answer: {"accepted": True}})
        until(lambda: recording.trouble)
        recording.file(recording.folder.live, {"at": 1})
        until(recording.folder.live.exists)
        assert not answer.exists()
    until(answer.exists)
    assert [r.key for r in Journal(recording.folder.journal).read()] == ["0", "1"]
    recording.note([entry(2)], then={answer: {"accepted": False}})
    recording.close()
    assert json.loads(answer.read_text()) == {"accepted": False}


def test_a_disk_that_fills_is_told_before_it_refuses(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below a tenth free, of what is not kept for root; and no more once there is room."""
    free = [11]

    def usage(_: object) -> SimpleNamespace:
        return SimpleNamespace(total=110, used=100 - free[0], free=free[0])

    monkeypatch.setattr("zeroplant.operate.recording.shutil.disk_usage", usage)
    for number, (room, told) in enumerate([(11, ""), (9, "9 %"), (12, "")]):
        free[0] = room
        recording.note([entry(number)])
        until(lambda number=number: recording.written == number + 1)
        until(lambda told=told: recording.filling == told)
