"""Formulas that know their own value: written once, for the workbook and for its cached numbers.

A `Formula` is built with Python's operators from other formulas, and carries both the text a
spreadsheet works out and the number it comes to, so a viewer that does not calculate shows the
same as one that does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, inf

import numpy as np

from zeroplant.capital import irr, npv

COMPARE, ADD, TIMES, SIGN, POWER, ATOM = range(6)


@dataclass(frozen=True, eq=False, slots=True)
class Formula:
    """A value, and how it is written on a sheet; ``rank`` is the binding of its outermost sign.

    ``value`` may be text: an empty cell where a figure does not exist.
    """

    value: float | str
    write: Callable[[str], str]
    rank: int = ATOM

    @property
    def number(self) -> float:
        """The value as a number; text counts as nothing, as it does in sums of ranges."""
        return 0.0 if isinstance(self.value, str) else float(self.value)

    def inside(self, sheet: str, rank: int) -> str:
        """Written as an operand, in brackets where it binds less than its surroundings."""
        words = self.write(sheet)
        return f"({words})" if self.rank < rank else words

    def __add__(self, other: Operand) -> Formula:
        return _signed("+", self, as_formula(other), ADD, lambda a, b: a + b)

    def __radd__(self, other: Operand) -> Formula:
        return as_formula(other) + self

    def __sub__(self, other: Operand) -> Formula:
        return _signed("-", self, as_formula(other), ADD, lambda a, b: a - b)

    def __rsub__(self, other: Operand) -> Formula:
        return as_formula(other) - self

    def __mul__(self, other: Operand) -> Formula:
        return _signed("*", self, as_formula(other), TIMES, lambda a, b: a * b)

    def __rmul__(self, other: Operand) -> Formula:
        return as_formula(other) * self

    def __truediv__(self, other: Operand) -> Formula:
        return _signed("/", self, as_formula(other), TIMES, lambda a, b: a / b if b else inf)

    def __rtruediv__(self, other: Operand) -> Formula:
        return as_formula(other) / self

    def __pow__(self, other: Operand) -> Formula:
        return _signed("^", self, as_formula(other), POWER, lambda a, b: a**b)

    def __neg__(self) -> Formula:
        return Formula(-self.number, lambda s: f"-{self.inside(s, ATOM)}", SIGN)

    def __lt__(self, other: Operand) -> Formula:
        return _signed("<", self, as_formula(other), COMPARE, lambda a, b: float(a < b))

    def __le__(self, other: Operand) -> Formula:
        return _signed("<=", self, as_formula(other), COMPARE, lambda a, b: float(a <= b))

    def __gt__(self, other: Operand) -> Formula:
        return _signed(">", self, as_formula(other), COMPARE, lambda a, b: float(a > b))

    def __ge__(self, other: Operand) -> Formula:
        return _signed(">=", self, as_formula(other), COMPARE, lambda a, b: float(a >= b))

    def equals(self, other: Operand) -> Formula:
        """Whether two numbers are the same."""
        return _signed("=", self, as_formula(other), COMPARE, lambda a, b: float(a == b))


Operand = Formula | float | int


@dataclass(frozen=True, slots=True)
class Span:
    """A range of cells: their formulas, and how the range is written on a sheet."""

    cells: Sequence[Formula]
    write: Callable[[str], str]

    @property
    def numbers(self) -> np.ndarray:
        """Values of the cells that hold numbers."""
        return np.array([c.number for c in self.cells if not isinstance(c.value, str)])


def as_formula(operand: Operand) -> Formula:
    """A number as a formula of its own."""
    if isinstance(operand, Formula):
        return operand
    words = f"{operand:.15g}"
    return Formula(float(operand), lambda _: words, ATOM if operand >= 0 else SIGN)


def _signed(
    sign: str, a: Formula, b: Formula, rank: int, work: Callable[[float, float], float]
) -> Formula:
    # What stands on the right of - / ^ binds one step more; = and < are not chained.
    right = rank + 1
    return Formula(
        work(a.number, b.number),
        lambda s: f"{a.inside(s, rank if rank != POWER else ATOM)}{sign}{b.inside(s, right)}",
        rank,
    )


def call(name: str, value: float | str, *parts: Operand | Span | str) -> Formula:
    """A function of the spreadsheet, with its value."""

    def write(sheet: str) -> str:
        words = [
            f'"{part}"'
            if isinstance(part, str)
            else part.write(sheet)
            if isinstance(part, Span)
            else as_formula(part).write(sheet)
            for part in parts
        ]
        return f"{name}({','.join(words)})"

    return Formula(value, write)


def when(test: Formula, then: Operand | str, otherwise: Operand | str) -> Formula:
    """``IF``."""
    chosen = then if test.number else otherwise
    value = chosen if isinstance(chosen, str) else as_formula(chosen).value
    return call("IF", value, test, then, otherwise)


def all_of(*tests: Formula) -> Formula:
    """``AND``."""
    return call("AND", float(all(t.number for t in tests)), *tests)


def any_of(*tests: Formula) -> Formula:
    """``OR``."""
    return call("OR", float(any(t.number for t in tests)), *tests)


def least(*parts: Operand) -> Formula:
    """``MIN`` of single figures."""
    return call("MIN", min(as_formula(p).number for p in parts), *parts)


def most(*parts: Operand) -> Formula:
    """``MAX`` of single figures."""
    return call("MAX", max(as_formula(p).number for p in parts), *parts)


def whole(part: Formula) -> Formula:
    """``INT(x + 0.5)``: halves upwards, as years are rounded."""
    return call("INT", float(floor(part.number + 0.5)), part + 0.5)


def total(span: Span) -> Formula:
    """``SUM``."""
    return call("SUM", float(span.numbers.sum()), span)


def lowest(span: Span) -> Formula:
    """``MIN`` of a range."""
    return call("MIN", float(span.numbers.min(initial=inf)) if span.numbers.size else 0.0, span)


def mean(span: Span) -> Formula:
    """``AVERAGE`` of the numbers of a range that has at least one."""
    return call("AVERAGE", float(span.numbers.mean()) if span.numbers.size else 0.0, span)


def count(span: Span) -> Formula:
    """``COUNT`` of the numbers of a range."""
    return call("COUNT", float(span.numbers.size), span)


def product(a: Span, b: Span) -> Formula:
    """``SUMPRODUCT``."""
    value = sum(x.number * y.number for x, y in zip(a.cells, b.cells, strict=True))
    return call("SUMPRODUCT", float(value), a, b)


def at(span: Span, place: Formula) -> Formula:
    """``INDEX`` along a range, counted from 1."""
    return call("INDEX", span.cells[int(place.number) - 1].value, span, place)


def worth(rate: Formula, first: Formula, later: Span) -> Formula:
    """Present value of a year 0 and the years after it: ``first + NPV(rate, later)``."""
    cash = np.append(0.0, [c.number for c in later.cells])
    value = call("NPV", float(npv(cash, rate.number)), rate, later)
    return first + value


def rate_of_return(cash: Span, near: Formula) -> Formula:
    """``IRR``, searched from ``near``; empty where there is none."""
    found = float(irr(cash.numbers[None, :], near.number).rate[0])
    value: float | str = found if np.isfinite(found) else ""
    return call("IFERROR", value, call("IRR", value, cash, near), "")
