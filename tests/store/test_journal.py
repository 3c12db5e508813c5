"""Journal: what was recorded is read back, filtered and replayed as a plain list would be."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.store import Entry, Journal, JournalWriter, Record

START = datetime(2026, 11, 19, 18, tzinfo=UTC)


def at(step: int) -> datetime:
    """A moment; four of them make a day."""
    return START + timedelta(hours=6 * step)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)  # fmt: skip
ENTRY = st.builds(
    Entry,
    kind=st.sampled_from(["plan", "command", "note"]),
    event=st.integers(0, 8).map(at),
    known=st.integers(0, 8).map(at),  # in any order: clocks jump
    payload=st.dictionaries(st.text(max_size=3), JSON, max_size=3),
    key=st.sampled_from(["", "battery/1", "电池"]),
)


def said(entry: Entry) -> tuple[object, ...]:
    """What an entry or its record says."""
    return (entry.kind, entry.event, entry.known, entry.payload, entry.key)


@given(st.lists(st.lists(ENTRY, max_size=5), max_size=8), st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=60)
def test_reading_is_what_a_list_of_records_says(
    groups: list[list[Entry]], since: int, until: int
) -> None:
    """Order, times, kinds, payloads to the last digit; what was known at a moment; the chain."""
    entries = [entry for group in groups for entry in group]
    with tempfile.TemporaryDirectory() as folder:
        for half in (groups[: len(groups) // 2], groups[len(groups) // 2 :]):
            with JournalWriter(folder) as journal:
                for group in half:
                    before = journal.anchor().count
                    assert journal.append(group) == range(before + 1, before + 1 + len(group))
                assert journal.recovery == ""
        journal = Journal(folder)
        records = list(journal.read())
        assert [said(record) for record in records] == [said(entry) for entry in entries]
        assert [record.number for record in records] == list(range(1, len(entries) + 1))
        some = list(journal.read(at(since), at(until), ["plan", "note"], "battery/1"))
        inside = [each for each in records if at(since) <= each.known <= at(until)]
        of_kind = [each for each in inside if each.kind != "command" and each.key == "battery/1"]
        assert some == of_kind
        newest: dict[tuple[str, str], Record] = {}
        for record in sorted(records, key=lambda each: (each.event, each.known, each.number)):
            if record.known <= at(until):
                newest[record.kind, record.key] = record
        assert journal.replay(at(until)) == newest
        verdict = journal.verify()
        assert (verdict.intact, verdict.records) == (True, len(entries))


def test_a_late_observation_does_not_hide_a_newer_one(tmp_path: Path) -> None:
    """State is what holds, not what was heard last; and a revision counts once it is known."""
    with JournalWriter(tmp_path) as journal:
        for event, known, mw in [(2, 2, 5.0), (1, 3, 4.0), (2, 6, 5.5)]:
            journal.append(
                Entry(
                    kind="observation",
                    key="m",
                    event=at(event),
                    known=at(known),
                    payload={"mw": mw},
                )
            )
        state = [journal.replay(at(step)) for step in (1, 2, 4, 7)]
    found = [each["observation", "m"].payload["mw"] if each else None for each in state]
    assert found == [None, 5.0, 5.0, 5.5]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"kind": "Command"}, "cannot be of the kind 'Command'"),
        ({"kind": ""}, "cannot be of the kind ''"),
        ({"event": datetime(2026, 1, 1)}, "has no zone"),
        ({"payload": {"mw": float("nan")}}, "is not JSON"),
        ({"payload": {"mw": np.float32(1)}}, "is not JSON"),
        ({"payload": {"name": "\ud800"}}, "is not JSON"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_takes_nothing_along(
    tmp_path: Path, wrong: dict[str, object], line: str
) -> None:
    """All or none of a call."""
    right: dict[str, object] = {"kind": "note", "event": at(0), "known": at(0), "payload": {}}
    with JournalWriter(tmp_path) as journal:
        with pytest.raises(InputError, match=line) as caught:
            journal.append([Entry(**right), Entry(**{**right, **wrong})])  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)
        assert journal.append(Entry(**right)) == range(1, 2)  # type: ignore[arg-type]


def test_a_folder_that_is_no_journal(tmp_path: Path) -> None:
    """Reading makes nothing; it says so."""
    with pytest.raises(InputError, match="is no journal"):
        Journal(tmp_path)
    assert not list(tmp_path.iterdir())
