"""Scaling: numbers near one, by powers of two, alike for all elements of a kind.

The same factor for all stages keeps the time structure readable; powers of two add no rounding.
What decides between 25 iterations and none at all is the scale of the sizes: it is chosen so
that a unit of a size costs, per stage in which it caps something, a fixed share of the dearest
variable. Levels are scaled like the size that caps them, and their rows with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array

from zeroplant.axis import Floats, Ints
from zeroplant.solve.staged import entries
from zeroplant.solve.staged.form import Bools, Form, Index
from zeroplant.solve.staged.segments import ties

# What a size costs per stage, as a share of the dearest variable's cost; at most DEAREST of it.
SHARE, DEAREST = 0.05, 0.5
# How far a factor may be below the plain one, and above it: beyond that, rows vanish beside the
# regularisation.
LEAST, MOST = 1e-3, 3e4
# How much right-hand sides and bounds weigh beside entries.
SIDES = 0.1


@dataclass
class Scales:
    """Original value = factor · scaled value: variables, sizes, duals of rows, the objective."""

    z: Floats
    p: Floats
    y: Floats
    objective: float

    def priced(self, before: Form, form: Form) -> Form:
        """The form as scaled, if it differs in its prices alone from one ``before``, scaled."""
        return replace(
            before,
            cost=form.cost * (self.z / self.objective),
            price=form.price * (self.p / self.objective),
            offset=form.offset / self.objective,
        )

    def applied(self, form: Form) -> Form:
        """The form as scaled."""
        row = self.y / self.objective
        return replace(
            form,
            cost=form.cost * (self.z / self.objective),
            price=form.price * (self.p / self.objective),
            A=_times(form.A, row, self.z),
            B=_times(form.B, row, self.p),
            b=form.b * row,
            U=_times(form.U, 1.0 / self.z, self.p),
            upper=form.upper / self.z,
            most=form.most / self.p,
            offset=form.offset / self.objective,
            grain=form.grain * row,
            coin=form.coin / self.objective,
        )


def scaled(form: Form, near: float | None = None) -> tuple[Form, Scales]:
    """The form with entries, prices and quantities near one, and the factors back.

    With ``near``, for awkward programmes: such that count in units far apart, kilowatts here,
    gigawatts there; and such whose sizes are so cheap, or so dear, that their prices are a bad
    guide to their scale. It is then within this factor of the scale of what they cap, and money
    counts in usual prices, not in the dearest: beside one price a million times the others, all
    others vanish beside the regularisation.
    """
    column, row = _equilibrate(form, own_units=near is not None)
    a_stage = _price_per_stage(form, column)
    dear = max(_largest(form.cost * column), _largest(a_stage) / DEAREST) or 1.0
    within = (LEAST, MOST) if near is None else (1.0 / near, near)
    size = _size_factors(form, column, a_stage, dear, within)
    level, seen = _level_factors(form, column, size, within)
    column, row = column * level, row / seen
    summed, summed_size = _rule_factors(form, column)
    column, size = column * summed, size * summed_size
    # Rules over many stages: their largest entry becomes one.
    ruled = form.row_stage < 0
    of_variables, _ = entries.weighed(*_arrays(form.A), column, ruled)
    of_sizes, _ = entries.weighed(*_arrays(form.B), size, ruled)
    row[ruled] = _inverse(np.maximum(of_variables, of_sizes)[ruled])
    if near is not None:
        column = column / _alone(form, row, column)
        dear = _usual(np.append(form.cost * column, a_stage)) or 1.0
    much, dear = _quantity(form, column, row, size), float(_power(dear))
    scales = Scales(column * much, size * much, row * dear, dear * much)
    return scales.applied(form), scales


def _equilibrate(form: Form, *, own_units: bool) -> tuple[Floats, Floats]:
    """Factors of variables and stage rows that bring the largest entries of A near one."""
    kind, kinds = entries.counted(form.kind)
    row_kind, row_kinds = entries.counted(form.row_kind)
    largest, column, row = np.zeros((row_kinds, kinds)), np.ones(kinds), np.ones(row_kinds)
    in_stage = np.where(form.row_stage >= 0, row_kind, -1)
    entries.meetings(*_arrays(form.A), in_stage, kind, largest)
    if own_units:
        column, row = _in_own_units(form, kind, row_kind, largest)
    for _ in range(10):
        now = row[:, None] * largest * column
        row *= np.sqrt(_inverse_or_one(now.max(axis=1, initial=0.0)))
        column *= np.sqrt(_inverse_or_one(now.max(axis=0, initial=0.0)))
    return _power(column)[kind], _power(row)[row_kind]


def _in_own_units(form: Form, kind: Ints, row_kind: Ints, largest: Floats) -> tuple[Floats, Floats]:
    """Factors of kinds that bring entries near one, and what is asked and allowed near one number.

    Entries alone cannot tell in which unit a place counts: kilowatts in its rows and in its
    variables cancel. Least squares of logarithms, as A. R. Curtis and J. K. Reid (J. Inst. Maths
    Applics 10 (1972) 118) scale entries, with right-hand sides and bounds at a small weight.
    """
    rows, columns = largest.shape
    asked, allowed = np.zeros(rows), np.zeros(columns)
    np.maximum.at(asked, row_kind, np.where(form.row_stage >= 0, np.abs(form.b), 0.0))
    np.maximum.at(allowed, kind, np.where(np.isfinite(form.upper), form.upper, 0.0))
    i, j = np.nonzero(largest)
    b, u = np.flatnonzero(asked), np.flatnonzero(allowed > 0)
    count, last = len(i) + len(b) + len(u), rows + columns
    table, right = np.zeros((count + last + 1, last + 1)), np.zeros(count + last + 1)
    at = np.arange(len(i))
    table[at, i] = table[at, rows + j] = 1.0
    right[at] = -np.log(largest[i, j])
    at = len(i) + np.arange(len(b))
    table[at, b], table[at, last], right[at] = SIDES, -SIDES, -SIDES * np.log(asked[b])
    at = len(i) + len(b) + np.arange(len(u))
    table[at, rows + u], table[at, last], right[at] = SIDES, SIDES, SIDES * np.log(allowed[u])
    table[count:] = 1e-3 * SIDES * np.eye(last + 1)
    found = np.exp(np.linalg.lstsq(table, right)[0])
    return found[rows:last], found[:rows]


def _price_per_stage(form: Form, column: Floats) -> Floats:
    """What a unit of each size costs, by all that it caps or stands in.

    A rule over many stages reaches them by its own entries there.
    """
    caps = entries.summed(*_arrays(form.U), 1.0 / column, len(form.price))
    ruled = form.row_stage < 0
    in_stages, _ = entries.weighed(*_arrays(form.A), (form.stage >= 0).astype(float), ruled)
    rule = np.where(ruled, _inverse_or_one(in_stages), 1.0)
    reach = np.maximum(caps, entries.summed(*_arrays(form.B), rule, len(form.price)))
    return np.asarray(np.abs(form.price) * _inverse_or_zero(reach))


def _size_factors(
    form: Form, column: Floats, a_stage: Floats, dear: float, within: tuple[float, float]
) -> Floats:
    """See the module; a size without a price is scaled like what it caps."""
    caps = entries.largest(*_arrays(form.U), 1.0 / column, len(form.price))
    plain = _inverse_or_one(caps)
    by_price = np.where(a_stage > 0, SHARE * dear * _inverse_or_one(a_stage), plain)
    return _power(np.clip(by_price, within[0] * plain, within[1] * plain))


def _level_factors(
    form: Form, column: Floats, size: Floats, within: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Factors of variables that tie stages together, and by what to divide the rows of these."""
    tied, caps = ties(form), form.U
    capped = tied & (np.diff(caps.indptr) > 0)
    by_size = np.zeros(len(column))
    by_size[capped] = size[caps.indices[caps.indptr[:-1][capped]]]
    given = tied & ~capped & np.isfinite(form.upper) & (form.upper > 0)
    typical = _typical_flow(form, column, ~tied)
    by_size[given] = form.upper[given] / column[given] / typical
    factor, seen = np.ones(len(column)), np.ones(len(form.b))
    kind, kinds = entries.counted(form.kind)
    row_kind, row_kinds = entries.counted(form.row_kind)
    meet, in_stage = np.zeros((row_kinds, kinds)), np.where(form.row_stage >= 0, row_kind, -1)
    entries.meetings(*_arrays(form.A), in_stage, np.where(tied, kind, -1), meet)
    bounded = capped | given
    for one in np.flatnonzero(np.bincount(kind[bounded])):
        of_kind = kind == one
        middle = float(np.median(by_size[of_kind & bounded]))
        scale = float(_power(min(max(middle, within[0]), within[1])))
        factor[of_kind] = scale
        alike = (meet[:, one] > 0)[row_kind] & (in_stage >= 0)
        seen[alike] = np.maximum(seen[alike], scale)
    return factor, seen


