"""What the plant's year says to its operation: sizes, what levels are worth, what rules cost.

A day's schedule does not see beyond its horizon. What lies there is told by the shadow prices of
the year's plan, their medians by month and hour of day: the weather of one planned hour is no news,
its season and time of day are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.files.atomic import write_atomic
from zeroplant.plant import Plant, build
from zeroplant.solve import solve
from zeroplant.waist import Network, Size, Store
from zeroplant.waist.solution import Solution

Table = list[list[float]]
"""Medians by month (12) and hour of the plant's day (24)."""

LONGEST_KEPT = 25.0
"""Hours; rules over a day or less are kept day by day, longer ones become prices."""
NOTHING = 1e-3
"""Shadow prices below are rounding of the solver."""
DEAR = 0.99
"""Share of the year in which energy is cheaper than what counts as the dearest."""


@dataclass(frozen=True)
class Year:
    """The answer of the plant's own plan, as far as operation needs it.

    ``sizes`` by name; ``levels`` of stores; ``worth`` of a unit of level at the end of an hour, and
    of a unit·h that arrives at a node; ``rules`` the price per unit of a rule's expression;
    ``peaks`` month by month what was chosen for a size of which each month has its own. A year
    that nobody has solved yet is ``assumed`` (`zeroplant.operate.assumed`), and ``guessed`` where
    not even its sizes are known.
    """

    plant: str
    sizes: Mapping[str, float]
    levels: Mapping[str, Table]
    worth: Mapping[str, Table]
    rules: Mapping[str, Table]
    peaks: Mapping[str, list[float]]
    state: Literal["solved", "assumed", "guessed"] = "solved"

    def on(self, table: Table, axis: Axis) -> Floats:
        """A table's value in each stage of an axis."""
        hour = axis.hour_of_day.astype(int)
        return np.asarray(np.array(table)[axis.month_of_year - 1, hour], dtype=float)

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        write_atomic(path, json.dumps(asdict(self)))


def year_of(plant: Plant, sizes: Mapping[str, float], folder: Path | None = None) -> Year:
    """Solve the plant's own horizon once, with some sizes given, or read what is kept of it.

    ``sizes.json`` in ``folder`` is read if it is of the same plant and sizes, and written
    otherwise. Raises InputError for a size the plant does not have, or a plant with scenarios.
    """
    year = kept_year(plant, sizes, folder)
    if year is None:
        year = _solved(plant, sizes, fingerprint(plant, sizes))
        if folder is not None:
            year.save(folder / NAME)
        _known[year.plant] = year
    return year


def kept_year(plant: Plant, sizes: Mapping[str, float], folder: Path | None) -> Year | None:
    """The year as it was solved before, in this process or for this folder; None if it never was.

    Nothing is solved.
    """
    mark = fingerprint(plant, sizes)
    if mark not in _known and folder is not None:
        year = _read(folder / NAME)
        if year is not None and year.plant == mark:
            _known[mark] = year
    return _known.get(mark)


def sizes_before(folder: Path) -> Mapping[str, float]:
    """Sizes that the folder keeps of any plan, perhaps of another version of the plant file."""
    year = _read(folder / NAME)
    return {} if year is None else year.sizes


_known: dict[str, Year] = {}
NAME = "sizes.json"
"""The file of a folder that keeps its year."""


def fingerprint(plant: Plant, sizes: Mapping[str, float]) -> str:
    """Tells one plant with its given sizes from another."""
    said = f"{plant.model_dump_json(warnings=False)}{sorted(sizes.items())}"
    return sha256(said.encode()).hexdigest()[:16]


