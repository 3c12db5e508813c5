"""zeroplant: one plant file; plan it, run it, trade it, prove it, share it.

Importing the package loads nothing but this file. The names below are fetched from their rooms
when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zeroplant.axis import Axis, Chain
    from zeroplant.errors import InputError, Problem, SolveError
    from zeroplant.waist import Network

__version__ = "0.1.0"

_ROOMS = {
    "Axis": "axis",
    "Chain": "axis",
    "InputError": "errors",
    "Network": "waist",
    "Problem": "errors",
    "SolveError": "errors",
}

__all__ = ["Axis", "Chain", "InputError", "Network", "Problem", "SolveError", "__version__"]


def __getattr__(name: str) -> object:
    """Fetch a public name from its room; raise AttributeError for any other."""
    room = _ROOMS.get(name)
    if room is None:
        message = f"module 'zeroplant' has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f"zeroplant.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
