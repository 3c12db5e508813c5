"""Memory that a method gives back and asks for again at every step, kept in between.

HiPO makes its vectors anew at each step, over a year some megabytes each. The C library of Linux
(glibc) returns so much to the system at once, and what is asked for again comes as pages that the
kernel first clears: over the hydro corridor's year 19,000 of them a step, 4 to 7 % of the time.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Names of malloc.h, see mallopt(3).
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST = 32 * 2**20
"""Bytes of one piece up to which it is kept; glibc takes no more."""
KEPT = 2**30
"""Bytes in all that are kept meanwhile."""


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep memory that is given back for the next who asks; afterwards return it to the system.

    Where the C library is another, nothing happens.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if library is None or not hasattr(library, "mallopt"):
        yield
        return
    library.mallopt(MMAP_THRESHOLD, LARGEST)
    library.mallopt(TRIM_THRESHOLD, KEPT)
    try:
        yield
    finally:
        # Twice the largest piece, as glibc has it where nobody says anything.
        library.mallopt(TRIM_THRESHOLD, 2 * LARGEST)
        library.malloc_trim(0)
