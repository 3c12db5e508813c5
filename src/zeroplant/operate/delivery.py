"""Whether a promise was kept: what was owed, what was delivered, and the share of it.

A promise of net export is missed by what lies outside of it and its tolerance, the same measure
by which the plan pays for it; the share is what was not missed. A reduction is measured against
its baseline and judged by the rule of demand response. A reserve is judged by what was ready.
Kept is what comes within the band of the rule, 80 to 120 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant import rules
from zeroplant.axis import Floats
from zeroplant.operate.baseline import PACK
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.response import evaluate


@dataclass(frozen=True)
class Delivery:
    """What came of a promise; ``delivered`` in MWh (of net export, of reduction, of readiness)."""

    kept: bool
    delivered: float
    share: float
    method: str


def of_export(
    promised: Commitment, wanted: Floats, export: Floats, hours: float, slack: float
) -> Delivery:
    """A schedule or a bound of net export, by step [MW]; ``slack`` MW are what control may miss.

    A step that was not measured counts as missed: who is paid has to show it.
    """
    band = max(promised.tolerance, slack)
    short = np.maximum(wanted - band - export, 0.0)
    over = np.maximum(export - wanted - band, 0.0)
    missed = np.zeros_like(wanted)
    if promised.kind in ("schedule", "at least"):
        missed = missed + short
    if promised.kind in ("schedule", "at most"):
        missed = missed + over
    missed = np.where(np.isfinite(export), missed, np.maximum(np.abs(wanted), band))
    owed = float(np.maximum(np.abs(wanted), band).sum())
    share = 1.0 - min(1.0, float(missed.sum()) / owed) if owed > 0 else float(not missed.any())
    energy = float(np.nansum(export)) * hours
    return Delivery(share >= _band()[0], energy, share, "measured")


def of_reduction(
    baseline: Floats, metered: Floats, reduction: float, hours: float, method: str
) -> Delivery:
    """A reduction of consumption [MW] against its baseline."""
    awarded = np.full(len(baseline), reduction)
    came = evaluate(baseline, metered, awarded, hours)
    share = float(came.measured.sum() / awarded.sum())
    least, most = _band()
    return Delivery(least <= share <= most, float(came.measured.sum()) * hours, share, method)


def of_reserve(value: float, ready: Floats, hours: float) -> Delivery:
    """MW held ready, by step; steps of which nothing is known count as not ready."""
    held = np.minimum(np.nan_to_num(ready), value)
    share = float(held.mean() / value) if len(held) and value > 0 else 0.0
    return Delivery(share >= _band()[0], float(held.sum()) * hours, share, "capability")


def _band() -> tuple[float, float]:
    said = rules.load(PACK)
    return said.figure("least_share"), said.figure("most_share")
