"""Standard form: what the method works on.

    minimise    offset + cost'z + price'p
    subject to  A z + B p = b                      (dual y)
                0 ≤ z, or free;  z ≤ upper + U p   (duals zl, zu)
                0 ≤ p, or free;  p ≤ most          (duals v, vu)

``z`` are all elements of the stage columns one by one, ``p`` the sizes. Rows of a stage know it
(``row_stage``) and variables theirs (``stage``); rules over many stages, and what belongs to
them, have −1 there. Stages of all chains stand one after the other, ``periods`` of each.
``standard.py`` brings a programme here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from zeroplant.axis import Floats, Ints

Bools = NDArray[np.bool_]
# Numbers of rows or columns, in as many bytes as the matrix at hand has for them.
Index = NDArray[np.integer[Any]]


class Declined(Exception):  # noqa: N818 - nothing is wrong; another solver takes over
    """The method does not take this programme, or found no good answer; the text says why."""


class NotConverged(Declined):
    """No good answer was found; there may be none."""


def in_time(limit: float) -> None:
    """Raise NotConverged if a moment of `time.perf_counter` is over: nothing is begun after it."""
    if time.perf_counter() >= limit:
        message = "not converged: no time was left"
        raise NotConverged(message)


@dataclass
class Form:
    """The standard form; elements of one ``kind`` and rows of one ``row_kind`` scale alike.

    ``coin`` is the value of one unit of money, as scaled: gaps below it do not matter. ``grain``
    is one unit of each row's right-hand side, as scaled.
    """

    cost: Floats
    price: Floats
    A: csr_array
    B: csr_array
    b: Floats
    U: csr_array
    upper: Floats
    most: Floats
    free: Bools
    free_size: Bools
    kind: Ints
    row_kind: Ints
    row_stage: Ints
    stage: Ints
    periods: int
    offset: float
    grain: Floats
    coin: float = 1.0
