"""Machine code on disk is that of the sources as they are now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zeroplant import kernels

CALLEE = (
    "from zeroplant.sizes import ONE\nfrom zeroplant import kernels\n\n"
    "@kernels.{}\ndef callee(x):\n    return x + ONE\n"
)
CALLER = (
    "from zeroplant.kernels import njit\nfrom zeroplant.room import (\n    callee,\n)\n\n"
    "@njit(cache=True)\ndef caller(x):\n    return 10 * callee(x)\n"
)
ASK = "from zeroplant.caller import caller; print(caller(1), sum(caller.stats.cache_hits.values()))"
MIXED = (
    "from zeroplant.caller import caller; from zeroplant.kernels import njit; "
    "print(caller(1), njit()(lambda x: caller(x) + 1)(1))"
)


def ask(folder: Path, code: str = ASK, **environment: str) -> list[int]:
    """Answer of the kernel of a copy of the package in a fresh process, and hits of its cache."""
    told = os.environ | {"PYTHONPATH": str(folder)} | environment
    found = subprocess.run(
        [sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True
    )
    return [int(word) for word in found.stdout.split()]


@pytest.mark.parametrize(
    ("elsewhere", "decorator"),
    [(False, "njit(cache=True)"), (True, "njit(cache=True)"), (False, "callee()")],
)
def test_an_edited_callee_or_constant_is_seen(
    tmp_path: Path, elsewhere: bool, decorator: str
) -> None:
    """*Proves:* a cached caller answers anew when another file changes, be it a kernel it calls or
    a constant which that one reads, named through a package; and not a second time, nor when a
    file changes that it does not import. A kernel that was loaded is then compiled into another
    one. With code beside the source and in a folder of the user's; whether the callee is a kernel
    itself or nothing but a callee. *A wrong answer would be:* 20 for ever, which is what numba's
    own cache answers.
    """
    package = tmp_path / "zeroplant"
    (package / "room").mkdir(parents=True)
    shutil.copy(kernels.__file__, package)
    (package / "__init__.py").touch()
    (package / "room" / "__init__.py").write_text("from zeroplant.room.inner import callee\n")
    (package / "room" / "inner.py").write_text(CALLEE.format(decorator))
    (package / "caller.py").write_text(CALLER)
    (package / "sizes.py").write_text("ONE = 1\n")
    where = {"NUMBA_CACHE_DIR": str(tmp_path / "kept") if elsewhere else ""}
    assert ask(tmp_path, **where) == [20, 0]
    (package / "other.py").write_text("from zeroplant.kernels import njit\n")
    assert ask(tmp_path, **where) == [20, 1]
    (package / "sizes.py").write_text("ONE = 2\n")
    assert ask(tmp_path, **where) == [30, 0]
    inner = package / "room" / "inner.py"
    inner.write_text(inner.read_text().replace("x + ONE", "x - ONE"))
    assert ask(tmp_path, **where) == [-10, 0]
    assert ask(tmp_path, **where) == [-10, 1]
    assert ask(tmp_path, MIXED, **where) == [-10, -9]


def test_only_a_callee_runs_as_written_in_python() -> None:
    """*Proves:* what only kernels call may be called from Python too, and answers the same; it
    does not jump to where no code for that stands.
    """

    def tripled(x: int) -> int:
        return 3 * x

    only = kernels.callee()(tripled)
    compiled = kernels.njit()(lambda x: only(x) + 1)
    assert (only(2), compiled(2)) == (6, 7)
