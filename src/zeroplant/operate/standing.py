"""The plant as it stands: sizes chosen, on the quarter-hours of the days it is to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.assets.parts.months import month_shares
from zeroplant.assets.parts.swap_replay import whole as whole_number
from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.operate.points import bounds_of
from zeroplant.operate.seeds import shifted
from zeroplant.operate.year import Year, fix, year_of
from zeroplant.plant import Plant, build
from zeroplant.plant.time import Time
from zeroplant.waist import Affine, Network, Size, Store
from zeroplant.waist.window import Given, window

COUNTED = ("packs", "lanes", "chargers")
"""Units of sizes that are built whole, though a plan may choose parts of one."""


@dataclass(frozen=True)
class Standing:
    """A plant with its sizes given, for a span of days at the step it is scheduled in.

    ``sizes`` is every size by name, as chosen or given, what is counted rounded up; ``network``
    the plant at the waist on the span, with sizes as numbers, stores starting at ``levels`` and
    rules over longer spans than a day as prices on their flows (``rule_prices``, per unit of the
    rule's expression). ``worth`` is money per unit of a store's level at the end of each stage, or
    per unit·h that arrives at a node, by its name. A peak that is paid by the month stays a size:
    the month's peak in the plan of the year costs nothing more, what goes beyond is paid for the
    whole month.
    """

    plant: Plant
    sizes: Mapping[str, float]
    network: Network
    worth: Mapping[str, Floats]
    rule_prices: Mapping[str, Floats]
    levels: Mapping[str, float]
    year: Year

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs to plan; the plant file stays behind."""
        return {name: value for name, value in vars(self).items() if name != "plant"}


def stand(
    plant: Plant,
    *,
    start: datetime,
    days: int,
    horizon: int = 96,
    step: float = 0.25,
    sizes: Mapping[str, float] | None = None,
    seed_shift: int = 0,
    folder: Path | None = None,
    year: Year | None = None,
) -> Standing:
    """The plant on ``days`` from ``start`` and ``horizon`` steps more, in steps of ``step`` hours.

    Sizes that are not given are those of the plant's own plan, which is solved once and kept in
    ``folder``, or those of ``year`` if that is given (of the same plant with other series, say).
    Stores that the plan of the year does not have (cars at home, where its periods are too long to
    tell their nights) begin half full, and what they hold at the end is worth nothing.
    ``seed_shift`` draws other weather and loads of the same climate for the span, not for the plan.
    A start without zone is on the plant's clock. Raises InputError for a plant with scenarios or
    several weather years on end, and as `build` does.
    """
    if plant.scenarios:
        instead = "operate a plant file without 'scenarios'"
        raise InputError(Problem("a plant runs in one scenario only", instead=instead))
    year = year or year_of(plant, sizes or {}, folder)
    periods = round(days * 24 / step) + horizon
    spanned = on_span(shifted(plant, seed_shift), start, periods=periods, step=step)
    whole = build(spanned).network
    single = {size.name for size in whole.sizes if size.groups is None}
    given = {name: value for name, value in year.sizes.items() if name in single}
    given |= {size.name: float(whole_number(given[size.name]))
              for size in whole.sizes if size.unit in COUNTED and size.name in given}  # fmt: skip
    fix(whole, given)
    axis = whole.axis
    prices = {name: year.on(table, axis) for name, table in year.rules.items()}
    levels = {s.name: _first_level(s, year, axis, given) for s in whole.stores}
    month = int(axis.month_of_year[0]) - 1
    peaks = {name: values[month] for name, values in year.peaks.items()}
    _pay_months_whole(whole)
    known = Given(sizes=given, levels=levels, prices=prices, peaks=peaks)
    network = window(whole, 0, axis.periods, known)
    worth = {name: year.on(table, axis) for name, table in year.worth.items()}
    return Standing(spanned, {**year.sizes, **given}, network, worth, prices, levels, year)


def _first_level(store: Store, year: Year, axis: Axis, sizes: Mapping[str, float]) -> float:
    """The usual level of the season and hour; where none is known the middle of what it can be.

    Without an upper limit that is the least.
    """
    if store.name in year.levels:
        return float(year.on(year.levels[store.name], axis)[0])
    least, most = bounds_of(store.floor, store.cap, sizes)
    return 0.5 * (least + most) if np.isfinite(most) else least


def _pay_months_whole(network: Network) -> None:
    """A peak that is paid by the month is paid for all of it, however short the span."""
    share = month_shares(network.axis)
    for line in network.lines:
        terms = [
            replace(term, coefficient=np.ones_like(share))
            if isinstance(term.variable, Size) and np.array_equal(term.coefficient, share)
            else term
            for term in line.quantity.terms
        ]
        line.quantity = Affine(line.quantity.constant, tuple(terms))


def on_span(plant: Plant, start: datetime, *, periods: int, step: float = 0.25) -> Plant:
    """The plant with another time axis, under the rules of its own year; ``step`` in hours."""
    said = {"start": start.isoformat(), "zone": plant.time.zone, "step": step, "periods": periods}
    time = Time.model_validate(said, context=None)
    rules = [rule.model_copy(update={"year": rule.year or plant.axis.year}) for rule in plant.rules]
    assets = {name: asset.as_run() for name, asset in plant.assets.items()}
    return plant.model_copy(update={"time": time, "rules": rules, "assets": assets})
