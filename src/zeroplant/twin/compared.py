"""The runs that a run is compared with: other forecasters on the same days, beside the run itself.

A plant cannot be sent to another process; each of these reads its file again and draws the same
days by the same seed. What they need of the plant's year is sent, so that it is solved once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zeroplant.errors import InputError, SolveError
from zeroplant.operate.child import end_with_parent
from zeroplant.operate.year import Year
from zeroplant.plan.sweep.pool import DIED, pool
from zeroplant.plant import load_plant
from zeroplant.processors import processors
from zeroplant.twin.outcome import Compared, cost_of
from zeroplant.twin.prepare import ForecasterName, Prepared, prepare
from zeroplant.twin.run import Simulation

COARSE = 20.0
"""Seconds of a cycle in the runs that a run is compared with: costs hardly depend on it."""
COMPARED: tuple[ForecasterName, ...] = ("persistence", "perfect")


@dataclass(frozen=True)
class Case:
    """Days of a plant file, by all that another process needs to draw the same ones.

    ``path`` and ``changes`` as of `load_plant`, the rest as of `prepare`.
    """

    path: str
    changes: Mapping[str, str]
    start: datetime | None
    days: int
    seed: int
    file: Path | None
    year: Year

    def prepared(self) -> Prepared:
        """The days, drawn."""
        return prepare(
            load_plant(self.path, self.changes), start=self.start, days=self.days, seed=self.seed,
            folder=None, file=self.file, year=self.year,
        )  # fmt: skip


def cost_under(case: Case, name: ForecasterName) -> float:
    """What the days cost (`cost_of`) under a forecaster; nothing breaks in this run."""
    run = Simulation(case.prepared(), cycle=COARSE, seed=case.seed, forecaster=name)
    run.run()
    return cost_of(run)


@contextmanager
def compared_beside(case: Case) -> Iterator[Callable[[], Compared]]:
    """Begin these runs in processes of their own; what is called in the end waits for their costs.

    On the way out none of them is left. One processor stays with the run itself. Waiting raises
    SolveError where a run came to nothing.
    """
    with pool(min(len(COMPARED), max(processors() - 1, 1))) as workers:
        found = {name: workers.submit(_told, case, name) for name in COMPARED}
        yield lambda: Compared({name: _cost(name, future) for name, future in found.items()})


def _told(case: Case, name: ForecasterName) -> float | str:
    """In the process: the cost, or what went wrong in one line."""
    end_with_parent()
    try:
        return cost_under(case, name)
    except (InputError, SolveError, OSError, MemoryError) as error:
        return " ".join(str(error).split()) or type(error).__name__


def _cost(name: str, future: Future[float | str]) -> float:
    try:
        said = future.result()
    except BrokenProcessPool:
        said = DIED
    if isinstance(said, str):
        message = f"the run with {name} to compare with: {said}"
        raise SolveError(message)
    return said