def _rule_factors(form: Form, factor: Floats) -> tuple[Floats, Floats]:
    """Factors of slacks of rules over many stages, and of sizes that stand in such rules alone.

    These count all that flows in the stages of their rule. Measured by the flow of one of them,
    they would begin tens of thousands of times too small.
    """
    ruled, in_stages = form.row_stage < 0, np.where(form.stage >= 0, factor, 0.0)
    largest, total = entries.weighed(*_arrays(form.A), in_stages, ruled)
    many = _power(np.maximum(total * _inverse_or_one(largest), 1.0))
    column, size, least = (
        np.ones(len(form.cost)),
        np.ones(len(form.price)),
        np.ones(len(form.price)),
    )
    slack, rule = entries.alone(form.A.indptr, form.A.indices, form.stage)
    column[slack] = many[rule]
    entries.widen(form.B.indptr, form.B.indices, ruled.astype(float), many, least, size)
    size[least == 0] = 1.0
    size[form.U.indices] = 1.0
    return column, size


def _alone(form: Form, row: Floats, column: Floats) -> Floats:
    """The entries of slacks of rules over many stages, which are then one; 1 for all others."""
    A = csc_array(diags_array(row) @ form.A @ diags_array(column))
    single = np.flatnonzero(np.diff(A.indptr) == 1)
    at = A.indptr[single]
    of_rule = form.row_stage[A.indices[at]] < 0
    result = np.ones(len(column))
    result[single[of_rule]] = np.abs(A.data[at[of_rule]])
    return _power(result)


