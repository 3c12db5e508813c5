"""Profiles worked out by name: ``{generated: load, seed: 1, …}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series.profile import Profile

Generator = Callable[[Axis, int, Mapping[str, Any]], Floats]
"""From an axis, a seed and the other keys of the mapping to one value per period or stage, in the
inside unit of the field; raises InputError for parameters it does not understand."""

_GENERATORS: dict[str, Generator] = {}


def register(name: str, generator: Generator) -> None:
    """Make a generator known to plant files under a name of its own."""
    if _GENERATORS.get(name, generator) is not generator:
        message = f"two generators are called '{name}'"
        raise ValueError(message)
    _GENERATORS[name] = generator


def generator_names() -> list[str]:
    """Names that ``generated:`` understands."""
    return sorted(_GENERATORS)


@dataclass(frozen=True, eq=False)
class Generated(Profile):
    """Values from a registered generator."""

    name: str
    seed: int
    parameters: Mapping[str, Any]

    def plain(self) -> dict[str, object]:
        """The mapping of a plant file."""
        return {"generated": self.name, "seed": self.seed, **self.parameters}

    def values(self, axis: Axis) -> Floats:
        """What the generator makes of the axis. Raises InputError."""
        if self.name not in _GENERATORS:
            near = get_close_matches(self.name, _GENERATORS, n=1)
            known = ", ".join(generator_names()) or "none"
            instead = f"did you mean '{near[0]}'?" if near else f"known: {known}"
            raise InputError(Problem(f"no generator is called '{self.name}'", instead=instead))
        return _GENERATORS[self.name](axis, self.seed, self.parameters)
