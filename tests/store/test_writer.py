"""The writer of a history: kept through kills, full disks, damaged files and second writers."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.store import small_disk
from zeroplant.errors import InputError
from zeroplant.store import Batch, History, HistoryWriter, writer
from zeroplant.store.history import ENGINE, SPILL

HERE = Path(__file__).parent
START = datetime(2026, 11, 20, tzinfo=UTC)
POINTS = ["a", "b", "c"]


def batch(number: int) -> Batch:
    """Three values of one second; every fifth number is of the day before."""
    moment = START + timedelta(seconds=number)
    event = moment - timedelta(days=1) if number % 5 == 4 else moment
    return Batch(POINTS, event, np.arange(3) + 3.0 * number, moment)


def values(history: History) -> list[float]:
    """All values of all versions, in order."""
    kept: list[float] = sorted(history.versions(POINTS)["value"].to_pylist())
    return kept


def program(name: str, *arguments: object) -> dict[str, object]:
    """What one of the programs beside this file answers."""
    command = [sys.executable, str(HERE / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_hundred_kills_at_random_moments(tmp_path: Path) -> None:
    """Nothing acknowledged is lost, nothing is doubled or half there, each opens within 5 s."""
    answer = program("nursery.py", "history", "random", tmp_path / "h", 100, 7)
    assert answer["killed"] == 100
    assert int(str(answer["acknowledged"])) > 10


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_kill_before_every_step(tmp_path: Path) -> None:
    """The same when it dies right before each sync, rename and removal, in compaction too."""
    answer = program("nursery.py", "history", "steps", tmp_path / "h", 500, 0)
    assert int(str(answer["killed"])) > 15


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
@pytest.mark.parametrize("kind", ["history", "compaction"])
def test_a_full_disk_is_said_and_survived(tmp_path: Path, kind: str) -> None:
    """A batch is refused whole, in one line; what was acknowledged stands; it goes on by itself."""
    answer = program("small_disk.py", kind, tmp_path / "h")
    done = int(str(answer["done"])) * (4 if kind == "compaction" else 1)
    said = answer["said"]
    assert isinstance(said, list)
    assert len(said) == 3
    assert all("file too large" in line and "\n" not in line for line in said)
    history = History(tmp_path / "h")
    assert history.verify() == []
    versions = history.versions([f"p{i}" for i in range(small_disk.ROWS)])
    wanted = [np.random.default_rng(number).random(small_disk.ROWS) for number in range(done)]
    # What was refused after its batches were acknowledged is asked for again, and counts once.
    assert sorted(versions["value"].to_pylist()) == sorted(np.concatenate(wanted).tolist())


@pytest.mark.parametrize("how_long", ["once", "for a while"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_refusing_disk_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how_long: str, code: int
) -> None:
    """Whichever sync fails: one line, no row lost, none doubled when the call is made again."""
    real, left = os.fsync, [0]

    def refusing(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0 or (left[0] < 0 and how_long == "for a while"):
            raise OSError(code, os.strerror(code))
        real(descriptor)

    history = HistoryWriter(tmp_path, ahead=12)
    number, said = 0, list[str]()
    for step in range(1, 14):
        left[0] = step
        monkeypatch.setattr(os, "fsync", refusing)
        for _ in range(8):
            before = history.trouble
            try:
                history.append(batch(number))
                number += 1
            except InputError as error:
                said.append(str(error))
                if how_long == "for a while":
                    break
            else:
                said += [history.trouble] if history.trouble != before and not before else []
        monkeypatch.setattr(os, "fsync", real)
        history.append(batch(number))
        number += 1
    assert len(said) >= 13
    assert all(os.strerror(code).lower() in line and "\n" not in line for line in said)
    assert values(history) == np.arange(3.0 * number).tolist()
    assert values(History(tmp_path)) == np.arange(3.0 * number).tolist()
    history.close()
    with HistoryWriter(tmp_path) as again:
        assert values(again) == np.arange(3.0 * number).tolist()
        assert (again.verify(), again.recovery) == ([], "")


def test_a_compaction_that_fails_refuses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log takes what the day's file does not; it is said, tried seldom, and made good later."""
    real, tried = writer.write_part, list[int]()

    def full(*_: object) -> None:
        tried.append(len(values(history)))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writer, "write_part", full)
    history = HistoryWriter(tmp_path, ahead=9)
    for number in range(12):
        history.append(batch(number))
    assert tried == [9, 18, 27], "with each 9 rows more, not with each batch"
    assert "no space left" in history.trouble
    for _ in range(5):
        with pytest.raises(InputError, match="no space left"):
            history.append(batch(12))
    assert len(list(tmp_path.glob("log/*.log"))) == 5, "one for each that held rows, and the next"
    assert values(history) == np.arange(36.0).tolist()
    monkeypatch.setattr(writer, "write_part", real)
    history.append(batch(12))
    assert history.trouble == ""
    assert len(list(tmp_path.glob("log/*.log"))) == 1
    assert values(history) == values(History(tmp_path)) == np.arange(39.0).tolist()
    history.close()
    with HistoryWriter(tmp_path) as again:
        assert values(again) == np.arange(39.0).tolist()


