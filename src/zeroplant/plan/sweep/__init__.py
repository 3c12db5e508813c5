"""Sweep: one plant planned for every combination of some of its parameters."""

from zeroplant.plan.sweep.front import (
    MEASURES,
    Measure,
    check_figures,
    frontier,
    measure_named,
)
from zeroplant.plan.sweep.grid import Parameter, combinations, parameters_of
from zeroplant.plan.sweep.point import Point, Task
from zeroplant.plan.sweep.run import Sweep, first_plant, sweep

__all__ = [
    "MEASURES",
    "Measure",
    "Parameter",
    "Point",
    "Sweep",
    "Task",
    "check_figures",
    "combinations",
    "first_plant",
    "frontier",
    "measure_named",
    "parameters_of",
    "sweep",
]
