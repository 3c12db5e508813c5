"""One writer at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from zeroplant.errors import InputError, Problem
from zeroplant.store.durable import plainly


class Closing:
    """A writer as a context: it is closed when the context ends, however."""

    def close(self) -> None:
        """Let the next writer in."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class WriterLock:
    """The right to write in a folder, held until it is released or its process ends, however.

    The system keeps the lock, not the file: after ``kill -9`` the next writer gets in at once. The
    file ``writer.lock`` only says the number of the process that holds it.
    """

    def __init__(self, folder: Path) -> None:
        """Take the right. Raises InputError when another writer has it, or the folder refuses."""
        with plainly(f"write in {folder}"):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "writer.lock"
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(self._descriptor)
        except OSError:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            what = f"{folder} is being written by process {holder or '?'}"
            instead = "only one writer at a time; stop that process first, or open it for reading"
            raise InputError(Problem(what, instead=instead)) from None
        try:
            with plainly(f"write in {folder}"):
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, f"{os.getpid()}\n".encode())
        except InputError:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Let the next writer in; nothing happens the second time."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _take(descriptor: int) -> None:
    """Lock an open file for this process. Raises OSError when another has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 4096, os.SEEK_SET)  # behind the number, which stays readable
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