@pytest.mark.parametrize("how", ["damage", "memory"])
def test_a_question_that_fails_stops_no_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The writer asked it itself: it goes on writing, and no other gets in meanwhile."""
    with HistoryWriter(tmp_path) as history:
        history.append(batch(0))
        history.compact()
        if how == "damage":
            (path,) = tmp_path.glob("days/*/*.parquet")
            data = path.read_bytes()
            path.write_bytes(data[:10] + bytes(len(data) - 50) + data[-40:])
        else:
            monkeypatch.setitem(ENGINE, "memory_limit", "1kB")
        with pytest.raises(InputError, match="cannot read the history"):
            history.read(POINTS)
        later = START + timedelta(days=3)
        history.append(Batch(POINTS, later, 7.0, later))
        with pytest.raises(InputError, match="is being written by process"):
            HistoryWriter(tmp_path)
        monkeypatch.undo()
        assert history.read(POINTS, later)["value"].to_pylist() == [7.0, 7.0, 7.0]
    with pytest.raises(InputError, match="it is closed"):
        history.append(batch(2))


def test_what_a_killed_process_spilt_is_removed(tmp_path: Path) -> None:
    """What a question had no memory for stands in the folder while it is answered, not for ever."""
    HistoryWriter(tmp_path).close()
    spilt = tmp_path / f"{SPILL}0f8e"
    spilt.mkdir()
    (spilt / "duckdb_temp_storage-0.tmp").write_bytes(b"x")
    HistoryWriter(tmp_path).close()
    assert not spilt.exists()


def test_a_second_writer_is_told_who_is_first(tmp_path: Path) -> None:
    """In this process or another; after the first has closed, or died, the next gets in."""
    with HistoryWriter(tmp_path), pytest.raises(InputError) as caught:
        HistoryWriter(tmp_path)
    assert f"is being written by process {os.getpid()};" in str(caught.value)
    HistoryWriter(tmp_path).close()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """One line, as for a folder that is a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write in"):
        HistoryWriter(tmp_path / "file" / "history")


def test_a_batch_that_was_cut_short_is_cut_off_and_said(tmp_path: Path) -> None:
    """At whatever byte the last write ended; earlier batches stand, and it goes on behind them."""
    with HistoryWriter(tmp_path) as history:
        history.append(batch(0))
        whole = (tmp_path / "log" / "00000001.log").read_bytes()
        history.append(batch(1))
    log = tmp_path / "log" / "00000001.log"
    data = log.read_bytes()
    for end in range(len(whole), len(data), 97):
        log.write_bytes(data[:end])
        assert values(History(tmp_path)) == [0, 1, 2]
        with HistoryWriter(tmp_path) as history:
            cut = end - len(whole)
            wanted = (
                f"cut off {cut} bytes of a batch that was not written to its end" if cut else ""
            )
            assert history.recovery == wanted
            history.append(batch(1))
            assert values(history) == [0, 1, 2, 3, 4, 5]
        assert values(History(tmp_path)) == [0, 1, 2, 3, 4, 5]


