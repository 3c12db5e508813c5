"""Quarter-hour means of what was measured, from the plant's history, by key of the outside.

They are means by time: a value counts for as long as it held, however often it was said.

What a flow could give and what a load takes is read as it is. What a river brings is no reading:
it is what the level's rise and the releases leave. Prices are not measured by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.outside import Outside
from zeroplant.operate.points import possible_of
from zeroplant.store import History
from zeroplant.waist import Network, Store

HELD = timedelta(minutes=15)
"""How long a value holds at most while no other comes: devices that say only what changes say
something now and then."""
COVERED = 0.5
"""Share of a step in which a value must have held for its mean to count as measured."""


@dataclass(frozen=True)
class Means:
    """Mean by time and last value of points in each step from ``start`` on.

    A mean is nan where values held for less than `COVERED` of the step, a last value where none
    held at all.
    """

    start: datetime
    step: timedelta
    mean: Mapping[str, Floats]
    last: Mapping[str, Floats]


def means(
    history: History, names: Iterable[str], start: datetime, steps: int, step: timedelta
) -> Means:
    """What a history holds of ``steps`` steps from ``start`` on. Raises InputError."""
    wanted = sorted(set(names))
    mean = {name: np.full(steps, np.nan) for name in wanted}
    last = {name: np.full(steps, np.nan) for name in wanted}
    if wanted and steps > 0:
        table = history.means(wanted, start, start + steps * step, step, HELD)
        first = np.datetime64(start.replace(tzinfo=None) - (start.utcoffset() or timedelta()), "us")
        events = table["event"].to_numpy().astype("M8[us]")
        place = (events - first) // np.timedelta64(step)
        point = np.array(table["point"].to_pylist(), dtype=object)
        enough, values = table["covered"].to_numpy() >= COVERED, table["mean"].to_numpy()
        for name in wanted:
            rows = point == name
            mean[name][place[rows]] = np.where(enough, values, np.nan)[rows]
            last[name][place[rows]] = table["last"].to_numpy()[rows]
    return Means(start, step, mean, last)


class Measured:
    """Which points tell what of the outside."""

    def __init__(self, network: Network, outside: Mapping[str, Outside]) -> None:
        self._direct = {
            key: possible_of(key) if each.kind == "possible" else key
            for key, each in outside.items()
            if each.kind in ("possible", "load") and not each.known
        }
        stores = {store.name: store for store in network.stores}
        self._rivers = {
            key: stores[key]
            for key, each in outside.items()
            if each.kind == "inflow" and not each.known
        }

    @property
    def keys(self) -> list[str]:
        """What of the outside is measured."""
        return [*self._direct, *self._rivers]

    @property
    def points(self) -> list[str]:
        """The points that are looked at."""
        flows = [flow.name for s in self._rivers.values() for flow in (*s.fill, *s.drain)]
        return [*self._direct.values(), *self._rivers, *flows]

    def of(self, means: Means) -> dict[str, Floats]:
        """Values by key in each step but the first, which only says where levels began."""
        found = {key: means.mean[point][1:] for key, point in self._direct.items()}
        return found | {key: _came(store, means) for key, store in self._rivers.items()}


def _came(store: Store, means: Means) -> Floats:
    """Inflow per hour: what the level's rise and the releases leave."""
    level = means.last[store.name]
    came = (level[1:] - float(np.mean(store.keep)) * level[:-1]) / (means.step / timedelta(hours=1))
    for sign, part in ((-1.0, store.fill), (1.0, store.drain)):
        for flow, rate in part.items():
            came = came + sign * float(np.mean(rate)) * means.mean[flow.name][1:]
    return np.asarray(came)
