"""Memory kept between the steps of a method, told by the pages the kernel has to bring."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PAGES = """
import ctypes
from resource import RUSAGE_SELF, getrusage
import numpy as np
from zeroplant.solve.kept_memory import kept_memory

ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # no huge pages: a few of them would count for nothing

def step():
    vectors = [np.ones(3 * 2**17) for _ in range(40)]  # 3 MiB each, all given back at once

def pages():
    step()
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(4):
        step()
    return getrusage(RUSAGE_SELF).ru_minflt - before

plain = pages()
with kept_memory():
    kept = pages()
print(plain, kept, pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other C library has it")
def test_pages_are_brought_once() -> None:
    """*Proves:* of 120 MiB that are given back and asked for again, the kernel brings no page twice
    meanwhile, and every one again before and afterwards. *A wrong answer would be:* a name or a
    number that the C library passes over in silence, or memory that is never returned.
    """
    ran = subprocess.run([sys.executable, "-c", PAGES], capture_output=True, text=True, check=True)
    before, kept, after = map(int, ran.stdout.split())
    assert kept < before / 20
    assert kept < after / 20
