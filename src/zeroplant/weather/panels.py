"""What is said about PV panels: how they hang, cool and look. Figures with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zeroplant.errors import InputError, Problem

Mounting = Literal["open_rack", "roof", "facade"]
Colour = Literal[
    "none", "terracotta", "green", "blue", "grey", "anthracite", "light_white", "photonic"
]
Tracking = Literal["single_axis"]


@dataclass(frozen=True)
class Cooling:
    """Faiman heat loss factors: ``u0`` [W/m2/K] and ``u1`` [W/m2/K per m/s] of wind."""

    u0: float
    u1: float


COOLING: dict[Mounting, Cooling] = {
    "open_rack": Cooling(25.0, 6.84),
    "roof": Cooling(20.0, 4.0),
    "facade": Cooling(16.5, 2.0),
}
"""Heat loss by mounting: free-standing modules as measured by Faiman (Progress in
Photovoltaics 16, 2008); a façade with poor rear ventilation u0 15…18 (range usual for building
integrated PV, middle taken); a roof in between. The wind terms of roof and façade are choices:
the still air behind them takes little from the wind."""


@dataclass(frozen=True)
class ColourFactor:
    """Share of the power that stays when the glass is coloured, with its range in practice."""

    low: float
    typical: float
    high: float


COLOURS: dict[Colour, ColourFactor] = {
    "none": ColourFactor(1.0, 1.0, 1.0),
    "terracotta": ColourFactor(0.75, 0.825, 0.90),
    "green": ColourFactor(0.75, 0.825, 0.90),
    "blue": ColourFactor(0.75, 0.825, 0.90),
    "grey": ColourFactor(0.85, 0.90, 0.95),
    "anthracite": ColourFactor(0.85, 0.90, 0.95),
    "light_white": ColourFactor(0.55, 0.625, 0.70),
    "photonic": ColourFactor(0.90, 0.925, 0.95),
}
"""Colour factors: losses of 30…45 % for light white, 10…25 % for terracotta, green and blue,
5…15 % for grey and anthracite, 5…10 % for structural (photonic) colour; the middle of each range
is taken as typical. Medium confidence; ranges after reviews of coloured building-integrated PV
(IEA PVPS Task 15). A maker's data sheet is better: give the factor as a number."""


def colour_factor(colour: Colour | float) -> float:
    """Factor of a named colour, or the number given; ``InputError`` for anything else."""
    if isinstance(colour, str):
        if colour not in COLOURS:
            there = ", ".join(COLOURS)
            raise InputError(Problem(f"there is no panel colour '{colour}'", instead=there))
        return COLOURS[colour].typical
    if not 0 < colour <= 1:
        text = f"a colour factor of {colour:g} is not between 0 and 1"
        raise InputError(Problem(text, instead="write the share of the power that stays"))
    return float(colour)


def cooling_of(mounting: Mounting, cooling: Cooling | None) -> Cooling:
    """Heat loss given, or that of the mounting; ``InputError`` for an unknown mounting."""
    if cooling is not None:
        return cooling
    if mounting not in COOLING:
        text = f"there is no mounting '{mounting}'"
        raise InputError(Problem(text, instead=", ".join(COOLING)))
    return COOLING[mounting]
