"""Many versions of one project at once: what moves, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats
from zeroplant.capital.project import Kind
from zeroplant.errors import InputError, Problem


@dataclass(frozen=True)
class Variants:
    """Factors on a project's figures; each is (variants,), 1 = as given.

    ``price`` acts on every revenue, ``volume`` on the yearly output and every line that moves
    with it, ``capex`` on the investment and its replacements, ``opex`` on every yearly cost,
    ``interest`` on the loan's rate.
    """

    price: Floats
    volume: Floats
    capex: Floats
    opex: Floats
    interest: Floats

    @classmethod
    def of(cls, factors: Mapping[str, ArrayLike] | None = None) -> Variants:
        """Variants from the factors that move; the rest stay 1. InputError for unknown names."""
        given = dict(factors or {})
        names = [field.name for field in fields(cls)]
        unknown = [name for name in given if name not in names]
        if unknown:
            known = ", ".join(names)
            raise InputError(Problem(f"no factor '{unknown[0]}'", "variants", f"take {known}"))
        arrays = [np.atleast_1d(np.asarray(given.get(n, 1.0), dtype=float)) for n in names]
        return cls(*(np.array(a) for a in np.broadcast_arrays(*arrays)))

    def __len__(self) -> int:
        return int(self.price.size)

    def cost(self, kind: Kind) -> Floats:
        """Factor on the lines of one kind, apart from the volume."""
        return self.price if kind == "revenue" else self.opex
