"""Machine code on disk is that of the sources as they are now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
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
# Of a kernel that fails and one that sorts: what they say, hits, numba's modules for those who
# compile. The failing one says so through another, with a number of its own.
LOADED = """
import sys
from zeroplant.failing import caller, ordered
import numpy as np
try:
    caller(7)
except ValueError as told:
    print(*told.args[1:])
print(ordered(np.array([2.0, 1.0])), sum(caller.stats.cache_hits.values()))
print(sum(name in sys.modules for name in ("numba.np.arrayobj", "numba.cpython.unicode")))
"""
FAILING = (
    "import numpy as np\nfrom zeroplant.kernels import callee, njit\n\n"
    "@callee()\ndef check(x):\n    if x > 2:\n        raise ValueError('too large', x, 2)\n\n"
    "@njit(cache=True)\ndef caller(x):\n    check(x)\n    return x\n\n"
    "@njit(cache=True)\ndef ordered(x):\n    return int(np.sort(x)[0])\n"
)
SIMPLE = (
    "from zeroplant.kernels import njit\n\n@njit(cache=True)\ndef caller(x):\n    return 20 * x\n"
)
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


def copied(folder: Path, **modules: str) -> Path:
    """A package with `zeroplant.kernels` and small modules, each given by its text."""
    package = folder / "zeroplant"
    package.mkdir()
    shutil.copy(kernels.__file__, package)
    (package / "__init__.py").touch()
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    return package / "__pycache__"


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", ["cut", "empty", "turned", "gone"])
def test_damaged_code_is_made_anew(tmp_path: Path, suffix: str, damage: str) -> None:
    """*Proves:* whatever befell the files where code is kept, the answer is right, and kept again.

    *A wrong answer would be:* a traceback out of a pickle, until somebody empties a folder of
    numba's; or bytes that run although they are not what was compiled.
    """
    kept = copied(tmp_path, caller=SIMPLE)
    assert ask(tmp_path) == [20, 0]
    assert ask(tmp_path) == [20, 1]
    (file,) = kept.glob(f"*.{suffix}")
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "turned":  # one byte amid the machine code, or of what the index says
        place = whole.index(b"\x7fELF") + 1000 if suffix == "nbc" else len(whole) // 2
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    else:
        file.write_bytes(whole[: len(whole) // 2 if damage == "cut" else 0])
    assert ask(tmp_path) == [20, 0]
    assert ask(tmp_path) == [20, 1]


def test_what_only_compiling_needs_is_not_loaded(tmp_path: Path) -> None:
    """*Proves:* a kernel that is loaded answers and fails as the one that was compiled, also
    through functions within it, and does so without numba's modules that compile those.
    """
    copied(tmp_path, failing=FAILING)
    assert ask(tmp_path, LOADED) == [7, 2, 1, 0, 2]
    assert ask(tmp_path, LOADED) == [7, 2, 1, 1, 0]


def test_the_quick_way_knows_our_numba() -> None:
    """*Proves:* the numba that we test with is one that kernels load quickly with. Should this
    fail after numba was changed: read again in the new one what `zeroplant.kernels` takes the place
    of.
    """
    assert version("numba").startswith(kernels.KNOWN)


def test_another_numba_loads_in_its_own_way(tmp_path: Path) -> None:
    """*Proves:* with a numba that we do not know, code is kept and loaded, by numba's own means."""
    other = "import numba; numba.__version__ = '0.0.1'; "
    copied(tmp_path, failing=FAILING)
    assert ask(tmp_path, other + LOADED) == [7, 2, 1, 0, 2]
    assert ask(tmp_path, other + LOADED) == [7, 2, 1, 1, 2]


def test_only_a_callee_runs_as_written_in_python() -> None:
    """*Proves:* what only kernels call may be called from Python too, and answers the same; it
    does not jump to where no code for that stands.
    """

    def tripled(x: int) -> int:
        return 3 * x

    only = kernels.callee()(tripled)
    compiled = kernels.njit()(lambda x: only(x) + 1)
    assert (only(2), compiled(2)) == (6, 7)
