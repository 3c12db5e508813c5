"""What a swap station promises within a period can be done within it: rules of time and stock."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zeroplant.assets.parts.swap_stock import Stock, split
from zeroplant.axis import Axis, Floats
from zeroplant.transport.stock import spare_stock
from zeroplant.waist import Affine, Flow, Scope, Store, total_of
from zeroplant.waist.linear import Value

ENOUGH = 2.0
"""Chargers below which packs queue for them, so that more are to be in hand."""
BRIEF = 1e-3
"""Share of a period that is not worth looking a period further back."""


def queue(stock: Stock) -> Store:
    """Trucks that wait, first come first served; nobody waits beyond the end of a chain."""
    axis = stock.plant.axis
    last = np.arange(axis.stages) % axis.periods == axis.periods - 1
    coming, going = split(total_of(stock.entered.values()))
    return stock.plant.store(
        stock.word("waiting"),
        fill=coming,
        drain={**going, **dict.fromkeys(stock.served, 1.0)},
        start=0.0,
        cap=np.where(last, 0.0, np.inf),
        unit="trucks",
    )


def keep_time(stock: Stock, held: Affine, waiting: Store) -> None:
    """No pack is further charged than its time allows.

    Packs that came within the hours that it takes to reach a class cannot be in it, however much
    power there is. Trucks come evenly over a period, so at its end at least ``rate · hours`` of
    their packs are below. This holds for full packs and for those that have left the lowest
    class. ``held`` are all packs but those of waiting trucks, which are in the lowest class.

    Where fewer trucks came than was expected, more packs are full. So where the plant runs, and
    its packs are counted, the rules may be broken, at a price: there is a plan from there too.
    """
    early = stock.rules.early
    hours = stock.plant.axis.hours
    for number in sorted({1, stock.top}):
        young = Affine()
        for start, entered in stock.entered.items():
            steps = max(0, number - start)
            left = steps * stock.step_hours + stock.rules.swap
            for lag in range(int(np.ceil(left / hours - BRIEF))):
                came = entered if lag == 0 else _before(stock, start, lag)
                young = young + came * min(left - lag * hours, hours)
        room = held + waiting if number == stock.top > 1 else held
        _rule(stock, f"in time {number}", stock.above(number) - room + young, 0.0, early)
    if stock.top * stock.step_hours > hours:
        # A short period: on charge are at most the packs that were not full when it began, and on
        # average half of those that come in it.
        busy = total_of(stock.up) * stock.step_hours
        young = total_of(stock.entered.values()) * (hours / 2)
        full = stock.packs[-1].shift(1)
        _rule(stock, "on charge", busy - young - held + full - waiting, 0.0, early)


def promise(stock: Stock, few: Affine) -> Flow:
    """Packs in hand for all that may come before others are full; returns what is missing.

    Packs of higher classes ≥ trucks that come while one of a class is charged + the spare for
    trucks that come by chance: for empty packs, and for those next to full.

    The spare counts on a charger for every pack. Where ``few`` chargers are missing of
    ``ENOUGH``, as many more packs are in hand as are `queued`.
    """
    axis = stock.plant.axis
    missing = stock.plant.flow(stock.word("missing spare"), unit="packs")
    wait = _next(axis, queued(stock))
    for number in sorted({0, stock.top - 1}):
        need, spare = in_hand(stock, number)
        held, name = stock.above(number + 1), f"in hand {number}"
        coming = _next(axis, _rate_times(need) + spare)
        _rule(stock, name, few * wait - held - missing, -coming)
    return missing


def queued(stock: Stock) -> Floats:
    """Packs that queue where a charger is missing of ``ENOUGH``, for each stage.

    The pack of a truck that comes while the only charger is taken waits: with one charger those
    of all trucks that come while a pack is charged. A rule of thumb; simulation shows that it
    does where chargers are not overloaded. None where the packs in hand are given.
    """
    return _away(stock) * float(stock.rules.spare is None)


def few_chargers(plant: Scope, counts: Mapping[str, Affine]) -> Affine:
    """Chargers missing of ``ENOUGH``, at least nothing: of those there are, and that have power.

    ``counts`` of chargers by what limits them: given numbers, or sizes that are chosen.
    """
    given = [float(count.constant) for count in counts.values() if not count.terms]
    least = max([0.0, *(ENOUGH - count for count in given)])
    chosen = {name: count for name, count in counts.items() if count.terms}
    if not chosen:
        return Affine(least)
    few = plant.size("few chargers", lower=least, unit="chargers")
    for name, count in chosen.items():
        plant.budget(f"enough {name}", count + few, at_least=ENOUGH, unit="chargers")
    return few.affine()


def _rate_times(need: Affine) -> Floats:
    """An expression of flows that are fixed, as numbers."""
    parts = []
    for term in need.terms:
        assert isinstance(term.variable, Flow)
        parts.append(np.asarray(term.coefficient * term.variable.cap.constant))
    return np.asarray(sum(parts, np.zeros(())))


def _next(axis: Axis, values: Floats) -> Floats:
    """The value of the period after each; after the last of a chain comes the first."""
    table = axis.full(values).reshape(len(axis.chains), axis.periods)
    return np.roll(table, -1, axis=1).ravel()


def in_hand(stock: Stock, number: int) -> tuple[Affine, Value]:
    """Packs above a class that are to be there when a period begins.

    The first part varies with the trucks that come, the second is known beforehand.
    """
    lead = (stock.top - number) * stock.step_hours
    return stock.rate * lead, _spare(stock)


def ready(stock: Stock) -> Floats:
    """Full packs in hand, or on charge, with which a station serves as promised, for each stage.

    Those that come in the time one takes to be full again, and the spare.
    """
    return np.asarray(_away(stock) + _spare(stock))


def _spare(stock: Stock) -> Value:
    """Spare packs for each stage."""
    if stock.rules.spare is not None:
        return stock.rules.spare
    return spare_stock(_away(stock), stock.rules.level)


def _away(stock: Stock) -> Floats:
    """Trucks that come, on average, while a truck's pack is charged, for each stage."""
    missing = stock.classes.high - stock.charge
    lead_times = stock.hours_to_charge(np.maximum(missing, 0.0)) + stock.rules.swap
    return np.asarray(stock.arrivals.sum(axis=1) * lead_times)


def _before(stock: Stock, start: int, lag: int) -> Affine:
    """Trucks of a class that came in periods ago; what is shifted has constant coefficients."""
    assert stock.turned is not None
    turned = stock.turned.shift(lag) * float(stock.shares[:, start].max())
    return stock.trucks[start].shift(lag) - turned


def _rule(
    stock: Stock, name: str, expression: Affine, most: Value, breach: float | None = None
) -> None:
    name = stock.word(name)
    stock.plant.budget(name, expression, at_most=most, over="period", breach=breach, unit="packs")
