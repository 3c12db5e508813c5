"""A planner that fails as faults say: its real process is stopped or killed as it solves."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from zeroplant.operate.planner_process import PlannerHere, PlannerProcess, Request, serve
from zeroplant.operate.planning import Planner
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Settings
from zeroplant.operate.standing import Standing
from zeroplant.twin.faults import Trouble

DEADLINE = 1.0
"""Seconds a plan may take where planners are made to fail: they are waited for."""
MISSED = 30.0
"""Seconds of the plant that go by until it is seen that no answer comes."""


@dataclass(frozen=True)
class Doomed(Request):
    """A request whose solution begins and does not end: its process gets a signal."""

    sign: int = 0


def planner_of(standing: Standing, trouble: Trouble, seconds: Callable[[], float]) -> Planner:
    """A planner in this process, or in one of its own where it is to fail.

    ``seconds`` have passed in the plant since the start.
    """
    if any(fault.kind in ("solver_slow", "solver_crash") for fault in trouble.faults):
        process = PlannerProcess(standing, work=serve_doomed, monotonic=seconds)
        return FailingPlanner(process, trouble, seconds)
    return PlannerHere(standing)


def serve_doomed(pipe: Connection, standing: Standing, settings: Settings) -> None:
    """The planner's own process, as it is, but for what happens to it."""
    serve(pipe, standing, settings, begun=_fall)


def _fall(request: Request) -> None:
    """The solution has begun: the process is stopped, or killed."""
    if isinstance(request, Doomed):
        os.kill(os.getpid(), request.sign)


class FailingPlanner:
    """A planner's process; while it works nobody waits, if it is to fail, and else everybody.

    An answer that will come is waited for, so that a run stays the same; one that will not is
    missed after a while of the plant's time, in which the loop goes on.
    """

    def __init__(
        self, process: PlannerProcess, trouble: Trouble, seconds: Callable[[], float]
    ) -> None:
        self.process, self.trouble, self._seconds = process, trouble, seconds
        self._due: float | None = None

    @property
    def busy(self) -> bool:
        """Whether it was asked and has not answered yet."""
        return self._due is not None

    def ask(self, request: Request) -> bool:
        """Have it planned; False while a request before is being missed."""
        if self.busy:
            return False
        now = self._seconds()
        sign = 0
        if self.trouble.active("solver_crash", now / 3600.0):
            sign = signal.SIGKILL
        elif self.trouble.active("solver_slow", now / 3600.0):
            sign = signal.SIGSTOP
        told = vars(request) | {"deadline": DEADLINE}
        self.process.ask(Doomed(**told, sign=sign) if sign else Request(**told))
        self._due = now + (MISSED if sign else 0.0)
        return True

    def answer(self) -> Schedule | None:
        """What came of it, once."""
        if self._due is None or self._seconds() < self._due:
            return None
        self._due = None
        return self.process.wait()

    @property
    def problem(self) -> str:
        """Why there was not even a fallback."""
        return self.process.problem

    def go_on(self, schedule: Schedule) -> None:
        """The last good schedule is that of a planner before this one."""
        self.process.go_on(schedule)

    def stand(self, standing: Standing) -> None:
        """Plan for other days from now on."""
        self.process.stand(standing)

    def close(self) -> None:
        """End the process."""
        self.process.close()
