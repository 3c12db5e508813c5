"""The scheduler in a process of its own: whatever becomes of it, there is a schedule.

The controller asks and goes on; the answer is there some cycles later. A planner that crashes,
hangs or answers nonsense is ended and started anew, after a pause that doubles each time; until
then the last good schedule is moved on, or the rule takes over.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from zeroplant.errors import SolveError
from zeroplant.operate.child import end_with_parent, stand_back
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.sound import faults
from zeroplant.operate.standing import Standing
from zeroplant.operate.swings import Swing

log = logging.getLogger(__name__)

GRACE = 2.0
"""Seconds beyond its deadline that a planner may take to answer before it is ended."""
STARTING = 30.0
"""Seconds a new planner may take to load what it needs."""
UNHURRIED = 120.0
"""Seconds a plan may take where the plant's time stands still meanwhile."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
READY = b"ready"
UNSOLVED = "the plant's year is not solved yet"

Serve = Callable[[Connection, Standing, Settings], None]


@dataclass(frozen=True)
class Request:
    """What `Scheduler.plan` is asked."""

    now: datetime
    levels: Mapping[str, float]
    forecasts: Mapping[str, Forecast]
    commitments: Sequence[Commitment] = ()
    deadline: float = 5.0
    measured: Mapping[str, float] = field(default_factory=dict)
    swings: Mapping[str, Swing] = field(default_factory=dict)


class PlannerHere:
    """A planner that answers at once, in the caller's own process and thread.

    Nobody waits for it by the clock, so it takes its time: a simulated run is the same on a
    machine that is slow. Its plans are checked like those of a process.
    """

    problem = ""
    busy = False

    def __init__(self, standing: Standing, settings: Settings | None = None) -> None:
        self.scheduler = Scheduler(standing, settings or Settings())
        self._answer: Schedule | None = None

    def ask(self, request: Request) -> bool:
        """Plan."""
        last = self.scheduler.last
        plan = self.scheduler.plan(
            request.now, request.levels, request.forecasts, request.commitments,
            deadline=UNHURRIED, measured=request.measured, swings=request.swings,
        )  # fmt: skip
        if wrong := faults(plan, self.scheduler.standing, request.now, request.levels):
            self.scheduler.last = last
            plan = self.scheduler.fallback(
                request.now, request.levels, request.forecasts, _unsound(wrong)
            )
        self._answer = plan
        return True

    def answer(self) -> Schedule | None:
        """The plan, once."""
        answer, self._answer = self._answer, None
        return answer

    def go_on(self, schedule: Schedule) -> None:
        """The last good schedule is that of a planner before this one."""
        self.scheduler.last = schedule

    def stand(self, standing: Standing) -> None:
        """Plan for other days from now on."""
        last = self.scheduler.last
        self.scheduler = Scheduler(standing, self.scheduler.settings)
        self.scheduler.last = last

    def close(self) -> None:
        """Nothing to let go of."""


def serve(
    pipe: Connection,
    standing: Standing,
    settings: Settings,
    begun: Callable[[Request], None] = lambda _: None,
) -> None:
    """The planner's own process: requests in, schedules as JSON out, until the pipe ends.

    ``begun`` hears of a request when its solution begins.
    """
    end_with_parent()
    stand_back()
    scheduler = Scheduler(standing, settings)
    pipe.send_bytes(READY)
    while True:
        try:
            request: Request = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        scheduler.begun = partial(begun, request)
        schedule = scheduler.plan(
            request.now, request.levels, request.forecasts, request.commitments,
            deadline=request.deadline, measured=request.measured, swings=request.swings,
        )  # fmt: skip
        pipe.send_bytes(schedule.to_json().encode())


