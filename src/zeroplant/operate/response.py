"""What a demand response came to: measured against its baseline, judged, and paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroplant import rules
from zeroplant.axis import Floats
from zeroplant.operate.baseline import PACK
from zeroplant.rules.pack import Pack

Direction = Literal["reduce", "raise"]
"""What was asked of the consumption; more generation or discharge counts as ``reduce``."""


ROUNDING = 1e-12
NOTHING = 1e-6
"""Awards [MW] below are none."""
LEEWAY = 0.02
"""What control and meters leave of a limit, as a share of it or of the load without it."""


@dataclass(frozen=True)
class Response:
    """One event, step by step; energies in MWh.

    ``measured`` is the power [MW] by which consumption was less (or more, if it was to be raised)
    than the baseline: below zero where it went the wrong way. ``share`` of the award. ``judged``
    are the steps in which something was asked, ``valid`` those of them in which it came: a share
    within the band of the rule, or a limit that was kept.
    """

    awarded: Floats
    measured: Floats
    share: Floats
    judged: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    paid: Floats

    @property
    def valid_share(self) -> float:
        """Share of the judged steps with a valid response; nan where there are none."""
        return float(self.valid[self.judged].mean()) if self.judged.any() else np.nan

    @property
    def paid_energy(self) -> float:
        """MWh that are paid."""
        return float(self.paid.sum())


def evaluate(
    baseline: Floats,
    metered: Floats,
    awarded: Floats,
    hours: float,
    *,
    direction: Direction = "reduce",
    limit: Floats | None = None,
    pack: Pack | None = None,
) -> Response:
    """A response over the steps of an event.

    ``baseline`` and ``metered`` are consumption [MW] by step, ``awarded`` what was promised [MW],
    ``hours`` the length of a step. A step that was not metered counts as no response: who is paid
    has to show it. With a ``limit`` [MW] of the consumption (to be raised: the least) that is what
    is judged, but for `LEEWAY`, also where nothing was needed to keep it; what is paid goes by the
    award all the same.
    """
    said = pack or rules.load(PACK)
    least, most = said.figure("least_share"), said.figure("most_share")
    less = np.where(np.isfinite(metered), baseline - metered, 0.0)
    measured = less if direction == "reduce" else -less
    awarded = np.where(awarded > NOTHING, awarded, 0.0)
    share = np.divide(measured, awarded, out=np.zeros_like(measured), where=awarded > 0)
    judged = awarded > 0
    valid = judged & (share >= least * (1 - ROUNDING)) & (share <= most * (1 + ROUNDING))
    if limit is not None:
        judged = np.full(len(metered), True)
        leeway = (LEEWAY + ROUNDING) * np.maximum(np.abs(limit), np.abs(baseline))
        beyond = metered - limit if direction == "reduce" else limit - metered
        valid = beyond <= leeway  # never where nothing was metered
    paid = [
        said.amount("paid", awarded=float(promise), measured=float(came)) * hours
        for promise, came in zip(awarded, measured, strict=True)
    ]
    return Response(awarded, measured, share, judged, valid, np.array(paid))
