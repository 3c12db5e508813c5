"""The plant's year, solved in a process of its own: the loop neither waits for it nor is slowed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from zeroplant.errors import InputError, SolveError
from zeroplant.operate.child import end_with_parent, stand_back
from zeroplant.operate.year import year_of
from zeroplant.plant import load_plant

Work = Callable[[Connection, Path, Path], None]


def solve_year(pipe: Connection, plant: Path, folder: Path) -> None:
    """In the process: solve and keep it; then say what went wrong, or nothing."""
    end_with_parent()
    stand_back()
    why = ""
    try:
        year_of(load_plant(plant), {}, folder)
    except (InputError, SolveError) as error:
        why = str(error)
    pipe.send_bytes(why.encode())


class YearProcess:
    """Solves the year of a plant file into the folder of the plant; one at a time."""

    def __init__(self, plant: Path, folder: Path, work: Work = solve_year) -> None:
        self._files, self._work = (plant, folder), work
        self._process: SpawnProcess | None = None
        self._closed = False

    def solve(self) -> None:
        """Wait until it is solved and kept. Raises SolveError where that came to nothing."""
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=self._work, args=(theirs, *self._files), daemon=True, name="year"
        )
        self._process.start()
        theirs.close()
        if self._closed:
            self.close()
        try:
            why = mine.recv_bytes().decode()
        except EOFError:
            why = "its process has ended"
        finally:
            mine.close()
            self._process.join()
        if why:
            message = f"the plant's year was not solved: {why}"
            raise SolveError(message)

    def close(self) -> None:
        """End it; whoever waits for it hears that it came to nothing."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
