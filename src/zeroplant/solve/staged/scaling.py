"""Scaling: numbers near one, by powers of two, alike for all elements of a kind.

The same factor for all stages keeps the time structure readable; powers of two add no rounding.
What decides between 25 iterations and none at all is the scale of the sizes: it is chosen so
that a unit of a size costs, per stage in which it caps something, a fixed share of the dearest
variable. Levels are scaled like the size that caps them, and their rows with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, diags_array

from zeroplant.axis import Floats
from zeroplant.solve.staged.form import Bools, Form
from zeroplant.solve.staged.order import ties

# What a size costs per stage, as a share of the dearest variable's cost; at most DEAREST of it.
SHARE, DEAREST = 0.05, 0.5
# How far a factor may be from the plain one: beyond that, rows vanish beside the regularisation.
LEAST, MOST = 1e-3, 3e4


@dataclass
class Scales:
    """Original value = factor · scaled value: variables, sizes, duals of rows, the objective."""

    z: Floats
    p: Floats
    y: Floats
    objective: float


def scaled(form: Form) -> tuple[Form, Scales]:
    """The form with entries, prices and quantities near one, and the factors back."""
    column, row = _equilibrate(form)
    a_stage = _price_per_stage(form, column)
    dear = max(_largest(form.cost * column), _largest(a_stage) / DEAREST) or 1.0
    size = _size_factors(form, column, a_stage, dear)
    level, seen = _level_factors(form, column, size)
    column, row = column * level, row / seen
    A, B = form.A @ diags_array(column), form.B @ diags_array(size)
    # Rules over many stages: their largest entry becomes one.
    largest = np.maximum(_row_max(A), _row_max(B))
    row = np.where(form.row_stage < 0, _inverse(largest), row)
    much, dear = _quantity(form, column, row, size), float(_power(dear))
    new = replace(
        form,
        cost=form.cost * column / dear,
        price=form.price * size / dear,
        A=csr_array(diags_array(row) @ A),
        B=csr_array(diags_array(row) @ B),
        b=form.b * row / much,
        U=csr_array(diags_array(1.0 / column) @ form.U @ diags_array(size)),
        upper=form.upper / column / much,
        most=form.most / size / much,
        offset=form.offset / (dear * much),
        grain=form.grain * row / much,
        coin=form.coin / (dear * much),
    )
    return new, Scales(column * much, size * much, row * dear, dear * much)


def _equilibrate(form: Form) -> tuple[Floats, Floats]:
    """Factors of variables and stage rows that bring the largest entries of A near one."""
    kinds, kind = np.unique(form.kind, return_inverse=True)
    row_kinds, row_kind = np.unique(form.row_kind, return_inverse=True)
    table = form.A.tocoo()
    inside = form.row_stage[table.coords[0]] >= 0
    largest = np.zeros((len(row_kinds), len(kinds)))
    at = (row_kind[table.coords[0][inside]], kind[table.coords[1][inside]])
    np.maximum.at(largest, at, np.abs(table.data[inside]))
    column, row = np.ones(len(kinds)), np.ones(len(row_kinds))
    for _ in range(10):
        now = row[:, None] * largest * column
        row *= np.sqrt(_inverse_or_one(now.max(axis=1, initial=0.0)))
        column *= np.sqrt(_inverse_or_one(now.max(axis=0, initial=0.0)))
    return _power(column)[kind], _power(row)[row_kind]


def _price_per_stage(form: Form, column: Floats) -> Floats:
    """What a unit of each size costs, by all that it caps or stands in."""
    caps = abs(diags_array(1.0 / column) @ form.U).sum(axis=0)
    reach = np.maximum(caps, abs(form.B).sum(axis=0))
    return np.asarray(np.abs(form.price) * _inverse_or_zero(reach))


def _size_factors(form: Form, column: Floats, a_stage: Floats, dear: float) -> Floats:
    """See the module; a size without a price is scaled like what it caps."""
    caps = csr_array((diags_array(1.0 / column) @ form.U).T)
    plain = _inverse_or_one(_row_max(caps))
    by_price = np.where(a_stage > 0, SHARE * dear * _inverse_or_one(a_stage), plain)
    return _power(np.clip(by_price, LEAST * plain, MOST * plain))


def _level_factors(form: Form, column: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Factors of variables that tie stages together, and by what to divide the rows of these."""
    tied, caps = ties(form), csr_array(form.U)
    capped = tied & (np.diff(caps.indptr) > 0)
    by_size = np.zeros(len(column))
    by_size[capped] = size[caps.indices[caps.indptr[:-1][capped]]]
    given = tied & ~capped & np.isfinite(form.upper) & (form.upper > 0)
    typical = _typical_flow(form, column, ~tied)
    by_size[given] = form.upper[given] / column[given] / typical
    factor, seen = np.ones(len(column)), np.ones(len(form.b))
    for kind in np.unique(form.kind[capped | given]):
        of_kind = form.kind == kind
        middle = float(np.median(by_size[of_kind & (capped | given)]))
        factor[of_kind] = _power(min(max(middle, LEAST), MOST))
        rows = np.unique(form.A[:, np.flatnonzero(of_kind & tied)].nonzero()[0])
        alike = np.isin(form.row_kind, np.unique(form.row_kind[rows])) & (form.row_stage >= 0)
        seen[alike] = np.maximum(seen[alike], factor[of_kind][0])
    return factor, seen


def _typical_flow(form: Form, column: Floats, local: Bools) -> float:
    limits = (form.upper / column)[local & np.isfinite(form.upper) & (form.upper > 0)]
    return float(np.median(limits)) if len(limits) else 1.0


def _quantity(form: Form, column: Floats, row: Floats, size: Floats) -> float:
    """The scale of all quantities: what the stages ask for, else what they allow."""
    asked = _largest((form.b * row)[form.row_stage >= 0])
    limits = np.concatenate([form.upper / column, form.most / size])
    limits = limits[np.isfinite(limits) & (limits > 0)]
    allowed = float(np.median(limits)) if len(limits) else 1.0
    return float(_power(asked or allowed))


def _row_max(table: csr_array) -> Floats:
    if not table.shape[1]:
        return np.zeros(table.shape[0])
    return np.asarray(abs(table).max(axis=1).toarray()).ravel()


def _largest(values: Floats) -> float:
    return float(np.abs(values).max(initial=0.0))


def _inverse_or_zero(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _inverse_or_one(values: Floats) -> Floats:
    return np.divide(1.0, values, out=np.ones_like(values), where=values > 0)


def _inverse(values: Floats) -> Floats:
    return _power(_inverse_or_one(values))


def _power(values: Floats | float) -> Floats:
    """The nearest power of two."""
    return np.asarray(2.0 ** np.round(np.log2(values)))