def _read(path: Path) -> Year | None:
    try:
        return Year(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _solved(plant: Plant, sizes: Mapping[str, float], mark: str) -> Year:
    network = build(plant).network
    fix(network, sizes)
    for flow in network.flows:
        flow.integer = False  # a year of whole numbers takes too long, and has no shadow prices
    answer = solve(network)
    slacks = {budget.slack for budget in network.budgets}
    free = [size for size in network.sizes if size not in slacks]
    chosen = {size.name: float(answer.value(size)[0]) for size in free}
    peaks = {s.name: _by_month(answer, s) for s in free if s.groups is not None}
    axis = network.axis
    share = axis.weight / axis.hours
    levels = {s.name: _table(answer.value(s), axis) for s in network.stores}
    worth = {s.name: _table(_end_worth(answer, s), axis) for s in network.stores}
    worth |= {node.name: _table(answer.price(node), axis) for node in network.nodes}
    rules = {}
    for budget in network.budgets:
        long = budget.integrates and np.bincount(budget.groups).max() * axis.hours > LONGEST_KEPT
        if long and not all(isinstance(t.variable, Size) for t in budget.expression.terms):
            price = -answer.shadow(budget)[budget.groups]
            price = price if budget.count == 1 else price / share
            rules[budget.name] = _table(np.where(np.abs(price) < NOTHING, 0.0, price), axis)
    return Year(mark, chosen, levels, worth, rules, peaks)


def _by_month(answer: Solution, size: Size) -> list[float]:
    """The highest value of a size in each month of the year; 0 in months the plan has not."""
    month = answer.network.axis.month_of_year - 1
    values = answer.value(size)[size.groups]
    return [float(values[month == m].max(initial=0.0)) for m in range(12)]


def fix(network: Network, sizes: Mapping[str, float]) -> None:
    """Let sizes have given values. Raises InputError for a name that no size has."""
    known = {size.name: size for size in network.sizes}
    for name, value in sizes.items():
        if name not in known:
            instead = f"write one of: {', '.join(known)}" if known else "give no sizes"
            raise InputError(Problem(f"no size is called '{name}'", instead=instead))
        known[name].lower = known[name].upper = float(value)


def _end_worth(answer: Solution, store: Store) -> Floats:
    """What a unit of level at the end of each stage saves from the next stage on.

    Where a level has no choice its dual is any number, so it counts for no more than a unit could
    be bought or sold for through the flows of its store.
    """
    network = answer.network
    axis = network.axis
    dual = answer.row_dual[answer.layout.row(len(network.nodes) + store.index)]
    carried = -dual / (axis.weight / axis.hours) * axis.full(store.keep)
    shape = (len(axis.chains), axis.periods)
    worth = np.roll(carried.reshape(shape), -1, axis=1).ravel()
    most = _dearest(answer, store)
    return np.asarray(np.clip(worth, -most, most) if most else worth)


def _dearest(answer: Solution, store: Store) -> float:
    """The most a unit in a store is worth at the nodes that its flows come from or lead to."""
    dearest, full = 0.0, answer.network.axis.full
    for flow, rate in (*store.fill.items(), *store.drain.items()):
        rates = np.abs(full(rate))
        usable = rates > 0
        for node, value in (*flow.give.items(), *flow.take.items()):
            price = np.abs(full(value) * answer.price(node))[usable] / rates[usable]
            if len(price):
                dearest = max(dearest, float(np.quantile(price, DEAR)))
    return dearest


def _table(values: Floats, axis: Axis) -> Table:
    """Medians by month and hour, for a hard limit that binds once makes a price beyond measure.

    A period counts for every hour that it covers. A month or hour the plan does not reach has the
    median of its hour, or of all.
    """
    covered = np.arange(np.clip(round(axis.hours), 1, 24))[:, None]
    hour = (axis.hour_of_day.astype(int) + covered) % 24
    month, values = np.broadcast_arrays(axis.month_of_year - 1, values, hour)[:2]
    by_hour = [_median(values[hour == h], float(np.median(values))) for h in range(24)]
    return [
        [_median(values[(month == m) & (hour == h)], by_hour[h]) for h in range(24)]
        for m in range(12)
    ]


def _median(values: Floats, otherwise: float) -> float:
    return float(np.median(values)) if len(values) else otherwise
