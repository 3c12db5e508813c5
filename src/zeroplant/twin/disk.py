"""A disk that is full: the operating system itself refuses that any file of this process grows."""

from __future__ import annotations

import sys

from zeroplant.errors import InputError, Problem


class Disk:
    """Fills the disk of this process, and empties it again; only where there are such limits."""

    def __init__(self) -> None:
        self._full = False

    def fill(self, *, full: bool) -> None:
        """Let nothing more be written, or everything again. Raises InputError where it cannot."""
        if full == self._full:
            return
        if sys.platform == "win32":
            what = "this system knows no limit for what a process writes"
            raise InputError(Problem(what, instead="run 'disk_full' on Linux or macOS"))
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0 if full else most, most))
        self._full = full
