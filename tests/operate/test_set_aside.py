"""Records that are not as they were written keep no plant without its controller."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zeroplant.errors import InputError
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.set_aside import opened
from zeroplant.store import Entry, Journal, JournalWriter
from zeroplant.store.manifest import NAME

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def test_a_damaged_journal_is_kept_as_it_is_and_a_new_one_begun(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    with closing(JournalWriter(folder.journal)) as journal:
        for number in range(5):
            journal.append(Entry(kind="note", key=str(number), event=NOW, known=NOW))
    (written,) = folder.journal.glob("*.jsonl")
    written.write_bytes(written.read_bytes()[:-5])
    before = {path.name: path.read_bytes() for path in folder.journal.iterdir()}
    with pytest.raises(InputError, match="record 5 is broken or missing"):
        JournalWriter(folder.journal)
    with closing(opened(folder, NOW + timedelta(hours=1))) as recording:
        assert recording.damaged == "journal.damaged-20260701T090000Z"
    aside = tmp_path / "journal.damaged-20260701T090000Z"
    kept = {path.name: path.read_bytes() for path in aside.iterdir()}
    assert {name: kept[name] for name in before} == before
    (first,) = Journal(folder.journal).read()
    assert first.key == "damaged"
    assert aside.name in first.payload["en"]
    with closing(opened(folder, NOW)) as recording:
        assert recording.damaged == ""


def test_a_damaged_history_is_put_aside_too(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    with closing(opened(folder, NOW)):
        pass
    (folder.history / NAME).write_bytes(b"nonsense")
    with closing(opened(folder, NOW)) as recording:
        assert recording.damaged == "history.damaged-20260701T080000Z"
    assert (tmp_path / recording.damaged / NAME).read_bytes() == b"nonsense"


def test_what_somebody_else_writes_to_is_not_put_aside(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    with closing(opened(folder, NOW)), pytest.raises(InputError):
        opened(folder, NOW)
    assert not list(tmp_path.glob("*.damaged-*"))
