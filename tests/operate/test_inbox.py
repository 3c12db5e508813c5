"""The inbox: what a person ordered outlasts the process, and the folder does not grow."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.operate.test_recording import until as wait
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.folder import PlantFolder, submit, waiting
from zeroplant.operate.inbox import PATIENCE, Found, Inbox
from zeroplant.operate.recording import Recording
from zeroplant.operate.wish import Wish
from zeroplant.operate.worker import Worker
from zeroplant.store import Journal

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Look = Callable[..., list[float]]


def wish(name: str, kind: str = "target", value: float = 5.0, **said: object) -> Wish:
    more = {"person": "Li", "key": "", "reason": "", "start": NOW, "until": NOW + 8 * HOUR}
    return Wish(id=name, kind=kind, value=value, **more | said)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    return PlantFolder(tmp_path)


@pytest.fixture
def look(folder: PlantFolder) -> Iterator[Look]:
    """What stands at a moment, by value; all answers are then on the disk."""
    recording = Recording(folder)
    inbox = Inbox(recording)

    def values(now: datetime, *, restarted: bool = False) -> list[float]:
        nonlocal recording, inbox
        if restarted:
            recording.close()
            recording = Recording(folder)
            inbox = Inbox(recording)
        found = sorted(order.value for order in inbox.orders(now, Alarms()))
        wait(lambda: all(folder.answer(p.stem).exists() for p in _wishes(folder)))
        return found

    yield values
    recording.close()


def _wishes(folder: PlantFolder) -> list[Path]:
    return [p for p in folder.orders.glob("[!.]*.json") if not p.name.endswith(".answer.json")]


def test_an_accepted_order_stands_again_after_a_restart_until_it_lapses(
    folder: PlantFolder, look: Look
) -> None:
    submit(folder, wish("one", value=5.0))
    submit(folder, wish("gone", value=7.0, until=NOW + HOUR))
    submit(folder, wish("alarm", "acknowledge", key="disk: full"))
    assert look(NOW) == [5.0, 7.0]
    assert look(NOW, restarted=True) == [5.0, 7.0]
    assert look(NOW + 2 * HOUR, restarted=True) == [5.0]
    assert look(NOW + 8 * HOUR, restarted=True) == []


def test_a_withdrawn_order_does_not_stand_again_even_when_its_withdrawal_is_forgotten(
    folder: PlantFolder, look: Look
) -> None:
    submit(folder, wish("order", until=NOW + 1000 * HOUR))
    assert look(NOW) == [5.0]
    submit(folder, wish("away", "withdraw", key="order"))
    assert look(NOW) == []
    wait(lambda: "withdrawn" in json.loads(folder.answer("order").read_text()))
    assert look(NOW, restarted=True) == []
    (folder.orders / "away.json").unlink()
    folder.answer("away").unlink()
    assert look(NOW + HOUR, restarted=True) == []


def test_an_order_and_its_withdrawal_that_come_together_leave_nothing(
    folder: PlantFolder, look: Look
) -> None:
    submit(folder, wish("a", "withdraw", key="b"))
    submit(folder, wish("b"))
    assert look(NOW) == []
    assert json.loads(folder.answer("a").read_text())["accepted"] is True


def test_what_ended_more_than_a_day_ago_leaves_the_folder(folder: PlantFolder, look: Look) -> None:
    submit(folder, wish("old"))
    submit(folder, wish("long", until=NOW + 48 * HOUR))
    submit(folder, wish("alarm", "shelve", key="disk: full", until=NOW + 999 * HOUR))
    (folder.orders / "broken.json").write_text("{")
    look(NOW)
    assert len(list(folder.orders.iterdir())) == 8
    look(NOW + 31 * HOUR)
    assert {p.stem for p in _wishes(folder)} == {"old", "long"}
    look(NOW + 33 * HOUR)
    assert sorted(p.name for p in folder.orders.iterdir()) == ["long.answer.json", "long.json"]
    assert look(NOW + 47 * HOUR, restarted=True) == [5.0]
    kept = {r.key for r in Journal(folder.journal).read(kinds="person")}
    assert kept == {"old", "long", "alarm", "broken"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (wish("w", "withdraw", key="x"), "no order 'x' stands; write the name of its file"),
        (wish("w", "shelve", key="disk"), "there is no alarm 'disk'; write it as 'code: what"),
        (wish("w", start=NOW - 2 * HOUR, until=NOW - HOUR), "it has lapsed already; write an"),
    ],
)
def test_a_refusal_says_what_to_write(
    folder: PlantFolder, look: Look, asked: Wish, said: str
) -> None:
    submit(folder, asked)
    assert look(NOW) == []
    answer = json.loads(folder.answer("w").read_text())
    assert answer["accepted"] is False
    assert answer["reason"].startswith(said)


def test_an_answer_the_disk_refuses_is_given_later_and_the_order_holds_meanwhile(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zeroplant.operate.lane.PAUSE", 0.02)
    recording = Recording(folder)
    inbox = Inbox(recording)
    submit(folder, wish("one"))
    with monkeypatch.context() as patch:
        patch.setattr("zeroplant.operate.recording.write_atomic", _full)
        for _ in range(3):
            assert len(inbox.orders(NOW, Alarms())) == 1
        wait(lambda: "no room" in recording.trouble)
    wait(folder.answer("one").exists)
    recording.close()
    assert [r.key for r in Journal(folder.journal).read(kinds="person")] == ["one"]


def _full(*_: object) -> None:
    raise OSError(28, "no room")


def test_a_device_that_cannot_be_set_is_refused(folder: PlantFolder) -> None:
    recording = Recording(folder)
    inbox = Inbox(recording)
    submit(folder, wish("right", "device", key="battery.charge"))
    submit(folder, wish("wrong", "device", key="battery.chrage"))
    orders = inbox.orders(NOW, Alarms(), {"battery.charge"})
    recording.close()
    assert [order.key for order in orders] == ["battery.charge"]
    said = json.loads(folder.answer("wrong").read_text())
    assert not said["accepted"]
    assert "battery.chrage" in said["reason"]
    assert [(each["name"], each["person"]) for each in inbox.said()] == [("right", "Li")]


def test_a_disk_that_hangs_keeps_no_cycle_waiting(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands goes on meanwhile, it is an alarm, and then the new order is taken in."""
    answers = threading.Event()

    def hangs(asked: PlantFolder) -> list[Found]:
        answers.wait()
        return list(waiting(asked))

    recording, worker = Recording(folder), Worker("inbox")
    submit(folder, wish("before", value=7.0))
    Inbox(recording).orders(NOW, Alarms())
    wait(folder.answer("before").exists)
    with monkeypatch.context() as patch:
        patch.setattr("zeroplant.operate.inbox.waiting", hangs)
        inbox = Inbox(recording, do=worker.do)
        submit(folder, wish("one"))
        for seconds in (0, 4, 59):
            now = NOW + timedelta(seconds=seconds)
            assert [each.value for each in inbox.orders(now, Alarms())] == [7.0]
            assert inbox.trouble(now) == ""
        assert inbox.trouble(NOW + PATIENCE) == "orders/ does not answer since 12:00:00 UTC"
        answers.set()
        wait(lambda: len(inbox.orders(NOW + PATIENCE, Alarms())) == 2)
        worker.close(60.0)
    recording.close()
    assert json.loads(folder.answer("one").read_text())["accepted"] is True


def test_a_folder_that_cannot_be_looked_through_is_told_and_tried_again(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording(folder)
    inbox = Inbox(recording)
    submit(folder, wish("one"))
    with monkeypatch.context() as patch:
        patch.setattr("zeroplant.operate.inbox.waiting", _full)
        with pytest.raises(OSError, match="no room"):
            inbox.orders(NOW, Alarms())
    assert len(inbox.orders(NOW, Alarms())) == 1
    recording.close()