class PlannerProcess:
    """A `Scheduler` behind a process; `ask` and `answer` never wait, `plan` does both.

    ``work`` is what the process runs; tests put planners there that fail. Pauses after failures
    are in the seconds of ``monotonic``.
    """

    def __init__(
        self,
        standing: Standing,
        settings: Settings | None = None,
        *,
        work: Serve = serve,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or Settings()
        self._here = Scheduler(standing, self.settings)  # for fallbacks only: it solves nothing
        self._work, self._monotonic = work, monotonic
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="planner")
        self._asked: Future[Schedule] | None = None
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self.failures = 0
        self.starts = 0
        self.problem = ""
        self._not_before = 0.0

    # -- for the controller -----------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a request is being worked on, or its end not heard yet."""
        return self._asked is not None

    def ask(self, request: Request) -> bool:
        """Hand over a request; False while the one before is being worked on."""
        if self.busy:
            return False
        self._asked = self._thread.submit(self._exchange, request)
        return True

    def answer(self) -> Schedule | None:
        """The schedule that was asked for, once it is there."""
        if self._asked is None or not self._asked.done():
            return None
        asked, self._asked = self._asked, None
        wrong = asked.exception()
        self.problem = "" if wrong is None else str(wrong) or type(wrong).__name__
        if wrong is not None:  # not even a fallback
            log.error("there is no schedule: %r", wrong)
            return None
        return asked.result()

    def plan(self, request: Request) -> Schedule:
        """Ask and wait."""
        while not self.ask(request):
            self._wait()
        schedule = self.wait()
        assert schedule is not None
        return schedule

    def wait(self) -> Schedule | None:
        """The schedule that was asked for, as soon as it is there; None if none was."""
        asked, self._asked = self._asked, None
        return None if asked is None else asked.result()

    def ready(self) -> int:
        """The number of the planner's process, which is started if there is none; waits for it.

        Raises OSError or ValueError where it does not start.
        """
        self._thread.submit(self._running).result()
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def go_on(self, schedule: Schedule) -> None:
        """The last good schedule, for fallbacks, is that of a planner before this one."""
        self._here.last = schedule

    def stand(self, standing: Standing) -> None:
        """Plan for other days from now on; the next request starts a planner for them."""
        self._thread.submit(self._stand, standing)

    def _stand(self, standing: Standing) -> None:
        """In the thread, after what it is working on: nobody waits for it."""
        self._end()
        last = self._here.last
        self._here = Scheduler(standing, self.settings)
        self._here.last = last

    def close(self) -> None:
        """End the process, in the midst of what it does: nobody wants that any more."""
        while self._asked is not None and not self._asked.done():
            if (process := self._process) is not None:
                process.kill()
            wait([self._asked], 0.1)
        self._wait()
        self._end()
        self._thread.shutdown()

    def _wait(self) -> None:
        if self._asked is not None:
            self._asked.exception()
            self._asked = None

    # -- in the thread ----------------------------------------------------------------------------

    def _exchange(self, request: Request) -> Schedule:
        """One request from start to end; always a schedule, but of a plant of unknown size."""
        known = self._here.standing.year.state
        if known == "guessed":  # a rule would fill and drain what is not there
            raise SolveError(UNSOLVED)
        if known == "assumed":
            return self._fallback(request, UNSOLVED)
        wait = self._not_before - self._monotonic()
        if wait > 0:
            return self._fallback(request, f"the planner rests for {wait:.0f} s after a failure")
        try:
            schedule = self._asked_for(request)
        except (EOFError, ConnectionError):  # the other end of the pipe is gone
            return self._failed(request, self._how_it_ended())
        except Exception as error:  # whatever it is: there is a schedule
            return self._failed(request, str(error) or type(error).__name__)
        self.failures = 0
        if schedule.status in ("optimal", "feasible"):
            self._here.last = schedule
        return schedule

    def _asked_for(self, request: Request) -> Schedule:
        """The planner's answer. Raises OSError, EOFError or ValueError if it has none worth it."""
        pipe, limit = self._running(), request.deadline + GRACE
        assert self._process is not None
        message = f"the planner did not answer within {limit:g} s"
        with _within(limit, self._process, message):
            pipe.send_bytes(pickle.dumps(request))
            said = pipe.recv_bytes()
        schedule = Schedule.from_json(said)
        wrong = faults(schedule, self._here.standing, request.now, request.levels)
        if wrong:
            raise ValueError(_unsound(wrong))
        return schedule

    def _running(self) -> Connection:
        """The pipe to a planner that is ready, started if there is none."""
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        arguments = (theirs, self._here.standing, self.settings)
        process = context.Process(target=self._work, args=arguments, daemon=True, name="planner")
        self.starts += 1
        process.start()
        self._process, self._pipe = process, mine
        theirs.close()
        message = f"the planner was not ready within {STARTING:g} s"
        with _within(STARTING, process, message):
            said = mine.recv_bytes()
        if said != READY:
            message = "the planner did not say that it is ready"
            raise ValueError(message)
        return mine

    def _failed(self, request: Request, why: str) -> Schedule:
        self.failures += 1
        self._end()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self.failures - 1))
        self._not_before = self._monotonic() + pause
        return self._fallback(request, why)

    def _fallback(self, request: Request, why: str) -> Schedule:
        """For a moment outside of the days it stands on (a clock set back) the nearest inside."""
        axis = self._here.standing.network.axis
        last = axis.start + (axis.periods - 1) * axis.step
        now = min(max(request.now, axis.start), last)
        return self._here.fallback(now, request.levels, request.forecasts, why)

    def _how_it_ended(self) -> str:
        if self._process is None:
            return "the planner is not there"
        self._process.join(1.0)
        code = self._process.exitcode
        return f"the planner ended with {'signal' if (code or 0) < 0 else 'code'} {abs(code or 0)}"

    def _end(self) -> None:
        """Nothing of the process remains."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(5.0)
        self._process = self._pipe = None


def _unsound(wrong: Sequence[str]) -> str:
    """Why an answer is not acted on."""
    return f"the planner's answer is unsound: {'; '.join(wrong[:3])}"


@contextmanager
def _within(seconds: float, process: SpawnProcess, message: str) -> Iterator[None]:
    """Talk with a planner, which is killed when that takes longer: its pipe ends then.

    One that hangs takes no request once the pipe is full, or stops in the midst of an answer.
    Raises TimeoutError with the message, or OSError or EOFError where the pipe ends before.
    """
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, EOFError):
        if late.is_set():
            raise TimeoutError(message) from None
        raise
    finally:
        timer.cancel()
