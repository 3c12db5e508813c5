"""Solvers: arrays in, arrays out, and every answer checked before it is handed on."""

from zeroplant.solve.model import Model, Solver, solve

__all__ = ["Model", "Solver", "solve"]
