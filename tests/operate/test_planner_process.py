"""Whatever becomes of the planner's process, there is a schedule."""

from __future__ import annotations

import os
import signal
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.operate.county import at, county, forecasts, half_full
from zeroplant.operate import planner_process
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.planner_process import (
    READY,
    PlannerHere,
    PlannerProcess,
    Request,
    Serve,
    serve,
)
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Settings
from zeroplant.operate.standing import Standing


def request(step: int = 0, deadline: float = 5.0) -> Request:
    """A plan from that step on."""
    standing = county()
    known = forecasts(standing, step)
    return Request(at(standing, step), half_full(standing), known, deadline=deadline)


@contextmanager
def planner(work: Serve = serve) -> Iterator[PlannerProcess]:
    """A planner that is ended in the end."""
    process = PlannerProcess(county(), Settings(futures=1), work=work)
    try:
        yield process
    finally:
        process.close()


def test_a_plan_made_at_once_is_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated runs act on nothing that the plant itself would not: the last good one goes on."""
    here = PlannerHere(county(), Settings(futures=1))
    here.ask(request(0))
    good = here.answer()
    assert good is not None
    plan = here.scheduler.plan

    def bent(*given: Any, **named: Any) -> Schedule:
        schedule = plan(*given, **named)
        power = {**schedule.power, "battery.charge": schedule.power["battery.charge"] + 7.0}
        here.scheduler.last = replace(schedule, power=power)
        return here.scheduler.last

    monkeypatch.setattr(here.scheduler, "plan", bent)
    here.ask(request(1))
    kept = here.answer()
    assert kept is not None
    assert kept.status == "kept"
    assert "unsound" in kept.note
    assert kept.target == pytest.approx(good.target[1:])


def dies_of_a_signal(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """A solver that crashes."""
    pipe.send_bytes(READY)
    pipe.recv_bytes()
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """A solver that does not come back."""
    pipe.send_bytes(READY)
    pipe.recv_bytes()
    time.sleep(60.0)


def babbles(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """A planner that answers nonsense."""
    pipe.send_bytes(READY)
    pipe.recv_bytes()
    pipe.send_bytes(b'{"made": "tomorrow"}')
    pipe.recv_bytes()


def stops_in_mid_answer(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """A planner of whose answer only the beginning comes: of 100 bytes, 10."""
    pipe.send_bytes(READY)
    pipe.recv_bytes()
    os.write(pipe.fileno(), struct.pack("!i", 100) + b"0123456789")
    time.sleep(60.0)


def test_the_process_plans() -> None:
    """The first answer comes from the process and is the best; two more reuse it."""
    with planner() as process:
        plans = [process.plan(request(step)) for step in range(3)]
        assert [plan.status for plan in plans] == ["optimal"] * 3
        assert process.starts == 1


def test_killed_from_outside_it_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9: the last schedule is kept for the pause, then a new planner takes over."""
    monkeypatch.setattr(planner_process, "FIRST_PAUSE", 0.2)
    with planner() as process:
        first = process.plan(request(0))
        assert process._process is not None
        assert process._process.pid is not None
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.join()
        # found dead before it was asked, it is replaced at once
        assert process.plan(request(1)).status == "optimal"
        assert process.starts == 2
        assert first.status == "optimal"


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (dies_of_a_signal, "signal 11"),
        (hangs, "did not answer within"),
        (stops_in_mid_answer, "did not answer within"),
        (babbles, "no schedule"),
    ],
)
def test_a_planner_that_fails_is_survived(
    work: Serve, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash, a time-out and garbage each end in the rule, and in a pause before the next try."""
    monkeypatch.setattr(planner_process, "GRACE", 0.3)
    monkeypatch.setattr(planner_process, "FIRST_PAUSE", 30.0)
    with planner(work) as process:
        plan = process.plan(request(deadline=0.2))
        assert plan.status == "rule"
        assert why in plan.note
        assert process.failures == 1
        again = process.plan(request(1))
        assert again.status == "rule"
        assert "rests" in again.note
        assert process.starts == 1


def tells_that_it_has_begun(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """A planner of many futures, which takes seconds, and says by a file when it begins."""

    def begun(request: Request) -> None:
        Path(request.commitments[0].name).write_text(str(os.getpid()))

    serve(pipe, standing, settings, begun)


@pytest.mark.skipif(sys.platform == "win32", reason="not a checkout: POSIX signals")
@pytest.mark.parametrize(
    ("sign", "why"), [(signal.SIGKILL, "signal 9"), (signal.SIGSTOP, "did not answer within")]
)
def test_stopped_or_killed_in_the_midst_of_a_solution(
    sign: int, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop asks and goes on meanwhile; then there is a schedule, and nothing left behind."""
    monkeypatch.setattr(planner_process, "GRACE", 0.5)
    settings = Settings(futures=40, columns=10**6)
    process = PlannerProcess(county(), settings, work=tells_that_it_has_begun)
    try:
        process.ready()
        begun = tmp_path / "begun"
        now, until = at(county(), 0), at(county(), 4)
        promise = Commitment(str(begun), "schedule", now, until, 0.0, 1.0)
        process.ask(replace(request(deadline=2.0), commitments=(promise,)))
        ends = time.monotonic() + 60.0
        while not (begun.exists() and begun.read_text()) and time.monotonic() < ends:
            assert process.answer() is None
            time.sleep(0.001)
        pid = int(begun.read_text())
        os.kill(pid, sign)
        answer = process.wait()
        assert answer is not None
        assert answer.status == "rule"
        assert why in answer.note
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    finally:
        process.close()


def test_after_a_failure_the_last_schedule_goes_on() -> None:
    """What was planned before a crash stays the plan, moved on."""
    with planner() as process:
        first = process.plan(request(0))
        process._work = dies_of_a_signal
        process._end()
        kept = process.plan(request(2))
        assert kept.status == "kept"
        assert kept.target == pytest.approx(first.target[2:])


def test_asking_does_not_wait() -> None:
    """`ask` returns at once, `answer` is None until the schedule is there."""
    with planner(hangs) as process:
        begin = time.perf_counter()
        assert process.ask(request(deadline=0.1))
        assert not process.ask(request())
        assert process.answer() is None
        assert time.perf_counter() - begin < 0.5


def test_a_clock_set_back_before_its_days_is_survived() -> None:
    """The fallback is for the nearest moment it knows."""
    standing = county()
    early = Request(standing.network.axis.start - timedelta(hours=2), half_full(standing), {})
    with planner(dies_of_a_signal) as process:
        plan = process.plan(early)
    assert plan.status == "rule"
    assert plan.start == standing.network.axis.start


def test_a_fallback_that_fails_too_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no schedule then; the next answer takes the word back."""
    with planner() as process:

        def broken(*_: object) -> None:
            message = "the rule came to nothing"
            raise RuntimeError(message)

        with monkeypatch.context() as patch:
            patch.setattr(process, "_running", broken)
            patch.setattr(process, "_fallback", broken)
            process.ask(request())
            until = time.monotonic() + 30.0
            while not process.problem and time.monotonic() < until:
                assert process.answer() is None
                time.sleep(0.01)
            assert process.problem == "the rule came to nothing"
        process.ask(request())  # it rests: a fallback
        until = time.monotonic() + 30.0
        while (answer := process.answer()) is None and time.monotonic() < until:
            time.sleep(0.01)
        assert answer is not None
        assert process.problem == ""


def test_the_end_does_not_wait_for_a_plan_that_nobody_wants_any_more() -> None:
    """A stop is over before systemd loses its patience; the planner had ten minutes left."""
    process = PlannerProcess(county(), Settings(futures=1), work=hangs)
    process.ask(request(deadline=600.0))
    process.close()
    assert process.failures == 1
    assert process.answer() is None
