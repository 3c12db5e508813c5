"""The plant of ``zeroplant serve --demo``: simulated, in a process that ends with this one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from zeroplant.errors import InputError, Problem
from zeroplant.store.lock import WriterLock

SPEED = 60
"""Times real time: an hour of the plant goes by in a minute."""
LONGEST = 600.0
"""Seconds until the first image at most: the plant's year is planned first."""
ENDING = 10.0


@contextmanager
def living(plant: Path, folder: Path | None) -> Iterator[Path]:
    """A folder in which the plant lives as long as the context; one of its own if none is named.

    Raises InputError where another demo or controller writes in the folder, or the simulation ends
    before its first image.
    """
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zeroplant-")))
        # Held by this process from now on: of two demos at once the second is refused here, before
        # it takes away what the first has written.
        stack.callback(WriterLock(folder / "demo").release)
        for part in ("history", "journal"):  # refused where another controller writes there
            WriterLock(folder / part).release()
        (folder / "live.json").unlink(missing_ok=True)  # of another time: it is no first image
        context = multiprocessing.get_context("spawn")
        child = context.Process(target=_live, args=(plant, folder), name="zeroplant demo")
        child.start()
        try:
            _wait(child, folder)
            yield folder
        finally:
            child.terminate()
            child.join(ENDING)
            if child.is_alive():
                child.kill()
                child.join()


def _wait(child: multiprocessing.process.BaseProcess, folder: Path) -> None:
    """Until there is an image, telling that something happens."""
    typer.echo("The plant is being planned and started; this takes a minute or so ", nl=False)
    begin = time.monotonic()
    while not (folder / "live.json").exists():
        if not child.is_alive() or time.monotonic() - begin > LONGEST:
            typer.echo("")
            log = folder / "demo.log"
            last = log.read_text(encoding="utf-8").strip().splitlines()[-1:] if log.exists() else []
            raise InputError(Problem("the demo did not start", instead="".join(last)))
        time.sleep(0.5)
        if int(time.monotonic() - begin) % 5 == 0:
            typer.echo(".", nl=False)
    typer.echo(f" after {time.monotonic() - begin:.0f} s it lives, {SPEED} times as fast as real.")


def _live(plant: Path, folder: Path) -> None:
    """The child: the plant in simulated time, until it is told to end or its parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    with (folder / "demo.log").open("w", encoding="utf-8", buffering=1) as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
        from zeroplant.cli import main

        sys.exit(main(["operate", str(plant), "--live", str(folder), "--speed", str(SPEED)]))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ENDING)
        os._exit(1)
