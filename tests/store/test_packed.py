"""Packed files say what they said, older journals go on, and heads prove what is not read."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zeroplant.store import Entry, Journal, JournalWriter
from zeroplant.store.chain import Head, Segment
from zeroplant.store.packed import MEMBER

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(number: int, step: timedelta = DAY / 4) -> Entry:
    """A record; one every six hours."""
    known = START + number * step
    return Entry(kind="alarm", event=known, known=known, payload={"number": number})


def written(folder: Path, count: int = 11) -> list[bytes]:
    """A journal of some days; its files as they were before they were packed."""
    with JournalWriter(folder) as journal:
        for number in range(count):
            journal.append(entry(number))
        found = [path.read_bytes() for path in sorted(folder.glob("*.jsonl"))]
        for _ in found:
            journal.pack()
    return found


def test_what_is_packed_reads_and_verifies_as_before(tmp_path: Path) -> None:
    """Only the last file is left as it is; any gzip shows the others."""
    before = written(tmp_path)
    packed = sorted(tmp_path.glob("*.jsonl.gz"))
    assert len(packed) == len(before) - 1
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    for segment, data in zip(Segment.all(tmp_path), before, strict=True):
        with segment.open() as file:
            assert file.read() == data
    first = [json.loads(line) for line in gzip.decompress(packed[0].read_bytes()).splitlines()]
    assert [each.get("payload") for each in first[1:]] == [{"number": 0}, {"number": 1}]
    journal = Journal(tmp_path)
    assert journal.verify().intact
    assert [record.payload["number"] for record in journal.read()] == list(range(11))
    with JournalWriter(tmp_path) as again:
        assert again.append(entry(11)) == range(12, 13)
        assert again.verify().intact


def test_a_process_that_ended_while_packing_leaves_a_whole_journal(tmp_path: Path) -> None:
    """Both files of a day are one; the plain one counts."""
    before = written(tmp_path)
    (tmp_path / Segment.all(tmp_path)[0].path.name).write_bytes(before[0])
    assert len(Segment.all(tmp_path)) == len(before)
    assert Journal(tmp_path).verify().intact
    with JournalWriter(tmp_path) as journal:
        journal.pack()
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    assert Journal(tmp_path).verify().intact


def test_a_file_that_is_not_as_it_was_written_is_not_packed(tmp_path: Path) -> None:
    with JournalWriter(tmp_path) as journal:
        for number in range(7):
            journal.append(entry(number))
        path = sorted(tmp_path.glob("*.jsonl"))[0]
        broken = path.read_bytes().replace(b'"number":1}', b'"number":7}')
        path.write_bytes(broken)
        for _ in range(4):
            journal.pack()
    assert path.read_bytes() == broken
    assert len(list(tmp_path.glob("*.gz"))) == 1


def test_damage_of_a_packed_file_is_found_where_it_is(tmp_path: Path) -> None:
    """Every byte of a file of two members; a member that is whole is still read."""
    with JournalWriter(tmp_path) as journal:
        journal.append(entry(number, timedelta(seconds=20)) for number in range(MEMBER + 500))
        journal.append(entry(4))
        journal.pack()
    (path,) = tmp_path.glob("*.gz")
    data = path.read_bytes()
    second = data.index(b"\x1f\x8b\x08", 10)
    for place in (0, 30, second // 2, second - 6, second + 1, second + 40, len(data) - 5):
        path.write_bytes(bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]))
        verdict = Journal(tmp_path).verify()
        assert verdict.broken == (1 if place < second else MEMBER), (place, verdict)
    path.write_bytes(data[:-9])
    assert Journal(tmp_path).verify().broken == MEMBER
    lines = gzip.decompress(data).replace(b'"number":700}', b'"number":701}')
    path.write_bytes(gzip.compress(lines))  # by somebody who knows how: the next head tells
    assert not Journal(tmp_path).verify().intact


def test_what_is_read_is_proved_by_the_heads_behind_it(tmp_path: Path) -> None:
    """A changed record is found in what is read and in the last file; elsewhere in the heads."""
    written(tmp_path, 22)
    journal, files = Journal(tmp_path), Segment.all(tmp_path)
    assert len(files) == 6
    since, until = START + 1.1 * DAY, START + 1.2 * DAY
    verdict = journal.verify_since(since, until)
    assert verdict.intact
    assert (verdict.records, verdict.heads) == (4 + len(files[-1].follow().links), 3)
    assert str(verdict).endswith("records and the heads of 3 more files, intact")
    intact = {place: files[place].packed.read_bytes() for place in range(5)}

    def with_another(place: int, old: bytes, new: bytes) -> bool:
        plain = gzip.decompress(intact[place])
        assert plain.count(old) == 1
        files[place].packed.write_bytes(gzip.compress(plain.replace(old, new)))
        found = journal.verify_since(since, until).intact
        files[place].packed.write_bytes(intact[place])
        return found

    assert not with_another(1, b'"number":4}', b'"number":5}')
    before = files[3].follow().before.encode()
    assert not with_another(3, before, before[::-1])  # a head
    assert with_another(3, b'"number":11}', b'"number":12}')  # not read: only its head counts
    assert journal.verify_since(START + 2.6 * DAY, START + 2.7 * DAY).intact
    files[2].packed.unlink()
    assert not journal.verify_since(since, until).intact
    files[2].packed.write_bytes(intact[2])
    last = files[-1].path
    last.write_bytes(last.read_bytes().replace(b'"number":21}', b'"number":22}'))
    assert not journal.verify_since(since, until).intact


def test_a_journal_of_the_older_kind_is_read_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its heads prove nothing, so its files are followed; new ones begin with the next day."""
    newer = Segment.header

    def older(self: Segment, before: str, above: str | None = None) -> Head:
        return newer(self, before)

    with monkeypatch.context() as patch, JournalWriter(tmp_path) as journal:
        patch.setattr(Segment, "header", older)
        for number in range(9):
            journal.append(entry(number))
    assert [segment.head().above for segment in Segment.all(tmp_path)] == [None] * 3  # type: ignore[union-attr]
    with JournalWriter(tmp_path) as journal:
        for number in range(9, 20):
            journal.append(entry(number))
        for _ in range(6):
            journal.pack()
    journal = Journal(tmp_path)
    heads = [segment.head() for segment in Segment.all(tmp_path)]
    assert [head is not None and head.above is None for head in heads] == [True] * 3 + [False] * 3
    assert journal.verify().intact
    assert [record.payload["number"] for record in journal.read()] == list(range(20))
    verdict = journal.verify_since(START, START)
    assert verdict.intact
    assert (verdict.records, verdict.heads) == (2 + 4 + 2, 3)
