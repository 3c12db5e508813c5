"""What stood at a moment, from the journal alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zeroplant.cli import main
from zeroplant.operate.alarms import AlarmChange, Alarms
from zeroplant.operate.entries import alarmed
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.logbook import Logbook
from zeroplant.operate.recording import Recording
from zeroplant.operate.replay import Replayed, replay
from zeroplant.operate.requested import Requested
from zeroplant.store import Entry, JournalWriter
from zeroplant.store.chain import Segment

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LEVEL = ("silent", "battery.level")
NAME = "silent: battery.level"


class Life:
    """A journal as a controller writes it."""

    def __init__(self, path: Path) -> None:
        self.folder = PlantFolder(path)
        self.alarms = Alarms()

    def write(self, *entries: Entry) -> None:
        with JournalWriter(self.folder.journal) as journal:
            journal.append(entries)

    def begin(self, at: datetime) -> None:
        self.alarms = Alarms()
        said = {"en": "control begins", "zh": "控制开始"}
        self.write(Entry(kind="note", key="control", event=at, known=at, payload=said))

    def conditions(self, at: datetime, *names: tuple[str, str]) -> None:
        self.write(*alarmed(self.alarms.update(at, names)))

    def changed(self, change: AlarmChange | None) -> None:
        assert change is not None
        self.write(*alarmed([change]))

    def person(self, at: datetime, name: str, kind: str, **said: Any) -> None:
        span = {"start": at.isoformat(), "until": (at + 9 * DAY).isoformat()}
        payload = {"kind": kind, "person": "Li", "value": 5.0, "key": "", "accepted": True, **span}
        payload |= said
        self.write(Entry(kind="person", key=name, event=at, known=at, payload=payload))

    def at(self, moment: datetime) -> Replayed:
        return replay(self.folder, moment)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    found = Life(tmp_path)
    found.begin(NOW)
    return found


def test_a_withdrawn_order_stands_until_it_is_withdrawn_and_a_withdrawal_is_no_order(
    life: Life,
) -> None:
    life.person(NOW, "one", "target")
    life.person(NOW, "ack", "acknowledge", key=NAME)
    life.person(NOW, "no", "target", accepted=False)
    life.person(NOW + MINUTE, "not", "withdraw", key="one", accepted=False)
    life.person(NOW + 2 * MINUTE, "away", "withdraw", key="one")
    assert set(life.at(NOW + MINUTE).orders) == {"one"}
    assert life.at(NOW + 3 * MINUTE).orders == {}


def test_a_cleared_alarm_is_not_held_whatever_came_after(life: Life) -> None:
    life.conditions(NOW, LEVEL)
    life.changed(life.alarms.shelve(NOW + MINUTE, *LEVEL, "Li", NOW + DAY))
    assert set(life.at(NOW + MINUTE).alarms) == {NAME}
    life.conditions(NOW + 2 * MINUTE)
    life.changed(life.alarms.shelve(NOW + 3 * MINUTE, *LEVEL, "Li", NOW + DAY))
    life.changed(life.alarms.acknowledge(NOW + 4 * MINUTE, *LEVEL, "Li"))
    for minute in (2, 3, 4):
        assert life.at(NOW + minute * MINUTE).alarms == {}
    life.conditions(NOW + 5 * MINUTE, LEVEL)
    assert set(life.at(NOW + 6 * MINUTE).alarms) == {NAME}


def test_what_has_stood_for_a_week_is_found(life: Life) -> None:
    life.conditions(NOW, LEVEL)
    life.person(NOW, "one", "target")
    seen = life.at(NOW + 7 * DAY)
    assert (set(seen.alarms), set(seen.orders)) == ({NAME}, {"one"})
    assert life.at(NOW + 9 * DAY).orders == {}


def test_alarms_end_with_the_controller_that_held_them_and_orders_do_not(life: Life) -> None:
    life.conditions(NOW, LEVEL)
    life.person(NOW, "one", "target")
    life.begin(NOW + MINUTE)
    seen = life.at(NOW + 2 * MINUTE)
    assert (seen.alarms, set(seen.orders)) == ({}, {"one"})
    life.conditions(NOW + 3 * MINUTE, LEVEL)
    assert set(life.at(NOW + 3 * MINUTE).alarms) == {NAME}


def test_no_replay_looks_further_back_than_to_what_stood(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each day says what stands; so days before are not opened, and the answer is the same."""
    life.conditions(NOW, LEVEL, ("frozen", "sun.output"))
    life.person(NOW, "one", "target", reason="test")
    life.person(NOW, "two", "target")
    life.person(NOW + MINUTE, "away", "withdraw", key="two")
    life.conditions(NOW + DAY, LEVEL)
    before = life.at(NOW + 3 * DAY)
    recording = Recording(life.folder)
    book = Logbook(recording)
    at = NOW + 2 * DAY
    assert book.is_new_day(at)
    book.stand(at, life.alarms.held(), {"one": dict(before.orders["one"].payload)})
    assert not book.is_new_day(at + MINUTE)
    recording.note([Entry(kind="plan", key="plant", event=at, known=at, payload={})])
    recording.close()
    opened: list[str] = []
    follow = Segment.follow

    def noted(self: Segment, *args: Any) -> Any:
        opened.append(self.day)
        return follow(self, *args)

    monkeypatch.setattr(Segment, "follow", noted)
    seen = life.at(NOW + 2 * DAY + MINUTE)
    assert min(opened) == str((NOW + 2 * DAY).date())
    assert (set(seen.alarms), set(seen.orders)) == ({NAME}, {"one"})
    assert seen.intact == "intact"
    assert seen.alarms[NAME].payload["cause"] == before.alarms[NAME].payload["cause"]
    assert seen.orders["one"].payload == before.orders["one"].payload
    assert set(life.at(NOW + MINUTE).alarms) == {NAME, "frozen: sun.output"}
    assert replay(life.folder, NOW + 3 * DAY, whole=True).intact == "intact"


def test_a_plan_that_never_came_is_shown_with_its_reason(
    life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for, waited for, and nothing but a rule: each as it was known then."""

    def told(at: datetime) -> tuple[dict[str, Any] | None, str]:
        assert main(["replay", str(life.folder.path), "--at", at.isoformat()]) == 0
        return life.at(at).requested, capsys.readouterr().out

    assert told(NOW)[0] is None
    recording = Recording(life.folder)
    requested = Requested(recording)
    begin = NOW + 15 * MINUTE
    requested.asked(NOW + 14 * MINUTE, begin)
    requested.answered(NOW + 16 * MINUTE, "rule", "the planner did not answer within 7 s")
    requested.asked(NOW + 17 * MINUTE, begin)
    requested.answered(NOW + 18 * MINUTE, "none", "the plant's year is not solved yet")
    requested.answered(NOW + 19 * MINUTE, "optimal", "nobody asked for it")
    recording.close()
    waits, shown = told(NOW + 15 * MINUTE)
    assert waits is not None
    assert (waits["begin"], waits["answered"]) == (begin.isoformat(), None)
    assert "not there yet" in shown
    came, shown = told(NOW + 16 * MINUTE)
    assert came is not None
    assert (came["status"], came["asked"]) == ("rule", waits["asked"])
    assert "a rule instead at" in shown
    assert "(the planner did not answer within 7 s)" in shown
    none, shown = told(NOW + DAY)
    assert none is not None
    assert none["status"] == "none"
    assert "nothing came at" in shown
    assert "(the plant's year is not solved yet)" in shown
