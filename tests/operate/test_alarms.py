"""Alarms are raised, cleared, acknowledged and shelved, and said in two languages."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

import pytest

from zeroplant.operate.alarms import LIMIT, MEANINGS, Alarms

NOW = datetime(2025, 6, 1, tzinfo=UTC)
ONE = ("silent", "battery.charge")


def test_from_raised_to_forgotten() -> None:
    alarms = Alarms()
    (raised,) = alarms.update(NOW, [ONE])
    assert raised.change == "raised"
    assert alarms.update(NOW, [ONE]) == ()
    (cleared,) = alarms.update(NOW + timedelta(minutes=1), [])
    assert cleared.change == "cleared"
    assert len(alarms.listed(NOW)) == 1  # nobody has seen it yet
    assert alarms.acknowledge(NOW, *ONE, "Li") is not None
    assert alarms.listed(NOW) == []
    assert alarms.acknowledge(NOW, *ONE, "Li") is None


def test_acknowledged_stays_while_it_holds() -> None:
    alarms = Alarms()
    alarms.update(NOW, [ONE])
    alarms.acknowledge(NOW, *ONE, "Li")
    assert alarms.listed(NOW)[0].by == "Li"
    alarms.update(NOW, [])
    assert alarms.held() == []


def test_shelved_is_hidden_for_a_while_and_stays_so_when_it_comes_again() -> None:
    alarms = Alarms()
    alarms.update(NOW, [ONE, ("disk", "full")])
    alarms.shelve(NOW, *ONE, "Li", NOW + timedelta(hours=1))
    assert [a.code for a in alarms.listed(NOW)] == ["disk"]
    alarms.update(NOW, [])
    alarms.update(NOW, [ONE])
    assert "silent" not in [a.code for a in alarms.listed(NOW)]
    assert "silent" in [a.code for a in alarms.listed(NOW + timedelta(hours=2))]


def test_the_worst_comes_first() -> None:
    alarms = Alarms()
    alarms.update(NOW, [("cycle late", ""), ONE, ("disk", "full")])
    severities = [a.meaning.severity for a in alarms.listed(NOW)]
    assert severities == ["critical", "major", "minor"]


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_each_is_said_in_both_languages(code: str) -> None:
    alarms = Alarms()
    (change,) = alarms.update(NOW, [(code, "thing")])
    said = change.alarm.said()
    for name in ("cause", "remedy"):
        assert said[name]
        assert "{" not in said[name]
        assert any(ord(c) > 0x3000 for c in said[f"{name}_zh"])
        assert all(c in string.printable for c in said[name])


def test_a_detail_that_changes_is_no_new_alarm() -> None:
    alarms = Alarms()
    assert len(alarms.update(NOW, [("clock jumped", "", "+3600 s")])) == 1
    assert alarms.update(NOW, [("clock jumped", "", "+3599 s")]) == ()
    (held,) = alarms.held()
    assert "+3599 s" in held.said()["cause"]


def test_no_more_than_so_many_are_held_and_none_that_holds_is_lost() -> None:
    alarms = Alarms()
    for minute in range(LIMIT + 100):
        alarms.update(NOW + timedelta(minutes=minute), [ONE, ("silent", f"device {minute}")])
    assert len(alarms.held()) == LIMIT
    names = [alarm.key for alarm in alarms.held()]
    assert ONE[1] in names
    assert f"device {LIMIT + 99}" in names
