"""Sweep: one plant planned for every combination of some of its parameters."""

from zeroplant.plan.sweep.front import (
    MEASURES,
    Measure,
    check_figure,
    frontier,
    measure_named,
)
from zeroplant.plan.sweep.grid import Parameter, combinations, parameters_of
from zeroplant.plan.sweep.point import Point, Task
from zeroplant.plan.sweep.run import Sweep, sweep

__all__ = [
    "MEASURES",
    "Measure",
    "Parameter",
    "Point",
    "Sweep",
    "Task",
    "check_figure",
    "combinations",
    "frontier",
    "measure_named",
    "parameters_of",
    "sweep",
]
