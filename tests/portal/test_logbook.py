"""A journal read from its end: the right records, leaves that join, a chain that is watched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from zeroplant.errors import InputError
from zeroplant.portal import logbook as module
from zeroplant.portal.logbook import Logbook, Wanted
from zeroplant.store import Entry, Journal, JournalWriter

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def slow(monkeypatch: pytest.MonkeyPatch, records: int) -> None:
    """A processor that reads no more than so many records for a leaf."""
    ticks = count(step=module.LONGEST / (records - 0.5))
    monkeypatch.setattr(module, "thread_time", lambda: next(ticks))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three days with an entry an hour, by turns an alarm and two commands."""
    with JournalWriter(tmp_path) as journal:
        for hour in range(72):
            at = NOON + timedelta(hours=hour)
            kind = "command" if hour % 3 else "alarm"
            entry = Entry(kind=kind, key=f"k{hour}", event=at, known=at, payload={"hour": hour})
            journal.append(entry)
    return tmp_path


def test_leaves_join_without_gap_or_overlap(folder: Path) -> None:
    """As read by the journal itself, backwards, whatever the length of a leaf."""
    whole = [record.number for record in Journal(folder).read(kinds=("command",))][::-1]
    for most in (1, 7, 48, 100):
        found, before, book = [], 0, Logbook(folder)
        while True:
            leaf = book.leaf(Wanted(("command",)), before, most)
            found += [record.number for record in leaf.records]
            if not leaf.older:
                break
            before = leaf.older
        assert found == whole


def test_records_are_those_of_the_journal(folder: Path) -> None:
    since, until = NOON + timedelta(hours=10), NOON + timedelta(hours=30)
    for zone in (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9))):
        wanted = Wanted((), since.astimezone(zone), until.astimezone(zone))
        leaf = Logbook(folder).leaf(wanted)
        assert list(leaf.records) == list(Journal(folder).read(since, until))[::-1]


def test_what_is_written_meanwhile_is_seen(folder: Path) -> None:
    book = Logbook(folder)
    assert book.leaf(Wanted(), most=1).records[0].number == 72
    assert (book.chain().first, book.chain().last) == (1, 72)
    with JournalWriter(folder) as journal:
        journal.append(Entry(kind="note", event=NOON, known=NOON + timedelta(hours=80)))
    assert book.leaf(Wanted(), most=1).records[0].kind == "note"
    assert book.chain().last == 73


def test_a_leaf_does_not_read_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is rare is looked for in parts, each of which says where to go on."""
    slow(monkeypatch, records=10)
    book, wanted = Logbook(folder), Wanted(test=lambda record: record.number == 30)
    leaf = book.leaf(wanted)
    assert (leaf.records, leaf.older) == ((), 63)
    assert leaf.back == NOON + timedelta(hours=62), "it says how far back it came"
    rounds = 0
    while leaf.older and not leaf.records:
        leaf, rounds = book.leaf(wanted, leaf.older), rounds + 1
    assert (leaf.records[0].number, rounds) == (30, 4)
    assert book.leaf(Wanted(test=lambda record: record.number > 70)).back is not None
    assert book.leaf(Wanted(("alarm",), NOON + timedelta(hours=60))).back is None


def test_files_that_take_long_to_follow_are_followed_in_parts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where none of their records is read; it goes on with the files before."""
    slow(monkeypatch, records=1)
    book, wanted = Logbook(folder), Wanted(("note",), maybe=lambda *_: False)
    leaf, rounds = book.leaf(wanted), 1
    assert (leaf.records, leaf.older) == ((), 61)
    assert leaf.back == NOON + timedelta(hours=60)
    while leaf.older:
        leaf, rounds = book.leaf(wanted, leaf.older), rounds + 1
    assert rounds == 4


def test_by_the_key_others_are_not_even_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in 72 is found at once, though only ten records may be read."""
    slow(monkeypatch, records=10)
    wanted = Wanted(maybe=lambda kind, key: (kind, key) == ("command", "k1"))
    leaf = Logbook(folder).leaf(wanted)
    assert [record.key for record in leaf.records] == ["k1"]
    assert leaf.back is None


def test_a_key_of_any_letters_is_a_key(tmp_path: Path) -> None:
    keys = ['a "b"', "c\\", "电池\n", ""]
    with JournalWriter(tmp_path) as journal:
        for key in keys:
            journal.append(Entry(kind="note", key=key, event=NOON, known=NOON))
    for key in keys:
        found = Logbook(tmp_path).leaf(Wanted(maybe=lambda _, each, key=key: each == key))
        assert [record.key for record in found.records] == [key]


def test_a_file_without_the_kind_is_not_followed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where fewer files are kept than there are; what is added is found all the same."""
    with JournalWriter(folder) as journal:
        for hour in range(72, 240):
            at = NOON + timedelta(hours=hour)
            journal.append(Entry(kind="decision", event=at, known=at))
    monkeypatch.setattr(module, "KEPT", 2)
    followed = []
    whole = module._Index._take
    monkeypatch.setattr(
        module._Index, "_take", lambda self, line: followed.append(line) or whole(self, line)
    )
    book = Logbook(folder)
    first = book.leaf(Wanted(("note",)))
    assert len(followed) == 240
    followed.clear()
    assert book.leaf(Wanted(("note",))) == first
    assert followed == []
    with JournalWriter(folder) as journal:
        later = NOON + timedelta(hours=241)
        journal.append(Entry(kind="note", event=later, known=later))
    assert len(book.leaf(Wanted(("note",))).records) == 1
    assert len(followed) < 30, "of the last file only"


@pytest.mark.parametrize("day", [0, 1, 3])
def test_a_changed_record_is_neither_shown_nor_overlooked(folder: Path, day: int) -> None:
    path = sorted(folder.glob("*.jsonl"))[day]
    text = path.read_bytes()
    hour = json.loads(text.splitlines()[2])["payload"]["hour"]
    path.write_bytes(text.replace(b'"hour":%d}' % hour, b'"hour":%d}' % (hour + 1000)))
    book = Logbook(folder)
    chain = book.chain()
    assert not chain.whole
    assert "follow" in chain.why
    with pytest.raises(InputError, match="broken"):
        book.leaf(Wanted(), most=100)


def test_a_missing_file_and_a_cut_end_are_found(folder: Path) -> None:
    last = sorted(folder.glob("*.jsonl"))[-1]
    lines = last.read_bytes().splitlines(keepends=True)
    known = Logbook(folder)
    assert known.leaf(Wanted(), most=1).records
    last.write_bytes(b"".join(lines[:-1]))
    assert "acknowledged" in Logbook(folder).chain().why
    assert "shorter" in known.chain().why, "by one who had followed it before, too"
    last.write_bytes(b"".join(lines))
    assert Logbook(folder).chain().whole
    sorted(folder.glob("*.jsonl"))[1].unlink()
    assert "missing" in Logbook(folder).chain().why


def test_a_long_chain_is_followed_in_parts(folder: Path) -> None:
    book = Logbook(folder)
    part = book.chain(files=1)
    assert (part.whole, part.last) == (False, 72)
    assert part.first > 1
    for _ in range(4):
        part = book.chain(files=1)
    assert part.whole


def test_before_there_is_a_journal(tmp_path: Path) -> None:
    book = Logbook(tmp_path / "none")
    assert book.leaf(Wanted()).records == ()
    assert book.chain().last == 0
