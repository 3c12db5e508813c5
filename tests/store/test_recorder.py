"""The writer of a journal: kept through kills, full disks, torn files and second writers."""

from __future__ import annotations

import errno
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.test_writer import program
from zeroplant.errors import InputError
from zeroplant.store import Entry, Journal, JournalWriter, recorder

START = datetime(2026, 11, 20, 20, tzinfo=UTC)


def entry(number: int) -> Entry:
    """A command; every twelfth begins another day."""
    known = START + timedelta(hours=2 * number)
    return Entry(kind="command", event=known, known=known, key="b", payload={"number": number})


def numbers(journal: Journal) -> list[int]:
    """What is recorded, checked against the chain."""
    verdict = journal.verify()
    assert verdict.intact, verdict
    return [record.payload["number"] for record in journal.read()]


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_hundred_kills_at_random_moments(tmp_path: Path) -> None:
    """No acknowledged record is lost, the chain is intact, and each opens within 5 s."""
    answer = program("nursery.py", "journal", "random", tmp_path / "j", 100, 3)
    assert answer["killed"] == 100
    assert int(str(answer["acknowledged"])) > 100


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_kill_before_every_step(tmp_path: Path) -> None:
    """The same when it dies right before each sync, head, rename and removal."""
    answer = program("nursery.py", "journal", "steps", tmp_path / "j", 500, 0)
    assert int(str(answer["killed"])) > 15


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_full_disk_is_said_and_survived(tmp_path: Path) -> None:
    """A call is refused whole, in one line; what was acknowledged stands; it goes on by itself."""
    answer = program("small_disk.py", "journal", tmp_path / "j")
    said = answer["said"]
    assert isinstance(said, list)
    assert all("file too large" in line and "\n" not in line for line in said)
    verdict = Journal(tmp_path / "j").verify()
    assert (verdict.intact, verdict.records) == (True, 10 * int(str(answer["done"])))


def test_a_refusing_disk_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever sync or head fails, and the taking back too: nothing is lost, nothing doubled."""
    real, left = {"fsync": os.fsync, "write": os.write}, [0]

    def refusing(name: str) -> object:
        def does(*arguments: object) -> object:
            left[0] -= 1
            if left[0] in (0, -1):  # the next one is the taking back
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real[name](*arguments)  # type: ignore[operator]

        return does

    journal, wanted, said = JournalWriter(tmp_path), list[int](), list[str]()
    for step in range(1, 9):
        for name in real:
            monkeypatch.setattr(os, name, refusing(name))
        for _ in range(4):
            left[0] = step
            first = len(wanted)
            group = list(range(first, first + 14))  # which lie on two or three days
            try:
                journal.append(map(entry, group))
                wanted += group
            except InputError as error:
                said.append(str(error))
        left[0] = 0
        monkeypatch.undo()
        journal.append(entry(len(wanted)))
        wanted.append(len(wanted))
        assert numbers(journal) == wanted
        assert numbers(Journal(tmp_path)) == wanted
    journal.close()
    assert len(said) > 4
    assert all("no space left on device" in line for line in said)
    with JournalWriter(tmp_path) as again:
        assert (numbers(again), again.recovery) == (wanted, "")


def test_calls_at_the_same_time_share_the_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many threads, fewer syncs than calls, every record once and numbered as its caller heard."""
    syncs = [0]
    real = os.fsync

    def slowly(descriptor: int) -> None:
        syncs[0] += 1
        threading.Event().wait(0.002)
        real(descriptor)

    heard: dict[int, int] = {}
    with JournalWriter(tmp_path) as journal:
        monkeypatch.setattr(os, "fsync", slowly)

        def work(first: int) -> None:
            for number in range(first, first + 20):
                at_once = Entry(kind="note", event=START, known=START, payload={"number": number})
                heard[number] = journal.append(at_once)[0]

        threads = [threading.Thread(target=work, args=(20 * each,)) for each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert syncs[0] < 130  # 160 calls
        assert sorted(numbers(journal)) == list(range(160))
        for record in journal.read():
            assert heard[record.payload["number"]] == record.number


def test_a_torn_record_is_cut_off_and_said(tmp_path: Path) -> None:
    """At whatever byte the last write ended; acknowledged records stand."""
    with JournalWriter(tmp_path) as journal:
        journal.append([entry(0), entry(1)])
        head = (tmp_path / "head").read_bytes()
        journal.append(entry(1))
    file = next(tmp_path.glob("*.jsonl"))
    data = file.read_bytes()
    whole = data[: data.rindex(b"\n", 0, len(data) - 1) + 1]
    for end in range(len(whole), len(data)):
        file.write_bytes(data[:end])
        (tmp_path / "head").write_bytes(head)  # the process died before it wrote the head
        assert numbers(Journal(tmp_path)) == [0, 1]
        assert Journal(tmp_path).verify().unfinished == end - len(whole)
        with JournalWriter(tmp_path) as journal:
            assert bool(journal.recovery) == (end > len(whole))
            journal.append(entry(1))
            assert numbers(journal) == [0, 1, 1]


def test_what_was_acknowledged_and_is_gone_is_not_written_over(tmp_path: Path) -> None:
    """A broken or shortened journal is evidence: it opens for reading and verifying only."""
    with JournalWriter(tmp_path) as journal:
        journal.append([entry(0), entry(1)])
    file = next(tmp_path.glob("*.jsonl"))
    data = file.read_bytes()
    for broken in (data[:-1], data.replace(b'"number":1}', b'"number":7}'), data[:200], b""):
        file.write_bytes(broken)
        with pytest.raises(InputError, match="is not as it was written") as caught:
            JournalWriter(tmp_path)
        assert "move the folder to a safe place" in str(caught.value)
        assert file.read_bytes() == broken
    file.unlink()
    with pytest.raises(InputError, match="its records are missing"):
        JournalWriter(tmp_path)


def test_long_journals_are_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is followed by another before it takes long to open."""
    monkeypatch.setattr(recorder, "LARGEST", 500)
    with JournalWriter(tmp_path) as journal:
        for _ in range(9):
            journal.append(entry(0))
        assert len(list(tmp_path.glob("*.jsonl"))) == 5
        assert len(numbers(journal)) == 9
    with JournalWriter(tmp_path) as journal:
        assert journal.append(entry(0)) == range(10, 11)


def test_a_second_writer_is_told_who_is_first(tmp_path: Path) -> None:
    """And gets in when the first has closed."""
    with JournalWriter(tmp_path), pytest.raises(InputError) as caught:
        JournalWriter(tmp_path)
    assert f"is being written by process {os.getpid()};" in str(caught.value)
    JournalWriter(tmp_path).close()


@pytest.mark.parametrize("begun", [True, False])
def test_what_comes_after_closing_is_refused(tmp_path: Path, begun: bool) -> None:
    """Another writer may have the folder by then: no file is opened, nothing is written."""
    journal = JournalWriter(tmp_path)
    if begun:
        journal.append(entry(0))
    journal.close()
    before = sorted(tmp_path.glob("*.jsonl"))
    with pytest.raises(InputError, match="is closed"):
        journal.append(entry(24))
    assert sorted(tmp_path.glob("*.jsonl")) == before
    assert numbers(Journal(tmp_path)) == [0] * begun
