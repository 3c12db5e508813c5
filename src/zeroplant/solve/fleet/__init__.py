"""Very many small stores, each scheduled to its exact optimum; alone, or together.

A :class:`Fleet` is N stores over T steps, each with :class:`Rows` of series and its constants.

* :func:`schedule`: every device by itself, with its proof; :func:`schedule_exact` where a device
  must choose (least powers, least times on and off, waste that pays), told by a :class:`Choice`.
* :func:`cost_to_go`, :func:`cost_to_arrive`: what level is worth, at the start and at the end.
* :func:`coordinate`: all devices under a :class:`Shared` cost and the limits of :class:`Groups`,
  with a proven gap (room ``joint``, with headroom and promises).
* Room ``split``: a set-point in real time over what each device can do now.
* Room ``shards``: the same over several machines.

How one device is solved: ``stage`` (the cost of a step) → ``forward`` (values of level) →
``recover`` (schedule and proof), joined in ``device``. A status is SOLVED, BOUND (physical, its
gap stated), INFEASIBLE or BADDATA. Loads numba.
"""

from zeroplant.solve.fleet.curve import Curves, cost_to_arrive, cost_to_go
from zeroplant.solve.fleet.exact import Choice, Exact, schedule_exact
from zeroplant.solve.fleet.joint import Coordination, Groups, Shared, coordinate, uncoordinated
from zeroplant.solve.fleet.schedule import Schedule, schedule
from zeroplant.solve.fleet.stage import BADDATA, BOUND, INFEASIBLE, SOLVED
from zeroplant.solve.fleet.tables import Fleet, Rows

__all__ = [
    "BADDATA",
    "BOUND",
    "INFEASIBLE",
    "SOLVED",
    "Choice",
    "Coordination",
    "Curves",
    "Exact",
    "Fleet",
    "Groups",
    "Rows",
    "Schedule",
    "Shared",
    "coordinate",
    "cost_to_arrive",
    "cost_to_go",
    "schedule",
    "schedule_exact",
    "uncoordinated",
]
