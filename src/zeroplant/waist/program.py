"""Program: a network as plain arrays, stage by stage. All that a solver sees.

    minimise    offset + Σ_t cost_t' z_t + size_cost' p
    subject to  row_lower_t ≤ Σ_e value_e,t · z_(t-lag_e) + Σ_s value_s,t · p ≤ row_upper_t
                lower_t + floor_t · p ≤ z_t ≤ upper_t + cap_t · p
                budget_lower ≤ Σ_t budget entries · z_t + budget size entries · p ≤ budget_upper
                size_lower ≤ p ≤ size_upper

``z_t`` are the columns of a stage (flows, then store levels), ``p`` the size columns. A row
looks ``lag`` periods back within its chain and wraps round to the chain's end. There is no name
of an energy thing below this line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints


@dataclass
class Coupling:
    """A bound that grows with a size: ``value[t] · p[size[t]]``."""

    size: Ints | int
    value: Floats


@dataclass
class Column:
    """One column of every stage: its cost and bounds, one value per stage."""

    name: str
    cost: Floats
    lower: Floats
    upper: Floats
    floor: Coupling | None = None
    cap: Coupling | None = None
    integer: bool = False


@dataclass
class Entry:
    """A coefficient of a column in a row of every stage, ``lag`` periods back."""

    column: int
    value: Floats
    lag: int = 0


@dataclass
class Row:
    """One row of every stage: bounds, entries of stage columns and entries of sizes."""

    name: str
    lower: Floats
    upper: Floats
    entries: list[Entry] = field(default_factory=list)
    sizes: list[Coupling] = field(default_factory=list)


@dataclass
class BudgetEntry:
    """A column's coefficients in the budget rows ``row[t]``, one value per stage."""

    row: Ints
    column: int
    value: Floats


@dataclass
class Sizes:
    """The columns that are chosen once: one value per size element."""

    names: list[str]
    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]


@dataclass
class Budgets:
    """Rows over many stages: bounds, entries of stage columns, and triplets of sizes."""

    names: list[str] = field(default_factory=list)
    lower: Floats = field(default_factory=lambda: np.zeros(0))
    upper: Floats = field(default_factory=lambda: np.zeros(0))
    entries: list[BudgetEntry] = field(default_factory=list)
    size_rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    size_columns: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    size_values: Floats = field(default_factory=lambda: np.zeros(0))

    def add_rows(self, names: list[str], lower: Floats, upper: Floats) -> int:
        """Append rows; returns the place of the first."""
        first = len(self.names)
        self.names += names
        self.lower = np.append(self.lower, lower)
        self.upper = np.append(self.upper, upper)
        return first

    def add_sizes(self, rows: Ints, columns: Ints, values: Floats) -> None:
        """Append coefficients of sizes."""
        self.size_rows = np.append(self.size_rows, rows)
        self.size_columns = np.append(self.size_columns, columns)
        self.size_values = np.append(self.size_values, values)


@dataclass
class Program:
    """A linear or mixed-integer programme in stages; see the module for its meaning."""

    periods: int
    chains: int
    columns: list[Column]
    rows: list[Row]
    sizes: Sizes
    budgets: Budgets
    offset: float

    @property
    def stages(self) -> int:
        """Periods of all chains."""
        return self.periods * self.chains

    @property
    def is_integer(self) -> bool:
        """Whether anything must be whole."""
        return bool(self.sizes.integer.any()) or any(column.integer for column in self.columns)
