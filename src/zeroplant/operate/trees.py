"""Boosted trees by quantile (LightGBM) on what a blend of references leaves unexplained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats

if TYPE_CHECKING:
    import lightgbm

BoolArray = NDArray[np.bool_]

SETTINGS: dict[str, Any] = {
    "objective": "quantile",
    "learning_rate": 0.08,
    "num_leaves": 8,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.7,
    "max_bin": 63,
    "lambda_l2": 1.0,
    "num_threads": 1,  # the plant's cores belong to its control
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True)
class Trees:
    """One ensemble per quantile, and what each has to be moved by to hold on days it never saw."""

    ensembles: tuple[lightgbm.Booster, ...]
    shift: Floats

    def __call__(self, wide: Floats) -> Floats:
        """Quantiles of what is left, (levels, rows), each level not below the one before."""
        return np.sort(_predict(self.ensembles, wide) + self.shift[:, None], axis=0)


def learn(
    wide: Floats, left: Floats, held: BoolArray, levels: Sequence[float], *, rounds: int, seed: int
) -> Trees:
    """Ensembles of ``rounds`` trees for each quantile of ``left``.

    Rows that are ``held`` back are not learnt from: on them each quantile is moved until it is
    exceeded as often as it should be (conformal calibration), for trees are too sure of
    themselves.
    """
    import lightgbm

    rows = lightgbm.Dataset(wide[~held], left[~held], params=SETTINGS, free_raw_data=False)
    ensembles = tuple(
        lightgbm.train({**SETTINGS, "alpha": level, "seed": seed}, rows, rounds) for level in levels
    )
    over = left[held] - _predict(ensembles, wide[held])
    shift = [np.quantile(each, level) for each, level in zip(over, levels, strict=True)]
    return Trees(ensembles, np.array(shift))


def _predict(ensembles: Sequence[lightgbm.Booster], wide: Floats) -> Floats:
    return np.stack([np.asarray(each.predict(wide, num_threads=1)) for each in ensembles])
