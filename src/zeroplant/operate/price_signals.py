"""Prices that are told from outside, as forecasts of the prices that plans are made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from zeroplant.operate.forecast import Forecast
from zeroplant.operate.outside import kinds, price_key, series
from zeroplant.waist import Flow, Network

AHEAD = 100
"""Steps that prices are told for: what schedules look ahead, and an hour until the next one."""

Told = tuple[datetime, datetime | None, float]
"""From when, until when (None: until told otherwise), money per MWh."""


def price_lines(network: Network) -> dict[str, str]:
    """The line of what is bought and of what is sold at the connection: role to outside key.

    A role is absent where there is none, or more than one: it would not be clear which is meant.
    """
    known = kinds(network)
    found: dict[str, list[str]] = {"import": [], "export": []}
    for line in network.lines:
        flows = [each for each in line.quantity.variables if isinstance(each, Flow)]
        key = price_key(line)
        if known.get(key) == "price" and len(flows) == 1 and line.who == flows[0].who:
            found.get(flows[0].role, []).append(key)
    return {role: keys[0] for role, keys in found.items() if len(keys) == 1}


def told_prices(
    network: Network, told: Mapping[str, Sequence[Told]], now: datetime, steps: int
) -> dict[str, Forecast]:
    """Prices from ``now`` on, for import and export: the plant's own where nothing is told.

    They take the place of the whole price of a line, levies included.
    """
    axis, found = network.axis, {}
    first = max(0, (now - axis.start) // axis.step)
    count = min(steps, axis.periods - first)
    start = axis.start + first * axis.step
    for role, key in price_lines(network).items():
        if not told.get(role) or count < 1:
            continue
        values = series(network, key)[first : first + count].copy()
        for since, until, value in told[role]:
            low = -((start - since) // axis.step) if since > start else 0
            high = count if until is None else -((start - until) // axis.step)
            values[max(0, low) : max(0, min(high, count))] = value
        half = np.array([0.5])
        found[key] = Forecast(key, now, start, timedelta(hours=axis.hours), half, values[None, :])
    return found


class WithPrices:
    """The newest forecasts, with the prices that are told; the same object until one changes."""

    def __init__(
        self,
        newest: Callable[[], Mapping[str, Forecast]],
        told: Callable[[], Mapping[str, Sequence[Told]]],
    ) -> None:
        self._newest, self._told = newest, told
        self._network: Network | None = None
        self._of: tuple[object, object, object] = None, None, None
        self._made: Mapping[str, Forecast] = {}

    def stand(self, network: Network) -> None:
        """The plant stands for other days from now on."""
        self._network = network

    def __call__(self, now: datetime) -> Mapping[str, Forecast]:
        """Forecasts for plans that are made now."""
        newest, told, network = self._newest(), self._told(), self._network
        if network is None or not any(told.values()):
            return newest
        place = (now - network.axis.start) // network.axis.step
        of = self._of  # held as they are: what is gone may leave its place to what comes
        if of[0] is not newest or of[1] is not network or of[2] != (told, place):
            self._of = newest, network, (told, place)
            self._made = {**newest, **told_prices(network, told, now, AHEAD)}
        return self._made
