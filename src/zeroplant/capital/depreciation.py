"""Depreciation: how the cost of what was bought is deducted over the years."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital.regime import regime
from zeroplant.capital.terms import Terms
from zeroplant.errors import InputError, Problem


def write_down(
    start: Floats,
    end: Floats,
    lives: Floats,
    years: int,
    *,
    residual: float,
    half_year: bool,
    write_off: bool,
) -> Floats:
    """Share of each unit's cost deducted in each year; (units, years + 1).

    Straight line over ``lives`` from the year after ``start``; the half-year convention moves it
    half a year later. What stands on the books when the unit is retired is deducted then if
    ``write_off``, and never otherwise.
    """
    year = np.arange(years + 1.0)
    age = year - start[:, None] - (0.5 if half_year else 0.0)
    done = np.clip(age / lives[:, None], 0.0, 1.0) * (1.0 - residual)
    done = np.where(year > end[:, None], 0.0, done)
    shares = np.diff(done, prepend=0.0, axis=1)
    shares = np.where(year > end[:, None], 0.0, shares)
    if write_off:
        last = year == end[:, None]
        shares = shares + np.where(last, 1.0 - shares.sum(axis=1, keepdims=True), 0.0)
    return shares


def depreciation_years(terms: Terms, asset_class: str, own: float | None = None) -> float:
    """Tax life: the item's own, else the terms', else the regime's for the class.

    Raises InputError for a class the regime does not know.
    """
    if own is not None:
        return own
    if terms.depreciation_years is not None:
        return terms.depreciation_years
    years = regime(terms.regime).depreciation.years
    if asset_class in years:
        return years[asset_class].value
    if terms.regime == "none":
        return years["default"].value
    known = ", ".join(years)
    problem = f"no depreciation class '{asset_class}' in {terms.regime}"
    raise InputError(Problem(problem, "depreciation", f"take one of {known}"))


def residual(terms: Terms) -> float:
    """Share of the cost that is not depreciated."""
    own = terms.residual
    return regime(terms.regime).depreciation.residual.value if own is None else own
