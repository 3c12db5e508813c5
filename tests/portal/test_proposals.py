"""Set-points on their way: one yes each, in time, and never the second one from oneself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.links.fakes import HandClock
from tests.portal.doors import cheap
from zeroplant.errors import InputError
from zeroplant.portal.access import Accounts, Grant, Role
from zeroplant.portal.access.database import open_database
from zeroplant.portal.access.proposals import MOST, Proposals, State, Wanted

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
WANTED = Wanted("target", "", 20.0, NOW, NOW + timedelta(hours=1), "test", 20.0, second=True)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with two people, 1 and 2."""
    engine = open_database(tmp_path / "access.sqlite")
    accounts = cheap(Accounts(engine))
    for name in ("wang", "li"):
        accounts.add(name, [Grant(Role.OPERATOR)])
    return engine


def test_what_moves_little_is_confirmed_by_its_maker_alone(engine: Engine) -> None:
    proposals = Proposals(engine, HandClock(NOW))
    name = proposals.show(1, replace(WANTED, second=False)).id
    assert proposals.confirm(name, 2) is None
    assert proposals.confirm(name, 1) is State.AGREED
    assert proposals.confirm(name, 1) is None
    assert proposals.handed(name)
    assert not proposals.handed(name)
    found = proposals.find(name)
    assert found is not None
    assert (found.state, found.wanted) == (State.HANDED, replace(WANTED, second=False))


def test_a_second_person_is_another_person(engine: Engine) -> None:
    proposals = Proposals(engine, HandClock(NOW))
    name = proposals.show(1, WANTED).id
    assert not proposals.agree(name, 2), "its maker has not said yes yet"
    assert proposals.confirm(name, 1) is State.WAITING
    assert not proposals.handed(name)
    assert not proposals.agree(name, 1)
    assert proposals.agree(name, 2)
    assert not proposals.refuse(name, 2)
    found = proposals.find(name)
    assert found is not None
    assert (found.state, found.decider) == (State.AGREED, 2)


def test_what_waits_outlives_the_service_and_lapses(engine: Engine, tmp_path: Path) -> None:
    clock = HandClock(NOW)
    name = Proposals(engine, clock).show(1, WANTED).id
    Proposals(engine, clock).confirm(name, 1)
    engine.dispose()
    again = Proposals(open_database(tmp_path / "access.sqlite"), clock)
    assert [each.id for each in again.listed([State.WAITING])] == [name]
    clock.add(minutes=10)
    assert not again.agree(name, 2)
    assert not again.refuse(name, 2)
    found = again.find(name)
    assert found is not None
    assert found.state is State.LAPSED


def test_what_was_shown_long_ago_is_not_confirmed(engine: Engine) -> None:
    clock = HandClock(NOW)
    proposals = Proposals(engine, clock)
    name = proposals.show(1, WANTED).id
    clock.add(minutes=3)
    assert proposals.confirm(name, 1) is None
    proposals.show(1, WANTED)
    assert proposals.find(name) is None, "what nobody said yes to is forgotten"


@pytest.mark.parametrize("turn", range(5))
def test_of_many_at_once_one_succeeds(engine: Engine, turn: int) -> None:
    """Yes and no of several people in the same moment: one of them counts."""
    proposals = Proposals(engine, HandClock(NOW))
    name = proposals.show(1, replace(WANTED, value=float(turn))).id
    proposals.confirm(name, 1)
    start, done = threading.Barrier(8), list[bool]()

    def press(button: Callable[[str, int], bool]) -> None:
        start.wait()
        done.append(button(name, 2))

    buttons = [proposals.agree, proposals.refuse] * 4
    threads = [threading.Thread(target=press, args=(button,)) for button in buttons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]


def test_nobody_fills_the_list(engine: Engine) -> None:
    clock = HandClock(NOW)
    proposals = Proposals(engine, clock)
    for _ in range(MOST):
        proposals.show(1, WANTED)
    with pytest.raises(InputError, match="not decided"):
        proposals.show(1, WANTED)
    proposals.show(2, WANTED)
    clock.add(minutes=3)
    proposals.show(1, WANTED)
