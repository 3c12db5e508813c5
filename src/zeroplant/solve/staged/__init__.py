"""A primal–dual interior-point method that walks through time instead of through a matrix."""

from zeroplant.solve.staged.form import Declined, NotConverged
from zeroplant.solve.staged.solver import Staged, solve_many, solve_staged

__all__ = ["Declined", "NotConverged", "Staged", "solve_many", "solve_staged"]
