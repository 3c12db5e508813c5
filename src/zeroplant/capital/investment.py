"""What is bought, when it is bought again, what it is worth on the books and as scrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.capital.depreciation import depreciation_years, residual, write_down
from zeroplant.capital.project import CapitalItem, Project
from zeroplant.capital.regime import regime
from zeroplant.capital.terms import Terms


@dataclass(frozen=True)
class Investment:
    """Yearly lines of the investment at a capex factor of 1; each is (years + 1,).

    Everything but ``interest_write_down`` scales with the capex factor; that one is the share of
    the interest during construction deducted in each year.
    """

    capex: Floats
    capex_vat: Floats
    replacement: Floats
    replacement_vat: Floats
    salvage: Floats
    depreciation: Floats
    interest_write_down: Floats


@dataclass(frozen=True)
class _Units:
    """Every unit ever installed: item, years of installation and retirement, net cost and VAT."""

    item: Ints
    start: Floats
    end: Floats
    net: Floats
    vat: Floats


def investment(project: Project, terms: Terms) -> Investment:
    """The investment's yearly lines, net of the VAT that can be deducted."""
    units = _units(project.items, terms)
    rules = regime(terms.regime).depreciation
    items = project.items
    lives = [depreciation_years(terms, i.asset_class, i.depreciation_years) for i in items]
    shares = write_down(
        units.start,
        units.end,
        np.array(lives or [1.0])[units.item],
        terms.years,
        residual=residual(terms),
        half_year=rules.convention == "half year",
        write_off=rules.write_off,
    )
    first = units.start == 0
    cost = units.net[first].sum()
    weight = units.net[first] / cost if cost > 0 else units.net[first]
    scrap = np.array([item.salvage for item in items] or [0.0])[units.item] * units.net
    return Investment(
        capex=_booked(units.start, np.where(first, units.net, 0.0), terms.years),
        capex_vat=_booked(units.start, np.where(first, units.vat, 0.0), terms.years),
        replacement=_booked(units.start, np.where(first, 0.0, units.net), terms.years),
        replacement_vat=_booked(units.start, np.where(first, 0.0, units.vat), terms.years),
        salvage=_booked(units.end, scrap, terms.years),
        depreciation=units.net @ shares,
        interest_write_down=weight @ shares[first],
    )


def ageing(items: Sequence[CapitalItem], years: int) -> Floats:
    """Output of items relative to new ones, weighted by their cost; (years + 1,), 0 in year 0.

    A unit loses ``degradation`` each year of its age; its replacement starts anew; an item that is
    retired and not replaced gives nothing. Items without cost count alike.
    """
    year = np.arange(1.0, years + 1.0)
    curve = np.zeros(years + 1)
    costs = np.array([item.capex for item in items])
    weights = costs / costs.sum() if costs.sum() > 0 else np.full(len(items), 1 / len(items))
    for item, weight in zip(items, weights, strict=True):
        starts = _starts(item, years)
        age = year - 1.0 - starts[np.searchsorted(starts, year - 1.0, side="right") - 1]
        works = True if item.replacement > 0 else year <= _rounded(item.life)
        curve[1:] += weight * np.where(works, (1.0 - item.degradation) ** age, 0.0)
    return curve


def _starts(item: CapitalItem, years: int) -> Floats:
    """Years in which a unit of the item is installed: 0, then at the end of each life."""
    count = int(np.ceil(years / item.life)) if item.replacement > 0 else 1
    starts = _rounded(item.life * np.arange(max(count, 1), dtype=np.float64))
    return np.asarray(starts[starts < years])


def _rounded(years: float | Floats) -> Floats:
    """Whole years, halves upwards: money moves at the ends of years."""
    return np.floor(np.asarray(years, dtype=float) + 0.5)


def _units(items: Sequence[CapitalItem], terms: Terms) -> _Units:
    """All units in one table."""
    rates = regime(terms.regime).vat
    index, start, end, price, vat = [], [], [], [], []
    for number, item in enumerate(items):
        begun = _starts(item, terms.years)
        later = item.replacement * (1.0 - item.decline) ** begun
        paid = item.capex * np.where(begun > 0, later, 1.0)
        equipment = paid * item.equipment
        construction = paid * item.construction
        rate = rates["equipment"].value, rates["construction"].value
        if terms.prices_include_vat:
            rate = rate[0] / (1.0 + rate[0]), rate[1] / (1.0 + rate[1])
        tax = equipment * rate[0] + construction * rate[1]
        index.append(np.full(begun.shape, number))
        start.append(begun)
        last = begun[-1] + _rounded(item.life)
        end.append(np.append(begun[1:], min(float(last), terms.years)))
        price.append(paid - tax if terms.prices_include_vat else paid)
        vat.append(tax)
    none = [np.zeros(0)]
    joined = (np.concatenate(parts or none) for parts in (start, end, price, vat))
    return _Units(np.concatenate(index or none).astype(np.int64), *joined)


def _booked(when: Floats, amount: Floats, years: int) -> Floats:
    """Amounts put into the years in which they fall; (years + 1,)."""
    booked = np.zeros(years + 1)
    np.add.at(booked, when.astype(np.int64), amount)
    return booked
