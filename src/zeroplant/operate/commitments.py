"""What was promised to others, as rules in the window: kept if possible, missed at a price.

A schedule handed to the dispatch centre, a band it must stay in, reserve held ready in power and
in energy, a reduction against a baseline. Each promise that cannot be kept shows as a named
shortfall, never as "no solution".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Axis, Floats
from zeroplant.operate.headroom import downward, upward
from zeroplant.waist import Affine, Flow, Network, total_of

BoolArray = NDArray[np.bool_]
Promise = Literal["schedule", "at least", "at most", "reserve up", "reserve down"]


@dataclass(frozen=True)
class Commitment:
    """A promise for the time from ``start`` to ``until`` (UTC).

    ``value`` is MW of net export (import negative) for "schedule", "at least" and "at most", one
    number or one per quarter-hour from ``start``; MW held ready for reserves, which must last for
    ``hours``. ``price`` is paid per MWh missed. ``tolerance`` MW around a schedule cost nothing.
    """

    name: str
    kind: Promise
    start: datetime
    until: datetime
    value: float | Floats
    price: float
    hours: float = 1.0
    tolerance: float = 0.0


def response(
    name: str,
    start: datetime,
    until: datetime,
    *,
    baseline: float | Floats,
    reduction: float,
    price: float,
) -> Commitment:
    """A demand response event: so many MW less taken from the grid than the baseline says.

    ``baseline`` is the import that would have been (negative: export), as of `operate.baseline`.
    """
    least = reduction - np.asarray(baseline, dtype=float)
    return Commitment(name, "at least", start, until, least, price)


def promise(network: Network, commitments: Iterable[Commitment]) -> None:
    """Lay commitments on a window; those wholly outside of it change nothing."""
    for commitment in commitments:
        here, value = _on(commitment, network.axis)
        if here.any():
            _lay(network, commitment, here, value)


def net_export(network: Network) -> Affine:
    """Power delivered at the connection to the grid, less what is taken there, in MW."""
    given = [flow.affine() for flow in network.flows if flow.role == "export"]
    taken = [flow * -1.0 for flow in network.flows if flow.role == "import"]
    return total_of([*given, *taken])


def missed_name(commitment: Commitment, side: str = "") -> str:
    """The flow that measures how far a promise is missed."""
    return f"missed: {commitment.name}{side}"


def _on(commitment: Commitment, axis: Axis) -> tuple[BoolArray, Floats]:
    """In which stages a promise holds, and its value there."""
    times = axis.times
    start = np.datetime64(commitment.start.replace(tzinfo=None), "s")
    until = np.datetime64(commitment.until.replace(tzinfo=None), "s")
    here = (times >= start) & (times < until)
    given = np.atleast_1d(np.asarray(commitment.value, dtype=float))
    place = ((times - start) / np.timedelta64(round(axis.hours * 3600), "s")).astype(np.int64)
    if len(given) > 1:
        here &= place < len(given)
    value = given[np.clip(place, 0, len(given) - 1)]
    return np.tile(here, len(axis.chains)), axis.tile(value)


def _lay(network: Network, promised: Commitment, here: BoolArray, value: Floats) -> None:
    sides = {"schedule": ("short", "over"), "at least": ("short",), "at most": ("over",)}
    if promised.kind in sides:
        _follow(network, promised, here, value, sides[promised.kind])
        return
    up = promised.kind == "reserve up"
    ready = (upward if up else downward)(network, promised.hours, promised.name)
    short = _missed(network, promised, here, "")
    network.budget(
        promised.name, ready + short, at_least=np.where(here, value, -np.inf), over="period",
        unit="MW",
    )  # fmt: skip


def _follow(
    network: Network, promised: Commitment, here: BoolArray, value: Floats, sides: tuple[str, ...]
) -> None:
    """Net export at least, at most or as promised."""
    net = net_export(network)
    if "short" in sides:
        short = _missed(network, promised, here, " (short)")
        least = np.where(here, value - promised.tolerance, -np.inf)
        network.budget(f"{promised.name}: least", net + short, at_least=least, over="period",
                       unit="MW")  # fmt: skip
    if "over" in sides:
        over = _missed(network, promised, here, " (over)")
        most = np.where(here, value + promised.tolerance, np.inf)
        network.budget(f"{promised.name}: most", net - over, at_most=most, over="period",
                       unit="MW")  # fmt: skip


def _missed(network: Network, promised: Commitment, here: BoolArray, side: str) -> Flow:
    flow = network.flow(missed_name(promised, side), cap=np.where(here, np.inf, 0.0))
    network.line(promised.name, f"missed{side}", flow, promised.price, kind="penalty")
    return flow
