"""What came of a promise, worked out from the plant's history when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.consumption import BEFORE, Consumption, Span, whole_steps
from zeroplant.operate.delivery import Delivery, of_export, of_reduction, of_reserve
from zeroplant.operate.promised import Promised
from zeroplant.operate.quarter import QUARTER
from zeroplant.store import History
from zeroplant.waist import Network

MINUTE = timedelta(minutes=1)
SLACK = 0.02
"""Part of the connection that control may be off by; what it misses within is not missed."""


class Judge:
    """Measures promises against the history of a plant."""

    def __init__(self, history: History, zone: str) -> None:
        self._consumption = Consumption(history, zone)
        self._slack = 0.0

    def stand(self, network: Network) -> None:
        """Which flows go over the connection, and how large it is."""
        self._consumption.stand(network)
        ends = [flow for flow in network.flows if flow.role in ("import", "export")]
        caps = [float(np.max(flow.cap.constant)) for flow in ends if not flow.cap.terms]
        self._slack = SLACK * max((cap for cap in caps if np.isfinite(cap)), default=0.0)

    def floor_of(self, promised: Promised, events: Sequence[Span]) -> Floats:
        """Least net export [MW], by quarter-hour, that a reduction comes to by its baseline.

        Raises InputError where there are no like days to make one from.
        """
        due = promised.commitment
        first, count = whole_steps(due.start, due.until, QUARTER)
        load = self._consumption.of_days(first, QUARTER)
        baseline = self._consumption.like_days(load, first, count, QUARTER, events)
        place = BEFORE // QUARTER
        return promised.reduction - baseline.values[place : place + count]

    def delivery(self, promised: Promised, events: Sequence[Span]) -> Delivery:
        """What came of a promise that is over. Raises InputError."""
        due, step = promised.commitment, QUARTER
        first, count = whole_steps(due.start, due.until, step)
        if count < 1:
            step = MINUTE
            first, count = whole_steps(due.start, due.until, step)
        hours = step / timedelta(hours=1)
        starts = [first + n * step for n in range(count)]
        if due.kind in ("reserve up", "reserve down"):
            ready = np.array([promised.ready_at(at) for at in starts])
            return of_reserve(float(np.max(due.value)), ready, hours)
        if promised.kind == "response":
            load = self._consumption.of_days(first, step)
            nothing = np.full(count, np.nan)
            base, method = self._consumption.baseline(load, first, step, events, nothing)
            place = slice(BEFORE // step, BEFORE // step + count)
            metered = load[-1, place]
            return of_reduction(base.values[place], metered, promised.reduction, hours, method)
        export = -self._consumption.measured(first, count, step)
        wanted = np.array([promised.wanted(at) for at in starts])
        return of_export(due, wanted, export, hours, self._slack)
