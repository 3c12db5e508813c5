"""Planning all points of a sweep, several at a time, each process with one thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from zeroplant.errors import InputError, Problem
from zeroplant.files import load_yaml
from zeroplant.plan.sweep.grid import Parameter, combinations
from zeroplant.plan.sweep.point import Point, Task, failed, plan_point
from zeroplant.plan.sweep.pool import DIED, pool
from zeroplant.plant import Plant, load_plant
from zeroplant.plant.load import file_at
from zeroplant.processors import processors

Watch = Callable[[Point], None]
"""Told of each point as it is done."""


@dataclass(frozen=True)
class Sweep:
    """A plant and what became of it at every point of a grid, in the order of the grid.

    ``kinds`` says of which kind an asset is, as the file has it.
    """

    plant: str
    parameters: list[Parameter]
    points: list[Point]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def done(self) -> list[Point]:
        """Points with a plan."""
        return [point for point in self.points if point.done]

    @property
    def failed(self) -> list[Point]:
        """Points without one."""
        return [point for point in self.points if not point.done]

    @property
    def currency(self) -> str:
        """Code of the plant's money."""
        return next((point.currency for point in self.done), "CNY")


def sweep(
    path: str | Path,
    parameters: Sequence[Parameter],
    *,
    jobs: int | None = None,
    solver: str = "auto",
    deadline: float = 900.0,
    gap: float = 1e-4,
    watch: Watch | None = None,
) -> Sweep:
    """Plan the plant file for every combination of the parameters, ``jobs`` at a time.

    A point that cannot be planned says why and does not end the others. Raises InputError if the
    file cannot be read at all.
    """
    file = load_yaml(file_at(Path(path)))
    tasks = [
        Task(number, str(path), changes, solver, deadline, gap)
        for number, changes in enumerate(combinations(parameters))
    ]
    found: dict[int, Point] = {}
    with closing(_all(tasks, min(jobs or processors(), len(tasks)))) as points:
        for point in points:
            found[point.number] = point
            if watch is not None:
                watch(point)
    data = file.data if isinstance(file.data, dict) else {}
    done = [found[task.number] for task in tasks]
    return Sweep(str(data.get("name", "")), list(parameters), done, _kinds(data.get("assets")))


def _kinds(assets: object) -> dict[str, str]:
    """Kinds of assets by their names, of those that say one."""
    written = assets.items() if isinstance(assets, dict) else ()
    return {str(name): str(each.get("kind")) for name, each in written if isinstance(each, dict)}


def first_plant(path: str | Path, parameters: Sequence[Parameter]) -> Plant:
    """The plant of the first point that can be read, before any process is begun.

    A point may be wrong by itself. Raises InputError with the problems of the first where no
    point can be read.
    """
    problems: list[Problem] = []
    for changes in combinations(parameters):
        try:
            return load_plant(path, changes)
        except InputError as error:
            problems = problems or list(error.problems)
    raise InputError(problems)


def _all(tasks: list[Task], jobs: int) -> Generator[Point, None, None]:
    """Points in the order in which they are done.

    Where a process dies, all that were under way are planned again one by one; what dies alone is
    what has failed.
    """
    again: list[Task] = []
    yield from _pooled(deque(tasks), jobs, again)
    for task in again:
        lost: list[Task] = []
        yield from _pooled(deque([task]), 1, lost)
        if lost:
            yield failed(task, DIED)


def _pooled(waiting: deque[Task], jobs: int, lost: list[Task]) -> Iterator[Point]:
    """Points of a pool of processes; those that a dying process took with it come to ``lost``."""
    while waiting:
        under_way: dict[Future[Point], Task] = {}
        with pool(jobs) as workers:
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < jobs:
                        task = waiting[0]
                        under_way[workers.submit(plan_point, task)] = task
                        waiting.popleft()
                    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in done:
                        point = future.result()
                        del under_way[future]
                        yield point
            except BrokenProcessPool:
                lost += under_way.values()
