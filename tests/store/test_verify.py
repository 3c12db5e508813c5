"""Verifying a journal: every byte counts, and what is missing at the end is missed."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from zeroplant.errors import InputError
from zeroplant.store import Anchor, Entry, Journal, JournalWriter
from zeroplant.store.record import opened, sealed

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def entry(number: int) -> Entry:
    """An alarm; one every six hours."""
    known = START + timedelta(hours=6 * number)
    return Entry(kind="alarm", event=known, known=known, payload={"number": number})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal of seven records in three files."""
    with JournalWriter(tmp_path / "j") as journal:
        for number in range(7):
            journal.append(entry(number))
    return tmp_path / "j"


def files(folder: Path) -> list[Path]:
    """The files of records, in order."""
    return sorted(folder.glob("*.jsonl"))


def test_any_changed_byte_is_found_and_its_record_named(folder: Path) -> None:
    """Each byte of each file, changed to another: the first broken record is the one it is in."""
    chance = random.Random(1)
    first = 1
    for path in files(folder):
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        owner = [max(0, line - 1) for line, text in enumerate(lines) for _ in text]
        for place in range(len(data)):
            changed = bytearray(data)
            changed[place] ^= chance.randint(1, 255)
            path.write_bytes(changed)
            verdict = Journal(folder).verify()
            assert verdict.broken == first + owner[place], (path, place, verdict)
        path.write_bytes(data)
        first += len(lines) - 1
    assert Journal(folder).verify().intact


def test_any_changed_byte_of_the_head_is_found(folder: Path) -> None:
    """The file that knows the end is as hard to change."""
    head = folder / "head"
    data = head.read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        head.write_bytes(changed)
        assert not Journal(folder).verify().intact
    head.write_bytes(data[:-1])
    assert not Journal(folder).verify().intact
    head.unlink()
    assert "head is missing" in Journal(folder).verify().why


def test_records_cut_off_at_the_end_are_missed(folder: Path) -> None:
    """Whole records, which leave the chain intact; and a whole file."""
    *_, path = files(folder)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"\n", 0, len(data) - 1) + 1])
    verdict = Journal(folder).verify()
    assert (verdict.broken, verdict.records) == (7, 6)
    assert verdict.why == "1 acknowledged records are missing at the end"
    path.unlink()
    assert "are missing at the end" in Journal(folder).verify().why


def test_records_taken_out_or_put_in_are_found(folder: Path) -> None:
    """A line doubled, removed or moved; a file removed from the middle or the beginning."""
    path = files(folder)[1]
    data = path.read_bytes()
    head, *lines = data.splitlines(keepends=True)
    for other in ([*lines[:1], *lines], lines[1:], [lines[1], lines[0], *lines[2:]]):
        path.write_bytes(b"".join([head, *other]))
        assert 3 <= Journal(folder).verify().broken <= 4
    path.unlink()
    assert (Journal(folder).verify().broken, Journal(folder).verify().why) == (3, "it is missing")
    path.write_bytes(data)
    files(folder)[0].unlink()
    assert Journal(folder).verify().broken == 1


def test_a_record_changed_together_with_its_hash_breaks_the_next(folder: Path) -> None:
    """Each hash is that of all that came before; so a forger must write all that follows anew."""
    for position, path in enumerate(files(folder)):
        data = path.read_bytes()
        head, first, *rest = data.splitlines(keepends=True)
        before = sha256(head).hexdigest()
        body, _ = opened(first[:-1], before) or (b"", "")
        forged, _ = sealed(body.replace(b"alarm", b"aloha"), before)
        path.write_bytes(b"".join([head, forged, *rest]))
        assert Journal(folder).verify().broken == [2, 4, 7][position]
        path.write_bytes(data)


def test_only_an_anchor_kept_elsewhere_finds_a_journal_written_anew(tmp_path: Path) -> None:
    """What the chain by itself cannot prove, stated as a fact; and that the anchor proves it."""
    with JournalWriter(tmp_path / "true") as journal:
        journal.append([entry(number) for number in range(5)])
        anchor = journal.anchor()
        journal.append(entry(5))
    with JournalWriter(tmp_path / "forged") as journal:
        journal.append([entry(number + 1) for number in range(6)])
    assert Journal(tmp_path / "true").verify(anchor).intact
    assert Journal(tmp_path / "forged").verify().intact
    verdict = Journal(tmp_path / "forged").verify(anchor)
    assert (verdict.broken, verdict.intact) == (5, False)
    assert "written anew" in str(verdict)
    assert not Journal(tmp_path / "true").verify(Anchor(7, "0" * 64)).intact


def test_fuzzed_files_give_a_verdict_or_a_line_never_a_traceback(folder: Path) -> None:
    """Bytes changed, cut, doubled at random: found each time, read up to the damage at most."""
    chance = random.Random(2)
    spare = folder.with_name("spare")
    shutil.copytree(folder, spare)
    said: list[str] = []
    for _ in range(300):
        path = chance.choice([*files(folder), folder / "head"])
        data = bytearray(path.read_bytes())
        if chance.random() < 0.5:
            del data[chance.randrange(len(data)) :]
        else:
            data[chance.randrange(len(data))] = chance.randrange(256)
            data += data[: chance.randint(1, 40)]
        path.write_bytes(data)
        try:
            journal = Journal(folder)
            assert not journal.verify().intact
            for record in journal.read():
                assert record.payload["number"] == record.number - 1
        except InputError as error:
            said.append(str(error))
        try:
            JournalWriter(folder).close()
        except InputError as error:
            said.append(str(error))
        shutil.rmtree(folder)
        shutil.copytree(spare, folder)
    assert said
    assert not any("\n" in line for line in said)
    assert Journal(folder).verify().intact
