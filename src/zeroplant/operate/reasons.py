"""Why a plan is as it is: the limits that bind, with what widening them would save, in words.

A variable at its bound has a reduced cost, a rule that binds a shadow price. Both are money per
unit, known for every step; neighbouring steps with the same limit become one reason. Where several
futures are planned for, only what holds in all of them is told: it holds in the plan. The model
knows amounts, but not in which currency: ¤ stands for it, and whoever shows them puts it in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.operate.headroom import KEPT
from zeroplant.operate.outside import is_load, is_possible
from zeroplant.operate.schedule import MISSED, Reason
from zeroplant.solve.model import Model
from zeroplant.waist import Flow, Store
from zeroplant.waist.solution import Solution

WORTH_SAYING = 0.5
"""Money per unit and hour below which a limit is not worth a word."""
NEAR = 1e-5
"""How near a value is to a bound at which it lies, relative to the bound."""
NOTICEABLE = 0.1
"""Amounts are told to three digits, those below this one to three decimals: 5.48e-05 is 0."""
BoolArray = NDArray[np.bool_]
STAND_INS = ("unserved", "spill")
"""Roles of flows that stand in for something else; that they rest is no news."""
QUIET = ("", "transfer")
"""Roles of flows that are there for others' sake: that they rest is no news either."""
MOST = 60
"""Reasons told of one plan, the dearest first."""


def reasons_of(model: Model, solution: Solution) -> tuple[Reason, ...]:
    """Reasons of a plan, in the order of time."""
    found = [*_of_bounds(model, solution), *_of_rules(solution)]
    dearest = sorted(found, key=lambda r: -abs(r.price) * (r.last - r.first + 1))[:MOST]
    return tuple(sorted(dearest, key=lambda reason: (reason.first, reason.what)))


def _of_bounds(model: Model, solution: Solution) -> Iterator[Reason]:
    network = solution.network
    known = {flow for flow in network.flows if is_load(flow) or flow.role in STAND_INS}
    known |= {flow for flow in network.flows if flow.name.startswith((*MISSED, KEPT))}
    words: list[Flow | Store] = [*network.flows, *network.stores]
    program = model.program
    reduced = program.cost - program.transpose @ solution.row_dual
    for word in words:
        if word in known:
            continue
        low, high, price = _bounds(solution, word, reduced)
        value = solution.value(word)
        usable = low + NEAR < high  # with no room there is nothing to tell
        near = NEAR * (1.0 + np.abs(value))
        for here in (
            usable & (price < 0) & (value >= high - near),
            usable & (price > 0) & (value <= low + near),
        ):
            held = np.where(_in_all_futures(solution, here), _mean(solution, price), 0.0)
            for first, last, price_there in _runs(held):
                told = _mean(solution, value)[first : last + 1]
                rests = bool(told.max() <= NEAR)
                if rests and isinstance(word, Flow) and word.role in QUIET:
                    continue
                # a level has no duration: the limit of all the steps together
                hours = network.axis.hours * (last - first + 1) if isinstance(word, Store) else 1.0
                worth = price_there * hours
                en, zh = _words(word, worth, _amount(told, word.unit), rests=rests)
                yield Reason(first, last, word.name, abs(worth), en, zh)


def _bounds(
    solution: Solution, word: Flow | Store, reduced: Floats
) -> tuple[Floats, Floats, Floats]:
    """Floor and cap of a word in each stage, and what pressing on them costs per hour.

    What all futures share in the first step is a size there, with bounds and a cost of its own.
    """
    network, layout = solution.network, solution.layout
    place, weight = network.place(word), network.axis.weight
    price = reduced[layout.column(place)].copy()
    for cap in (False, True):
        rows = layout.bound(place, cap=cap)
        price += 0.0 if rows is None else solution.row_dual[rows]
    low = np.broadcast_to(solution.value(word.floor), price.shape).copy()
    high = np.broadcast_to(solution.value(word.cap), price.shape).copy()
    price = price / weight
    now = next((size for size in network.sizes if size.name == f"{word.name} now"), None)
    if now is not None:
        first = np.arange(len(price)) % network.axis.periods == 0
        low[first], high[first] = now.lower, now.upper
        price[first] = reduced[len(reduced) - network.size_elements + now.first] / weight[0]
        price[first] /= first.sum() if len(network.axis.chains) > 1 else 1
    return low, high, price


