"""What must be true before something counts as written; what the machine refuses, in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBADF
from pathlib import Path

from zeroplant.errors import InputError, Problem
from zeroplant.files import write_atomic


class DamagedError(InputError):
    """What stands in a folder is not what was written there."""

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem)
        self.folder = folder


@contextmanager
def plainly(doing: str, instead: str = "") -> Iterator[None]:
    """Say what the machine refused (no space, no right, no folder) as one line, an InputError."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error) or "it failed").lower()
        raise InputError(Problem(f"cannot {doing}: {reason}", instead=instead)) from error


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk: a new file is only found again once this is done."""
    if os.name == "nt":  # its folders cannot be opened, and its file system keeps names itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file in one step that outlasts a power cut. Raises OSError or InputError."""
    write_atomic(path, content)
    sync_folder(path.parent)


class Appended:
    """A file that only grows, and whose end is always a place that was known to be good.

    ``end`` is the number of bytes that are on disk for sure. What a failed write left behind them
    is cut off before anything else is written.
    """

    def __init__(self, path: Path, end: int) -> None:
        """Open a file and cut off what stands behind ``end``. Raises OSError."""
        self.path = path
        self.end = end
        self._file = path.open("r+b", buffering=0)
        self._unsure = False
        if path.stat().st_size != end:
            try:
                self.cut(end)
            except OSError:
                self._file.close()
                raise

    def add(self, data: bytes) -> None:
        """Have the data on disk behind the rest, or nothing of it. Raises OSError."""
        if self._file.closed:
            raise OSError(EBADF, "it is closed")
        if self._unsure:
            self.cut(self.end)
        self._unsure = True
        try:
            self._file.seek(self.end)
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
        except OSError:
            with suppress(OSError):  # else it is tried again before the next write
                self.cut(self.end)
            raise
        self.end += len(data)
        self._unsure = False

    def cut(self, end: int) -> None:
        """Take back what stands behind a place. Raises OSError."""
        self._file.truncate(end)
        os.fsync(self._file.fileno())
        self.end, self._unsure = end, False

    def close(self) -> None:
        """Close the file; what is not known to be good is left for the next to open it."""
        self._file.close()
