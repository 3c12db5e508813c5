"""Profiles worked out by name: ``{generated: load, seed: 1, …}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series.profile import Profile
from zeroplant.units.text import kind

Generator = Callable[[Axis, int, Mapping[str, Any]], Floats]
"""From an axis, a seed and the other keys of the mapping to one value per period or stage, in the
inside unit of the field; raises InputError for parameters it does not understand. It may have an
attribute ``unit``, the unit of its values."""

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
    """Values from a registered generator.

    ``inside`` is the unit of the field. ``strict``: its parameters come from a file, where a
    number must carry its unit.
    """

    name: str
    seed: int
    parameters: Mapping[str, Any]
    inside: str = ""
    strict: bool = False

    def plain(self) -> dict[str, object]:
        """The mapping of a plant file."""
        return {"generated": self.name, "seed": self.seed, **self.parameters}

    def values(self, axis: Axis) -> Floats:
        """What the generator makes of the axis. Raises InputError."""
        fitting = [name for name in generator_names() if self._fits(name)]
        if self.name not in _GENERATORS:
            instead = suggestion(self.name, fitting)
            raise InputError(Problem(f"no generator is called '{self.name}'", instead=instead))
        if not self._fits(self.name):
            gives = kind(getattr(_GENERATORS[self.name], "unit", ""))
            what = f"'{self.name}' generates {gives}, not {kind(self.inside)}"
            named = f"write one of: {', '.join(fitting)}"
            instead = named if fitting else "give a file or a number"
            raise InputError(Problem(what, instead=instead))
        said = self.parameters
        if self.strict:
            said = {key: _written(value) for key, value in said.items()}
        return _GENERATORS[self.name](axis, self.seed, said)

    def _fits(self, name: str) -> bool:
        """Whether a generator gives what the field measures, as far as both say."""
        unit = getattr(_GENERATORS[name], "unit", "")
        return not (unit and self.inside) or unit == self.inside


def _written(value: Any) -> Any:
    """A number as text, of which a unit is asked where there is one."""
    if isinstance(value, list):
        return [_written(each) for each in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
