"""Writing files so that nobody ever reads half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zeroplant.errors import InputError, Problem


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to; it becomes ``path`` when the block ends well.

    The folder is made when absent. After an exception nothing is left behind and the old file,
    if any, stands untouched. Raises InputError when the place cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            _flush(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.filename not in (str(temporary), str(path), str(path.parent)):
            raise
        reason = (error.strerror or "it failed").lower()
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            reason = "a file stands where a folder is needed"
        raise InputError(Problem(f"cannot write {path}: {reason}")) from error


def write_atomic(path: str | Path, content: bytes | str) -> None:
    """Write text (as UTF-8) or bytes to ``path`` in one step. Raises InputError as above."""
    data = content.encode() if isinstance(content, str) else content
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def _flush(path: Path) -> None:
    """Have the content on disk before the name: a rename may survive a crash that data does not."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
