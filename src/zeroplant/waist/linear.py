"""Linear expressions over flows, stores and sizes: a constant plus coefficients times variables.

Coefficients and constants are numbers, or arrays with one value per stage. Expressions are
immutable and small: adding two of them joins two tuples, whatever the length of the horizon.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats

Value = float | Floats


class Linear:
    """Anything that can be added up linearly: a variable or an expression of variables."""

    # Numpy must not spread `array * expression` over the elements of the array.
    __array_ufunc__ = None

    def affine(self) -> Affine:
        """This thing as an expression."""
        raise NotImplementedError

    def __add__(self, other: Linear | Value) -> Affine:
        mine, theirs = self.affine(), affine(other)
        return Affine(mine.constant + theirs.constant, mine.terms + theirs.terms)

    def __radd__(self, other: Linear | Value) -> Affine:
        return affine(other) + self

    def __neg__(self) -> Affine:
        return self * -1.0

    def __sub__(self, other: Linear | Value) -> Affine:
        return self + (-affine(other))

    def __rsub__(self, other: Linear | Value) -> Affine:
        return affine(other) + (-self)

    def __mul__(self, factor: Value) -> Affine:
        mine = self.affine()
        scaled = tuple(Term(t.variable, t.coefficient * factor, t.shift) for t in mine.terms)
        # Nothing times a series stays plain nothing.
        constant = mine.constant * factor if np.any(mine.constant) else 0.0
        return Affine(constant, scaled)

    def __rmul__(self, factor: Value) -> Affine:
        return self * factor

    def __truediv__(self, divisor: Value) -> Affine:
        return self * (1.0 / divisor)

    def shift(self, periods: int) -> Affine:
        """The same expression, so many periods earlier; only flows and stores may be shifted.

        A rule on a shifted expression does not apply in the first periods of a chain, where
        there is nothing earlier to look at.
        """
        mine = self.affine()
        if np.ndim(mine.constant) or any(np.ndim(t.coefficient) for t in mine.terms):
            message = "only expressions with constant coefficients can be shifted"
            raise ValueError(message)
        moved = (Term(t.variable, t.coefficient, t.shift + periods) for t in mine.terms)
        return Affine(mine.constant, tuple(moved))


class Variable(Linear):
    """A quantity the solver chooses."""

    def affine(self) -> Affine:
        """Once itself."""
        return Affine(0.0, (Term(self, 1.0),))


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient times a variable, taken ``shift`` periods earlier."""

    variable: Variable
    coefficient: Value
    shift: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Affine(Linear):
    """A constant plus terms."""

    constant: Value = 0.0
    terms: tuple[Term, ...] = ()

    def affine(self) -> Affine:
        """Itself."""
        return self

    @property
    def variables(self) -> set[Variable]:
        """The variables it speaks of."""
        return {term.variable for term in self.terms}


def affine(thing: Linear | Value) -> Affine:
    """A number, an array, a variable or an expression, as an expression."""
    if isinstance(thing, Linear):
        return thing.affine()
    if isinstance(thing, (int, float)):
        return Affine(float(thing))
    return Affine(np.asarray(thing, dtype=float))


def total_of(parts: Iterable[Linear | Value]) -> Affine:
    """The sum of many expressions."""
    constant: Value = 0.0
    terms: list[Term] = []
    for part in parts:
        expression = affine(part)
        constant = constant + expression.constant
        terms.extend(expression.terms)
    return Affine(constant, tuple(terms))