def _in_all_futures(solution: Solution, here: BoolArray) -> BoolArray:
    """In which steps something holds whatever comes."""
    axis = solution.network.axis
    return np.asarray(here.reshape(len(axis.chains), axis.periods).all(axis=0))


def _amount(values: Floats, unit: str) -> str:
    """One number, or from the least to the most of several, as fine as the largest needs it."""
    digits = max(0, 2 - math.floor(math.log10(max(float(np.abs(values).max()), NOTICEABLE))))
    low, high = (
        f"{round(float(each), digits) + 0.0:,.10g}" for each in (values.min(), values.max())
    )
    counted = {"1": "", "1/h": "/h"}.get(unit, f" {unit}")
    return f"{low}{counted}" if low == high else f"{low}…{high}{counted}"


def _of_rules(solution: Solution) -> Iterator[Reason]:
    network = solution.network
    for budget in network.budgets:
        if budget.integrates:
            continue
        shadow = solution.shadow(budget) / network.axis.weight
        binds = _in_all_futures(solution, np.abs(shadow) >= WORTH_SAYING)
        for first, last, value in _runs(np.where(binds, _mean(solution, shadow), 0.0)):
            worth = f"{abs(value):.0f} ¤"
            one, one_zh = _one(budget.unit)
            en = f"the rule '{budget.name}' binds; relaxing it by {one} would save {worth}"
            zh = f"约束“{budget.name}”起作用；每放宽 {one_zh} 可节省 {worth}"
            yield Reason(first, last, budget.name, abs(value), en, zh)


def _mean(solution: Solution, values: Floats) -> Floats:
    """Expectation over futures of a value per stage, one per step."""
    axis = solution.network.axis
    weight = np.array([chain.weight for chain in axis.chains])
    return np.asarray(weight @ values.reshape(len(axis.chains), axis.periods))


def _runs(price: Floats) -> Iterator[tuple[int, int, float]]:
    """Runs of steps in which a price has the same sign and is worth a word, with its mean."""
    sign = np.sign(np.where(np.isfinite(price) & (np.abs(price) >= WORTH_SAYING), price, 0.0))
    edges = np.flatnonzero(np.diff(sign)) + 1
    for part in np.split(np.arange(len(price)), edges):
        if sign[part[0]]:
            yield int(part[0]), int(part[-1]), float(price[part].mean())


def _words(word: Flow | Store, reduced: float, amount: str, *, rests: bool) -> tuple[str, str]:
    """A bound in words: a negative reduced cost presses on the cap, a positive one on the floor."""
    worth, name, (one, one_zh) = f"{abs(reduced):.0f} ¤", word.name, _one(word.unit)
    if isinstance(word, Store) and reduced < 0:
        en = f"{name} is full; room for {one} more would save {worth}"
        zh = f"{name}已满；多容纳 {one_zh} 可节省 {worth}"
    elif isinstance(word, Store):
        en = f"{name} is at its least; a limit {one} lower would save {worth}"
        zh = f"{name}已到下限；下限放低 {one_zh} 可节省 {worth}"
    elif reduced < 0 and is_possible(word):
        en = f"{name} gives all it can, {amount}; {one} more would save {worth}/h"
        zh = f"{name}已全部利用，{amount}；多 {one_zh} 可节省 {worth}/h"
    elif reduced < 0:
        en = f"{name} is at its most, {amount}; {one} more would save {worth}/h"
        zh = f"{name}已到上限 {amount}；多 {one_zh} 可节省 {worth}/h"
    elif rests:
        en = f"{name} rests: {one} of it would cost {worth}/h more than it brings"
        zh = f"{name}不动作：若动作 {one_zh}，代价比收益高 {worth}/h"
    else:
        en = f"{name} is at its least, {amount}; {one} less would save {worth}/h"
        zh = f"{name}已到下限 {amount}；少 {one_zh} 可节省 {worth}/h"
    return en, zh


def _one(unit: str) -> tuple[str, str]:
    """One of a unit; things that are counted (boxes, swaps) have none."""
    if unit == "1/h":
        return "one per hour", "1 个/小时"
    return ("one", "1 个") if unit == "1" else (f"1 {unit}", f"1 {unit}")