def test_damage_in_the_middle_of_the_log_costs_one_batch_and_is_said(tmp_path: Path) -> None:
    """The batches before and behind it are kept."""
    with HistoryWriter(tmp_path) as history:
        for number in range(3):
            history.append(batch(number))
    log = tmp_path / "log" / "00000001.log"
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 1
    log.write_bytes(data)
    with HistoryWriter(tmp_path) as history:
        assert "bytes in the middle of its log are damaged" in history.recovery
        assert values(history) == [0, 1, 2, 6, 7, 8]
        assert [problem.what for problem in history.verify()] == [history.recovery]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A history with Parquet files and a log."""
    folder = tmp_path / "h"
    with HistoryWriter(folder) as history:
        for number in range(12):
            history.append(batch(number))
            if number == 8:
                history.compact()
    return folder


def test_fuzzed_files_give_a_line_or_the_rest_never_a_traceback(written: Path) -> None:
    """Bytes changed, files cut or emptied at random: reading, checking, opening say it or work."""
    chance = random.Random(5)
    files = sorted(path for path in written.rglob("*") if path.is_file())
    sound = {path: path.read_bytes() for path in files}
    unsound, said = 0, list[str]()
    for _ in range(100):
        path = chance.choice(files)
        data = bytearray(sound[path])
        for _ in range(chance.randint(1, 4)):
            if data:
                data[chance.randrange(len(data))] ^= chance.randint(1, 255)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data) + 1) :]
        path.write_bytes(data)
        try:
            reader = History(written)
            assert len(reader.versions(POINTS)) <= 36
            reader.last(POINTS)
            unsound += bool(reader.verify())
            HistoryWriter(written).close()
        except InputError as error:
            said.append(str(error))
            unsound += 1
        for each, content in sound.items():  # opening may have swept or cut something
            each.parent.mkdir(exist_ok=True)
            each.write_bytes(content)
    assert unsound > 50
    assert not any("\n" in line for line in said)
    assert History(written).verify() == []


def test_a_lost_manifest_is_said_and_nothing_is_swept(written: Path) -> None:
    """Opening for writing does not take a history without a manifest for an empty one."""
    (written / "manifest.json").unlink()
    before = sorted(written.rglob("*"))
    with pytest.raises(InputError, match=r"holds a history whose manifest.json is missing"):
        HistoryWriter(written)
    assert sorted(written.rglob("*")) == before


def test_several_threads_append_compact_and_ask_at_once(tmp_path: Path) -> None:
    """Every thread's batches are there once, and every question is answered."""
    with HistoryWriter(tmp_path, ahead=60) as history:
        troubles: list[BaseException] = []

        def work(first: int) -> None:
            try:
                for number in range(first, first + 30):
                    history.append(batch(number))
                    if number % 10 == 0:
                        history.compact()
                    assert len(history.read("a", START + timedelta(seconds=first))) >= 1
            except BaseException as error:
                troubles.append(error)

        threads = [threading.Thread(target=work, args=(30 * each,)) for each in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not troubles
        assert values(history) == np.arange(270.0).tolist()


def test_small_files_of_a_day_are_merged(tmp_path: Path) -> None:
    """Many compactions of one day leave few files, with every copy but one dropped."""
    with HistoryWriter(tmp_path) as history:
        for number in range(64):
            history.append(Batch(POINTS, START + timedelta(seconds=number), number, START))
            history.append(Batch(POINTS, START + timedelta(seconds=number), number, START))
            history.compact()
        files = list(tmp_path.glob("days/*/*.parquet"))
        assert len(files) <= 9
        assert sum(part.rows for part in history._manifest.parts) == 64 * 3
        assert not [path for path in tmp_path.glob("log/*.log") if path.stat().st_size]
