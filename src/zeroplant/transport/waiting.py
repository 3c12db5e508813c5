"""Waiting for a free plug: arrivals that vary over the day, any stay, many servers (M_t/G/c)."""

from __future__ import annotations

import heapq

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit


def draw_arrivals(rate: Floats, hours: float, seed: int) -> Floats:
    """Times [h], sorted, of Poisson arrivals with a rate [1/h] for each period of ``hours``."""
    random = np.random.default_rng(seed)
    counts = random.poisson(np.asarray(rate) * hours)
    begin = np.repeat(np.arange(len(counts)) * hours, counts)
    return np.sort(begin + random.uniform(0.0, hours, len(begin)))


def waits(arrival: Floats, stay: Floats, servers: int) -> Floats:
    """Hours each vehicle waits for a plug, first come first served, shape (vehicles,).

    ``arrival`` sorted, ``stay`` hours at the plug; whoever comes waits for the plug that is free
    first (the recursion of Kiefer and Wolfowitz). Raises ValueError without a server.
    """
    if servers < 1:
        message = "nobody is ever served without a plug"
        raise ValueError(message)
    return np.asarray(_wait(np.ascontiguousarray(arrival, float), np.asarray(stay, float), servers))


@njit(cache=True, nogil=True)
def _wait(arrival: Floats, stay: Floats, servers: int) -> Floats:
    free = [0.0] * servers
    waited = np.empty(len(arrival))
    for i in range(len(arrival)):
        first = heapq.heappop(free)
        begin = max(first, arrival[i])
        waited[i] = begin - arrival[i]
        heapq.heappush(free, begin + stay[i])
    return waited
