"""A planner that fails as faults say: its real process is stopped or killed while it works."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

from zeroplant.operate.planner_process import PlannerHere, PlannerProcess, Request
from zeroplant.operate.planning import Planner
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.standing import Standing
from zeroplant.twin.faults import Trouble

DEADLINE = 1.0
"""Seconds a plan may take where planners are made to fail: they are waited for."""
AT_WORK = 0.3
"""Seconds after which a process is killed that has been asked."""


def planner_of(standing: Standing, trouble: Trouble, seconds: Callable[[], float]) -> Planner:
    """A planner in this process, or in one of its own where it is to fail.

    ``seconds`` have passed in the plant since the start.
    """
    if any(fault.kind in ("solver_slow", "solver_crash") for fault in trouble.faults):
        return FailingPlanner(PlannerProcess(standing, monotonic=seconds), trouble, seconds)
    return PlannerHere(standing)


class FailingPlanner:
    """A planner's process that is waited for, so that a run stays the same."""

    def __init__(
        self, process: PlannerProcess, trouble: Trouble, seconds: Callable[[], float]
    ) -> None:
        self.process, self.trouble, self._seconds = process, trouble, seconds
        self._answer: Schedule | None = None

    def ask(self, request: Request) -> bool:
        """Plan; the process is stopped as it gets the request, and killed or left to be missed."""
        hours = self._seconds() / 3600.0
        crash = self.trouble.active("solver_crash", hours)
        stopped = 0
        if crash or self.trouble.active("solver_slow", hours):
            stopped = self.process.ready()
            os.kill(stopped, signal.SIGSTOP)
        self.process.ask(replace(request, deadline=DEADLINE))
        if crash:
            time.sleep(AT_WORK)
            os.kill(stopped, signal.SIGKILL)
        self._answer = self.process.wait()
        return True

    def answer(self) -> Schedule | None:
        """What came of it, once."""
        answer, self._answer = self._answer, None
        return answer

    @property
    def problem(self) -> str:
        """Why there was not even a fallback."""
        return self.process.problem

    def stand(self, standing: Standing) -> None:
        """Plan for other days from now on."""
        self.process.stand(standing)

    def close(self) -> None:
        """End the process."""
        self.process.close()