def _usual(values: Floats) -> float:
    """The median of what is not zero; 0 if there is none."""
    values = np.abs(values[values != 0])
    return float(np.median(values)) if len(values) else 0.0


def _typical_flow(form: Form, column: Floats, local: Bools) -> float:
    limits = (form.upper / column)[local & np.isfinite(form.upper) & (form.upper > 0)]
    return float(np.median(limits)) if len(limits) else 1.0


def _quantity(form: Form, column: Floats, row: Floats, size: Floats) -> float:
    """The scale of all quantities: what the stages ask for, else what they allow."""
    asked = _largest((form.b * row)[form.row_stage >= 0])
    if asked:
        return float(_power(asked))
    limits = np.concatenate([form.upper / column, form.most / size])
    limits = limits[np.isfinite(limits) & (limits > 0)]
    return float(_power(np.median(limits))) if len(limits) else 1.0


def _times(table: csr_array, row: Floats, column: Floats) -> csr_array:
    """A matrix times factors of its rows and columns; its pattern is shared, not copied."""
    data = entries.times(*_arrays(table), row, column)
    return csr_array((data, table.indices, table.indptr), shape=table.shape)


def _arrays(table: csr_array) -> tuple[Index, Index, Floats]:
    return table.indptr, table.indices, table.data


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
