"""Threads that share work: each piece once, errors told, nobody left behind."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from zeroplant.solve.staged.team import Team


def helpers() -> set[threading.Thread]:
    """Threads that there are now."""
    return set(threading.enumerate())


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_each_piece_is_done_once(threads: int, count: int) -> None:
    """*Proves:* every piece is done, by whichever thread, before `each` returns, and again."""
    team, done = Team(threads), []
    for _ in range(3):
        team.each(done.append, count)
        assert sorted(done) == list(range(count))
        done.clear()


@pytest.mark.parametrize("wrong", [0, 7])
def test_an_error_is_raised_where_it_was_asked_for(wrong: int) -> None:
    """*Proves:* whoever meets it, the error reaches who asked, when all threads are idle again, and
    the team works on. *A wrong answer would be:* an answer to the question before.
    """
    team = Team(3)

    def work(place: int) -> None:
        time.sleep(0.001)
        if place == wrong:
            raise ZeroDivisionError

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            team.each(work, 9)
        done: list[int] = []
        team.each(done.append, 9)
        assert sorted(done) == list(range(9))


def ask(team: Team) -> None:
    """Let a team do work that holds the team itself, as that of the method does."""
    held: list[object] = [team]
    team.each(held.append, 3)


def test_threads_go_with_their_team() -> None:
    """*Proves:* a team that nobody holds any more leaves no thread behind. *A wrong answer would
    be:* two threads more for every plan of a long-lived service.
    """
    before = helpers()
    team = Team(3)
    ask(team)
    mine = helpers() - before
    assert len(mine) == 2
    del team
    gc.collect()
    for thread in mine:
        thread.join(5.0)
    assert not any(thread.is_alive() for thread in mine)
