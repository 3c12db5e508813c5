"""Where sizes live in a PyPSA network: each is the nominal capacity of one component.

A size that is the cap of a flow or store becomes the extendable capacity of that component, in
the size's own unit. Every other size (a monthly peak, a number that only a rule speaks of), and
every further element, becomes the capacity of an idle generator, so that PyPSA's own objective
counts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zeroplant.waist.linear import Affine, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Size, Store


@dataclass(frozen=True)
class Home:
    """The PyPSA component whose nominal capacity is a size, or one element of it."""

    component: Literal["Generator", "Process", "Store"]
    name: str


@dataclass(frozen=True)
class OneSize:
    """A bound that is a multiple of one size: ``share`` · ``size``."""

    size: Size
    share: Value


def one_size(bound: Affine) -> OneSize | None:
    """The bound as a multiple of a single size, or None if it is anything else."""
    sizes = bound.variables
    if len(sizes) != 1 or np.any(bound.constant):
        return None
    (size,) = sizes
    if not isinstance(size, Size) or size.count > 1:
        return None
    return OneSize(size, sum((term.coefficient for term in bound.terms), 0.0))


def owners(network: Network) -> dict[Flow | Store, Size]:
    """The flows and stores whose nominal capacity is a size; each size is taken once."""
    taken: dict[Size, Flow | Store] = {}
    words: list[Flow | Store] = [*network.flows, *network.stores]
    for word in words:
        cap = one_size(word.cap)
        # A floor below nothing could not be said per unit of the capacity.
        honest = word.floor.terms or np.all(np.asarray(word.floor.constant) >= 0)
        if cap is not None and honest and np.all(np.asarray(cap.share) >= 0):
            taken.setdefault(cap.size, word)
    return {word: size for size, word in taken.items()}


def element_names(size: Size) -> list[str]:
    """Names of the elements of a size."""
    if size.count == 1:
        return [size.name]
    return [f"{size.name}[{element}]" for element in range(size.count)]
