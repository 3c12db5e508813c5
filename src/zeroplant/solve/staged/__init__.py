"""A primal–dual interior-point method that walks through time instead of through a matrix."""

from zeroplant.solve.staged.form import Declined
from zeroplant.solve.staged.solver import solve_staged

__all__ = ["Declined", "solve_staged"]
