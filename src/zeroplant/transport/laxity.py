"""Least laxity first: who charges when, and what a schedule of the whole leaves out."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.kernels import njit
from zeroplant.transport.sessions import Sessions


def least_laxity(sessions: Sessions, schedule: Floats, axis: Axis) -> Floats:
    """Energy [MWh] each session gets of a charging schedule [MW], shape (sessions,).

    In each period those charge first who can wait least: the hours left less the hours they still
    need at full power. No one charges faster than he can or outside his stay, and no session gets
    more than it wants, so a schedule that the sessions cannot follow leaves some of them short.
    Lending is not part of it. ``schedule`` has one value per period of one chain.
    """
    order = np.argsort(sessions.arrival, kind="stable")
    s = sessions[order]
    got = np.zeros(len(s))
    given = np.ascontiguousarray(schedule * axis.hours, dtype=float)
    _serve(np.stack((s.arrival, s.departure, s.energy, s.power)), given, axis.hours, got)
    delivered = np.zeros(len(s))
    delivered[order] = got
    return delivered


@njit(cache=True, nogil=True)
def _serve(stays: Floats, given: Floats, hours: float, got: Floats) -> None:
    """Hand the energy of each period to those at the plugs; sessions come sorted by arrival."""
    arrival, departure, energy, power = stays[0], stays[1], stays[2], stays[3]
    here = np.empty(len(arrival), dtype=np.int64)
    count, coming = 0, 0
    for period in range(len(given)):
        begin, end = period * hours, (period + 1) * hours
        while coming < len(arrival) and arrival[coming] < end:
            here[count] = coming
            count += 1
            coming += 1
        laxity = np.empty(count)
        for place in range(count):
            i = here[place]
            laxity[place] = departure[i] - (energy[i] - got[i]) / power[i]
        left = given[period]
        for place in np.argsort(laxity, kind="mergesort"):
            i = here[place]
            open_ = min(end, departure[i]) - max(begin, arrival[i])
            taken = min(left, energy[i] - got[i], power[i] * open_)
            got[i] += taken
            left -= taken
        kept = 0
        for place in range(count):
            i = here[place]
            if departure[i] > end and got[i] < energy[i]:
                here[kept] = i
                kept += 1
        count = kept
